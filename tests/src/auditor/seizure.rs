//! Liquidating: whose collateral, in which order, and who is paid how. docs/MATH.md,
//! "Liquidation".

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    event::Liquidated,
    instruction::{Liquidate, LiquidateAccounts},
    units::{Amount, Wad},
};

use super::{
    draft::{Draft, Run},
    health::{Book, Health},
    loan::Repayment,
    number::{Grain, Q},
    oracle::Asked,
    state::{Pool, Position},
    supply::told_shares,
    terms::{Case, Terms},
    tokens::Slots,
};

const SLOTS: LiquidateAccounts<usize> = LiquidateAccounts::SLOTS;

struct Seizure {
    pool: Arc<Pool>,
    liquidator: Address,
    debt: Address,
    collateral: Address,
    book: Book,
    place: Address,
    position: Position,
    receiver: Option<(Address, Position)>,
}

/// What is done.
struct Deal {
    terms: Terms,
    paid: Repayment,
    /// Shares that leave the position.
    shares: Q,
    payout: Q,
    /// Shares that the liquidator is paid in; zero for tokens.
    shares_out: Q,
}

impl Draft<'_> {
    pub(super) fn liquidate(&mut self, asked: &Liquidate) -> Run<()> {
        let mut it = self.seizure()?;
        let _debt = it.book.prices(&it.debt, Asked::Fresh)?;
        let _collateral = it.book.prices(&it.collateral, Asked::Fresh)?;
        let health = |it: &Seizure| it.health();
        let judged = health(&it);
        let deal = it.deal(judged, &Q::whole(asked.repay_max.0))?;
        it.require_past_grace(self.scope.now_s)?;
        if deal.payout < Q::whole(asked.collateral_min.0) {
            return Err(LendingError::SlippageExceeded.into());
        }
        it.book_debt(&deal)?;
        it.book_collateral(&deal)?;
        if let Some((place, receiver)) = it.received(&deal)? {
            self.put_position(place, receiver);
        }
        self.tell_liquidation(&it, &deal);
        for side in [it.debt, it.collateral] {
            self.put_reserve(side, it.book.line(&side)?.reserve.clone());
        }
        let dust = Q::kept(it.pool.config.min_position_value.0, Grain::Dollar);
        self.recognise((it.place, &mut it.position), &mut it.book, &dust)?;
        self.put_position(it.place, it.position.clone());
        self.pay(&it, &deal)
    }

    fn seizure(&self) -> Run<Seizure> {
        let liquidator = self.signer(SLOTS.liquidator)?;
        let (at, pool) = self.pool(SLOTS.pool)?;
        let (place, position) = self.position(SLOTS.position, &at)?;
        let receiver = if self.slot(SLOTS.receiver)? == place {
            None
        } else {
            Some(self.position_of(SLOTS.receiver, &at, SLOTS.liquidator)?)
        };
        let fixed = [
            (SLOTS.debt_reserve, SLOTS.debt_feed),
            (SLOTS.collateral_reserve, SLOTS.collateral_feed),
        ];
        let book = self.book(&at, &fixed, LiquidateAccounts::<usize>::COUNT)?;
        let (debt, collateral) = (book.lines[0].address, book.lines[1].address);
        self.require_writable(&debt)?;
        self.require_writable(&collateral)?;
        Ok(Seizure { pool, liquidator, debt, collateral, book, place, position, receiver })
    }

    fn tell_liquidation(&mut self, it: &Seizure, deal: &Deal) {
        self.tell(Liquidated {
            position: it.place,
            liquidator: it.liquidator,
            debt_reserve: it.debt,
            collateral_reserve: it.collateral,
            repaid: Amount(deal.paid.amount.units()),
            seized: Amount(deal.terms.seized.units()),
            protocol_fee: Amount(deal.terms.fee.units()),
            bonus: Wad(deal.terms.bonus.raw(Grain::Wad)),
            shares_out: told_shares(&deal.shares_out),
        });
    }

    fn pay(&mut self, it: &Seizure, deal: &Deal) -> Run<()> {
        let (debt, collateral) = (it.book.line(&it.debt)?, it.book.line(&it.collateral)?);
        let program = SLOTS.token_program;
        let source = Slots { vault: SLOTS.debt_vault, outside: SLOTS.source, program };
        self.pull(&debt.reserve, source, &it.liquidator, &deal.paid.amount)?;
        let tokens = if deal.shares_out.is_zero() { deal.payout.clone() } else { Q::zero() };
        let target = Slots { vault: SLOTS.collateral_vault, outside: SLOTS.destination, program };
        self.push((&it.collateral, &collateral.reserve), target, &tokens)
    }
}

impl Seizure {
    /// The two sides at fresh prices, the others at their last ones.
    fn health(&self) -> Result<Health, LendingError> {
        let sides = [self.debt, self.collateral];
        self.book.health(&self.position, |entry| {
            Some(if sides.contains(&entry.reserve) { Asked::Fresh } else { Asked::Last })
        })
    }

