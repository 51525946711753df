//! Borrowing and paying back, within a transaction too.

use borsh::BorshDeserialize;
use cofferdam_host::{Address, cpi::INSTRUCTIONS_SYSVAR_ID};
use cofferdam_lending_interface::{
    ID, LendingError,
    event::{Borrowed, FlashLoanRepaid, FlashLoanTaken, LossRecovered, Repaid},
    instruction::{
        FlashBorrowAccounts, FlashRepayAccounts, LendingInstruction, OutflowAccounts, RepayAccounts,
    },
    math::loss::LossSplit,
    state::Mode,
    units::Amount,
};

use super::{
    draft::{Draft, Run, require_mode},
    number::{Grain, Q},
    state::{Entry, Reserve, Split},
    supply::{OUT_TOKENS, told_debt, told_fine},
    tokens::Slots,
};

/// What a repayment clears.
pub(super) struct Repayment {
    pub(super) amount: Q,
    pub(super) shares: Q,
    pub(super) claim: Q,
}

impl Draft<'_> {
    pub(super) fn borrow(&mut self, amount: u64) -> Run<()> {
        let _accounts: OutflowAccounts<usize> = OutflowAccounts::SLOTS;
        let mut out = self.outflow()?;
        let address = out.address;
        require_mode(&out.pool, &out.book.line(&address)?.reserve, Mode::Active)?;
        let amount = Q::whole(amount);
        let reserve = out.book.reserve_mut(&address)?;
        if amount.is_zero() {
            return Err(LendingError::AmountTooSmall.into());
        }
        if amount > reserve.available() {
            return Err(LendingError::InsufficientCash.into());
        }
        reserve.require_borrow_room(&amount)?;
        reserve.require_outflow_room(&amount)?;
        let shares = reserve.shares_of(&amount).up(Grain::Share)?;

        reserve.move_cash(&(Q::zero() - &amount))?;
        reserve.debt_shares = (&reserve.debt_shares + &shares).fit(Grain::Share)?;
        reserve.count(&amount);
        let reserve = reserve.clone();
        out.position.change(&address, |entry| entry.debt = &entry.debt + &shares)?;
        out.require_borrow_limit()?;
        self.tell(Borrowed {
            position: out.place,
            reserve: address,
            amount: Amount(amount.units()),
            shares: told_debt(&shares),
        });
        self.put_reserve(address, reserve.clone());
        self.put_position(out.place, out.position);
        self.push((&address, &reserve), OUT_TOKENS, &amount)
    }

    pub(super) fn repay(&mut self, asked: u64) -> Run<()> {
        const SLOTS: RepayAccounts<usize> = RepayAccounts::SLOTS;
        let payer = self.signer(SLOTS.payer)?;
        let (at, _) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        let (place, mut position) = self.position(SLOTS.position, &at)?;
        let mut entry = position.entry(&address);
        let paid = reserve.repayment(&entry, &Q::whole(asked))?;
        let split = reserve.take_back(&mut entry, &paid)?;
        reserve.count(&(Q::zero() - &paid.amount));
        position.set(entry)?;
        self.tell(Repaid {
            position: place,
            reserve: address,
            payer,
            amount: Amount(paid.amount.units()),
            shares: told_debt(&paid.shares),
        });
        if !split.recognised.is_zero() {
            self.tell(LossRecovered {
                position: place,
                reserve: address,
                split: told_split(&split),
            });
        }
        self.put_reserve(address, reserve.clone());
        self.put_position(place, position);
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };
        self.pull(&reserve, tokens, &payer, &paid.amount)
    }

    pub(super) fn flash_borrow(&mut self, amount: u64) -> Run<()> {
        const SLOTS: FlashBorrowAccounts<usize> = FlashBorrowAccounts::SLOTS;
        let borrower = self.signer(SLOTS.borrower)?;
        let (at, pool) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        require_mode(&pool, &reserve, Mode::Active)?;
        if self.slot(SLOTS.instructions)? != INSTRUCTIONS_SYSVAR_ID {
            return Err(LendingError::WrongAddress.into());
        }
        if self.is_lending() {
            return Err(LendingError::FlashLoanActive.into());
        }
        if !self.is_paid_back(&at, &address) {
            return Err(LendingError::FlashLoanUnpaid.into());
        }
        let amount = Q::whole(amount);
        if amount.is_zero() {
            return Err(LendingError::AmountTooSmall.into());
        }
        if !reserve.flash_loan.is_zero() {
            return Err(LendingError::FlashLoanActive.into());
        }
        if amount > reserve.available() {
            return Err(LendingError::InsufficientCash.into());
        }
        reserve.move_cash(&(Q::zero() - &amount))?;
        reserve.flash_loan = amount.clone();
        let lent = Amount(amount.units());
        self.tell(FlashLoanTaken { reserve: address, borrower, amount: lent });
        self.put_reserve(address, reserve.clone());
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };
        self.push((&address, &reserve), tokens, &amount)
    }

    /// Whether of the loans and repayments before this one more were loans.
    fn is_lending(&self) -> bool {
        let own = self.scope.sent.iter().take(self.at).filter(|call| call.program_id == ID);
        let decoded = own.filter_map(|call| LendingInstruction::try_from_slice(&call.data).ok());
        let signs = decoded.map(|instruction| match instruction {
            LendingInstruction::FlashBorrow(_) => 1,
            LendingInstruction::FlashRepay(_) => -1,
            _ => 0,
        });
        signs.sum::<i32>() > 0
    }

    /// Whether a repayment of this reserve stands later in the transaction.
    fn is_paid_back(&self, pool: &Address, reserve: &Address) -> bool {
        const SLOTS: FlashRepayAccounts<usize> = FlashRepayAccounts::SLOTS;
        self.scope.sent.iter().skip(self.at + 1).any(|call| {
            let at = |slot: usize, address: &Address| {
                call.accounts.get(slot).is_some_and(|meta| meta.pubkey == *address)
            };
            let decoded = LendingInstruction::try_from_slice(&call.data);
            call.program_id == ID
                && at(SLOTS.pool, pool)
                && at(SLOTS.reserve, reserve)
                && matches!(decoded, Ok(LendingInstruction::FlashRepay(_)))
        })
    }

    pub(super) fn flash_repay(&mut self) -> Run<()> {
        const SLOTS: FlashRepayAccounts<usize> = FlashRepayAccounts::SLOTS;
        let payer = self.signer(SLOTS.payer)?;
        let (at, _) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        let lent = std::mem::replace(&mut reserve.flash_loan, Q::zero());
        if lent.is_zero() {
            return Err(LendingError::FlashLoanMissing.into());
        }
        let fee = (&lent * Q::bps(reserve.config.flash_fee.0)).up(Grain::Unit)?;
        let protocols = (&fee * Q::bps(reserve.config.reserve_factor.0)).down(Grain::Fine)?;
        let total = &lent + &fee;
        reserve.move_cash(&total)?;
        reserve.earn(protocols)?;
        let (amount, fee) = (Amount(lent.units()), Amount(fee.units()));
        self.tell(FlashLoanRepaid { reserve: address, payer, amount, fee });
        self.put_reserve(address, reserve.clone());
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };
        self.pull(&reserve, tokens, &payer, &total)
    }
}

