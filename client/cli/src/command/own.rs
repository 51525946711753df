//! What the verbs on one's own position share.

use cofferdam_sdk::{Address, Keypair, Market, PositionView, Signer, address};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
};

/// An amount, and the signer's position.
#[derive(Debug, clap::Args)]
pub(super) struct OwnArgs {
    #[command(flatten)]
    pub(super) much: HowMuch,
    /// Number of the position among the signer's.
    #[arg(long, default_value_t = 0)]
    number: u16,
    #[command(flatten)]
    pool: InPool,
    #[command(flatten)]
    pub(super) by: By,
    #[command(flatten)]
    pub(super) at: At,
}

/// What they stand for on a ledger.
pub(super) struct Own {
    pub(super) key: Keypair,
    pub(super) market: Market,
    pub(super) position: PositionView,
    pub(super) mint: Address,
}

impl OwnArgs {
    pub(super) fn read(&self, desk: &Desk) -> Result<Own, Fault> {
        let (key, market) = (desk.signer(&self.by.who)?, desk.market(&self.pool)?);
        let (at, _) = address::position(&market.address, &key.pubkey(), self.number);
        let position = desk
            .client
            .position(&at)
            .map_err(|error| Fault::input(&error).with("cofferdam position open"))?;
        Ok(Own { key, market, position, mint: desk.mint(&self.much.token)? })
    }
}
