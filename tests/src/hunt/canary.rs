//! Harmless things that only a deep sequence reaches. A campaign that finds none of them has not
//! searched where the bugs are.

use std::collections::BTreeMap;

use cofferdam_host::Address;
use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::event::{BadDebtAbsorbed, Liquidated, LossRecovered};

/// What a campaign has to come across.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Canary {
    /// One position was liquidated twice.
    LiquidatedTwice,
    /// After that its bad debt was recognised.
    ThenAbsorbed,
    /// After that somebody repaid of what had been written off.
    ThenRepaid,
}

/// How far each position of a path has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Cage(BTreeMap<Address, Progress>);

#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    liquidations: u32,
    absorbed: bool,
}

impl Canary {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LiquidatedTwice, Self::ThenAbsorbed, Self::ThenRepaid];

    /// The canary of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|canary| canary.name() == name)
    }

    /// Name, as in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LiquidatedTwice => "liquidated twice",
            Self::ThenAbsorbed => "liquidated twice, then absorbed",
            Self::ThenRepaid => "liquidated twice, absorbed, then repaid",
        }
    }
}

impl Cage {
    /// Follows a transaction and says what was reached by it.
    pub(super) fn watch(&mut self, receipt: &Receipt) -> Option<Canary> {
        let mut reached = None;
        for event in receipt.events::<Liquidated>() {
            let progress = self.0.entry(event.position).or_default();
            progress.liquidations += 1;
            if progress.liquidations == 2 {
                reached = Some(Canary::LiquidatedTwice);
            }
        }
        for event in receipt.events::<BadDebtAbsorbed>() {
            let progress = self.0.entry(event.position).or_default();
            if progress.liquidations >= 2 && !progress.absorbed {
                progress.absorbed = true;
                reached = Some(Canary::ThenAbsorbed);
            }
        }
        for event in receipt.events::<LossRecovered>() {
            if self.0.get(&event.position).is_some_and(|progress| progress.absorbed) {
                reached = Some(Canary::ThenRepaid);
            }
        }
        reached
    }
}
