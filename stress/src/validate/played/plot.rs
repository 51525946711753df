//! A scenario file as small as a formula: one collateral, one debt at a price of one dollar, no
//! interest, one bonus.

use std::fmt::Write as _;

use crate::{
    engine::{Mode, Prepared, RunError},
    outcome::PathOutcome,
    scenario::{self, UtcTime},
    validate::{fault::ValidateError, lab::Lab, run::unexplained},
};

/// What a position's collateral is worth when the run begins, in dollars.
pub(super) const WORTH: u32 = 1_000_000;
/// Price of the collateral when the run begins, in dollars: dear, so that a millionth of a dollar
/// is 10⁻¹¹ of it.
const OPENING: u32 = 100_000;
/// The first of January 2026.
const START_S: i64 = 1_767_225_600;

/// The figures of such a scenario.
#[derive(Debug, Clone)]
pub(super) struct Plot {
    /// The price of the collateral, from [`OPENING`] on, as a scenario writes it.
    pub(super) price: String,
    /// How far draws are shifted, in standard deviations.
    pub(super) tilt: f64,
    pub(super) step_s: u32,
    /// Steps after the one in which the run begins.
    pub(super) steps: u32,
    pub(super) borrowers: u32,
    pub(super) ltv_bps: u32,
    pub(super) limit_bps: u32,
    pub(super) bonus_bps: u32,
    /// In dollars.
    pub(super) insurance: u32,
    pub(super) policy: &'static str,
    /// What each keeper has, in dollars; without any, bad debt is all that they see to.
    pub(super) capital: u32,
    /// Sections of markets, blocks and liquidators.
    pub(super) sections: String,
}

/// A price without drift.
pub(super) fn random(volatility: f64) -> String {
    format!("{{ process = \"gbm\", opening = \"{OPENING}\", volatility = \"{volatility}\" }}")
}

/// A price that is stated: shares of the opening, each from its step on.
pub(super) fn stated(step_s: u32, shares: &[(u32, f64)]) -> String {
    let mut text =
        format!("{{ kind = \"steps\", points = [{{ after_s = 0, value = \"{OPENING}\" }}");
    for (step, share) in shares {
        let (after_s, value) = (step * step_s, f64::from(OPENING) * share);
        let _ = write!(text, ", {{ after_s = {after_s}, value = \"{value:.6}\" }}");
    }
    text + "] }"
}

impl Plot {
    /// One position a basis point below its limit, and nobody but those who recognise bad debt.
    pub(super) fn new(price: String, limit_bps: u32, bonus_bps: u32) -> Self {
        Self {
            price,
            tilt: 0.0,
            step_s: 3_600,
            steps: 1,
            borrowers: 1,
            ltv_bps: limit_bps - 10,
            limit_bps,
            bonus_bps,
            insurance: 0,
            policy: "waterfall",
            capital: 0,
            sections: String::new(),
        }
    }

    /// The scenario on its stage.
    pub(super) fn prepared(&self, lab: &Lab<'_>, purpose: &str) -> Result<Prepared, ValidateError> {
        // A scenario's seed is a number of TOML, which has 63 bits.
        let text = self.text(lab.seed(purpose) >> 1);
        let scenario = scenario::parse("validate.toml", &text)
            .map_err(|error| unexplained(&error.to_string()))?;
        Prepared::new(&scenario).map_err(|error| broken(&error))
    }

    fn text(&self, seed: u64) -> String {
        let (head, pool) = (self.head(seed), self.pool());
        format!("{head}\n{}\n{pool}", self.sections)
    }

    fn head(&self, seed: u64) -> String {
        let Self { price, tilt, step_s, steps, capital, .. } = self;
        let time = |unix_s| UtcTime::from_unix_s(unix_s).map(|t| t.to_string()).unwrap_or_default();
        let (start, end) = (time(START_S), time(START_S + i64::from(step_s * (steps + 1))));
        let tilt = match *tilt {
            0.0 => String::new(),
            shift => format!("[sampling.tilt]\nasset = \"COLL\"\nshift = \"{shift:.3}\"\n"),
        };
        format!(
            "name = \"validate\"\ndescription = \"A formula.\"\nsources = [\"docs/VALIDATION.md\"]\n\
             seed = {seed}\nstart = \"{start}\"\nend = \"{end}\"\nstep_s = {step_s}\nwarmup_s = 0\n\
             prices_asset = \"COLL\"\n[[assets]]\nsymbol = \"COLL\"\ndecimals = 9\nprice = {price}\n\
             [[assets]]\nsymbol = \"DEBT\"\ndecimals = 9\nprice = {{ kind = \"constant\", value = \"1\" }}\n\
             [oracle]\nlag_s = 0\nheartbeat_s = 1\ndeviation_bps = 0\n{tilt}\
             [chain]\nkeeper_transactions_per_step = 1000\n[keepers]\ncount = 1\nmin_profit_bps = 0\n\
             late_after_s = 1\ncapital = {{ DEBT = \"{capital}\" }}\n"
        )
    }

    fn pool(&self) -> String {
        let Self { borrowers, ltv_bps, insurance, policy, .. } = self;
        let (supplied, total) = (2 * WORTH * borrowers, WORTH / OPENING * borrowers);
        let side = |asset: &str, limit_bps: u32, bonus_bps: u32, rest: String| {
            format!(
                "[[pools.reserves]]\nasset = \"{asset}\"\ncollateral_factor_bps = {}\n\
                 liquidation_threshold_bps = {limit_bps}\ntarget_health_bps = 15000\n\
                 full_close_health_bps = 9999\nliquidation_bonus_min_bps = {bonus_bps}\n\
                 liquidation_bonus_max_bps = {bonus_bps}\ninsolvent_bonus_bps = {bonus_bps}\n\
                 liquidation_protocol_fee_bps = 0\nreserve_factor_bps = 0\nmax_price_age_s = 7200\n\
                 curve = [[0, 0], [10000, 0]]\n{rest}\n",
                limit_bps - 5,
            )
        };
        let none = "supplied = 0\nsuppliers = 0\ninsurance = 0".to_owned();
        let lent = format!(
            "supplied = {supplied}\nsuppliers = 1\ninsurance = {insurance}\nloss_policy = \"{policy}\""
        );
        let collateral = side("COLL", self.limit_bps, self.bonus_bps, none);
        let debt = side("DEBT", self.limit_bps, self.bonus_bps, lent);
        format!(
            "[[pools]]\nname = \"formula\"\nrole = \"shocked\"\n{collateral}{debt}\
             [[pools.borrowers]]\ncollateral = \"COLL\"\ndebt = \"DEBT\"\ncount = {borrowers}\n\
             collateral_total = {total}\nltv_bps = {{ from = {ltv_bps}, to = {ltv_bps} }}\n"
        )
    }
}

/// Plays paths from 0 on, and keeps of each what `read` takes.
pub(super) fn play<T: Send>(
    lab: &Lab<'_>,
    prepared: &Prepared,
    paths: u64,
    read: impl Fn(&PathOutcome) -> T + Sync,
) -> Result<Vec<T>, ValidateError> {
    lab.each(paths, |path| {
        let outcome = prepared.play(path, Mode::Fast).map_err(|error| broken(&error))?;
        Ok(read(&outcome))
    })
}

/// What stops a run of so small a scenario is no figure.
pub(super) fn broken(error: &RunError) -> ValidateError {
    unexplained(&error.to_string())
}
