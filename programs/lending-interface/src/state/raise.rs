//! Which changes raise somebody's risk. In a pool with a timelock they have to wait, so that
//! whoever disagrees can leave first; a guardian can make none of them.
//!
//! A change raises risk when it lets the pool lose more, and also when it takes from borrowers or
//! suppliers what they could rely on when they came: where both directions hurt somebody, any
//! change counts. A threshold that falls does not count, because it has its ramp.

use cofferdam_host::Address;

use super::{PoolConfig, ReserveConfig};

impl ReserveConfig {
    /// The first parameter by which this configuration carries more risk than `before`, as a
    /// sentence with the reason; `None` when every one carries as much or less.
    #[must_use]
    pub fn raises_risk(&self, before: &Self) -> Option<&'static str> {
        self.raises_exposure(before)
            .or_else(|| self.changes_checks(before))
            .or_else(|| self.changes_liquidation(before))
            .or_else(|| self.changes_market(before))
    }

    fn raises_exposure(&self, before: &Self) -> Option<&'static str> {
        first(&[
            (
                self.collateral_factor > before.collateral_factor,
                "a higher collateral_factor lends more against the same collateral",
            ),
            (
                self.liquidation_threshold > before.liquidation_threshold,
                "a higher liquidation_threshold leaves less before bad debt begins",
            ),
            (
                self.borrow_factor != before.borrow_factor,
                "a lower borrow_factor lends more, a higher one liquidates borrowers at once",
            ),
            (
                self.supply_cap > before.supply_cap,
                "a higher supply_cap lets more depend on the asset",
            ),
            (self.borrow_cap > before.borrow_cap, "a higher borrow_cap lets more be lost"),
            (
                self.max_utilisation > before.max_utilisation,
                "a higher max_utilisation leaves less cash for withdrawals",
            ),
        ])
    }

    fn changes_checks(&self, before: &Self) -> Option<&'static str> {
        first(&[
            (
                self.outflow_hour_max != before.outflow_hour_max,
                "a higher outflow_hour_max lets more be drained, a lower one locks suppliers in",
            ),
            (
                self.outflow_day_max != before.outflow_day_max,
                "a higher outflow_day_max lets more be drained, a lower one locks suppliers in",
            ),
            (
                self.max_price_age_s != before.max_price_age_s,
                "a longer max_price_age_s acts on older prices, a shorter one stops liquidations",
            ),
            (
                self.max_confidence != before.max_confidence,
                "a wider max_confidence acts on worse prices, a narrower one puts off losses",
            ),
            (
                self.max_divergence != before.max_divergence,
                "a wider max_divergence acts on worse prices, a narrower one puts off losses",
            ),
        ])
    }

    /// Every term of a liquidation takes from one side what it gives to the other.
    fn changes_liquidation(&self, before: &Self) -> Option<&'static str> {
        first(&[
            (
                self.target_health != before.target_health,
                "a lower target_health restores less, a higher one takes more from borrowers",
            ),
            (
                self.full_close_health != before.full_close_health,
                "a lower full_close_health closes less, a higher one takes more from borrowers",
            ),
            (
                self.liquidation_bonus_min != before.liquidation_bonus_min,
                "a lower liquidation_bonus_min attracts nobody, a higher one costs borrowers more",
            ),
            (
                self.liquidation_bonus_max != before.liquidation_bonus_max,
                "a lower liquidation_bonus_max attracts nobody, a higher one costs borrowers more",
            ),
            (
                self.insolvent_bonus != before.insolvent_bonus,
                "a lower insolvent_bonus attracts nobody, a higher one costs suppliers more",
            ),
            (
                self.liquidation_protocol_fee != before.liquidation_protocol_fee,
                "a lower liquidation_protocol_fee insures less, a higher one attracts nobody",
            ),
        ])
    }

    /// The flash fee is the one parameter that may go either way: it is what a service costs, and
    /// nobody is bound to it. A higher insurance share only takes from the treasury.
    fn changes_market(&self, before: &Self) -> Option<&'static str> {
        first(&[
            (
                self.reserve_factor != before.reserve_factor,
                "a lower reserve_factor pays less of a loss, a higher one takes suppliers' interest",
            ),
            (
                self.insurance_share < before.insurance_share,
                "a lower insurance_share insures suppliers less",
            ),
            (self.loss_policy != before.loss_policy, "another loss_policy makes others pay"),
            (self.rate_model != before.rate_model, "another rate_model charges other rates"),
            (self.curve != before.curve, "another curve charges other rates"),
        ])
    }
}

impl PoolConfig {
    /// The first parameter by which this configuration carries more risk than `before`, as a
    /// sentence with the reason; `None` when every one carries as much or less.
    #[must_use]
    pub fn raises_risk(&self, before: &Self) -> Option<&'static str> {
        let guarded = before.guardian != Address::default();
        first(&[
            (
                guarded && self.guardian != before.guardian,
                "another guardian leaves the pool without the one its users trust",
            ),
            (self.timelock_s < before.timelock_s, "a shorter timelock_s leaves less time to leave"),
            (
                self.withdrawal_notice_s != before.withdrawal_notice_s,
                "a shorter withdrawal_notice_s invites a run, a longer one locks suppliers in",
            ),
            (self.grace_s > before.grace_s, "a longer grace_s puts off liquidations"),
            (
                self.min_position_value != before.min_position_value,
                "a lower min_position_value leaves dust, a higher one closes small positions whole",
            ),
        ])
    }
}

/// The reason of the first condition that holds.
fn first(conditions: &[(bool, &'static str)]) -> Option<&'static str> {
    conditions.iter().find(|(raised, _)| *raised).map(|(_, reason)| *reason)
}
