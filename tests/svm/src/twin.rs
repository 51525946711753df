//! A world and its twin on the machine.

use cofferdam_host::Address;
use cofferdam_ledger::{Action as Happened, Entry, Journal};
use cofferdam_tests::{
    action::{Action, Outcome},
    world::World,
};
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

use crate::machine::{Answer, Machine};

/// Where the ledger and the machine differ.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}:\n  ledger  {ledger}\n  machine {machine}\n  after: {label}\n{logs}")]
pub struct Divergence {
    /// What differs.
    pub what: String,
    /// As the ledger has it.
    pub ledger: String,
    /// As the machine has it.
    pub machine: String,
    /// What was done.
    pub label: String,
    /// The machine's log.
    pub logs: String,
}

/// A world on the ledger and the same on the machine.
#[derive(Clone, Debug)]
pub struct Twin {
    world: World,
    machine: Machine,
    /// Entries of the journal that the machine has been through.
    seen: usize,
    /// Transactions compared.
    transactions: u64,
    /// Largest number of units that a transaction took on the machine.
    units_max: u64,
}

impl Twin {
    /// Gives the machine the world's time and accounts. What built the world is not compared: a
    /// scenario runs the same instructions again.
    ///
    /// # Errors
    /// What LiteSVM says of an account it does not take, or a [`Divergence`] in words.
    pub fn new(world: World, mut machine: Machine) -> Result<Self, String> {
        let ledger = world.ledger();
        machine.set_clock(ledger.clock());
        for (address, account) in ledger.accounts().filter(|(_, account)| !account.executable) {
            machine.set_account(address, account)?;
        }
        let seen = ledger.journal().map_or(0, Journal::len);
        let twin = Self { world, machine, seen, transactions: 0, units_max: 0 };
        twin.compare_all("the world as it was copied").map_err(|error| error.to_string())?;
        Ok(twin)
    }

    /// The world.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// Transactions compared so far.
    #[must_use]
    pub const fn transactions(&self) -> u64 {
        self.transactions
    }

    /// Largest number of units that a transaction took on the machine.
    #[must_use]
    pub const fn units_max(&self) -> u64 {
        self.units_max
    }

    /// Runs an action on both.
    ///
    /// # Errors
    /// The first [`Divergence`].
    pub fn step(&mut self, action: &Action) -> Result<Outcome, Box<Divergence>> {
        let outcome = self.world.run(action);
        self.follow(&outcome)?;
        Ok(outcome)
    }

    /// Takes the machine through what the journal has got since.
    fn follow(&mut self, outcome: &Outcome) -> Result<(), Box<Divergence>> {
        let ledger = self.world.ledger();
        let journal = ledger.journal().expect("a twin's world keeps its journal");
        let new: Vec<Entry> = journal.iter().skip(self.seen).cloned().collect();
        self.seen = journal.len();
        let last = new.len().saturating_sub(1);
        for (index, entry) in new.iter().enumerate() {
            // Only the last entry's accounts still are as it left them.
            self.follow_entry(entry, outcome, index == last)?;
        }
        Ok(())
    }

    fn follow_entry(
        &mut self,
        entry: &Entry,
        outcome: &Outcome,
        is_last: bool,
    ) -> Result<(), Box<Divergence>> {
        match &entry.action {
            Happened::Transaction { wire, outcome: words } => {
                self.transactions += 1;
                let answer = self.machine.send(wire);
                self.units_max = self.units_max.max(answer.units);
                compare_success(words, &answer, &outcome.label.to_string())?;
                if is_last { self.compare(wire, outcome, &answer) } else { Ok(()) }
            }
            Happened::Warp(_) => {
                self.machine.set_clock(self.world.ledger().clock());
                Ok(())
            }
            Happened::Cheat(cheat) => {
                let done = self.machine.cheat(cheat, self.world.ledger());
                done.map_err(|error| differ("a cheat", ("done", &error), "cheat", &[]))
            }
        }
    }

    /// Compares everything a transaction did.
    fn compare(
        &self,
        transaction: &Transaction,
        outcome: &Outcome,
        answer: &Answer,
    ) -> Result<(), Box<Divergence>> {
        let Some(receipt) = &outcome.receipt else { return Ok(()) };
        let (label, logs) = (&outcome.label.to_string(), answer.logs.as_slice());
        let equal = |what: &str, ours: String, theirs: String| {
            if ours == theirs { Ok(()) } else { Err(differ(what, (&ours, &theirs), label, logs)) }
        };
        let failure = receipt.failure.as_ref().map(|failure| {
            let index = u8::try_from(failure.instruction).unwrap_or(u8::MAX);
            TransactionError::InstructionError(index, failure.error.clone())
        });
        equal("the error", format!("{failure:?}"), format!("{:?}", answer.error))?;
        equal("the fee", receipt.fee.to_string(), answer.fee.to_string())?;
        let events: Vec<_> = receipt.events.iter().map(|event| event.data.clone()).collect();
        equal("the events", format!("{events:?}"), format!("{:?}", answer.events))?;
        let returned = receipt.return_data.as_ref().map(|it| (it.program_id, it.data.clone()));
        equal("the returned bytes", format!("{returned:?}"), format!("{:?}", answer.returned))?;
        let changed = receipt.changes.iter().map(|change| &change.address);
        for address in changed.chain(&transaction.message.account_keys) {
            self.compare_account(address, label, logs)?;
        }
        Ok(())
    }

    /// Compares every account that the ledger holds.
    ///
    /// # Errors
    /// The first [`Divergence`].
    pub fn compare_all(&self, label: &str) -> Result<(), Box<Divergence>> {
        let ledger = self.world.ledger();
        let addresses: Vec<Address> = ledger.accounts().map(|(address, _)| address).collect();
        addresses.iter().try_for_each(|address| self.compare_account(address, label, &[]))
    }

    /// Compares bytes, owner and lamports. What the chain itself provides, programs and sysvars,
    /// is each one's own.
    fn compare_account(
        &self,
        address: &Address,
        label: &str,
        logs: &[String],
    ) -> Result<(), Box<Divergence>> {
        let ours = self.world.ledger().account(address);
        if ours.is_some_and(|account| account.executable) {
            return Ok(());
        }
        let theirs = self.machine.account(address);
        if theirs.as_ref().is_some_and(|it| it.executable || it.owner == sysvar_owner()) {
            return Ok(());
        }
        let what = format!("account {address}");
        let text = |account: Option<&solana_account::Account>| {
            account.map_or_else(|| "nothing".into(), |account| {
                let solana_account::Account { lamports, data, owner, .. } = account;
                format!("{lamports} lamports of {owner}, {data:?}")
            })
        };
        let (ours, theirs) = (text(ours), text(theirs.as_ref()));
        if ours == theirs { Ok(()) } else { Err(differ(&what, (&ours, &theirs), label, logs)) }
    }
}

const fn sysvar_owner() -> Address {
    Address::from_str_const("Sysvar1111111111111111111111111111111111111")
}

fn compare_success(words: &str, answer: &Answer, label: &str) -> Result<(), Box<Divergence>> {
    if (words == "ok") == answer.error.is_none() {
        return Ok(());
    }
    let machine = format!("{:?}", answer.error);
    Err(differ("whether it succeeds", (words, &machine), label, &answer.logs))
}

fn differ(
    what: &str,
    (ledger, machine): (&str, &str),
    label: &str,
    logs: &[String],
) -> Box<Divergence> {
    Box::new(Divergence {
        what: what.into(),
        ledger: ledger.into(),
        machine: machine.into(),
        label: label.into(),
        logs: logs.join("\n"),
    })
}
