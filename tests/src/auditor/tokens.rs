//! Tokens that move, and what the token program says to it.

use cofferdam_host::{Address, cpi::TOKEN_PROGRAM_ID};
use cofferdam_lending_interface::LendingError;

use super::{
    draft::{Draft, Run, Stop},
    number::{Grain, Q},
    state::{Account, Reserve, Token},
};

/// Numbers of the token program's errors.
const INSUFFICIENT_FUNDS: u32 = 1;
const OWNER_MISMATCH: u32 = 4;
const MINT_MISMATCH: u32 = 3;

/// Places of vault, token account on the other side and token program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots {
    pub(super) vault: usize,
    pub(super) outside: usize,
    pub(super) program: usize,
}

impl Draft<'_> {
    /// Takes `amount` into the vault on the word of `authority`.
    pub(super) fn pull(
        &mut self,
        reserve: &Reserve,
        slots: Slots,
        authority: &Address,
        amount: &Q,
    ) -> Run<()> {
        let outside = self.prepare(reserve, slots)?;
        self.transfer((&outside, &reserve.vault), Some(authority), amount)?;
        self.settle(reserve)
    }

    /// Pays `amount` out of the vault; the reserve signs.
    pub(super) fn push(
        &mut self,
        (address, reserve): (&Address, &Reserve),
        slots: Slots,
        amount: &Q,
    ) -> Run<()> {
        let outside = self.prepare(reserve, slots)?;
        if !self.call().accounts.iter().any(|meta| meta.pubkey == *address) {
            return Err(Stop::Accounts("the authority is left out"));
        }
        self.transfer((&reserve.vault, &outside), None, amount)?;
        self.settle(reserve)
    }

    fn prepare(&self, reserve: &Reserve, slots: Slots) -> Run<Address> {
        if self.slot(slots.program)? != TOKEN_PROGRAM_ID {
            return Err(LendingError::WrongAddress.into());
        }
        let vault = self.token(slots.vault, &reserve.mint)?;
        if vault != reserve.vault {
            return Err(LendingError::WrongAddress.into());
        }
        let outside = self.token(slots.outside, &reserve.mint)?;
        if outside == reserve.vault {
            return Err(LendingError::DuplicateAccount.into());
        }
        Ok(outside)
    }

    fn token(&self, slot: usize, mint: &Address) -> Run<Address> {
        let address = self.slot(slot)?;
        let error = match self.account(&address) {
            Account::Token(token) if token.mint == *mint => return Ok(address),
            Account::Token(_) => LendingError::WrongMint,
            Account::Mint(_) | Account::TokenOther => LendingError::WrongAccountType,
            _ => LendingError::WrongOwner,
        };
        Err(error.into())
    }

    /// The token program's transfer. `authority` has to have signed and to own the paying
    /// account; none is the reserve that owns its vault.
    pub(super) fn transfer(
        &mut self,
        (from, to): (&Address, &Address),
        authority: Option<&Address>,
        amount: &Q,
    ) -> Run<()> {
        if !self.is_writable(from) || !self.is_writable(to) {
            return Err(Stop::Accounts("a token account is read-only"));
        }
        if authority.is_some_and(|authority| !self.is_signer(authority)) {
            return Err(Stop::Accounts("the authority did not sign"));
        }
        let (mut source, mut target) = (self.held(from)?, self.held(to)?);
        if source.amount < *amount {
            return Err(Stop::Token(INSUFFICIENT_FUNDS));
        }
        if source.mint != target.mint {
            return Err(Stop::Token(MINT_MISMATCH));
        }
        if authority.is_some_and(|authority| *authority != source.owner) {
            return Err(Stop::Token(OWNER_MISMATCH));
        }
        if from == to || amount.is_zero() {
            return Ok(());
        }
        source.amount = source.amount - amount;
        target.amount = (target.amount + amount).fit(Grain::Unit)?;
        self.put(*from, Account::Token(source));
        self.put(*to, Account::Token(target));
        Ok(())
    }

    fn held(&self, address: &Address) -> Run<Token> {
        match self.account(address) {
            Account::Token(token) => Ok(token.clone()),
            _ => Err(Stop::Accounts("no token account")),
        }
    }

    /// The vault covers what the books say.
    fn settle(&self, reserve: &Reserve) -> Run<()> {
        let covered = match self.account(&reserve.vault) {
            Account::Token(vault) => vault.amount >= reserve.cash,
            _ => false,
        };
        if covered { Ok(()) } else { Err(LendingError::VaultMismatch.into()) }
    }

    /// An instruction for the token program itself: plain transfers, nothing else.
    pub(super) fn token_instruction(&mut self) -> Run<()> {
        let data = &self.call().data;
        let (to, authority, amount) = match data.as_slice() {
            [3, amount @ ..] if amount.len() == 8 => (1, 2, amount),
            [12, amount @ .., _decimals] if amount.len() == 8 => (2, 3, amount),
            _ => return Err(Stop::Unmodelled("an instruction of the token program".into())),
        };
        let amount = amount.try_into().map(u64::from_le_bytes).unwrap_or_default();
        let (from, to, authority) = (self.slot(0)?, self.slot(to)?, self.slot(authority)?);
        self.transfer((&from, &to), Some(&authority), &Q::whole(amount))
    }
}
