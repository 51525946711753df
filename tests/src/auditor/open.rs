//! Accounts that come into being.

use std::sync::Arc;

use cofferdam_host::{
    Address,
    cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID},
};
use cofferdam_lending_interface::{
    ID, LendingError,
    address::{FEED, POOL, POSITION, RESERVE, STAKE, VAULT},
    event::{FeedCreated, PoolCreated, PositionOpened, ReserveAdded, StakeOpened},
    instruction::{
        AddReserve, AddReserveAccounts, CreateFeed, CreateFeedAccounts, CreatePool,
        CreatePoolAccounts, OpenPosition, OpenPositionAccounts, OpenStake, OpenStakeAccounts,
    },
    state::{ENTRIES_MAX, Mode, PUBLISHERS_MAX, RESERVES_MAX, ReserveConfig},
};

use super::{
    config::{require_feed, require_pool, require_reserve},
    draft::{Draft, Run, Stop},
    number::Q,
    state::{Account, Feed, Pool, Position, Quote, Ramp, Reserve, Split, Stake, Token, Window},
};

impl Draft<'_> {
    pub(super) fn create_pool(&mut self, args: &CreatePool) -> Run<()> {
        const SLOTS: CreatePoolAccounts<usize> = CreatePoolAccounts::SLOTS;
        let admin = self.signer(SLOTS.admin)?;
        require_name(&args.name)?;
        require_pool(&args.config)?;
        let seeds: [&[u8]; 4] = [POOL, admin.as_ref(), &args.name, &[args.bump]];
        let address = self.vacant(SLOTS.pool, &seeds)?;
        self.create(SLOTS.payer, &address)?;
        let pool = Pool {
            bump: args.bump,
            creator: admin,
            name: args.name,
            admin,
            pending_admin: Address::default(),
            mode: Mode::Active,
            grace_until_s: 0,
            config: args.config,
            reserve_count: 0,
            reserves: Vec::new(),
        };
        self.put(address, Account::Pool(Arc::new(pool)));
        self.tell(PoolCreated { pool: address, admin, name: args.name });
        Ok(())
    }

    pub(super) fn create_feed(&mut self, args: &CreateFeed) -> Run<()> {
        const SLOTS: CreateFeedAccounts<usize> = CreateFeedAccounts::SLOTS;
        let authority = self.signer(SLOTS.authority)?;
        require_name(&args.symbol)?;
        require_feed(&args.config)?;
        let seeds: [&[u8]; 4] = [FEED, authority.as_ref(), &args.symbol, &[args.bump]];
        let address = self.vacant(SLOTS.feed, &seeds)?;
        self.create(SLOTS.payer, &address)?;
        let nothing = Quote { price: Q::zero(), confidence: Q::zero(), observed_at_s: 0 };
        let feed = Feed {
            bump: args.bump,
            authority,
            symbol: args.symbol,
            price: Q::zero(),
            confidence: Q::zero(),
            average: Q::zero(),
            average_at_s: 0,
            observed_at_s: 0,
            published_slot: 0,
            sequence: 0,
            config: args.config,
            quotes: vec![nothing; PUBLISHERS_MAX],
        };
        self.put(address, Account::Feed(Arc::new(feed)));
        self.tell(FeedCreated { feed: address, authority, symbol: args.symbol });
        Ok(())
    }

    pub(super) fn open_position(&mut self, args: &OpenPosition) -> Run<()> {
        const SLOTS: OpenPositionAccounts<usize> = OpenPositionAccounts::SLOTS;
        let owner = self.signer(SLOTS.owner)?;
        let (pool, _) = self.pool(SLOTS.pool)?;
        let index = args.index.to_le_bytes();
        let seeds: [&[u8]; 5] = [POSITION, pool.as_ref(), owner.as_ref(), &index, &[args.bump]];
        let address = self.vacant(SLOTS.position, &seeds)?;
        self.create(SLOTS.payer, &address)?;
        let (bump, index, entries) = (args.bump, args.index, vec![None; ENTRIES_MAX]);
        self.put_position(address, Position { bump, pool, owner, index, entries });
        self.tell(PositionOpened { pool, position: address, owner });
        Ok(())
    }

    pub(super) fn open_stake(&mut self, args: &OpenStake) -> Run<()> {
        const SLOTS: OpenStakeAccounts<usize> = OpenStakeAccounts::SLOTS;
        let owner = self.signer(SLOTS.owner)?;
        let (pool, _) = self.pool(SLOTS.pool)?;
        let (reserve, kept) = self.reserve_as_is(SLOTS.reserve, &pool)?;
        let seeds: [&[u8]; 4] = [STAKE, reserve.as_ref(), owner.as_ref(), &[args.bump]];
        let address = self.vacant(SLOTS.stake, &seeds)?;
        self.create(SLOTS.payer, &address)?;
        let stake = Stake {
            bump: args.bump,
            reserve,
            owner,
            shares: Q::zero(),
            epoch: kept.insurance_epoch,
            cooling: Q::zero(),
            cooling_from_s: 0,
        };
        self.put(address, Account::Stake(Arc::new(stake)));
        self.tell(StakeOpened { reserve, stake: address, owner });
        Ok(())
    }

    pub(super) fn add_reserve(&mut self, args: &AddReserve) -> Run<()> {
        const SLOTS: AddReserveAccounts<usize> = AddReserveAccounts::SLOTS;
        let (at, pool) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        self.require_writable(&at)?;
        let (feed, _) = self.feed(SLOTS.feed)?;
        let second_feed = self.second_feed(AddReserveAccounts::<usize>::COUNT, &feed)?;
        let (mint, decimals) = self.mint(SLOTS.mint)?;
        require_reserve(&args.config)?;
        let factors = (args.config.collateral_factor.0, args.config.liquidation_threshold.0);
        if factors != (0, 0) && pool.config.timelock_s > 0 {
            return Err(LendingError::TimelockRequired.into());
        }
        let seeds: [&[u8]; 4] = [RESERVE, at.as_ref(), mint.as_ref(), &[args.bump]];
        let address = self.vacant(SLOTS.reserve, &seeds)?;
        self.create(SLOTS.payer, &address)?;
        let seeds: [&[u8]; 3] = [VAULT, address.as_ref(), &[args.vault_bump]];
        let vault = self.vacant(SLOTS.vault, &seeds)?;
        self.create(SLOTS.payer, &vault)?;
        self.require_callable(&TOKEN_PROGRAM_ID)?;
        let token = Token { mint, owner: address, amount: Q::zero() };
        self.put(vault, Account::Token(token));
        let origin = Reserve {
            bump: args.bump,
            vault_bump: args.vault_bump,
            pool: at,
            mint,
            vault,
            feed,
            second_feed,
            decimals,
            ..empty(args.config, self.scope.now_s)
        };
        self.put_reserve(address, origin);
        let mut pool = Pool::clone(&pool);
        if pool.reserves.len() == RESERVES_MAX {
            return Err(LendingError::PoolFull.into());
        }
        pool.reserves.push(address);
        pool.reserve_count += 1;
        self.put(at, Account::Pool(Arc::new(pool)));
        self.tell(ReserveAdded { pool: at, reserve: address, mint, config: args.config });
        Ok(())
    }

    fn mint(&self, slot: usize) -> Run<(Address, u8)> {
        let address = self.slot(slot)?;
        let error = match self.account(&address) {
            Account::Mint(decimals) if *decimals <= 18 => return Ok((address, *decimals)),
            Account::Mint(_) => LendingError::UnsupportedMint,
            Account::Token(_) | Account::TokenOther => LendingError::WrongAccountType,
            _ => LendingError::WrongOwner,
        };
        Err(error.into())
    }

    /// The feed at `slot`, zero when nothing stands there; never the first one again.
    pub(super) fn second_feed(&self, slot: usize, first: &Address) -> Run<Address> {
        if slot >= self.count() {
            return Ok(Address::default());
        }
        let (second, _) = self.feed(slot)?;
        if second == *first { Err(LendingError::DuplicateAccount.into()) } else { Ok(second) }
    }

    /// An address that `seeds` derive and that nobody uses.
    pub(super) fn vacant(&self, slot: usize, seeds: &[&[u8]]) -> Run<Address> {
        let address = self.slot(slot)?;
        if Address::create_program_address(seeds, &ID).unwrap_or_default() != address {
            return Err(LendingError::WrongAddress.into());
        }
        match self.account(&address) {
            Account::None => Ok(address),
            _ => Err(LendingError::AlreadyInitialised.into()),
        }
    }

    /// The System program makes the account, and `payer` pays for it.
    pub(super) fn create(&self, payer: usize, address: &Address) -> Run<()> {
        let payer = self.slot(payer)?;
        self.require_callable(&SYSTEM_PROGRAM_ID)?;
        if !self.is_signer(&payer) || !self.is_writable(&payer) || !self.is_writable(address) {
            return Err(Stop::Accounts("a privilege to create an account is missing"));
        }
        Ok(())
    }

    /// A program that is called has to be among the accounts.
    fn require_callable(&self, program: &Address) -> Run<()> {
        let listed = self.call().accounts.iter().any(|meta| meta.pubkey == *program);
        if listed { Ok(()) } else { Err(Stop::Accounts("a program to call is left out")) }
    }
}

