//! Whether a campaign tried enough to mean anything: a harness that never liquidates anybody finds
//! nothing, however many million inputs it runs.

use std::fmt;

use cofferdam_lending_interface::LendingError;

use super::{Canary, Count};
use crate::action::Verb;

/// Least share of attempted liquidations that succeeds, in basis points.
const LIQUIDATIONS_MIN_BPS: u64 = 500;
/// Least share of attempted recognitions that succeeds, in basis points.
const ABSORPTIONS_MIN_BPS: u64 = 100;

/// Errors that no campaign shows, each with the reason.
pub const UNREACHED: &[(LendingError, &str)] = &[
    (LendingError::PositionFull, "takes nine reserves in a pool, a world has four"),
    (LendingError::PoolFull, "takes seventeen mints, a world has four"),
    (LendingError::UnsupportedMint, "takes a mint of nineteen decimals, a world has none"),
    (
        LendingError::ReserveWipedOut,
        "a reserve that is wiped out is killed, and its mode refuses first",
    ),
    (LendingError::VaultMismatch, "only a token program that lies, or a bug, shows it"),
    (LendingError::LossMismatch, "only a bug shows it"),
    (LendingError::SharesMismatch, "only a bug shows it"),
];

/// What a campaign lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// Verbs that never succeeded.
    pub never_succeeded: Vec<Verb>,
    /// Declared errors that were never seen.
    pub never_seen: Vec<LendingError>,
    /// Canaries that were not found.
    pub canaries_missed: Vec<Canary>,
    /// Liquidations that succeeded, in basis points of those attempted.
    pub liquidations_bps: u64,
    /// Recognitions of bad debt that succeeded, in basis points of those attempted.
    pub absorptions_bps: u64,
}

/// Judges a campaign.
#[must_use]
pub fn gate(count: &Count) -> Gate {
    let tally = &count.tally;
    let excused = |error: &LendingError| UNREACHED.iter().any(|(excused, _)| excused == error);
    let unseen = |error: &LendingError| tally.refused(error.name()) == 0 && !excused(error);
    let missed = |canary: &Canary| !count.canaries.contains_key(canary);
    let rate = |verb| tally.succeeded(verb) * 10_000 / tally.tried(verb).max(1);
    Gate {
        never_succeeded: tally.never(),
        never_seen: LendingError::ALL.iter().copied().filter(unseen).collect(),
        canaries_missed: Canary::ALL.into_iter().filter(missed).collect(),
        liquidations_bps: rate(Verb::Liquidate),
        absorptions_bps: rate(Verb::AbsorbBadDebt),
    }
}

impl Gate {
    /// Whether the campaign means anything.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.reasons().is_empty()
    }

    /// Why it does not, one line each.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if !self.never_succeeded.is_empty() {
            let names = self.never_succeeded.iter().map(|verb| verb.name());
            reasons.push(format!("never succeeded: {}", join(names)));
        }
        if !self.never_seen.is_empty() {
            let names = self.never_seen.iter().map(|error| error.name());
            reasons.push(format!("errors never seen: {}", join(names)));
        }
        if !self.canaries_missed.is_empty() {
            let names = self.canaries_missed.iter().map(|canary| canary.name());
            reasons.push(format!("canaries not found: {}", join(names)));
        }
        let rates = [
            ("liquidations", self.liquidations_bps, LIQUIDATIONS_MIN_BPS),
            ("recognitions of bad debt", self.absorptions_bps, ABSORPTIONS_MIN_BPS),
        ];
        for (what, rate, least) in rates.into_iter().filter(|(_, rate, least)| rate < least) {
            let (rate, least) = (percent(rate), percent(least));
            reasons.push(format!("{rate} of {what} succeeded, at least {least} have to"));
        }
        reasons
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (liquidations, absorptions) =
            (percent(self.liquidations_bps), percent(self.absorptions_bps));
        let verdict = if self.passed() { "passed" } else { "FAILED" };
        write!(
            f,
            "gate {verdict}: {liquidations} of liquidations and {absorptions} of recognitions succeeded"
        )?;
        self.reasons().iter().try_for_each(|reason| write!(f, "\n  {reason}"))
    }
}

/// Basis points as per cent.
fn percent(bps: u64) -> String {
    format!("{}.{:02} %", bps / 100, bps % 100)
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
