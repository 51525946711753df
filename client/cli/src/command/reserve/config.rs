use cofferdam_sdk::interface::{
    math::interest::RateCurve,
    state::{RateModel, ReserveConfig},
    units::{Amount, Bps},
};

use crate::{fault::Fault, quantity::Cap};

/// Risk parameters; what is not given stays as it is.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct ConfigArgs {
    /// Share of the collateral's value that may be borrowed against.
    #[arg(long, value_name = "BPS")]
    collateral_factor_bps: Option<u32>,
    /// Share of the collateral's value at which liquidation begins.
    #[arg(long, value_name = "BPS")]
    liquidation_threshold_bps: Option<u32>,
    /// What a debt counts for, at least 10000.
    #[arg(long, value_name = "BPS")]
    borrow_factor_bps: Option<u32>,
    /// Health factor a liquidation restores.
    #[arg(long, value_name = "BPS")]
    target_health_bps: Option<u32>,
    /// Health factor up to which it may repay all.
    #[arg(long, value_name = "BPS")]
    full_close_health_bps: Option<u32>,
    /// Bonus for a liquidator who takes this collateral, right below health one.
    #[arg(long, value_name = "BPS")]
    liquidation_bonus_min_bps: Option<u32>,
    /// That bonus at the full-close level.
    #[arg(long, value_name = "BPS")]
    liquidation_bonus_max_bps: Option<u32>,
    /// That bonus once debt exceeds collateral.
    #[arg(long, value_name = "BPS")]
    insolvent_bonus_bps: Option<u32>,
    /// The protocol's share of the bonus.
    #[arg(long, value_name = "BPS")]
    liquidation_protocol_fee_bps: Option<u32>,
    /// The protocol's share of interest.
    #[arg(long, value_name = "BPS")]
    reserve_factor_bps: Option<u32>,
    /// The insurance fund's part of what the protocol takes.
    #[arg(long, value_name = "BPS")]
    insurance_share_bps: Option<u32>,
    /// Most that may be supplied, or `none` for no cap.
    #[arg(long, value_name = "TOKENS")]
    supply_cap: Option<Cap>,
    /// Most that may be owed, or `none` for no cap.
    #[arg(long, value_name = "TOKENS")]
    borrow_cap: Option<Cap>,
    /// Most that may be borrowed and withdrawn within an hour, or `none` for no limit.
    #[arg(long, value_name = "TOKENS")]
    outflow_hour_max: Option<Cap>,
    /// Most that may be borrowed and withdrawn within a day, or `none` for no limit.
    #[arg(long, value_name = "TOKENS")]
    outflow_day_max: Option<Cap>,
    /// Highest utilisation a loan may bring about.
    #[arg(long, value_name = "BPS")]
    max_utilisation_bps: Option<u32>,
    /// Widest confidence interval a strict operation accepts.
    #[arg(long, value_name = "BPS")]
    max_confidence_bps: Option<u32>,
    /// Furthest the price may be from its average and from the second feed.
    #[arg(long, value_name = "BPS")]
    max_divergence_bps: Option<u32>,
    /// Fee of a flash loan.
    #[arg(long, value_name = "BPS")]
    flash_fee_bps: Option<u32>,
    /// Oldest price to act on.
    #[arg(long, value_name = "SECONDS")]
    max_price_age_s: Option<u32>,
    /// How the borrow rate is found: by the reserve's own curve, or by the adaptive one that moves
    /// by itself until 90 % are lent.
    #[arg(long, value_name = "MODEL")]
    rate_model: Option<Model>,
    /// Borrow rate by utilisation, both in bps, such as 0:0,9000:400,10000:8000.
    #[arg(long, value_name = "UTILISATION:RATE,…")]
    curve: Option<String>,
}

/// A [`RateModel`] as one types it.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Model {
    Curve,
    Adaptive,
}

impl From<Model> for RateModel {
    fn from(model: Model) -> Self {
        match model {
            Model::Curve => Self::Curve,
            Model::Adaptive => Self::Adaptive,
        }
    }
}

impl ConfigArgs {
    /// `base` with what was given in its place, for a token of `decimals`.
    pub(in crate::command) fn over(
        &self,
        base: ReserveConfig,
        decimals: u8,
    ) -> Result<ReserveConfig, Fault> {
        let cap = |field: &str, given: Option<Cap>, base: Amount| match given {
            Some(cap) => cap.units(field, decimals),
            None => Ok(base),
        };
        let or = |given: Option<u32>, base: Bps| given.map_or(base, Bps);
        let config = ReserveConfig {
            collateral_factor: or(self.collateral_factor_bps, base.collateral_factor),
            liquidation_threshold: or(self.liquidation_threshold_bps, base.liquidation_threshold),
            borrow_factor: or(self.borrow_factor_bps, base.borrow_factor),
            target_health: or(self.target_health_bps, base.target_health),
            full_close_health: or(self.full_close_health_bps, base.full_close_health),
            liquidation_bonus_min: or(self.liquidation_bonus_min_bps, base.liquidation_bonus_min),
            liquidation_bonus_max: or(self.liquidation_bonus_max_bps, base.liquidation_bonus_max),
            insolvent_bonus: or(self.insolvent_bonus_bps, base.insolvent_bonus),
            liquidation_protocol_fee: or(
                self.liquidation_protocol_fee_bps,
                base.liquidation_protocol_fee,
            ),
            reserve_factor: or(self.reserve_factor_bps, base.reserve_factor),
            insurance_share: or(self.insurance_share_bps, base.insurance_share),
            supply_cap: cap("supply_cap", self.supply_cap, base.supply_cap)?,
            borrow_cap: cap("borrow_cap", self.borrow_cap, base.borrow_cap)?,
            outflow_hour_max: cap(
                "outflow_hour_max",
                self.outflow_hour_max,
                base.outflow_hour_max,
            )?,
            outflow_day_max: cap("outflow_day_max", self.outflow_day_max, base.outflow_day_max)?,
            max_utilisation: or(self.max_utilisation_bps, base.max_utilisation),
            max_confidence: or(self.max_confidence_bps, base.max_confidence),
            max_divergence: or(self.max_divergence_bps, base.max_divergence),
            flash_fee: or(self.flash_fee_bps, base.flash_fee),
            max_price_age_s: self.max_price_age_s.unwrap_or(base.max_price_age_s),
            rate_model: self.rate_model.map_or(base.rate_model, RateModel::from),
            curve: self.curve.as_deref().map_or(Ok(base.curve), curve)?,
            ..base
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
