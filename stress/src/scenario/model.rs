//! What a scenario says. Every value here has passed the checks of [`super::load`].

use std::collections::BTreeMap;

use cofferdam_sdk::interface::state::LossPolicy;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};

use super::agent::{Depth, Fees, Liquidators};
use super::assert::Assertions;
use super::feed::Feed;
use super::people::{self, Behaviour, Runners, Stakers};
use super::price::PriceSource;
use super::sampling::{CorrelationPair, Sampling};
use super::sweep::Sweep;
use super::{UtcTime, amount};
use crate::prices::Grid;

/// A stress scenario: a market, its pools, its people, and what goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Short name; also the name of the output directory.
    pub name: String,
    /// One sentence on what happens.
    pub description: String,
    /// Where the figures come from.
    pub sources: Vec<String>,
    /// Seed of every draw of the run.
    pub seed: u64,
    /// First second of the run.
    pub start: UtcTime,
    /// The second after the last step.
    pub end: UtcTime,
    /// Seconds from one step to the next.
    pub step_s: u32,
    /// Seconds before `start` during which interest accrues at the opening prices.
    pub warmup_s: u32,
    /// Symbol of the asset whose prices a candle file replaces.
    pub prices_asset: String,
    /// The tokens of the scenario.
    pub assets: Vec<Asset>,
    /// Which random prices move together; all others move on their own.
    #[serde(default)]
    pub correlations: Vec<CorrelationPair>,
    /// Share of the rarest asset's jumps that happen to all assets with jumps, from 0 to 1.
    pub common_jump_share: Option<Decimal>,
    /// How the paths of a Monte Carlo run are drawn.
    #[serde(default)]
    pub sampling: Sampling,
    /// How prices reach the chain.
    pub oracle: Oracle,
    /// What is different about the feeds of some assets, by symbol.
    #[serde(default)]
    pub feeds: BTreeMap<String, Feed>,
    /// Where seized collateral is sold, by symbol; others are sold at the market's price in any
    /// number.
    #[serde(default)]
    pub markets: BTreeMap<String, Depth>,
    /// The fee market; without it, every transaction that has room is included for nothing.
    pub fees: Option<Fees>,
    /// Groups of liquidators; they take the place of [`Scenario::keepers`] but for the
    /// recognition of bad debt.
    #[serde(default)]
    pub liquidators: Vec<Liquidators>,
    /// The window in which the chain is congested, if there is one.
    pub congestion: Option<Congestion>,
    /// What the chain can take.
    pub chain: Chain,
    /// Who liquidates.
    pub keepers: Keepers,
    /// The isolated pools.
    pub pools: Vec<Pool>,
    /// What must be true of a campaign's result.
    #[serde(default)]
    pub assert: Assertions,
    /// The grid of a sweep.
    #[serde(default)]
    pub sweep: Sweep,
}

/// A token and its price.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Symbol, unique in the scenario.
    pub symbol: String,
    /// Decimal places of a native unit.
    pub decimals: u8,
    /// Its price in US dollars over time.
    pub price: PriceSource,
}

/// How prices reach the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oracle {
    /// Age of a price when it is published, in seconds.
    pub lag_s: u32,
    /// Longest time without a publication, in seconds.
    pub heartbeat_s: u32,
    /// A move since the last publication that triggers the next, in basis points.
    pub deviation_bps: u32,
}

/// A window in which fewer transactions fit and fewer keepers act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Congestion {
    /// First second of the window.
    pub from: UtcTime,
    /// The second after the window.
    pub until: UtcTime,
    /// What is left of [`Chain::keeper_transactions_per_step`], above 0 and at most 1.
    pub capacity_share: Decimal,
    /// The share of keepers that still act, from 0 to 1.
    pub keeper_participation: Decimal,
    /// What others bid, as a multiple of what they bid outside the window; 1 when not stated.
    pub fee_multiple: Option<Decimal>,
}

/// What the chain can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Keeper transactions that fit into one step outside congestion.
    pub keeper_transactions_per_step: u32,
}

