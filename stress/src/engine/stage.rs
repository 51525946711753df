//! Sets the stage: mints, feeds, pools, suppliers, insurance, borrowers and keepers, all by
//! signed transactions.

use std::collections::BTreeMap;

use cofferdam_host::decode_account;
use cofferdam_sdk::{
    Address, Backend, ClientError, Instruction, Keypair, PositionView, Signer, address, human,
    instruction::{self as build, ReserveKeys, padded},
    interface::{
        LendingError,
        math::interest::RateCurve,
        state::{FeedConfig, PoolConfig, ReserveConfig},
        units::{Amount, Bps, Price},
    },
    keys::seeded,
    ledger::Genesis,
    local, token,
};
use rust_decimal::Decimal;

use super::{
    book::{Book, Shelving, borrower_label},
    borrowers::group_of,
    desk::Desk,
    oracle::lag_s,
    play::Paths,
    run::RunError,
    runners::staker_label,
};
use crate::{
    prices::MicroUsd,
    scenario::{
        self, Behaviour, BorrowerGroup, PlannedPosition, Pool, PoolRole, Reserve, Scenario,
    },
};

/// Lamports for each signer: far more than a run's fees and rent.
const FUNDING_LAMPORTS: u64 = 1_000_000_000_000;

/// An asset on the chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) mint: Address,
    pub(super) feed: Address,
    pub(super) decimals: u8,
}

/// A pool on the chain.
#[derive(Clone, Debug)]
pub(super) struct StagedPool {
    pub(super) name: String,
    pub(super) role: PoolRole,
    pub(super) address: Address,
    /// Symbols and addresses, in the scenario's order.
    pub(super) reserves: Vec<(String, ReserveKeys)>,
    /// The borrowers' positions.
    pub(super) book: Book,
    /// Symbol whose price the course of the pool follows.
    pub(super) followed: String,
}

/// How borrowers get onto the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staging {
    /// Each opens a position, deposits and borrows by transactions.
    Transactions,
    /// The books are written as those transactions would leave them, and a position's account
    /// when somebody first touches it; for pools whose borrowers are passive.
    Shelved,
}

/// Everything on the chain, and the keys of those who act.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) desk: Desk,
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) pools: Vec<StagedPool>,
    /// Mint authority, pool admin, and who trades with keepers on the market.
    pub(super) treasury: Keypair,
    pub(super) publisher: Keypair,
    pub(super) keepers: Vec<Keypair>,
}

impl Stage {
    /// The same stage on a fork of its ledger, with no transaction counted yet.
    pub(super) fn fork(&self) -> Self {
        Self {
            desk: self.desk.fork(),
            tokens: self.tokens.clone(),
            pools: self.pools.clone(),
            treasury: self.treasury.insecure_clone(),
            publisher: self.publisher.insecure_clone(),
            keepers: self.keepers.iter().map(Keypair::insecure_clone).collect(),
        }
    }

    /// Sets the stage at `scenario.start − scenario.warmup_s`, at the paths' first prices.
    pub(super) fn set(
        scenario: &Scenario,
        paths: &Paths,
        genesis: Genesis,
        staging: Staging,
    ) -> Result<Self, RunError> {
        let opening_s = scenario.start.unix_s() - i64::from(scenario.warmup_s);
        let genesis = Genesis { unix_timestamp_s: opening_s, ..genesis };
        let mut stage = Self {
            desk: Desk::new(local::ledger(genesis)),
            tokens: BTreeMap::new(),
            pools: Vec::new(),
            treasury: seeded(scenario.seed, "treasury"),
            publisher: seeded(scenario.seed, "publisher"),
            keepers: Vec::new(),
        };
        stage.fund(&stage.treasury.pubkey())?;
        stage.fund(&stage.publisher.pubkey())?;
        for asset in &scenario.assets {
            stage.add_token(scenario.seed, &asset.symbol, asset.decimals)?;
            // As old as every later price: the first step must not publish an older observation.
            let observed_at_s = opening_s - lag_s(scenario, &asset.symbol);
            stage.publish(&asset.symbol, paths[&asset.symbol].first(), observed_at_s)?;
            let treasury = stage.treasury.insecure_clone();
            stage.give(&treasury, &asset.symbol, Amount::ZERO)?;
        }
        for pool in &scenario.pools {
            stage.add_pool(pool)?;
            stage.add_people(scenario, paths, pool, staging)?;
        }
        stage.add_keepers(scenario)?;
        Ok(stage)
    }

