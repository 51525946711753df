//! Supplying, leaving, and giving notice of it.

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    event::{Deposited, NoticeGiven, Withdrawn},
    instruction::{ALL, DepositAccounts, GiveNoticeAccounts, OutflowAccounts},
    state::Mode,
    units::{Amount, DebtShares, Fine, Shares},
};

use super::{
    draft::{Draft, Run, Stop, require_mode},
    health::Book,
    number::{Grain, Q},
    oracle::Asked,
    state::{Entry, Pool, Position, Reserve},
    tokens::Slots,
};

/// How long announced shares may leave, in seconds.
const NOTICE_WINDOW_S: i64 = 86_400;

const OUT: OutflowAccounts<usize> = OutflowAccounts::SLOTS;
pub(super) const OUT_TOKENS: Slots =
    Slots { vault: OUT.vault, outside: OUT.destination, program: OUT.token_program };

/// What a loan and a withdrawal begin with.
pub(super) struct Outflow {
    pub(super) pool: Arc<Pool>,
    pub(super) address: Address,
    pub(super) book: Book,
    pub(super) place: Address,
    pub(super) position: Position,
}

impl Draft<'_> {
    pub(super) fn deposit(&mut self, amount: u64) -> Run<()> {
        const SLOTS: DepositAccounts<usize> = DepositAccounts::SLOTS;
        let (at, pool) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        let (place, mut position) = self.position_of(SLOTS.position, &at, SLOTS.owner)?;
        let saves = position.has_debt();
        require_mode(&pool, &reserve, if saves { Mode::ReduceOnly } else { Mode::Active })?;
        let amount = Q::whole(amount);
        if reserve.is_wiped_out()? {
            return Err(LendingError::ReserveWipedOut.into());
        }
        let shares = reserve.supply()?.worth(&amount).down(Grain::Share)?;
        if shares.is_zero() {
            return Err(LendingError::AmountTooSmall.into());
        }
        reserve.require_supply_room(&amount)?;

        reserve.move_cash(&amount)?;
        reserve.supply_shares = (&reserve.supply_shares + &shares).fit(Grain::Share)?;
        reserve.count(&(Q::zero() - &amount));
        position.change(&address, |entry| entry.supply = &entry.supply + &shares)?;
        let owner = position.owner;
        self.tell(Deposited {
            position: place,
            reserve: address,
            amount: Amount(amount.units()),
            shares: told_shares(&shares),
        });
        self.put_reserve(address, reserve.clone());
        self.put_position(place, position);
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };
        self.pull(&reserve, tokens, &owner, &amount)
    }

    pub(super) fn withdraw(&mut self, asked: u64) -> Run<()> {
        let mut out = self.outflow()?;
        let owes = out.position.has_debt();
        let strictest = if owes { Mode::Active } else { Mode::Killed };
        require_mode(&out.pool, &out.book.line(&out.address)?.reserve, strictest)?;
        let mut entry = out.position.entry(&out.address);
        let reserve = out.book.reserve_mut(&out.address)?;
        let (amount, shares) = leaving(reserve, &entry, asked)?;
        let notice_s = out.pool.config.withdrawal_notice_s;
        entry.use_notice(&shares, notice_s, self.scope.now_s)?;

        reserve.move_cash(&(Q::zero() - &amount))?;
        reserve.supply_shares = &reserve.supply_shares - &shares;
        entry.supply = &entry.supply - &shares;
        reserve.count(&amount);
        let reserve = reserve.clone();
        out.position.set(entry)?;
        if owes {
            out.require_borrow_limit()?;
        }
        let (address, place) = (out.address, out.place);
        self.tell(Withdrawn {
            position: place,
            reserve: address,
            amount: Amount(amount.units()),
            shares: told_shares(&shares),
        });
        self.put_reserve(address, reserve.clone());
        self.put_position(place, out.position);
        if amount.is_zero() {
            return Ok(());
        }
        self.push((&address, &reserve), OUT_TOKENS, &amount)
    }

    /// Whoever still owes what was written off takes nothing out.
    pub(super) fn outflow(&self) -> Run<Outflow> {
        let (at, pool) = self.pool(OUT.pool)?;
        let (place, position) = self.position_of(OUT.position, &at, OUT.owner)?;
        if position.used().any(|entry| !entry.claim.is_zero()) {
            return Err(LendingError::ClaimOutstanding.into());
        }
        let book = self.book(&at, &[(OUT.reserve, OUT.feed)], OutflowAccounts::<usize>::COUNT)?;
        let address = self.slot(OUT.reserve)?;
        self.require_writable(&address)?;
        Ok(Outflow { pool, address, book, place, position })
    }

    pub(super) fn give_notice(&mut self, shares: u128) -> Run<()> {
        const SLOTS: GiveNoticeAccounts<usize> = GiveNoticeAccounts::SLOTS;
        let (at, pool) = self.pool(SLOTS.pool)?;
        let (reserve, _) = self.reserve_as_is(SLOTS.reserve, &at)?;
        let (place, mut position) = self.position_of(SLOTS.position, &at, SLOTS.owner)?;
        let mut entry = position.entry(&reserve);
        let asked = Q::whole(shares);
        if asked > entry.supply {
            return Err(LendingError::InsufficientSupply.into());
        }
        (entry.noticed, entry.noticed_at_s) = (asked, self.scope.now_s);
        let ready_at_s = self.scope.now_s + i64::from(pool.config.withdrawal_notice_s);
        position.set(entry)?;
        self.put_position(place, position);
        self.tell(NoticeGiven { position: place, reserve, shares: Shares(shares), ready_at_s });
        Ok(())
    }
}