/// Who liquidates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keepers {
    /// Number of keepers.
    pub count: u32,
    /// Capital of one keeper in each debt asset, by symbol, in whole tokens.
    pub capital: BTreeMap<String, Decimal>,
    /// Least profit on the repaid amount that makes a keeper act, in basis points.
    pub min_profit_bps: u32,
    /// A liquidation this long after the position became liquidatable counts as late, in seconds.
    pub late_after_s: u32,
}

/// What a pool is there to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolRole {
    /// The crash happens in it.
    Shocked,
    /// It must come through untouched.
    Dry,
}

/// An isolated pool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Name, unique in the scenario.
    pub name: String,
    /// What it is there to show.
    pub role: PoolRole,
    /// Its reserves, one an asset.
    pub reserves: Vec<Reserve>,
    /// Its borrowers, in groups.
    pub borrowers: Vec<BorrowerGroup>,
}

/// One asset of a pool with its risk parameters and its opening state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// Symbol of the asset.
    pub asset: String,
    /// Share of the collateral's value that may be borrowed, in basis points.
    pub collateral_factor_bps: u32,
    /// Share of the collateral's value above which debt may be liquidated, in basis points.
    pub liquidation_threshold_bps: u32,
    /// Health that a liquidation restores, in basis points of 1.
    pub target_health_bps: u32,
    /// Health below which all of a debt may be repaid at once, in basis points of 1.
    pub full_close_health_bps: u32,
    /// Extra collateral for the liquidator of a position just below health 1, in basis points.
    pub liquidation_bonus_min_bps: u32,
    /// Extra collateral for the liquidator of a solvent position at the full-close level, in basis
    /// points.
    pub liquidation_bonus_max_bps: u32,
    /// Extra collateral for the liquidator of an insolvent position, in basis points.
    pub insolvent_bonus_bps: u32,
    /// The protocol's share of the bonus, in basis points.
    pub liquidation_protocol_fee_bps: u32,
    /// The protocol's share of interest, in basis points.
    pub reserve_factor_bps: u32,
    /// Age above which a price stops borrowing and withdrawing, in seconds.
    pub max_price_age_s: u32,
    /// Who pays for bad debt; the protocol's own waterfall when not stated.
    #[serde(default, deserialize_with = "loss_policy")]
    pub loss_policy: LossPolicy,
    /// The interest curve: yearly rate over utilisation, straight between the points.
    pub curve: Vec<CurvePoint>,
    /// Most that may be supplied, collateral included, in whole tokens; no cap when not stated.
    pub supply_cap: Option<Decimal>,
    /// Most that may be lent, in whole tokens; no cap when not stated.
    pub borrow_cap: Option<Decimal>,
    /// Supplied at the start, in whole tokens, as far as the cap leaves room.
    pub supplied: Decimal,
    /// Number of equal suppliers.
    pub suppliers: u32,
    /// Insurance fund at the start, in whole tokens.
    pub insurance: Decimal,
    /// Suppliers who run.
    pub runners: Option<Runners>,
    /// Whose stake a part of the insurance fund is.
    pub stakers: Option<Stakers>,
}

/// A point of an interest curve, written `[utilisation_bps, rate_bps]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<u32>")]
pub struct CurvePoint {
    /// Utilisation, in basis points.
    pub utilisation_bps: u32,
    /// Yearly rate at that utilisation, in basis points.
    pub rate_bps: u32,
}

/// Borrowers with one collateral and one debt each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BorrowerGroup {
    /// Symbol of the asset they deposit.
    pub collateral: String,
    /// Symbol of the asset they borrow.
    pub debt: String,
    /// Number of borrowers.
    pub count: u32,
    /// What they deposit together, in whole tokens, as far as caps leave room.
    pub collateral_total: Decimal,
    /// Their loan-to-value ratios at the start.
    pub ltv_bps: LtvRange,
    /// What they do when their health falls.
    #[serde(default)]
    pub behaviour: Behaviour,
    /// Health below which they do it, in basis points of 1.
    #[serde(default = "people::trigger")]
    pub trigger_health_bps: u32,
    /// Health that they want back, in basis points of 1.
    #[serde(default = "people::target")]
    pub target_health_bps: u32,
    /// What they keep aside for it: a share of what they deposited, or else borrowed, at the
    /// start, in basis points.
    #[serde(default = "people::wallet")]
    pub wallet_bps: u32,
}

