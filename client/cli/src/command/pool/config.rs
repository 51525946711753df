use cofferdam_sdk::{
    Decimal, human,
    interface::{state::PoolConfig, units::Value},
};

use crate::{desk::Desk, fault::Fault};

/// A pool's own parameters; what is not given stays as it is.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct PoolConfigArgs {
    /// Who may reduce risk besides the admin, by name or address.
    #[arg(long, value_name = "NAME")]
    guardian: Option<String>,
    /// How long a change that raises risk waits.
    #[arg(long, value_name = "SECONDS")]
    timelock_s: Option<u32>,
    /// Notice a supplier gives before withdrawing.
    #[arg(long, value_name = "SECONDS")]
    withdrawal_notice_s: Option<u32>,
    /// How long after a thaw only positions at the full-close level may be liquidated.
    #[arg(long, value_name = "SECONDS")]
    grace_s: Option<u32>,
    /// Least value of debt a position may be left with.
    #[arg(long, value_name = "USD")]
    min_position_usd: Option<Decimal>,
}

impl PoolConfigArgs {
    /// `base` with what was given in its place.
    pub(in crate::command) fn over(
        &self,
        desk: &Desk,
        base: PoolConfig,
    ) -> Result<PoolConfig, Fault> {
        let guardian = self.guardian.as_ref().map(|name| desk.person(name)).transpose()?;
        let least = self.min_position_usd.map(|usd| human::price("min_position_usd", usd));
        let least = least.transpose().map_err(|error| Fault::Input(error.to_string()))?;
        let config = PoolConfig {
            guardian: guardian.unwrap_or(base.guardian),
            timelock_s: self.timelock_s.unwrap_or(base.timelock_s),
            withdrawal_notice_s: self.withdrawal_notice_s.unwrap_or(base.withdrawal_notice_s),
            grace_s: self.grace_s.unwrap_or(base.grace_s),
            min_position_value: least.map_or(base.min_position_value, |usd| Value(usd.get())),
        };
        config.fault().map_or(Ok(config), |range| Err(Fault::Input(range.into())))
    }
}