impl Reserve {
    /// Debt shares of an amount in units; exact.
    fn shares_of(&self, amount: &Q) -> Q {
        amount * Q::whole(1_000_000_000) / &self.index
    }

    /// What `amount` at most clears of an entry: the debt, rounded up, then the claim.
    pub(super) fn repayment(&self, entry: &Entry, amount: &Q) -> Result<Repayment, LendingError> {
        if entry.debt.is_zero() && entry.claim.is_zero() {
            return Err(LendingError::NoDebt);
        }
        if amount.is_zero() {
            return Err(LendingError::AmountTooSmall);
        }
        let owed = self.owed(&entry.debt).up(Grain::Fine)?;
        if *amount >= owed {
            let owed = owed.up(Grain::Unit)?;
            let claim = (amount - &owed).min(entry.claim.clone());
            let amount = (owed + claim.up(Grain::Unit)?).fit(Grain::Unit)?;
            return Ok(Repayment { amount, shares: entry.debt.clone(), claim });
        }
        let shares = self.shares_of(amount).down(Grain::Share)?;
        if shares.is_zero() {
            return Err(LendingError::AmountTooSmall);
        }
        Ok(Repayment { amount: amount.clone(), shares, claim: Q::zero() })
    }

    pub(super) fn take_back(
        &mut self,
        entry: &mut Entry,
        paid: &Repayment,
    ) -> Result<Split, LendingError> {
        self.move_cash(&paid.amount)?;
        self.debt_shares = (&self.debt_shares - &paid.shares).fit(Grain::Share)?;
        entry.debt = &entry.debt - &paid.shares;
        entry.claim = &entry.claim - &paid.claim;
        self.recover(&paid.claim)
    }
}

pub(super) fn told_split(split: &Split) -> LossSplit {
    LossSplit {
        recognised: told_fine(&split.recognised),
        fees: told_fine(&split.fees),
        insurance: told_fine(&split.insurance),
        suppliers: told_fine(&split.suppliers),
        deficit: told_fine(&split.deficit),
    }
}