    /// Publishes a price observed at `observed_at_s`.
    pub(super) fn publish(
        &mut self,
        symbol: &str,
        price: MicroUsd,
        observed_at_s: i64,
    ) -> Result<(), RunError> {
        let price = human::price("price", price.usd())?;
        let (feed, key) = (self.token(symbol)?.feed, &self.publisher);
        let publish = build::publish_price(&key.pubkey(), &feed, price, Price::ZERO, observed_at_s);
        let _receipt = self.desk.send(&[key], [publish])?;
        Ok(())
    }

    /// The asset called `symbol`.
    pub(super) fn token(&self, symbol: &str) -> Result<Token, RunError> {
        self.tokens.get(symbol).copied().ok_or_else(|| RunError::UnknownAsset(symbol.into()))
    }

    /// The position at `address`, as it stands.
    pub(super) fn position(&self, address: &Address) -> Result<PositionView, ClientError> {
        // Without the copy of the account that a client takes of any backend.
        let missing = ClientError::Missing { what: "position", address: *address };
        let account = self.desk.client.backend().account(address).ok_or(missing)?;
        let state = decode_account(&account.data).map_err(|error| ClientError::WrongAccount {
            what: "position",
            address: *address,
            error,
        })?;
        Ok(PositionView { address: *address, state })
    }

    fn fund(&mut self, address: &Address) -> Result<(), ClientError> {
        self.desk.client.backend_mut().cheat().airdrop(address, FUNDING_LAMPORTS)?;
        Ok(())
    }

    fn add_token(&mut self, seed: u64, symbol: &str, decimals: u8) -> Result<(), RunError> {
        let (treasury, mint) = (self.treasury.pubkey(), seeded(seed, &format!("mint:{symbol}")));
        let rent = self.desk.client.backend().minimum_balance(token::MINT_LEN);
        let create = token::create_mint(&treasury, &mint.pubkey(), &treasury, decimals, rent);
        let _receipt = self.desk.send(&[&self.treasury, &mint], create)?;

        let symbol_bytes = padded(symbol).ok_or_else(|| too_long("symbol", symbol, 16))?;
        let publisher = self.publisher.pubkey();
        let create =
            build::create_feed(&publisher, &publisher, symbol_bytes, FeedConfig::single(publisher));
        let _receipt = self.desk.send(&[&self.publisher], [create])?;
        let (feed, _) = address::feed(&publisher, &symbol_bytes);
        self.tokens.insert(symbol.into(), Token { mint: mint.pubkey(), feed, decimals });
        Ok(())
    }

    fn add_pool(&mut self, pool: &Pool) -> Result<(), RunError> {
        let treasury = self.treasury.pubkey();
        let name = padded(&pool.name).ok_or_else(|| too_long("pool name", &pool.name, 32))?;
        let (address, _) = address::pool(&treasury, &name);
        let create = build::create_pool(&treasury, &treasury, name, PoolConfig::default());
        let _receipt = self.desk.send(&[&self.treasury], [create])?;
        let mut reserves = Vec::with_capacity(pool.reserves.len());
        for reserve in &pool.reserves {
            let token = self.token(&reserve.asset)?;
            let assets = (&token.mint, &token.feed);
            let add = build::add_reserve(
                &treasury,
                &treasury,
                &address,
                assets,
                config(reserve, token.decimals)?,
            );
            let _receipt = self.desk.send(&[&self.treasury], [add])?;
            let (reserve_address, _) = address::reserve(&address, &token.mint);
            let state = self.desk.client.reserve(&reserve_address)?;
            reserves.push((reserve.asset.clone(), ReserveKeys::of(reserve_address, &state)));
        }
        let (name, role) = (pool.name.clone(), pool.role);
        let followed = followed(pool);
        self.pools.push(StagedPool {
            name,
            role,
            address,
            reserves,
            book: Book::Staged(Vec::new()),
            followed,
        });
        Ok(())
    }