/// Loan-to-value ratios from the most careful borrower to the boldest, in basis points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LtvRange {
    /// The lowest, in basis points.
    pub from: u32,
    /// The highest, in basis points.
    pub to: u32,
}

/// The names of the program's loss policies.
fn loss_policy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LossPolicy, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Name {
        Waterfall,
        Haircut,
        InsuranceThenHaircut,
        NegativeReserves,
        Deficit,
        Receivable,
    }
    Ok(match Name::deserialize(deserializer)? {
        Name::Waterfall => LossPolicy::Waterfall,
        Name::Haircut => LossPolicy::Haircut,
        Name::InsuranceThenHaircut => LossPolicy::InsuranceThenHaircut,
        Name::NegativeReserves => LossPolicy::NegativeReserves,
        Name::Deficit => LossPolicy::Deficit,
        Name::Receivable => LossPolicy::Receivable,
    })
}

impl TryFrom<Vec<u32>> for CurvePoint {
    type Error = String;

    fn try_from(point: Vec<u32>) -> Result<Self, String> {
        match point[..] {
            [utilisation_bps, rate_bps] => Ok(Self { utilisation_bps, rate_bps }),
            _ => Err(format!(
                "a point is [utilisation_bps, rate_bps], found {} numbers",
                point.len()
            )),
        }
    }
}

impl Scenario {
    /// The steps of the run.
    ///
    /// # Panics
    /// Never on a scenario that passed the checks: its window holds a whole number of steps.
    pub fn grid(&self) -> Grid {
        let steps = (self.end.unix_s() - self.start.unix_s()) / i64::from(self.step_s);
        let steps = usize::try_from(steps).expect("a checked scenario ends after its start");
        Grid { start_s: self.start.unix_s(), step_s: self.step_s, steps }
    }

    /// The same scenario on the days that prices from `from_s` to `until_s` cover, in Unix
    /// seconds. Where they cover its window it stays as it is; otherwise the window and its
    /// congestion move to their first second, and end early when the prices do.
    #[must_use]
    pub fn moved_onto(&self, (from_s, until_s): (i64, i64)) -> Self {
        let mut moved = self.clone();
        let (start_s, end_s) = (self.start.unix_s(), self.end.unix_s());
        if from_s <= start_s && end_s <= until_s {
            return moved;
        }
        let by_s = from_s - start_s;
        let step_s = i64::from(self.step_s);
        let steps = (end_s - start_s).min(until_s - from_s) / step_s;
        let at = |unix_s| UtcTime::from_unix_s(unix_s).unwrap_or(self.start);
        (moved.start, moved.end) = (at(from_s), at(from_s + steps * step_s));
        moved.congestion = self.congestion.map(|window| Congestion {
            from: at(window.from.unix_s() + by_s),
            until: at(window.until.unix_s() + by_s),
            ..window
        });
        moved.feeds.values_mut().for_each(|feed| *feed = feed.moved(by_s));
        moved
    }

    /// The asset of that symbol.
    pub fn asset(&self, symbol: &str) -> Option<&Asset> {
        self.assets.iter().find(|asset| asset.symbol == symbol)
    }
}

impl Pool {
    /// The reserve of that asset.
    pub fn reserve(&self, symbol: &str) -> Option<&Reserve> {
        self.reserves.iter().find(|reserve| reserve.asset == symbol)
    }
}

impl Congestion {
    /// Whether the window is open at `unix_s`.
    pub fn covers(&self, unix_s: i64) -> bool {
        (self.from.unix_s()..self.until.unix_s()).contains(&unix_s)
    }
}

impl Asset {
    /// `tokens` in native units.
    ///
    /// # Errors
    /// When it is negative, has more places than the asset, or exceeds `u64`.
    pub fn native(&self, tokens: Decimal) -> Result<u64, amount::AmountError> {
        amount::native(tokens, self.decimals)
    }
}
