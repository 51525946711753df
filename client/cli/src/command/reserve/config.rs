use cofferdam_sdk::interface::{math::interest::RateCurve, state::ReserveConfig, units::Bps};

use crate::fault::Fault;

/// Risk parameters; what is not given stays as it is.
#[derive(Debug, clap::Args)]
pub(super) struct ConfigArgs {
    /// Share of the collateral's value that may be borrowed against.
    #[arg(long, value_name = "BPS")]
    collateral_factor_bps: Option<u32>,
    /// Share of the collateral's value at which liquidation begins.
    #[arg(long, value_name = "BPS")]
    liquidation_threshold_bps: Option<u32>,
    /// Share of a debt that one liquidation may repay.
    #[arg(long, value_name = "BPS")]
    close_factor_bps: Option<u32>,
    /// Health factor up to which it may repay all.
    #[arg(long, value_name = "BPS")]
    full_close_health_bps: Option<u32>,
    /// Bonus for a liquidator who takes this collateral.
    #[arg(long, value_name = "BPS")]
    liquidation_bonus_bps: Option<u32>,
    /// That bonus once debt exceeds collateral.
    #[arg(long, value_name = "BPS")]
    insolvent_bonus_bps: Option<u32>,
    /// The protocol's share of the bonus.
    #[arg(long, value_name = "BPS")]
    liquidation_protocol_fee_bps: Option<u32>,
    /// The protocol's share of interest.
    #[arg(long, value_name = "BPS")]
    reserve_factor_bps: Option<u32>,
    /// Oldest price to act on.
    #[arg(long, value_name = "SECONDS")]
    max_price_age_s: Option<u32>,
    /// Borrow rate by utilisation, both in bps, such as 0:0,9000:400,10000:8000.
    #[arg(long, value_name = "UTILISATION:RATE,…")]
    curve: Option<String>,
}

impl ConfigArgs {
    /// `base` with what was given in its place.
    pub(super) fn over(&self, base: ReserveConfig) -> Result<ReserveConfig, Fault> {
        let or = |given: Option<u32>, base: Bps| given.map_or(base, Bps);
        let config = ReserveConfig {
            collateral_factor: or(self.collateral_factor_bps, base.collateral_factor),
            liquidation_threshold: or(self.liquidation_threshold_bps, base.liquidation_threshold),
            close_factor: or(self.close_factor_bps, base.close_factor),
            full_close_health: or(self.full_close_health_bps, base.full_close_health),
            liquidation_bonus: or(self.liquidation_bonus_bps, base.liquidation_bonus),
            insolvent_bonus: or(self.insolvent_bonus_bps, base.insolvent_bonus),
            liquidation_protocol_fee: or(
                self.liquidation_protocol_fee_bps,
                base.liquidation_protocol_fee,
            ),
            reserve_factor: or(self.reserve_factor_bps, base.reserve_factor),
            max_price_age_s: self.max_price_age_s.unwrap_or(base.max_price_age_s),
            curve: self.curve.as_deref().map_or(Ok(base.curve), curve)?,
        };
        config.fault().map_or(Ok(config), |range| Err(Fault::Input(range.into())))
    }
}

fn curve(text: &str) -> Result<RateCurve, Fault> {
    let wrong = || {
        Fault::Input(format!(
            "curve is {text:?}; write UTILISATION:RATE in bps, rising, with commas"
        ))
    };
    let point = |point: &str| {
        let (utilisation, rate) = point.split_once(':')?;
        Some((utilisation.trim().parse().ok()?, rate.trim().parse().ok()?))
    };
    let points: Option<Vec<(u32, u32)>> = text.split(',').map(point).collect();
    RateCurve::new(&points.ok_or_else(wrong)?).map_err(|_| wrong())
}
