use borsh::{BorshDeserialize, BorshSerialize};

use super::LossPolicy;
use crate::{
    math::interest::RateCurve,
    units::{Amount, BPS_PER_ONE, Bps},
    zoo,
};

/// How a reserve finds its borrow rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum RateModel {
    /// By the reserve's own [`RateCurve`].
    #[default]
    Curve,
    /// By the adaptive curve, which moves by itself until utilisation is on target.
    Adaptive,
}

/// A reserve's risk parameters. [`ReserveConfig::fault`] is their documented range;
/// [`ReserveConfig::default`] suits a liquid asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReserveConfig {
    /// Share of the collateral's value that may be borrowed against.
    pub collateral_factor: Bps,
    /// Share of the collateral's value at which liquidation begins; while it is being lowered,
    /// where the ramp ends.
    pub liquidation_threshold: Bps,
    /// What a debt in this reserve counts for, at least one: a volatile debt counts for more than
    /// its value.
    pub borrow_factor: Bps,
    /// Health factor a liquidation restores; of the collateral reserve.
    pub target_health: Bps,
    /// Health factor up to which a liquidation may repay all of a debt.
    pub full_close_health: Bps,
    /// Bonus on the value repaid for taking this collateral, right below health one.
    pub liquidation_bonus_min: Bps,
    /// That bonus at the full-close level.
    pub liquidation_bonus_max: Bps,
    /// That bonus once the position's debt exceeds its collateral.
    pub insolvent_bonus: Bps,
    /// The protocol's share of the bonus.
    pub liquidation_protocol_fee: Bps,
    /// The protocol's share of interest.
    pub reserve_factor: Bps,
    /// The insurance fund's part of what the protocol takes of interest, bonus and flash fees.
    pub insurance_share: Bps,
    /// Most that may be supplied; checked when supply grows.
    pub supply_cap: Amount,
    /// Most that may be owed; checked when debt grows.
    pub borrow_cap: Amount,
    /// Highest utilisation a loan may bring about.
    pub max_utilisation: Bps,
    /// Most that may be borrowed and withdrawn within an hour.
    pub outflow_hour_max: Amount,
    /// Most that may be borrowed and withdrawn within a day.
    pub outflow_day_max: Amount,
    /// Oldest price to act on, in seconds since its observation.
    pub max_price_age_s: u32,
    /// Widest confidence interval, as a share of the price, that a strict operation accepts.
    pub max_confidence: Bps,
    /// Furthest the price may be from its average, and from the second feed's.
    pub max_divergence: Bps,
    /// Fee of a flash loan.
    pub flash_fee: Bps,
    /// Who pays for bad debt.
    pub loss_policy: LossPolicy,
    /// How the borrow rate is found.
    pub rate_model: RateModel,
    /// Borrow rate by utilisation.
    pub curve: RateCurve,
}

impl Default for ReserveConfig {
    /// A liquid asset: 75 % may be borrowed, liquidation from 80 % back to a health of 1.05, with
    /// a bonus of 2 % rising to 8 % (1 % once insolvent) of which the protocol takes a tenth;
    /// prices good for an hour; 4 % a year at 90 % utilisation; no caps.
    fn default() -> Self {
        Self {
            collateral_factor: Bps(7_500),
            liquidation_threshold: Bps(8_000),
            borrow_factor: Bps::ONE,
            target_health: Bps(10_500),
            full_close_health: Bps(9_500),
            liquidation_bonus_min: Bps(200),
            liquidation_bonus_max: Bps(800),
            insolvent_bonus: Bps(100),
            liquidation_protocol_fee: Bps(1_000),
            reserve_factor: Bps(1_000),
            insurance_share: Bps(2_000),
            supply_cap: Amount::MAX,
            borrow_cap: Amount::MAX,
            max_utilisation: Bps::ONE,
            outflow_hour_max: Amount::MAX,
            outflow_day_max: Amount::MAX,
            max_price_age_s: 3_600,
            max_confidence: Bps(500),
            max_divergence: Bps::ONE,
            flash_fee: Bps(5),
            loss_policy: LossPolicy::default(),
            rate_model: RateModel::Curve,
            curve: RateCurve::DEFAULT,
        }
    }
}

