use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{instruction::Liquidate, state::ReserveConfig, units::Amount};
use cofferdam_sdk::{ClientError, Instruction, instruction as build, token};
use spl_token_interface::instruction as spl;

use super::{Actor, Asset, PoolId, World};

type Sent = Result<Receipt, ClientError>;

/// What people do, as signed transactions. Each verb fails with [`ClientError`] when the ledger
/// or the program refuses.
impl World {
    /// Adds a reserve, as the admin.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn add_reserve(&mut self, pool: PoolId, asset: Asset, config: ReserveConfig) -> Sent {
        let (admin, address) = (self.person(Actor::Admin), self.pool(pool));
        let assets = (&self.mint(asset), &self.feed(asset));
        let add = match self.second_feed(asset) {
            None => build::add_reserve(&admin, &admin, &address, assets, config),
            Some(second) => {
                let assets = (assets.0, assets.1, &second);
                build::add_reserve_with_second_feed(&admin, &admin, &address, assets, config)
            }
        };
        self.send(&[Actor::Admin], &[add])
    }

    /// Replaces a reserve's parameters, as the admin.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn update_reserve(&mut self, pool: PoolId, asset: Asset, config: ReserveConfig) -> Sent {
        self.ramp_reserve(Actor::Admin, (pool, asset), config, 0)
    }

    /// Opens a position.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn open_position(&mut self, owner: Actor, pool: PoolId, index: u16) -> Sent {
        let person = self.person(owner);
        let open = build::open_position(&person, &person, &self.pool(pool), index);
        self.send(&[owner], &[open])
    }

    /// Supplies tokens to the owner's position.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn deposit(&mut self, owner: Actor, pool: PoolId, asset: Asset, amount: Amount) -> Sent {
        let (position, keys) = (self.position_address(pool, owner), self.keys(pool, asset));
        let deposit = build::deposit(&self.person(owner), &position, &keys, amount);
        self.send(&[owner], &[deposit])
    }

    /// Takes supply back.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn withdraw(&mut self, owner: Actor, pool: PoolId, asset: Asset, amount: Amount) -> Sent {
        let position = self.position(pool, owner);
        let others = self.market(pool).used_by(&position.state);
        let (person, keys) = (self.person(owner), self.listed(pool, asset));
        let withdraw = build::withdraw(&person, &position.address, &keys, &others, amount);
        self.send(&[owner], &[withdraw])
    }

    /// Borrows.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn borrow(&mut self, owner: Actor, pool: PoolId, asset: Asset, amount: Amount) -> Sent {
        let position = self.position(pool, owner);
        let others = self.market(pool).used_by(&position.state);
        let (person, keys) = (self.person(owner), self.listed(pool, asset));
        let borrow = build::borrow(&person, &position.address, &keys, &others, amount);
        self.send(&[owner], &[borrow])
    }

    /// Repays the debt of `owner` with the tokens of `payer`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn repay(
        &mut self,
        payer: Actor,
        (pool, owner): (PoolId, Actor),
        asset: Asset,
        amount: Amount,
    ) -> Sent {
        let (position, keys) = (self.position_address(pool, owner), self.keys(pool, asset));
        let repay = build::repay(&self.person(payer), &position, &keys, amount);
        self.send(&[payer], &[repay])
    }

    /// Liquidates: the liquidator repays `debt` of `owner` and takes `collateral`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn liquidate(
        &mut self,
        (pool, owner): (PoolId, Actor),
        (debt, collateral): (Asset, Asset),
        repay_max: Amount,
        collateral_min: Amount,
    ) -> Sent {
        let position = self.position(pool, owner);
        let others = self.market(pool).used_by(&position.state);
        let sides = (&self.listed(pool, debt), &self.listed(pool, collateral));
        let liquidator = self.person(Actor::Liquidator);
        let args = Liquidate { repay_max, collateral_min };
        let liquidate =
            build::liquidate(&liquidator, &position.address, sides, None, &others, args);
        self.send(&[Actor::Liquidator], &[liquidate])
    }

    /// Has the bad debt of `owner` recognised; the liquidator pays the fee.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn absorb(&mut self, pool: PoolId, owner: Actor) -> Sent {
        let absorb = self.market(pool).absorb_bad_debt(&self.position(pool, owner));
        self.send(&[Actor::Liquidator], &[absorb])
    }

    /// Pays into a reserve's insurance.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn fund_insurance(
        &mut self,
        funder: Actor,
        pool: PoolId,
        asset: Asset,
        amount: Amount,
    ) -> Sent {
        let fund = build::fund_insurance(&self.person(funder), &self.keys(pool, asset), amount);
        self.send(&[funder], &[fund])
    }

    /// Collects fees, as the admin.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn collect_fees(&mut self, pool: PoolId, asset: Asset, amount: Amount) -> Sent {
        let admin = self.person(Actor::Admin);
        let collect = build::collect_fees(&admin, &self.keys(pool, asset), amount);
        self.send(&[Actor::Admin], &[collect])
    }

    /// Instruction of a plain transfer into a vault, past the program.
    ///
    /// # Panics
    /// Never: the builder fails only for another program's id.
    #[must_use]
    pub fn donation(
        &self,
        giver: Actor,
        pool: PoolId,
        asset: Asset,
        amount: Amount,
    ) -> Instruction {
        let (source, vault) = (self.wallet(giver, asset), self.keys(pool, asset).vault);
        let program = cofferdam_host::cpi::TOKEN_PROGRAM_ID;
        let giver = self.person(giver);
        let transfer = spl::transfer(&program, &source, &vault, &giver, &[], amount.get());
        transfer.expect("the id is the token program's")
    }

    /// Gives tokens to a vault: they are nobody's and stay outside the books.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn donate(&mut self, giver: Actor, pool: PoolId, asset: Asset, amount: Amount) -> Sent {
        let transfer = self.donation(giver, pool, asset, amount);
        let receipt = self.send(&[giver], std::slice::from_ref(&transfer))?;
        self.book_donation(&transfer);
        Ok(receipt)
    }

    /// Remembers a transfer made with [`World::donation`].
    pub(crate) fn book_donation(&mut self, transfer: &Instruction) {
        let amount = transfer.data.get(1..9).and_then(|bytes| bytes.try_into().ok());
        let (vault, amount) = (transfer.accounts[1].pubkey, amount.map_or(0, u64::from_le_bytes));
        *self.donations.entry(vault).or_default() += amount;
    }

    /// Mints tokens to a person, as the admin. Only for probes: it raises the supply.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn mint_to(&mut self, actor: Actor, asset: Asset, amount: Amount) -> Sent {
        let (mint, admin) = (self.mint(asset), self.person(Actor::Admin));
        let mint_to = token::mint_to(&mint, &self.person(actor), &admin, amount);
        self.send(&[Actor::Admin], &[mint_to])
    }
}
