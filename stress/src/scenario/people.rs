//! How borrowers, suppliers and stakers behave once things go wrong.

use serde::Deserialize;

/// What a borrower does whose health falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// Nothing.
    #[default]
    Passive,
    /// Adds collateral from the wallet.
    TopUp,
    /// Repays from the wallet.
    Deleverage,
    /// Sells the collateral, repays all debt and leaves.
    Panic,
}

/// Suppliers of a reserve who leave when they fear a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runners {
    /// The share of suppliers who run, in basis points, rounded up to whole suppliers.
    pub share_bps: u32,
    /// Loss that nobody has recognised and that suppliers would have to pay, as a share of what is
    /// supplied, in basis points, from which on they run.
    pub uncovered_loss_bps: Option<u32>,
    /// Utilisation from which on they run, in basis points.
    pub utilisation_bps: Option<u32>,
}

/// People whose stake is part of a reserve's insurance fund, and who leave when they fear for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stakers {
    /// Number of equal stakers.
    pub count: u32,
    /// What they hold of the fund at the start, in basis points.
    pub share_bps: u32,
    /// Loss that nobody has recognised, as a share of the fund, in basis points, from which on they
    /// let their stake cool down.
    pub uncovered_loss_bps: u32,
}

pub(super) const fn trigger() -> u32 {
    10_500
}

pub(super) const fn target() -> u32 {
    12_000
}

pub(super) const fn wallet() -> u32 {
    2_000
}