impl ReserveConfig {
    /// Longest price age a reserve may allow: a week.
    pub const PRICE_AGE_MAX_S: u32 = 7 * 86_400;
    /// Highest liquidation bonus: 25 %.
    pub const BONUS_MAX: Bps = Bps(2_500);
    /// Lowest bonus for an insolvent position: 0.1 %. Without any nobody would liquidate one.
    pub const INSOLVENT_BONUS_MIN: Bps = Bps(10);
    /// Highest share the protocol may take of interest or of a bonus: 50 %.
    pub const FEE_MAX: Bps = Bps(5_000);
    /// Highest borrow factor: 5.
    pub const BORROW_FACTOR_MAX: Bps = Bps(50_000);
    /// Highest health factor a liquidation may restore: 1.5.
    pub const TARGET_HEALTH_MAX: Bps = Bps(15_000);
    /// Highest flash fee: 1 %.
    pub const FLASH_FEE_MAX: Bps = Bps(100);

    /// The first parameter out of range, as a sentence with the range; `None` when all are fine.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        self.risk_fault().or_else(|| self.liquidation_fault()).or_else(|| self.market_fault())
    }

    fn risk_fault(&self) -> Option<&'static str> {
        first(&[
            (self.factors_are_ordered(), "collateral_factor must be at most liquidation_threshold"),
            (
                self.bonus_is_covered(),
                "liquidation_threshold × (1 + liquidation_bonus_max) must be at most one",
            ),
            (
                in_range(self.borrow_factor, Bps::ONE, Self::BORROW_FACTOR_MAX),
                "borrow_factor must be 10000 to 50000 bps",
            ),
            (
                in_range(self.max_utilisation, Bps(1), Bps::ONE),
                "max_utilisation must be 1 to 10000 bps",
            ),
            (
                self.outflow_hour_max <= self.outflow_day_max,
                "outflow_hour_max must be at most outflow_day_max",
            ),
            (
                (1..=Self::PRICE_AGE_MAX_S).contains(&self.max_price_age_s),
                "max_price_age_s must be 1 to 604800",
            ),
            (
                in_range(self.max_confidence, Bps(1), Bps::ONE),
                "max_confidence must be 1 to 10000 bps",
            ),
            (
                in_range(self.max_divergence, Bps(1), Bps::ONE),
                "max_divergence must be 1 to 10000 bps",
            ),
        ])
    }

    fn liquidation_fault(&self) -> Option<&'static str> {
        first(&[
            (
                in_range(self.target_health, Bps::ONE, Self::TARGET_HEALTH_MAX),
                "target_health must be 10000 to 15000 bps",
            ),
            (self.full_close_health < Bps::ONE, "full_close_health must be below 10000 bps"),
            (
                self.liquidation_bonus_max <= Self::BONUS_MAX,
                "liquidation_bonus_max must be at most 2500 bps",
            ),
            (
                self.liquidation_bonus_min <= self.liquidation_bonus_max,
                "liquidation_bonus_min must be at most liquidation_bonus_max",
            ),
            (
                in_range(
                    self.insolvent_bonus,
                    Self::INSOLVENT_BONUS_MIN,
                    self.liquidation_bonus_max,
                ),
                "insolvent_bonus must be 10 bps to liquidation_bonus_max",
            ),
            (
                self.liquidation_protocol_fee <= Self::FEE_MAX,
                "liquidation_protocol_fee must be at most 5000 bps",
            ),
        ])
    }

    fn market_fault(&self) -> Option<&'static str> {
        first(&[
            (self.reserve_factor <= Self::FEE_MAX, "reserve_factor must be at most 5000 bps"),
            (self.insurance_share <= Bps::ONE, "insurance_share must be at most 10000 bps"),
            (self.flash_fee <= Self::FLASH_FEE_MAX, "flash_fee must be at most 100 bps"),
            (
                self.curve.is_valid(),
                "curve must rise from utilisation 0 to 10000 bps with rates up to 1000000 bps",
            ),
        ])
    }

    /// Otherwise a loan could be liquidated in the moment it is taken. A gap between the two gives
    /// a borrower at the limit time; how much of it is the pool's to choose, none included.
    fn factors_are_ordered(&self) -> bool {
        zoo!(
            self.collateral_factor <= self.liquidation_threshold;
            ThrAboveUnchecked => true,
        )
    }

    /// Otherwise a position would be bad debt before it could be liquidated at full bonus.
    fn bonus_is_covered(&self) -> bool {
        let threshold = u128::from(self.liquidation_threshold.get());
        let with_bonus = threshold * (BPS_PER_ONE + u128::from(self.liquidation_bonus_max.get()));
        with_bonus <= BPS_PER_ONE * BPS_PER_ONE
    }
}

/// The range of the first check that fails.
fn first(checks: &[(bool, &'static str)]) -> Option<&'static str> {
    checks.iter().find(|(fine, _)| !fine).map(|(_, range)| *range)
}

fn in_range(value: Bps, least: Bps, most: Bps) -> bool {
    (least..=most).contains(&value)
}
