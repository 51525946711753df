//! Who may change what, and changes that wait. docs/PROTOCOL.md, GOV-5 to GOV-13.

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    address::CHANGE,
    event::{
        AdminChanged, AdminProposed, ChangeCancelled, ChangeQueued, FeedsChanged, ModeChanged,
        PoolUpdated, ReserveUpdated,
    },
    instruction::{
        AcceptAdminAccounts, ApplyPoolChangeAccounts, ApplyReserveChangeAccounts,
        CancelChangeAccounts, PoolAdminAccounts, QueuePoolChange, QueuePoolChangeAccounts,
        QueueReserveChange, QueueReserveChangeAccounts, SetPoolModeAccounts,
        SetReserveModeAccounts, UpdateReserve, UpdateReserveAccounts,
    },
    state::{Mode, PoolConfig, ReserveConfig},
};

use super::{
    config::{pool_raises, require_pool, require_reserve},
    draft::{Draft, Run, Stop},
    state::{Account, Pool, PoolChange, Reserve, ReserveChange},
};

/// How long a change may be applied once it is ready, in seconds.
const CHANGE_LIFE_S: i64 = 14 * 86_400;
/// Least time between the end of a grace and the next.
const GRACE_REST_S: i128 = 86_400;

/// On whose word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Say {
    Admin,
    Guardian,
}