    fn deal(&self, judged: Result<Health, LendingError>, asked: &Q) -> Result<Deal, LendingError> {
        let (owing, holding) =
            (self.position.entry(&self.debt), self.position.entry(&self.collateral));
        let debt = &self.book.line(&self.debt)?.reserve;
        let collateral = &self.book.line(&self.collateral)?.reserve;
        if owing.debt.is_zero() {
            return Err(LendingError::NoDebt);
        }
        if holding.supply.is_zero() {
            return Err(LendingError::NoCollateral);
        }
        let held = collateral.supply()?.claim(&holding.supply)?.floor(Grain::Unit);
        let terms = Case {
            health: &judged?,
            debt,
            debt_price: self.book.prices(&self.debt, Asked::Fresh)?.debt,
            collateral,
            collateral_price: self.book.prices(&self.collateral, Asked::Fresh)?.collateral,
            owed: debt.owed(&owing.debt).up(Grain::Fine)?.ceil(Grain::Unit).movable(),
            held: held.clone().movable(),
            asked: asked.clone(),
            least: self.least(),
        }
        .terms()?;
        if self.is_another_first()? {
            return Err(LendingError::WrongCollateralOrder);
        }
        let payout = &terms.seized - &terms.fee;
        let shares = if terms.seized == held {
            holding.supply.clone()
        } else {
            let shares = collateral.supply()?.worth(&terms.seized).up(Grain::Share)?;
            shares.min(holding.supply.clone())
        };
        let paid = debt.repayment(&owing, &terms.repaid)?;
        let shares_out = self.shares_out(&payout, &shares)?;
        Ok(Deal { terms, paid, shares, payout, shares_out })
    }

    fn least(&self) -> Q {
        Q::kept(self.pool.config.min_position_value.0, Grain::Dollar)
    }

    /// Whether a collateral of a lower threshold in force, worth a dollar and the pool's least
    /// position at a fresh price, has to be taken before.
    fn is_another_first(&self) -> Result<bool, LendingError> {
        let threshold = self.book.line(&self.collateral)?.reserve.threshold();
        let least = self.least().max(Q::whole(1));
        for entry in self.position.used() {
            if entry.supply.is_zero() || entry.reserve == self.collateral {
                continue;
            }
            let reserve = &self.book.line(&entry.reserve)?.reserve;
            if reserve.threshold() >= threshold {
                continue;
            }
            let Ok(prices) = self.book.prices(&entry.reserve, Asked::Fresh) else { continue };
            let tokens = reserve.supply()?.claim(&entry.supply)?;
            if reserve.value(&tokens, &prices.collateral).down(Grain::Dollar)? >= least {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Without the cash for it the payout is in supply shares, rounded down.
    fn shares_out(&self, payout: &Q, seized: &Q) -> Result<Q, LendingError> {
        let reserve = &self.book.line(&self.collateral)?.reserve;
        if *payout <= reserve.available() {
            return Ok(Q::zero());
        }
        let shares = reserve.supply()?.worth(payout).down(Grain::Share)?.min(seized.clone());
        if shares.is_zero() { Err(LendingError::AmountTooSmall) } else { Ok(shares) }
    }

    fn require_past_grace(&self, now_s: i64) -> Result<(), LendingError> {
        if now_s >= self.pool.grace_until_s {
            return Ok(());
        }
        let level = self.book.line(&self.debt)?.reserve.config.full_close_health.0;
        let past = self.health()?.factor() <= Q::bps(level);
        if past { Ok(()) } else { Err(LendingError::GracePeriod) }
    }

    fn book_debt(&mut self, deal: &Deal) -> Result<(), LendingError> {
        let mut owing = self.position.entry(&self.debt);
        let reserve = self.book.reserve_mut(&self.debt)?;
        let _nothing = reserve.take_back(&mut owing, &deal.paid)?;
        self.position.set(owing)
    }

    fn book_collateral(&mut self, deal: &Deal) -> Result<(), LendingError> {
        let mut holding = self.position.entry(&self.collateral);
        let reserve = self.book.reserve_mut(&self.collateral)?;
        if deal.shares_out.is_zero() {
            reserve.move_cash(&(Q::zero() - &deal.payout))?;
        }
        let ended = &deal.shares - &deal.shares_out;
        reserve.supply_shares = (&reserve.supply_shares - ended).fit(Grain::Share)?;
        holding.supply = &holding.supply - &deal.shares;
        reserve.earn(deal.terms.fee.clone())?;
        self.position.set(holding)
    }

    /// The receiver with its shares, if any are paid.
    fn received(&self, deal: &Deal) -> Result<Option<(Address, Position)>, LendingError> {
        if deal.shares_out.is_zero() {
            return Ok(None);
        }
        let (place, mut receiver) = self.receiver.clone().ok_or(LendingError::InsufficientCash)?;
        receiver
            .change(&self.collateral, |entry| entry.supply = &entry.supply + &deal.shares_out)?;
        Ok(Some((place, receiver)))
    }
}
