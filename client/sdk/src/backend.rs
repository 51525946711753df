use cofferdam_ledger::{Ledger, Receipt, Recorder, SubmitError};
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_hash::Hash;
use solana_transaction::Transaction;

/// A chain a client can talk to.
pub trait Backend {
    /// A blockhash that a transaction signed now may carry.
    fn latest_blockhash(&self) -> Hash;

    /// The account at `address`.
    fn account(&self, address: &Address) -> Option<Account>;

    /// All accounts of a program, in order of address.
    fn accounts_owned_by(&self, owner: &Address) -> Vec<(Address, Account)>;

    /// The chain's clock.
    fn clock(&self) -> Clock;

    /// Lamports that keep an account of `data_len` bytes.
    fn minimum_balance(&self, data_len: usize) -> u64;

    /// Runs a transaction.
    ///
    /// # Errors
    /// [`SubmitError`]: rejected without a trace, or failed with only the fee charged.
    fn submit(&mut self, transaction: &Transaction) -> Result<Receipt, SubmitError>;

    /// Runs a transaction and forgets what it did.
    ///
    /// # Errors
    /// Those of [`Backend::submit`].
    fn simulate(&self, transaction: &Transaction) -> Result<Receipt, SubmitError>;
}

impl Backend for Ledger {
    fn latest_blockhash(&self) -> Hash {
        Self::latest_blockhash(self)
    }

    fn account(&self, address: &Address) -> Option<Account> {
        Self::account(self, address).cloned()
    }

    fn accounts_owned_by(&self, owner: &Address) -> Vec<(Address, Account)> {
        let owned = Self::accounts_owned_by(self, owner);
        owned.map(|(address, account)| (address, account.clone())).collect()
    }

    fn clock(&self) -> Clock {
        Self::clock(self).clone()
    }

    fn minimum_balance(&self, data_len: usize) -> u64 {
        Self::minimum_balance(self, data_len)
    }

    fn submit(&mut self, transaction: &Transaction) -> Result<Receipt, SubmitError> {
        Self::submit(self, transaction)
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt, SubmitError> {
        Self::simulate(self, transaction)
    }
}

/// A ledger that leaves its journal behind when a test fails.
impl Backend for Recorder {
    fn latest_blockhash(&self) -> Hash {
        Ledger::latest_blockhash(self)
    }

    fn account(&self, address: &Address) -> Option<Account> {
        Ledger::account(self, address).cloned()
    }

    fn accounts_owned_by(&self, owner: &Address) -> Vec<(Address, Account)> {
        <Ledger as Backend>::accounts_owned_by(self, owner)
    }

    fn clock(&self) -> Clock {
        Ledger::clock(self).clone()
    }

    fn minimum_balance(&self, data_len: usize) -> u64 {
        Ledger::minimum_balance(self, data_len)
    }

    fn submit(&mut self, transaction: &Transaction) -> Result<Receipt, SubmitError> {
        Ledger::submit(self, transaction)
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt, SubmitError> {
        Ledger::simulate(self, transaction)
    }
}
