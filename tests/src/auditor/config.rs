//! Which parameters are allowed, which raise risk, and how a threshold falls. docs/PROTOCOL.md,
//! GOV-1 to GOV-7.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    math::interest::{CurvePoint, RateCurve},
    state::{FeedConfig, PoolConfig, ReserveConfig},
};

use super::state::{Ramp, Reserve};

const DAY_S: u32 = 86_400;
const WEEK_S: u32 = 7 * DAY_S;
/// One, in basis points.
const ONE: u32 = 10_000;

/// Refuses parameters of a reserve out of their range.
pub(super) fn require_reserve(config: &ReserveConfig) -> Result<(), LendingError> {
    let c = config;
    let (factor, threshold) = (c.collateral_factor.0, c.liquidation_threshold.0);
    let bonus = c.liquidation_bonus_max.0;
    let with_bonus = u64::from(threshold) * (u64::from(ONE) + u64::from(bonus));
    let fine = [
        factor <= threshold,
        with_bonus <= u64::from(ONE) * u64::from(ONE),
        (ONE..=5 * ONE).contains(&c.borrow_factor.0),
        (1..=ONE).contains(&c.max_utilisation.0),
        c.outflow_hour_max <= c.outflow_day_max,
        (1..=WEEK_S).contains(&c.max_price_age_s),
        (1..=ONE).contains(&c.max_confidence.0),
        (1..=ONE).contains(&c.max_divergence.0),
        (ONE..=15_000).contains(&c.target_health.0),
        c.full_close_health.0 < ONE,
        bonus <= 2_500,
        c.liquidation_bonus_min.0 <= bonus,
        (10..=bonus).contains(&c.insolvent_bonus.0),
        c.liquidation_protocol_fee.0 <= 5_000,
        c.reserve_factor.0 <= 5_000,
        c.insurance_share.0 <= ONE,
        c.flash_fee.0 <= 100,
        is_curve(&c.curve),
    ];
    require_all(&fine, LendingError::InvalidConfig)
}

/// From utilisation 0 to 1, rising, with rates that never fall and stay within 10,000 %.
fn is_curve(curve: &RateCurve) -> bool {
    let len = usize::from(curve.len);
    if !(2..=curve.points.len()).contains(&len) {
        return false;
    }
    let rises = |at: usize| {
        let (from, to) = (curve.points[at - 1], curve.points[at]);
        from.utilisation < to.utilisation && from.rate <= to.rate
    };
    curve.points[0].utilisation.0 == 0
        && curve.points[len - 1].utilisation.0 == ONE
        && curve.points[len - 1].rate.0 <= 1_000_000
        && (1..len).all(rises)
        && curve.points[len..].iter().all(|point| *point == CurvePoint::default())
}

pub(super) fn require_pool(config: &PoolConfig) -> Result<(), LendingError> {
    let fine = [
        config.timelock_s <= 30 * DAY_S,
        config.withdrawal_notice_s <= 14 * DAY_S,
        config.grace_s <= 4 * 3_600,
        config.min_position_value.0 <= 10_000 * 1_000_000_000_000_000_000,
    ];
    require_all(&fine, LendingError::InvalidConfig)
}

pub(super) fn require_feed(config: &FeedConfig) -> Result<(), LendingError> {
    let nobody = Address::default();
    let count = config.publishers.iter().take_while(|place| **place != nobody).count();
    let (listed, rest) = config.publishers.split_at(count);
    let twice = (1..count).any(|at| listed[..at].contains(&listed[at]));
    let quorum = usize::from(config.quorum);
    let fine = [
        count > 0,
        !twice && rest.iter().all(|place| *place == nobody),
        3 * quorum >= 2 * count && quorum <= count,
        (1..=WEEK_S).contains(&config.quote_max_age_s),
        (1..=DAY_S).contains(&config.ema_half_life_s),
    ];
    require_all(&fine, LendingError::InvalidFeedConfig)
}

