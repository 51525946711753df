//! Everything of a ledger that changes.

use std::sync::Arc;

use cofferdam_host::Address;
use solana_account::Account;
use solana_hash::Hash;
use solana_instruction_error::InstructionError;
use solana_sdk_ids::native_loader;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

use crate::{
    blockhash::Blockhashes,
    clock::LedgerClock,
    genesis::Genesis,
    journal::{Action, Records},
    metrics::Metrics,
    program::{Program, Programs},
    root::{self, History},
    store::{Accounts, Digest32},
};

/// Everything that changes.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) accounts: Accounts,
    pub(crate) clock: LedgerClock,
    pub(crate) blockhashes: Blockhashes,
    pub(crate) history: History,
    pub(crate) records: Records,
    /// Shared with the forks until one of them counts.
    pub(crate) metrics: Option<Arc<Metrics>>,
}

impl State {
    pub(crate) fn new(genesis: &Genesis, programs: &Programs) -> Self {
        let clock = LedgerClock::new(genesis);
        let slot = clock.view().slot;
        let history = History::of_genesis(&text(genesis));
        let mut accounts = Accounts::default();
        for program in programs.values() {
            accounts.insert(program.id.to_bytes(), Arc::new(program_account(genesis, program)));
        }
        Self {
            accounts,
            clock,
            blockhashes: Blockhashes::new(slot, history.blockhash(slot)),
            history,
            records: Records::Roots,
            metrics: None,
        }
    }

    pub(crate) fn root(&self) -> Hash {
        root::state_root(self.accounts.root(), &self.clock, self.history)
    }

    pub(crate) fn write(&mut self, address: Address, account: Option<Arc<Account>>) {
        match account {
            Some(account) => self.accounts.insert(address.to_bytes(), account),
            None => self.accounts.remove(address.as_array()),
        };
    }

    /// Keeps the root of the slot that ends here, if roots of slots are kept.
    pub(crate) fn end_slot(&mut self) {
        let Self { accounts, clock, history, records, .. } = self;
        let root = || root::state_root(accounts.root(), clock, *history);
        records.end_slot(clock.view().slot, root);
    }

    /// Counts something, if anything is counted.
    pub(crate) fn count(&mut self, count: impl FnOnce(&mut Metrics)) {
        if let Some(metrics) = &mut self.metrics {
            count(Arc::make_mut(metrics));
        }
    }

    /// Keeps what just happened, if entries are kept.
    pub(crate) fn record(&mut self, action: Action) {
        if self.records.wants_entries() {
            let root = self.root();
            self.records.push(action, root);
        }
    }

    /// Keeps what stops the same transaction from running again, and adds it to the history.
    pub(crate) fn remember(&mut self, transaction: &Transaction, message: Digest32, outcome: &str) {
        self.blockhashes.remember(&transaction.message.recent_blockhash, message);
        let signatures = transaction.signatures.iter().map(|signature| *signature.as_array());
        self.history.add_transaction(&message, signatures, outcome.as_bytes());
    }
}

/// The account under which a program can be called. It holds the name, so a root commits to
/// which programs there are; their code is committed to by what it does.
fn program_account(genesis: &Genesis, program: &Program) -> Account {
    Account {
        lamports: genesis.minimum_balance(program.name.len()).max(1),
        data: program.name.as_bytes().to_vec(),
        owner: native_loader::ID,
        executable: true,
        rent_epoch: 0,
    }
}

/// How a transaction failed, as the history has it: what `Debug` prints. Most failures are a
/// program's own number, which is written here straight away.
pub(crate) fn outcome_text(error: &TransactionError) -> String {
    let TransactionError::InstructionError(index, InstructionError::Custom(code)) = error else {
        return format!("{error:?}");
    };
    let mut text = String::with_capacity(48);
    text.push_str("InstructionError(");
    push_decimal(&mut text, u32::from(*index));
    text.push_str(", Custom(");
    push_decimal(&mut text, *code);
    text.push_str("))");
    text
}

fn push_decimal(text: &mut String, number: u32) {
    let (mut digits, mut rest, mut from) = ([b'0'; 10], number, 10);
    while from == 10 || rest > 0 {
        from -= 1;
        digits[from] += u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
    }
    text.extend(digits[from..].iter().copied().map(char::from));
}

/// The canonical text of something the history or the root commits to.
pub(crate) fn text<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Plain structs and enums with text keys: serialising them has no way to fail.
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