    fn add_people(
        &mut self,
        scenario: &Scenario,
        paths: &Paths,
        pool: &Pool,
        staging: Staging,
    ) -> Result<(), RunError> {
        for reserve in &pool.reserves {
            self.add_suppliers(scenario, pool, reserve)?;
            self.add_insurance(scenario.seed, pool, reserve)?;
        }
        let passive = pool.borrowers.iter().all(|group| group.behaviour == Behaviour::Passive);
        if staging == Staging::Shelved && passive {
            return self.shelve(scenario, paths, pool);
        }
        for (number, mut planned) in (0_u32..).zip(scenario::each(scenario, pool)?) {
            keep_value(scenario, paths, &mut planned)?;
            let key = seeded(scenario.seed, &borrower_label(&pool.name, number));
            let debt = self.add_borrower(paths, pool, &key, &planned)?;
            if let Some(group) = group_of(pool, number) {
                self.fill_wallet(&key, group, &planned, debt)?;
            }
        }
        Ok(())
    }

    fn add_suppliers(
        &mut self,
        scenario: &Scenario,
        pool: &Pool,
        reserve: &Reserve,
    ) -> Result<(), RunError> {
        let token = self.token(&reserve.asset)?;
        let total = human::amount("supplied", reserve.supplied_within_cap(), token.decimals)?.get();
        let count = u64::from(reserve.suppliers);
        for number in 0..count {
            // The first takes what does not divide, so that the total is exact.
            let rest = if number == 0 { total % count } else { 0 };
            let amount = Amount(total / count + rest);
            let label = format!("supplier:{}:{}:{number}", pool.name, reserve.asset);
            let key = seeded(scenario.seed, &label);
            self.supply(pool, &reserve.asset, &key, amount)?;
        }
        Ok(())
    }

    fn add_insurance(&mut self, seed: u64, pool: &Pool, reserve: &Reserve) -> Result<(), RunError> {
        if reserve.insurance.is_zero() {
            return Ok(());
        }
        let token = self.token(&reserve.asset)?;
        let amount = human::amount("insurance", reserve.insurance, token.decimals)?;
        let keys = self.keys(&pool.name, &reserve.asset)?;
        let staked = self.add_stakers(seed, pool, reserve, amount)?;
        let amount = amount.minus(staked).map_err(RunError::Math)?;
        if amount.is_zero() {
            return Ok(());
        }
        let treasury = self.treasury.insecure_clone();
        self.give(&treasury, &reserve.asset, amount)?;
        let fund = build::fund_insurance(&treasury.pubkey(), &keys, amount);
        let _receipt = self.desk.send(&[&treasury], [fund])?;
        Ok(())
    }

    /// Stakes the stakers' part of the insurance fund and returns it.
    fn add_stakers(
        &mut self,
        seed: u64,
        pool: &Pool,
        reserve: &Reserve,
        fund: Amount,
    ) -> Result<Amount, RunError> {
        let Some(stakers) = reserve.stakers else { return Ok(Amount::ZERO) };
        let all = u128::from(fund.get()) * u128::from(stakers.share_bps) / 10_000;
        let each = u64::try_from(all).unwrap_or(u64::MAX) / u64::from(stakers.count);
        if each == 0 {
            return Ok(Amount::ZERO);
        }
        let keys = self.keys(&pool.name, &reserve.asset)?;
        for number in 0..stakers.count {
            let key = seeded(seed, &staker_label(&pool.name, &reserve.asset, number));
            self.fund(&key.pubkey())?;
            self.give(&key, &reserve.asset, Amount(each))?;
            let owner = key.pubkey();
            let open = build::open_stake(&owner, &owner, &keys);
            let stake = build::stake_insurance(&owner, &keys, Amount(each));
            let _receipt = self.desk.send(&[&key], [open, stake])?;
        }
        Ok(Amount(each * u64::from(stakers.count)))
    }

    fn add_borrower(
        &mut self,
        paths: &Paths,
        pool: &Pool,
        key: &Keypair,
        planned: &PlannedPosition,
    ) -> Result<Amount, RunError> {
        let (collateral, debt) = (&planned.collateral, &planned.debt);
        let position = self.supply(pool, collateral, key, Amount(planned.collateral_native))?;
        self.give(key, debt, Amount::ZERO)?;
        let amount = self.opening_debt(paths, planned)?;
        let (reserve, other) = (self.keys(&pool.name, debt)?, self.keys(&pool.name, collateral)?);
        let borrow = build::borrow(&key.pubkey(), &position, &reserve, &[other], amount);
        let _receipt = self.desk.send(&[key], [borrow])?;
        if let Some(Book::Staged(positions)) = self.pools.last_mut().map(|pool| &mut pool.book) {
            positions.push(position);
        }
        Ok(amount)
    }

