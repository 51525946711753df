//! Recognising bad debt: what is bad, who pays, and what is forfeit. docs/MATH.md, "Bad debt".

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, CollateralSeized, ReserveWipedOut},
    instruction::AbsorbBadDebtAccounts,
    state::Mode,
    units::Wad,
};

use super::{
    draft::{Draft, Run},
    health::Book,
    loan::told_split,
    number::{Grain, Q},
    oracle::Asked,
    state::{Entry, Position},
    supply::{told_debt, told_fine, told_shares},
};

/// After so many seconds nobody can price what a silent feed prices.
const UNPRICEABLE_AFTER_S: i128 = 7 * 86_400;
/// And after so many its last price protects nobody.
const FORSAKEN_AFTER_S: i128 = 30 * 86_400;

/// A recognition: debt shares to write off, and supply shares that are forfeit with what they are
/// worth, by reserve.
struct Recognition {
    cuts: Vec<(Address, Q)>,
    forfeits: Vec<(Address, Q, Q)>,
}

/// What a position's collateral comes to, in dollars.
struct Estate {
    value: Q,
    recoverable: Q,
    /// Recoverable of what nobody can price, at its last price.
    remembered: Q,
}

impl Draft<'_> {
    pub(super) fn absorb(&mut self) -> Run<()> {
        const SLOTS: AbsorbBadDebtAccounts<usize> = AbsorbBadDebtAccounts::SLOTS;
        let (at, pool) = self.pool(SLOTS.pool)?;
        let (place, mut position) = self.position(SLOTS.position, &at)?;
        let mut book = self.book(&at, &[], AbsorbBadDebtAccounts::<usize>::COUNT)?;
        book.require_prices(&position)?;
        let dust = Q::kept(pool.config.min_position_value.0, Grain::Dollar);
        let plan = book.recognition(&position, &dust)?;
        for reserve in plan.changed() {
            self.require_writable(&reserve)?;
        }
        self.book_recognition((place, &mut position), &mut book, &plan)?;
        self.put_position(place, position);
        Ok(())
    }

    /// After a liquidation: only where every price stands and every reserve may be written.
    pub(super) fn recognise(
        &mut self,
        (place, position): (Address, &mut Position),
        book: &mut Book,
        dust: &Q,
    ) -> Run<()> {
        if !position.has_debt() {
            return Ok(());
        }
        let Ok(plan) = book.recognition(position, dust) else { return Ok(()) };
        if plan.changed().all(|reserve| self.is_writable(&reserve)) {
            self.book_recognition((place, position), book, &plan)?;
        }
        Ok(())
    }

    fn book_recognition(
        &mut self,
        (place, position): (Address, &mut Position),
        book: &mut Book,
        plan: &Recognition,
    ) -> Run<()> {
        for (at, shares) in &plan.cuts {
            let reserve = book.reserve_mut(at)?;
            let (mode, before) = (reserve.mode, reserve.supply()?.price());
            let loss = reserve.write_off(shares)?;
            let after = reserve.supply()?.price();
            position.change(at, |entry| {
                entry.debt = &entry.debt - shares;
                entry.claim = &entry.claim + &loss.recognised;
            })?;
            self.tell(BadDebtAbsorbed {
                position: place,
                reserve: *at,
                shares: told_debt(shares),
                loss: told_split(&loss),
                share_price_before: Wad(before.raw(Grain::Wad)),
                share_price_after: Wad(after.raw(Grain::Wad)),
            });
            if mode != Mode::Killed && reserve.mode == Mode::Killed {
                self.tell(ReserveWipedOut { reserve: *at });
            }
            self.put_reserve(*at, reserve.clone());
        }
        for (at, shares, amount) in &plan.forfeits {
            let reserve = book.reserve_mut(at)?;
            reserve.supply_shares = &reserve.supply_shares - shares;
            reserve.endow(amount)?;
            position.change(at, |entry| entry.supply = &entry.supply - shares)?;
            self.tell(CollateralSeized {
                position: place,
                reserve: *at,
                shares: told_shares(shares),
                amount: told_fine(amount),
            });
            self.put_reserve(*at, reserve.clone());
        }
        Ok(())
    }
}

impl Recognition {
    fn changed(&self) -> impl Iterator<Item = Address> {
        let cuts = self.cuts.iter().map(|(reserve, _)| *reserve);
        cuts.chain(self.forfeits.iter().map(|(reserve, ..)| *reserve))
    }
}

