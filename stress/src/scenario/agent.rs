//! Who liquidates, by what rules, and what the market and the chain make of it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

/// A group of liquidators; one group never works against itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Liquidators {
    /// Number of liquidators.
    pub count: u32,
    /// Capital of each in every debt asset, by symbol, in whole tokens.
    pub capital: BTreeMap<String, Decimal>,
    /// Least profit after slippage and fees that makes one act, in US dollars.
    #[serde(default)]
    pub min_profit_usd: Decimal,
    /// Steps from what a liquidator sees to when its transaction can be included.
    #[serde(default)]
    pub latency_steps: u32,
    /// How often a liquidator pays attention, in basis points of all steps.
    #[serde(default = "always")]
    pub participation_bps: u32,
    /// How much it repays.
    #[serde(default)]
    pub sizing: Sizing,
    /// How it bids for a place in a block.
    #[serde(default)]
    pub gas: Gas,
    /// Its bid for a transaction, in US dollars.
    #[serde(default)]
    pub bid_usd: Decimal,
    /// What an escalating bid becomes with each step that it waits, in basis points of itself.
    #[serde(default = "by_an_eighth")]
    pub escalation_bps: u32,
    /// Steps after which a transaction that was never included is given up.
    #[serde(default = "ten")]
    pub expire_after_steps: u32,
}

/// How much a liquidator repays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sizing {
    /// As much as the program and its capital allow.
    #[default]
    Max,
    /// What earns most on the market that the collateral is sold on.
    Optimal,
    /// A first part that leaves the position liquidatable, then as much as possible, in one
    /// transaction, when that takes more collateral (Qin et al., 2021).
    TwoStep,
}

/// How a liquidator bids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gas {
    /// The same however long it waits.
    #[default]
    Fixed,
    /// More with each step, up to the profit.
    Escalate,
}

/// The market on which an asset that was seized is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depth {
    /// How the price gives way.
    pub model: DepthModel,
    /// Dollars on the other side of a constant-product pool; for the square root, the dollars at
    /// which the impact is `impact_bps`.
    pub depth_usd: Decimal,
    /// Fee of a sale, in basis points.
    #[serde(default)]
    pub fee_bps: u32,
    /// Impact of selling `depth_usd` at once, in basis points; for the square root only.
    pub impact_bps: Option<u32>,
    /// Time in which half of what was sold is forgotten, in seconds.
    pub recovery_half_life_s: u32,
}

/// How a market's price gives way to a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepthModel {
    /// As in a pool whose product of reserves stays the same.
    ConstantProduct,
    /// With the square root of what is sold.
    SquareRoot,
}

/// A fee market: who bids most gets in, and the base fee follows how full blocks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fees {
    /// Transactions that fit into a step, those of others included.
    pub capacity_per_step: u32,
    /// Base fee of a transaction at the start, in US dollars.
    pub base_fee_usd: Decimal,
    /// Least base fee, in US dollars.
    pub base_fee_min_usd: Decimal,
    /// Transactions of others that want in at every step.
    pub background_per_step: u32,
    /// Their mean bid, in US dollars: they are spread evenly from nothing to twice that.
    pub background_bid_usd: Decimal,
}

const fn always() -> u32 {
    10_000
}

const fn by_an_eighth() -> u32 {
    11_250
}

const fn ten() -> u32 {
    10
}
