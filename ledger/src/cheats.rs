//! What only the owner of a test ledger can do: make lamports, write accounts, end blockhashes.
//! Every cheat is an entry of the journal, or a replay would not arrive at the same state.

use cofferdam_host::Address;
use serde::{Deserialize, Serialize};
use solana_account::Account;
use thiserror::Error;

use crate::{journal::text, ledger::Ledger};

/// A change that no transaction could make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cheat {
    /// Lamports out of nothing.
    Airdrop {
        /// Who gets them.
        #[serde(with = "text::address")]
        address: Address,
        /// How many.
        lamports: u64,
    },
    /// An account written as a whole; without lamports it is removed.
    SetAccount {
        /// Address of the account.
        #[serde(with = "text::address")]
        address: Address,
        /// The account.
        #[serde(with = "text::account")]
        account: Account,
    },
    /// Every blockhash becomes invalid and a new one is made, within the same slot.
    ExpireBlockhashes {},
}

/// Why a cheat was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheatError {
    /// The account would hold more than 64 bits of lamports.
    #[error("account {address} holds {held} lamports and cannot hold {airdrop} more: airdrop less")]
    TooManyLamports {
        /// The account.
        address: Address,
        /// What it holds.
        held: u64,
        /// What it should have got.
        airdrop: u64,
    },
}

/// The cheats of a ledger; see [`Ledger::cheat`].
#[derive(Debug)]
pub struct Cheats<'a> {
    pub(crate) ledger: &'a mut Ledger,
}

impl Cheats<'_> {
    /// Adds lamports to an account, which becomes a wallet if it does not exist.
    ///
    /// # Errors
    /// [`CheatError::TooManyLamports`] when the balance would not fit 64 bits.
    pub fn airdrop(&mut self, address: &Address, lamports: u64) -> Result<&mut Self, CheatError> {
        self.ledger.apply_cheat(Cheat::Airdrop { address: *address, lamports })?;
        Ok(self)
    }

    /// Writes an account as a whole, under no rule; without lamports it is removed.
    ///
    /// # Errors
    /// None today; the type leaves room for accounts that a ledger cannot hold.
    pub fn set_account(
        &mut self,
        address: &Address,
        account: Account,
    ) -> Result<&mut Self, CheatError> {
        self.ledger.apply_cheat(Cheat::SetAccount { address: *address, account })?;
        Ok(self)
    }

    /// Makes every blockhash invalid and a new one valid, within the same slot.
    ///
    /// # Errors
    /// None today, as with [`Cheats::set_account`].
    pub fn expire_blockhashes(&mut self) -> Result<&mut Self, CheatError> {
        self.ledger.apply_cheat(Cheat::ExpireBlockhashes {})?;
        Ok(self)
    }
}
