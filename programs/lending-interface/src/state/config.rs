use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    math::{health::CollateralFactors, interest::RateCurve},
    units::{BPS_PER_ONE, Bps},
};

/// A reserve's risk parameters. [`ReserveConfig::fault`] is their documented range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReserveConfig {
    /// Share of the collateral's value that may be borrowed against.
    pub collateral_factor: Bps,
    /// Share of the collateral's value at which liquidation begins.
    pub liquidation_threshold: Bps,
    /// Share of a debt in this reserve that one liquidation may repay.
    pub close_factor: Bps,
    /// Health factor up to which a liquidation may repay all of it.
    pub full_close_health: Bps,
    /// Bonus on the value repaid, for a liquidator who takes this collateral.
    pub liquidation_bonus: Bps,
    /// That bonus once the position's debt exceeds its collateral.
    pub insolvent_bonus: Bps,
    /// The protocol's share of the bonus.
    pub liquidation_protocol_fee: Bps,
    /// The protocol's share of interest.
    pub reserve_factor: Bps,
    /// Oldest price to act on, in seconds since its observation.
    pub max_price_age_s: u32,
    /// Borrow rate by utilisation.
    pub curve: RateCurve,
}

impl ReserveConfig {
    /// Longest price age a reserve may allow: a week.
    pub const PRICE_AGE_MAX_S: u32 = 7 * 86_400;
    /// Highest liquidation bonus: 25 %.
    pub const BONUS_MAX: Bps = Bps(2_500);
    /// Highest share the protocol may take of interest or of a bonus: 50 %.
    pub const FEE_MAX: Bps = Bps(5_000);

    /// The first parameter out of range, as a sentence with the range; `None` when all are fine.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let checks = [
            (
                self.factors_are_ordered(),
                "collateral_factor must be below liquidation_threshold, or both zero",
            ),
            (
                self.bonus_is_covered(),
                "liquidation_threshold × (1 + liquidation_bonus) must be at most one",
            ),
            (in_range(self.close_factor, Bps(1), Bps::ONE), "close_factor must be 1 to 10000 bps"),
            (self.full_close_health <= Bps::ONE, "full_close_health must be at most 10000 bps"),
            (
                self.liquidation_bonus <= Self::BONUS_MAX,
                "liquidation_bonus must be at most 2500 bps",
            ),
            (
                self.insolvent_bonus <= self.liquidation_bonus,
                "insolvent_bonus must be at most liquidation_bonus",
            ),
            (
                self.liquidation_protocol_fee <= Self::FEE_MAX,
                "liquidation_protocol_fee must be at most 5000 bps",
            ),
            (self.reserve_factor <= Self::FEE_MAX, "reserve_factor must be at most 5000 bps"),
            (
                (1..=Self::PRICE_AGE_MAX_S).contains(&self.max_price_age_s),
                "max_price_age_s must be 1 to 604800",
            ),
            (
                self.curve.is_valid(),
                "curve must rise from utilisation 0 to 10000 bps with rates up to 1000000 bps",
            ),
        ];
        checks.into_iter().find(|(fine, _)| !fine).map(|(_, range)| range)
    }

    /// The factors this reserve gives collateral.
    #[must_use]
    pub const fn factors(&self) -> CollateralFactors {
        CollateralFactors {
            collateral_factor: self.collateral_factor,
            liquidation_threshold: self.liquidation_threshold,
        }
    }

    /// A gap between the two is what gives a borrower at the limit time before liquidation.
    fn factors_are_ordered(&self) -> bool {
        let unusable =
            self.collateral_factor == Bps::ZERO && self.liquidation_threshold == Bps::ZERO;
        unusable || self.collateral_factor < self.liquidation_threshold
    }

    /// Otherwise a position would be bad debt before it could be liquidated at full bonus.
    fn bonus_is_covered(&self) -> bool {
        let threshold = u128::from(self.liquidation_threshold.get());
        let with_bonus = threshold * (BPS_PER_ONE + u128::from(self.liquidation_bonus.get()));
        with_bonus <= BPS_PER_ONE * BPS_PER_ONE
    }
}

fn in_range(value: Bps, least: Bps, most: Bps) -> bool {
    (least..=most).contains(&value)
}