fn require_all(fine: &[bool], error: LendingError) -> Result<(), LendingError> {
    if fine.iter().all(|fine| *fine) { Ok(()) } else { Err(error) }
}

/// Whether a change of a pool's parameters has to wait.
pub(super) fn pool_raises(before: &PoolConfig, after: &PoolConfig) -> bool {
    let guarded = before.guardian != Address::default();
    (guarded && before.guardian != after.guardian)
        || after.timelock_s < before.timelock_s
        || after.withdrawal_notice_s != before.withdrawal_notice_s
        || after.grace_s > before.grace_s
        || after.min_position_value != before.min_position_value
}

/// Whether parameters of a reserve carry more risk, the fall of a threshold left aside: three
/// kinds may only fall, the insurance share may only rise, the flash fee may do both, and of all
/// others any change hurts somebody.
fn raises(before: &ReserveConfig, after: &ReserveConfig) -> bool {
    let may_fall = [
        (before.collateral_factor.0, after.collateral_factor.0),
        (before.liquidation_threshold.0, after.liquidation_threshold.0),
        (before.max_utilisation.0, after.max_utilisation.0),
    ];
    let caps = after.supply_cap > before.supply_cap || after.borrow_cap > before.borrow_cap;
    let free = ReserveConfig {
        collateral_factor: after.collateral_factor,
        liquidation_threshold: after.liquidation_threshold,
        max_utilisation: after.max_utilisation,
        supply_cap: after.supply_cap,
        borrow_cap: after.borrow_cap,
        insurance_share: after.insurance_share,
        flash_fee: after.flash_fee,
        ..*before
    };
    may_fall.iter().any(|(before, after)| after > before)
        || caps
        || after.insurance_share < before.insurance_share
        || free != *after
}

impl Reserve {
    /// Whether `config` has to wait behind a timelock and is none of the guardian's business.
    pub(super) fn is_riskier(
        &self,
        config: &ReserveConfig,
        ramp_s: u32,
    ) -> Result<bool, LendingError> {
        if raises(&self.config, config) {
            return Ok(true);
        }
        let next = self.next_ramp(config, ramp_s)?;
        // On its way down the threshold may not be held up for longer than it would have been.
        let before = self.config.liquidation_threshold.0;
        let falls = self.threshold() > before;
        Ok(falls && next.at(config.liquidation_threshold.0, self.ramp.end_s) > before)
    }

    /// The way down to a lower threshold, of a day to a year from where it stands; none up.
    fn next_ramp(&self, config: &ReserveConfig, ramp_s: u32) -> Result<Ramp, LendingError> {
        let (now_s, stands) = (self.accrued_at_s, self.threshold());
        let (before, after) = (self.config.liquidation_threshold.0, config.liquidation_threshold.0);
        if after == before || after >= stands {
            let kept = if after == before { self.ramp } else { Ramp::default() };
            return if ramp_s == 0 { Ok(kept) } else { Err(LendingError::InvalidConfig) };
        }
        if ramp_s < DAY_S {
            return Err(LendingError::RampTooShort);
        }
        if ramp_s > 365 * DAY_S {
            return Err(LendingError::InvalidConfig);
        }
        let end_s = now_s.checked_add(i64::from(ramp_s)).ok_or(LendingError::InvalidConfig)?;
        Ok(Ramp { from: stands, start_s: now_s, end_s })
    }

    /// Takes new parameters over, which have to be in range beside the threshold of now too.
    pub(super) fn reconfigure(
        &mut self,
        config: ReserveConfig,
        ramp_s: u32,
    ) -> Result<(), LendingError> {
        require_reserve(&config)?;
        let ramp = self.next_ramp(&config, ramp_s)?;
        let mut now = config;
        now.liquidation_threshold.0 = ramp.at(config.liquidation_threshold.0, self.accrued_at_s);
        require_reserve(&now)?;
        (self.config, self.ramp) = (config, ramp);
        Ok(())
    }
}
