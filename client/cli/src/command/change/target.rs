use cofferdam_sdk::{Address, Market};

use crate::{desk::Desk, fault::Fault, options::InPool};

/// Which change.
#[derive(Debug, clap::Args)]
pub(super) struct TargetArgs {
    /// The reserve's token, by symbol or address of its mint; without it the pool's own change.
    token: Option<String>,
    #[command(flatten)]
    pool: InPool,
}

/// A change that waits.
pub(super) struct Target {
    pub(super) market: Market,
    /// The reserve, unless the change is the pool's own.
    pub(super) reserve: Option<Address>,
    /// Who paid its rent.
    pub(super) payer: Address,
    /// In words.
    pub(super) name: String,
}

impl TargetArgs {
    pub(super) fn read(&self, desk: &Desk) -> Result<Target, Fault> {
        let market = desk.market(&self.pool)?;
        let Some(token) = &self.token else {
            let name = format!("pool {}", desk.pool_name(&market));
            let found = desk.client.pool_change(&market.address);
            let payer = found.map_err(|_| nothing(&name, "queue-pool"))?.payer;
            return Ok(Target { market, reserve: None, payer, name });
        };
        let reserve = market.reserve_of(&desk.mint(token)?)?.keys.reserve;
        let name = format!("reserve {token}");
        let found = desk.client.reserve_change(&reserve);
        let payer = found.map_err(|_| nothing(&name, "queue-reserve"))?.payer;
        Ok(Target { market, reserve: Some(reserve), payer, name })
    }
}

fn nothing(name: &str, verb: &str) -> Fault {
    Fault::Input(format!("no change of {name} waits; queue it: cofferdam change {verb}"))
}
