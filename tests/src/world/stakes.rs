use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    state::Stake,
    units::{Amount, Shares},
};
use cofferdam_sdk::{Address, ClientError, address, instruction as build};

use super::{Actor, Asset, PoolId, World};

type Sent = Result<Receipt, ClientError>;

/// Joining an insurance fund and leaving it, covering a deficit, and announcing a withdrawal. Each
/// verb fails with [`ClientError`] when the ledger or the program refuses.
impl World {
    /// Address of a person's stake in a reserve's insurance fund, whether or not it exists yet.
    #[must_use]
    pub fn stake_address(&self, owner: Actor, pool: PoolId, asset: Asset) -> Address {
        address::stake(&self.keys(pool, asset).reserve, &self.person(owner)).0
    }

    /// A person's stake in a reserve's insurance fund.
    ///
    /// # Panics
    /// When it was not opened.
    #[must_use]
    pub fn stake_state(&self, owner: Actor, pool: PoolId, asset: Asset) -> Stake {
        let address = self.stake_address(owner, pool, asset);
        self.client().stake(&address).expect("the stake was opened")
    }

    /// Opens a stake.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn open_stake(&mut self, owner: Actor, pool: PoolId, asset: Asset) -> Sent {
        let person = self.person(owner);
        let open = build::open_stake(&person, &person, &self.keys(pool, asset));
        self.send(&[owner], &[open])
    }

    /// Adds to a stake.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn stake(&mut self, owner: Actor, pool: PoolId, asset: Asset, amount: Amount) -> Sent {
        let stake = build::stake_insurance(&self.person(owner), &self.keys(pool, asset), amount);
        self.send(&[owner], &[stake])
    }

    /// Lets shares of a stake begin to cool down.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn cool(&mut self, owner: Actor, pool: PoolId, asset: Asset, shares: Shares) -> Sent {
        let cool = build::start_cooldown(&self.person(owner), &self.keys(pool, asset), shares);
        self.send(&[owner], &[cool])
    }

    /// Takes cooled-down shares out.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn unstake(&mut self, owner: Actor, pool: PoolId, asset: Asset, shares: Shares) -> Sent {
        let keys = self.keys(pool, asset);
        let unstake = build::unstake_insurance(&self.person(owner), &keys, shares);
        self.send(&[owner], &[unstake])
    }

    /// Pays a deficit down.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn cover_deficit(
        &mut self,
        payer: Actor,
        pool: PoolId,
        asset: Asset,
        amount: Amount,
    ) -> Sent {
        let cover = build::cover_deficit(&self.person(payer), &self.keys(pool, asset), amount);
        self.send(&[payer], &[cover])
    }

    /// Announces a withdrawal.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn give_notice(
        &mut self,
        owner: Actor,
        pool: PoolId,
        asset: Asset,
        shares: Shares,
    ) -> Sent {
        let (position, keys) = (self.position_address(pool, owner), self.keys(pool, asset));
        let notice = build::give_notice(&self.person(owner), &position, &keys, shares);
        self.send(&[owner], &[notice])
    }
}