    /// Puts the borrowers of a pool on its shelf.
    fn shelve(&mut self, scenario: &Scenario, paths: &Paths, pool: &Pool) -> Result<(), RunError> {
        let Some(staged) = self.pools.last() else { return Ok(()) };
        let keys: Vec<ReserveKeys> = staged.reserves.iter().map(|(_, keys)| *keys).collect();
        let mut reserves = Vec::with_capacity(keys.len());
        for keys in &keys {
            reserves.push((keys.reserve, self.desk.client.reserve(&keys.reserve)?));
        }
        let mut shelving = Shelving::new((scenario.seed, &pool.name, staged.address), reserves);
        for mut planned in scenario::each(scenario, pool)? {
            keep_value(scenario, paths, &mut planned)?;
            let debt = self.opening_debt(paths, &planned)?;
            let collateral = self.keys(&pool.name, &planned.collateral)?.reserve;
            let owed = self.keys(&pool.name, &planned.debt)?.reserve;
            shelving.add(&planned, (collateral, owed), debt)?;
        }
        let book = shelving.write(self, &keys)?;
        if let Some(staged) = self.pools.last_mut() {
            staged.book = book;
        }
        Ok(())
    }

    /// What a borrower opens with.
    fn opening_debt(&self, paths: &Paths, planned: &PlannedPosition) -> Result<Amount, RunError> {
        let side = |symbol: &String| -> Result<_, RunError> {
            Ok((paths[symbol].first(), self.token(symbol)?.decimals))
        };
        let amount = planned.debt_native_down(side(&planned.collateral)?, side(&planned.debt)?);
        amount.map(Amount).ok_or(RunError::Math(LendingError::MathOverflow))
    }

    /// What a borrower keeps aside, beside what was borrowed.
    fn fill_wallet(
        &mut self,
        key: &Keypair,
        group: &BorrowerGroup,
        planned: &PlannedPosition,
        debt: Amount,
    ) -> Result<(), RunError> {
        let share = |whole: u64| {
            let part = u128::from(whole) * u128::from(group.wallet_bps) / 10_000;
            u64::try_from(part).map(Amount).map_err(|_| RunError::Math(LendingError::MathOverflow))
        };
        match group.behaviour {
            Behaviour::Passive | Behaviour::Panic => Ok(()),
            Behaviour::TopUp => {
                let amount = share(planned.collateral_native)?;
                self.give(key, &group.collateral, amount)
            }
            Behaviour::Deleverage => self.give(key, &group.debt, share(debt.get())?),
        }
    }

    /// The liquidators, or else the keepers, with their capital.
    fn add_keepers(&mut self, scenario: &Scenario) -> Result<(), RunError> {
        let seed = scenario.seed;
        if scenario.liquidators.is_empty() {
            for number in 0..scenario.keepers.count {
                let key = seeded(seed, &format!("keeper:{number}"));
                self.add_keeper(key, &scenario.keepers.capital)?;
            }
        }
        for (group, terms) in scenario.liquidators.iter().enumerate() {
            for number in 0..terms.count {
                let key = seeded(seed, &format!("liquidator:{group}:{number}"));
                self.add_keeper(key, &terms.capital)?;
            }
        }
        Ok(())
    }

    fn add_keeper(
        &mut self,
        key: Keypair,
        capital: &BTreeMap<String, Decimal>,
    ) -> Result<(), RunError> {
        let symbols: Vec<_> = self.tokens.keys().cloned().collect();
        self.fund(&key.pubkey())?;
        for symbol in &symbols {
            let capital = capital.get(symbol).copied().unwrap_or(Decimal::ZERO);
            let decimals = self.token(symbol)?.decimals;
            self.give(&key, symbol, human::amount("keeper capital", capital, decimals)?)?;
        }
        self.keepers.push(key);
        Ok(())
    }

    /// Opens a position for `key` and supplies `amount` to it.
    fn supply(
        &mut self,
        pool: &Pool,
        symbol: &str,
        key: &Keypair,
        amount: Amount,
    ) -> Result<Address, RunError> {
        self.fund(&key.pubkey())?;
        self.give(key, symbol, amount)?;
        let (owner, reserve) = (key.pubkey(), self.keys(&pool.name, symbol)?);
        let (position, _) = address::position(&reserve.pool, &owner, 0);
        let instructions: [Instruction; 2] = [
            build::open_position(&owner, &owner, &reserve.pool, 0),
            build::deposit(&owner, &position, &reserve, amount),
        ];
        let _receipt = self.desk.send(&[key], instructions)?;
        Ok(position)
    }