/// A name of printable characters, then zeros.
fn require_name(name: &[u8]) -> Run<()> {
    let len = name.iter().take_while(|byte| **byte != 0).count();
    let plain = len > 0
        && name[..len].iter().all(|byte| (0x21..=0x7e).contains(byte))
        && name[len..].iter().all(|byte| *byte == 0);
    if plain { Ok(()) } else { Err(LendingError::InvalidName.into()) }
}

/// A reserve in which nothing ever happened.
fn empty(config: ReserveConfig, now_s: i64) -> Reserve {
    let nowhere = Address::default();
    let window = Window { start_s: 0, current: Q::zero(), previous: Q::zero() };
    Reserve {
        bump: 0,
        vault_bump: 0,
        pool: nowhere,
        mint: nowhere,
        vault: nowhere,
        feed: nowhere,
        second_feed: nowhere,
        decimals: 0,
        mode: Mode::Active,
        config,
        ramp: Ramp::default(),
        accrued_at_s: now_s,
        cash: Q::zero(),
        hour: window.clone(),
        day: window,
        flash_loan: Q::zero(),
        rate_at_target: Q::zero(),
        supply_shares: Q::zero(),
        debt_shares: Q::zero(),
        index: Q::whole(1),
        fees: Q::zero(),
        insurance: Q::zero(),
        insurance_cash: Q::zero(),
        insurance_shares: Q::zero(),
        insurance_staked: Q::zero(),
        insurance_epoch: 0,
        deficit: Q::zero(),
        covered: Q::zero(),
        vesting: Q::zero(),
        vesting_until_s: 0,
        losses: Split::nothing(),
        recovered: Split::nothing(),
    }
}