impl Book {
    /// Debts first, then the collateral that somebody can price.
    fn require_prices(&self, position: &Position) -> Result<(), LendingError> {
        for entry in position.used().filter(|entry| !entry.debt.is_zero()) {
            let _prices = self.prices(&entry.reserve, Asked::Every)?;
        }
        for entry in position.used().filter(|entry| !entry.supply.is_zero()) {
            if !self.is_silent(entry, UNPRICEABLE_AFTER_S)? {
                let _prices = self.prices(&entry.reserve, Asked::Every)?;
            }
        }
        Ok(())
    }

    fn is_silent(&self, entry: &Entry, after_s: i128) -> Result<bool, LendingError> {
        Ok(self.line(&entry.reserve)?.feed.silent_for_s(self.now_s) > after_s)
    }

    fn recognition(&self, position: &Position, dust: &Q) -> Result<Recognition, LendingError> {
        let debt = self.owed(position)?;
        let estate = self.estate(position)?;
        if debt <= &estate.recoverable + &estate.remembered || !self.is_liquidatable(position)? {
            return Err(LendingError::NoBadDebt);
        }
        let everything = estate.value < *dust;
        let excess = if everything { debt.clone() } else { &debt - &estate.recoverable };
        let fraction = excess / debt;
        let debts = position.used().filter(|entry| !entry.debt.is_zero());
        let cuts =
            debts.map(|entry| (entry.reserve, (&entry.debt * &fraction).floor(Grain::Share)));
        let cuts: Vec<_> = cuts.filter(|(_, shares)| !shares.is_zero()).collect();
        if cuts.is_empty() {
            return Err(LendingError::NoBadDebt);
        }
        let mut forfeits = Vec::new();
        for entry in position.used().filter(|entry| !entry.supply.is_zero()) {
            if everything || self.is_silent(entry, UNPRICEABLE_AFTER_S)? {
                let supply = self.line(&entry.reserve)?.reserve.supply()?;
                let amount = supply.claim(&entry.supply)?;
                forfeits.push((entry.reserve, entry.supply.clone(), amount));
            }
        }
        Ok(Recognition { cuts, forfeits })
    }

    /// At fresh prices at face value; what nobody can price counts at its last price for a while.
    fn is_liquidatable(&self, position: &Position) -> Result<bool, LendingError> {
        let silent_s = |entry: &Entry| {
            self.line(&entry.reserve).map_or(0, |line| line.feed.silent_for_s(self.now_s))
        };
        let health = self.health(position, |entry| match silent_s(entry) {
            _ if !entry.debt.is_zero() => Some(Asked::Fresh),
            _ if entry.supply.is_zero() => None,
            silent_s if silent_s > FORSAKEN_AFTER_S => None,
            silent_s if silent_s > UNPRICEABLE_AFTER_S => Some(Asked::Last),
            _ => Some(Asked::Fresh),
        })?;
        Ok(health.weighted > health.liquidation_limit)
    }

    fn owed(&self, position: &Position) -> Result<Q, LendingError> {
        let mut sum = Q::zero();
        for entry in position.used().filter(|entry| !entry.debt.is_zero()) {
            let reserve = &self.line(&entry.reserve)?.reserve;
            let owed = reserve.owed(&entry.debt).up(Grain::Fine)?;
            let price = self.prices(&entry.reserve, Asked::Every)?.debt;
            sum = sum + reserve.value(&owed, &price).up(Grain::Dollar)?;
        }
        Ok(sum)
    }

    fn estate(&self, position: &Position) -> Result<Estate, LendingError> {
        let (value, recoverable, remembered) = (Q::zero(), Q::zero(), Q::zero());
        let mut sum = Estate { value, recoverable, remembered };
        for entry in position.used().filter(|entry| !entry.supply.is_zero()) {
            let reserve = &self.line(&entry.reserve)?.reserve;
            let tokens = reserve.supply()?.claim(&entry.supply)?;
            let with_bonus = Q::whole(1) + Q::bps(reserve.config.liquidation_bonus_max.0);
            let recovers = |value: &Q| (value / &with_bonus).floor(Grain::Dollar);
            let worth = |price: &Q| reserve.value(&tokens, price).down(Grain::Dollar);
            if self.is_silent(entry, FORSAKEN_AFTER_S)? {
                continue;
            }
            if self.is_silent(entry, UNPRICEABLE_AFTER_S)? {
                let last = self.prices(&entry.reserve, Asked::Last)?.collateral;
                sum.remembered = sum.remembered + recovers(&worth(&last)?);
                continue;
            }
            let doubted = worth(&self.prices(&entry.reserve, Asked::Every)?.collateral)?;
            sum.recoverable = sum.recoverable + recovers(&doubted);
            // What is dust shows at face value.
            let face = self.prices(&entry.reserve, Asked::Fresh)?.collateral;
            sum.value = sum.value + worth(&face)?;
        }
        Ok(sum)
    }
}