impl Draft<'_> {
    pub(super) fn update_pool(&mut self, config: PoolConfig) -> Run<()> {
        const SLOTS: PoolAdminAccounts<usize> = PoolAdminAccounts::SLOTS;
        let (at, pool) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        self.require_writable(&at)?;
        if pool.config.timelock_s > 0 && pool_raises(&pool.config, &config) {
            return Err(LendingError::TimelockRequired.into());
        }
        self.reconfigure_pool(at, &pool, config)
    }

    fn reconfigure_pool(&mut self, at: Address, pool: &Pool, config: PoolConfig) -> Run<()> {
        require_pool(&config)?;
        self.put_pool(at, Pool { config, ..pool.clone() });
        self.tell(PoolUpdated { pool: at, before: pool.config, after: config });
        Ok(())
    }

    fn put_pool(&mut self, at: Address, pool: Pool) {
        self.put(at, Account::Pool(Arc::new(pool)));
    }

    pub(super) fn propose_admin(&mut self, proposed: Address) -> Run<()> {
        const SLOTS: PoolAdminAccounts<usize> = PoolAdminAccounts::SLOTS;
        let (at, pool) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        self.require_writable(&at)?;
        self.put_pool(at, Pool { pending_admin: proposed, ..Pool::clone(&pool) });
        self.tell(AdminProposed { pool: at, proposed });
        Ok(())
    }

    pub(super) fn accept_admin(&mut self) -> Run<()> {
        const SLOTS: AcceptAdminAccounts<usize> = AcceptAdminAccounts::SLOTS;
        let signer = self.signer(SLOTS.proposed)?;
        let (at, pool) = self.pool(SLOTS.pool)?;
        self.require_writable(&at)?;
        let nobody = Address::default();
        if signer != pool.pending_admin || signer == nobody {
            return Err(LendingError::WrongAuthority.into());
        }
        let next = Pool { admin: signer, pending_admin: nobody, ..Pool::clone(&pool) };
        self.put_pool(at, next);
        self.tell(AdminChanged { pool: at, before: pool.admin, after: signer });
        Ok(())
    }

    /// A pool, whoever signed with a say in it, and which say.
    fn governed(&self, slot: usize, authority: usize) -> Run<(Address, Arc<Pool>, Address, Say)> {
        let signer = self.signer(authority)?;
        let (at, pool) = self.pool(slot)?;
        let say = match signer {
            nobody if nobody == Address::default() => None,
            admin if admin == pool.admin => Some(Say::Admin),
            guardian if guardian == pool.config.guardian => Some(Say::Guardian),
            _ => None,
        };
        let say = say.ok_or(LendingError::WrongAuthority)?;
        Ok((at, pool, signer, say))
    }

    pub(super) fn set_pool_mode(&mut self, after: Mode) -> Run<()> {
        const SLOTS: SetPoolModeAccounts<usize> = SetPoolModeAccounts::SLOTS;
        let (at, pool, authority, say) = self.governed(SLOTS.pool, SLOTS.authority)?;
        self.require_writable(&at)?;
        let before = pool.mode;
        require_change(before, after, say)?;
        let mut next = Pool { mode: after, ..Pool::clone(&pool) };
        let now_s = self.scope.now_s;
        let rested_s = i128::from(now_s) - i128::from(pool.grace_until_s);
        if before == Mode::Frozen && after < Mode::Frozen && rested_s >= GRACE_REST_S {
            next.grace_until_s = now_s + i64::from(pool.config.grace_s);
        }
        self.put_pool(at, next);
        self.tell(ModeChanged { target: at, authority, before, after });
        Ok(())
    }

    pub(super) fn set_reserve_mode(&mut self, after: Mode) -> Run<()> {
        const SLOTS: SetReserveModeAccounts<usize> = SetReserveModeAccounts::SLOTS;
        let (at, _, authority, say) = self.governed(SLOTS.pool, SLOTS.authority)?;
        let (target, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        let before = reserve.mode;
        require_change(before, after, say)?;
        reserve.mode = after;
        self.put_reserve(target, reserve);
        self.tell(ModeChanged { target, authority, before, after });
        Ok(())
    }

    pub(super) fn update_reserve(&mut self, args: &UpdateReserve) -> Run<()> {
        const SLOTS: UpdateReserveAccounts<usize> = UpdateReserveAccounts::SLOTS;
        let (at, pool, _, say) = self.governed(SLOTS.pool, SLOTS.authority)?;
        let (address, reserve) = self.reserve(SLOTS.reserve, &at)?;
        require_reserve(&args.config)?;
        let riskier = reserve.is_riskier(&args.config, args.ramp_s)?;
        if riskier && say == Say::Guardian {
            return Err(LendingError::WrongAuthority.into());
        }
        if riskier && pool.config.timelock_s > 0 {
            return Err(LendingError::TimelockRequired.into());
        }
        let feeds = (reserve.feed, reserve.second_feed);
        self.reconfigure(address, reserve, (args.config, args.ramp_s), feeds)
    }

    fn reconfigure(
        &mut self,
        address: Address,
        mut reserve: Reserve,
        (config, ramp_s): (ReserveConfig, u32),
        (feed, second_feed): (Address, Address),
    ) -> Run<()> {
        let before = reserve.config;
        reserve.reconfigure(config, ramp_s)?;
        self.tell(ReserveUpdated { reserve: address, before, after: config });
        if (reserve.feed, reserve.second_feed) != (feed, second_feed) {
            self.tell(FeedsChanged { reserve: address, feed, second_feed });
        }
        (reserve.feed, reserve.second_feed) = (feed, second_feed);
        self.put_reserve(address, reserve);
        Ok(())
    }

    pub(super) fn queue_pool_change(&mut self, args: &QueuePoolChange) -> Run<()> {
        const SLOTS: QueuePoolChangeAccounts<usize> = QueuePoolChangeAccounts::SLOTS;
        let (at, pool) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        require_pool(&args.config)?;
        let ready_at_s = self.scope.now_s + i64::from(pool.config.timelock_s);
        let place = self.vacant(SLOTS.change, &[CHANGE, at.as_ref(), &[args.bump]])?;
        self.create(SLOTS.payer, &place)?;
        let (bump, payer, config) = (args.bump, self.slot(SLOTS.payer)?, args.config);
        let change = PoolChange { bump, pool: at, ready_at_s, payer, config };
        self.put(place, Account::PoolChange(Arc::new(change)));
        self.tell(ChangeQueued { target: at, ready_at_s });
        Ok(())
    }

    pub(super) fn queue_reserve_change(&mut self, args: &QueueReserveChange) -> Run<()> {
        const SLOTS: QueueReserveChangeAccounts<usize> = QueueReserveChangeAccounts::SLOTS;
        let (at, pool) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        let (address, reserve) = self.reserve_accrued(SLOTS.reserve, &at)?;
        let (feed, _) = self.feed(SLOTS.feed)?;
        let count = QueueReserveChangeAccounts::<usize>::COUNT;
        let second_feed = self.second_feed(count, &feed)?;
        require_reserve(&args.config)?;
        if args.config.liquidation_threshold < reserve.config.liquidation_threshold {
            return Err(LendingError::RampTooShort.into());
        }
        let ready_at_s = self.scope.now_s + i64::from(pool.config.timelock_s);
        let place = self.vacant(SLOTS.change, &[CHANGE, address.as_ref(), &[args.bump]])?;
        self.create(SLOTS.payer, &place)?;
        let change = ReserveChange {
            bump: args.bump,
            pool: at,
            reserve: address,
            ready_at_s,
            payer: self.slot(SLOTS.payer)?,
            config: args.config,
            feed,
            second_feed,
        };
        self.put(place, Account::ReserveChange(Arc::new(change)));
        self.tell(ChangeQueued { target: address, ready_at_s });
        Ok(())
    }

    pub(super) fn apply_pool_change(&mut self) -> Run<()> {
        const SLOTS: ApplyPoolChangeAccounts<usize> = ApplyPoolChangeAccounts::SLOTS;
        let (at, pool) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        self.require_writable(&at)?;
        let (place, change) = self.pool_change(SLOTS.change)?;
        if change.pool != at {
            return Err(LendingError::WrongPool.into());
        }
        require_ready(change.ready_at_s, self.scope.now_s)?;
        self.reconfigure_pool(at, &pool, change.config)?;
        self.close(place, SLOTS.payer, &change.payer)
    }

    pub(super) fn apply_reserve_change(&mut self) -> Run<()> {
        const SLOTS: ApplyReserveChangeAccounts<usize> = ApplyReserveChangeAccounts::SLOTS;
        let (at, _) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        let (address, reserve) = self.reserve(SLOTS.reserve, &at)?;
        let (place, change) = self.reserve_change(SLOTS.change)?;
        if change.pool != at {
            return Err(LendingError::WrongPool.into());
        }
        if change.reserve != address {
            return Err(LendingError::WrongAddress.into());
        }
        require_ready(change.ready_at_s, self.scope.now_s)?;
        let feeds = (change.feed, change.second_feed);
        self.reconfigure(address, reserve, (change.config, 0), feeds)?;
        self.close(place, SLOTS.payer, &change.payer)
    }

    pub(super) fn cancel_pool_change(&mut self) -> Run<()> {
        const SLOTS: CancelChangeAccounts<usize> = CancelChangeAccounts::SLOTS;
        let (at, _, authority, _) = self.governed(SLOTS.pool, SLOTS.authority)?;
        let (place, change) = self.pool_change(SLOTS.change)?;
        if change.pool != at {
            return Err(LendingError::WrongPool.into());
        }
        self.tell(ChangeCancelled { target: at, authority });
        self.close(place, SLOTS.payer, &change.payer)
    }

    pub(super) fn cancel_reserve_change(&mut self) -> Run<()> {
        const SLOTS: CancelChangeAccounts<usize> = CancelChangeAccounts::SLOTS;
        let (at, _, authority, _) = self.governed(SLOTS.pool, SLOTS.authority)?;
        let (place, change) = self.reserve_change(SLOTS.change)?;
        if change.pool != at {
            return Err(LendingError::WrongPool.into());
        }
        self.tell(ChangeCancelled { target: change.reserve, authority });
        self.close(place, SLOTS.payer, &change.payer)
    }

    fn pool_change(&self, slot: usize) -> Run<(Address, Arc<PoolChange>)> {
        let place = self.slot(slot)?;
        let Account::PoolChange(change) = self.account(&place) else {
            return Err(self.stranger(&place));
        };
        self.require_writable(&place)?;
        Ok((place, Arc::clone(change)))
    }

    fn reserve_change(&self, slot: usize) -> Run<(Address, Arc<ReserveChange>)> {
        let place = self.slot(slot)?;
        let Account::ReserveChange(change) = self.account(&place) else {
            return Err(self.stranger(&place));
        };
        self.require_writable(&place)?;
        Ok((place, Arc::clone(change)))
    }

    /// The account is gone; its rent goes to who paid it.
    fn close(&mut self, place: Address, payer: usize, expected: &Address) -> Run<()> {
        let payer = self.slot(payer)?;
        if payer != *expected {
            return Err(LendingError::WrongAddress.into());
        }
        if !self.is_writable(&payer) {
            return Err(Stop::Accounts("the rent cannot be paid back"));
        }
        self.put(place, Account::None);
        Ok(())
    }
}

/// The admin sets any mode, but killed is for good; the guardian makes it stricter and does not
/// kill.
fn require_change(before: Mode, after: Mode, say: Say) -> Result<(), LendingError> {
    let may = match say {
        Say::Admin => before != Mode::Killed,
        Say::Guardian => after > before && after != Mode::Killed,
    };
    if may { Ok(()) } else { Err(LendingError::ModeChangeForbidden) }
}

fn require_ready(ready_at_s: i64, now_s: i64) -> Result<(), LendingError> {
    if now_s < ready_at_s {
        return Err(LendingError::ChangeNotReady);
    }
    if now_s - ready_at_s > CHANGE_LIFE_S { Err(LendingError::ChangeExpired) } else { Ok(()) }
}
