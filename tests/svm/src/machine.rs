//! LiteSVM, set up to have the ledger's time and accounts.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cofferdam_host::Address;
use cofferdam_ledger::{Cheat, Ledger};
use litesvm::{
    LiteSVM,
    types::{FailedTransactionMetadata, TransactionMetadata},
};
use solana_account::Account;
use solana_clock::Clock;
use solana_compute_budget::compute_budget::ComputeBudget;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

const SYSVAR_OWNER: Address =
    Address::from_str_const("Sysvar1111111111111111111111111111111111111");

/// What LiteSVM says a transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What failed, if anything did.
    pub error: Option<TransactionError>,
    /// Fee in lamports.
    pub fee: u64,
    /// Compute units spent.
    pub units: u64,
    /// Bytes of the events, in order; none when the transaction failed.
    pub events: Vec<Vec<u8>>,
    /// What was returned last, and by whom; none when the transaction failed.
    pub returned: Option<(Address, Vec<u8>)>,
    /// The log.
    pub logs: Vec<String>,
}

/// A LiteSVM that holds the program.
#[derive(Clone)]
pub struct Machine(LiteSVM);

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Machine")
    }
}

impl Machine {
    /// A machine with the program of `elf`.
    ///
    /// # Errors
    /// A line that says what is wrong with the file.
    pub fn new(elf: &Path) -> Result<Self, String> {
        let base = LiteSVM::new();
        let mut budget = base
            .get_compute_budget()
            .unwrap_or_else(|| ComputeBudget::new_with_defaults(false, false));
        // The ledger's own limit is the largest a transaction may ask for.
        budget.compute_unit_limit = 1_400_000;
        // The ledger judges blockhashes, and a transaction that it turned away is not sent here.
        let mut svm = base
            .with_compute_budget(budget)
            .with_blockhash_check(false)
            .with_transaction_history(0)
            .with_log_bytes_limit(None);
        let bytes = std::fs::read(elf)
            .map_err(|error| format!("{}: {error}. `cargo xtask sbf` builds it", elf.display()))?;
        svm.add_program(cofferdam_lending_interface::ID, &bytes)
            .map_err(|error| format!("{} does not load: {error}", elf.display()))?;
        Ok(Self(svm))
    }

    /// Takes over a ledger's time and accounts.
    ///
    /// # Errors
    /// What LiteSVM says of an account it does not take.
    pub fn copy(&mut self, ledger: &Ledger) -> Result<(), String> {
        self.set_clock(ledger.clock());
        let mut data = ledger.accounts().filter(|(_, account)| !account.executable);
        data.try_for_each(|(address, account)| self.set_account(address, account))
    }

    /// Takes over the ledger's time.
    pub fn set_clock(&mut self, clock: &cofferdam_host::Clock) {
        self.0.set_sysvar(&Clock {
            slot: clock.slot,
            epoch_start_timestamp: clock.epoch_start_timestamp,
            epoch: clock.epoch,
            leader_schedule_epoch: clock.leader_schedule_epoch,
            unix_timestamp: clock.unix_timestamp,
        });
    }

    /// Does what a cheat did to `ledger`.
    ///
    /// # Errors
    /// What LiteSVM says of an account it does not take.
    pub fn cheat(&mut self, cheat: &Cheat, ledger: &Ledger) -> Result<(), String> {
        let address = match cheat {
            Cheat::Airdrop { address, .. } | Cheat::SetAccount { address, .. } => address,
            Cheat::ExpireBlockhashes {} => return Ok(()),
        };
        let account = ledger.account(address).cloned().unwrap_or_default();
        self.set_account(*address, &account)
    }

    /// Writes an account as a whole.
    ///
    /// # Errors
    /// What LiteSVM says of an account it does not take.
    pub fn set_account(&mut self, address: Address, account: &Account) -> Result<(), String> {
        let done = self.0.set_account(address, account.clone());
        done.map_err(|error| format!("{address}: {error}"))
    }

    /// The account at an address; `None` when it holds nothing.
    #[must_use]
    pub fn account(&self, address: &Address) -> Option<Account> {
        self.0.get_account(address).filter(|account| account.lamports > 0)
    }

    /// Whether an account is a program or a sysvar, which are each side's own.
    #[must_use]
    pub fn is_of_the_chain(&self, address: &Address) -> bool {
        let account = self.account(address);
        account.is_some_and(|account| account.executable || account.owner == SYSVAR_OWNER)
    }

    /// Sends a transaction.
    pub fn send(&mut self, transaction: &Transaction) -> Answer {
        match self.0.send_transaction(transaction.clone()) {
            Ok(done) => answer(None, done),
            Err(FailedTransactionMetadata { err, meta }) => answer(Some(err), meta),
        }
    }
}

fn answer(error: Option<TransactionError>, meta: TransactionMetadata) -> Answer {
    let failed = error.is_some();
    let events = if failed { Vec::new() } else { events(&meta.logs) };
    let returned = (!failed && !meta.return_data.data.is_empty())
        .then(|| (meta.return_data.program_id, meta.return_data.data.clone()));
    let (fee, units) = (meta.fee, meta.compute_units_consumed);
    Answer { error, fee, units, events, returned, logs: meta.logs }
}

/// Events are lines of program data.
fn events(logs: &[String]) -> Vec<Vec<u8>> {
    let lines = logs.iter().filter_map(|line| line.strip_prefix("Program data: "));
    lines.filter_map(|line| STANDARD.decode(line).ok()).collect()
}
