//! What each bug is, where it comes from, and what has to catch it.

mod accounts;
mod health;
mod interest;
mod liquidation;
mod loss;
mod oracle;
mod rounding;

/// How hard a bug is to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Any honest sequence that touches it will do.
    Easy,
    /// It takes roles, amounts that fit the state, or accounts that do not belong.
    Guided,
    /// It takes a deep state, repetition, or exact values.
    Deep,
}

/// A bug of the zoo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Stable id: the letter is the family's, X stands for what this protocol has more to break.
    pub id: &'static str,
    /// Name, as on the command line.
    pub name: &'static str,
    /// How hard it is to find.
    pub tier: Tier,
    /// Where and when it happened; `class` for a finding that audits repeat.
    pub incident: &'static str,
    /// What it cost.
    pub loss: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// How this program's code is changed.
    pub planted: &'static str,
    /// Ids of the invariants one of which must fire.
    pub caught_by: &'static [&'static str],
}

/// Every bug, by family.
pub const CATALOGUE: [&[Entry]; 7] = [
    health::HEALTH,
    rounding::ROUNDING,
    interest::INTEREST,
    liquidation::LIQUIDATION,
    loss::LOSS,
    oracle::ORACLE,
    accounts::ACCOUNTS,
];

impl Tier {
    /// Its number: 1 is the easiest.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Easy => 1,
            Self::Guided => 2,
            Self::Deep => 3,
        }
    }
}

/// The bug of that name.
#[must_use]
pub fn entry(name: &str) -> Option<&'static Entry> {
    CATALOGUE.into_iter().flatten().find(|entry| entry.name == name)
}