    /// Creates `key`'s token account if there is none, and mints `amount` into it.
    fn give(&mut self, key: &Keypair, symbol: &str, amount: Amount) -> Result<(), RunError> {
        let (mint, owner) = (self.token(symbol)?.mint, key.pubkey());
        let treasury = self.treasury.pubkey();
        let backend = self.desk.client.backend();
        let mut instructions = Vec::new();
        if Backend::account(backend, &token::account_address(&owner, &mint)).is_none() {
            let rent = backend.minimum_balance(token::ACCOUNT_LEN);
            instructions.extend(token::create_account(&treasury, &owner, &mint, rent));
        }
        if !amount.is_zero() {
            instructions.push(token::mint_to(&mint, &owner, &treasury, amount));
        }
        if instructions.is_empty() {
            return Ok(());
        }
        let _receipt = self.desk.send(&[&self.treasury, key], instructions)?;
        Ok(())
    }

    fn keys(&self, pool: &str, symbol: &str) -> Result<ReserveKeys, RunError> {
        let staged = self.pools.iter().find(|staged| staged.name == pool);
        let found = staged.and_then(|staged| staged.reserve(symbol));
        found.ok_or_else(|| RunError::UnknownAsset(symbol.into()))
    }
}

impl StagedPool {
    /// Addresses of the reserve of `symbol`.
    pub(super) fn reserve(&self, symbol: &str) -> Option<ReserveKeys> {
        self.reserves.iter().find(|(name, _)| name == symbol).map(|(_, keys)| *keys)
    }
}

/// Keeps a position's size in dollars when a replayed file opens at another price than the
/// scenario's own series: suppliers lend dollars, and their number does not follow the file.
fn keep_value(
    scenario: &Scenario,
    paths: &Paths,
    planned: &mut PlannedPosition,
) -> Result<(), RunError> {
    let own = scenario.asset(&planned.collateral).and_then(|asset| asset.price.opening());
    let (Some(own), Some(path)) = (own, paths.get(&planned.collateral)) else {
        return Err(RunError::UnknownAsset(planned.collateral.clone()));
    };
    let value = u128::from(planned.collateral_native) * u128::from(own.0);
    let native = u64::try_from(value / u128::from(path.first().0));
    planned.collateral_native = native.map_err(|_| RunError::Math(LendingError::MathOverflow))?;
    Ok(())
}

/// The first borrowers' collateral, or else the first reserve's asset.
fn followed(pool: &Pool) -> String {
    let collateral = pool.borrowers.first().map(|group| &group.collateral);
    let first = pool.reserves.first().map(|reserve| &reserve.asset);
    collateral.or(first).cloned().unwrap_or_default()
}

fn too_long(field: &'static str, text: &str, max_len: usize) -> ClientError {
    ClientError::TooLong { field, text: text.into(), max_len }
}

/// The program's parameters for a reserve of the scenario.
fn config(reserve: &Reserve, decimals: u8) -> Result<ReserveConfig, RunError> {
    let cap = |cap: Option<Decimal>| match cap {
        Some(cap) => human::amount("cap", cap, decimals),
        None => Ok(Amount::MAX),
    };
    let points: Vec<_> =
        reserve.curve.iter().map(|point| (point.utilisation_bps, point.rate_bps)).collect();
    Ok(ReserveConfig {
        collateral_factor: Bps(reserve.collateral_factor_bps),
        liquidation_threshold: Bps(reserve.liquidation_threshold_bps),
        target_health: Bps(reserve.target_health_bps),
        full_close_health: Bps(reserve.full_close_health_bps),
        liquidation_bonus_min: Bps(reserve.liquidation_bonus_min_bps),
        liquidation_bonus_max: Bps(reserve.liquidation_bonus_max_bps),
        insolvent_bonus: Bps(reserve.insolvent_bonus_bps),
        liquidation_protocol_fee: Bps(reserve.liquidation_protocol_fee_bps),
        reserve_factor: Bps(reserve.reserve_factor_bps),
        max_price_age_s: reserve.max_price_age_s,
        supply_cap: cap(reserve.supply_cap)?,
        borrow_cap: cap(reserve.borrow_cap)?,
        loss_policy: reserve.loss_policy,
        curve: RateCurve::new(&points).map_err(RunError::Math)?,
        ..ReserveConfig::default()
    })
}