impl Outflow {
    /// At prices that stand every check.
    pub(super) fn require_borrow_limit(&self) -> Run<()> {
        let health = self.book.health(&self.position, |_| Some(Asked::Every))?;
        let raw = |dollars: &Q| dollars.raw(Grain::Dollar);
        if health.weighted > health.borrow_limit {
            let (owes, limit) = (raw(&health.weighted), raw(&health.borrow_limit));
            let words = format!("would owe {owes}, weighted, with a borrow limit of {limit} ");
            return Err(Stop::Explained(LendingError::BorrowLimitExceeded, words));
        }
        let least = Q::kept(self.pool.config.min_position_value.0, Grain::Dollar);
        if health.debt < least {
            let words = format!("would owe {}, at least {} ", raw(&health.debt), raw(&least));
            return Err(Stop::Explained(LendingError::PositionTooSmall, words));
        }
        Ok(())
    }
}

impl Entry {
    /// Takes shares that leave off what was announced.
    fn use_notice(&mut self, shares: &Q, notice_s: u32, now_s: i64) -> Result<(), LendingError> {
        if notice_s == 0 {
            return Ok(());
        }
        let ready_s = self.noticed_at_s + i64::from(notice_s);
        if *shares > self.noticed || now_s < ready_s || now_s > ready_s + NOTICE_WINDOW_S {
            return Err(LendingError::NoticeRequired);
        }
        self.noticed = &self.noticed - shares;
        Ok(())
    }
}

/// Tokens that leave and the shares they cost: rounded up for an amount; all shares for what they
/// come to, rounded down, when everything is asked for.
fn leaving(reserve: &Reserve, entry: &Entry, asked: u64) -> Result<(Q, Q), LendingError> {
    if asked == 0 {
        return Err(LendingError::AmountTooSmall);
    }
    if entry.supply.is_zero() {
        return Err(LendingError::InsufficientSupply);
    }
    let supply = reserve.supply()?;
    let (amount, shares) = if asked == ALL {
        let worth = supply.claim(&entry.supply)?.down(Grain::Unit);
        (worth.map_err(|_| LendingError::InsufficientCash)?, entry.supply.clone())
    } else {
        let amount = Q::whole(asked);
        let shares = supply.worth(&amount).up(Grain::Share)?;
        (amount, shares)
    };
    if shares > entry.supply || amount > supply.assets {
        return Err(LendingError::InsufficientSupply);
    }
    if amount > reserve.available() {
        return Err(LendingError::InsufficientCash);
    }
    reserve.require_outflow_room(&amount)?;
    Ok((amount, shares))
}

/// Figures as an event has them.
pub(super) fn told_shares(shares: &Q) -> Shares {
    Shares(shares.raw(Grain::Share))
}

pub(super) fn told_debt(shares: &Q) -> DebtShares {
    DebtShares(shares.raw(Grain::Share))
}

pub(super) fn told_fine(units: &Q) -> Fine {
    Fine(units.raw(Grain::Fine))
}
