//! A world and its twin on the machine.

use cofferdam_ledger::{Action as Happened, Entry, Journal};
use cofferdam_tests::{
    action::{Action, Outcome},
    world::World,
};

use crate::{
    compare::{self, Divergence},
    known,
    machine::Machine,
};

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
        machine.copy(ledger)?;
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
                let label = outcome.label.to_string();
                compare::success(words, &answer, &label)?;
                let sides = (self.world.ledger(), &self.machine);
                match outcome.receipt.as_ref().filter(|_| is_last) {
                    Some(receipt) => {
                        let error = compare::error_of(receipt);
                        let ours = (receipt, error.as_ref());
                        compare::transaction(sides, wire, (ours, &answer), (&label, known::none))
                    }
                    None => Ok(()),
                }
            }
            Happened::Warp(_) => {
                self.machine.set_clock(self.world.ledger().clock());
                Ok(())
            }
            Happened::Cheat(cheat) => {
                let done = self.machine.cheat(cheat, self.world.ledger());
                done.map_err(|error| compare::differ("a cheat", ("done", &error), "cheat", &[]))
            }
        }
    }

    /// Compares every account that the ledger holds.
    ///
    /// # Errors
    /// The first [`Divergence`].
    pub fn compare_all(&self, label: &str) -> Result<(), Box<Divergence>> {
        compare::all(self.world.ledger(), &self.machine, label)
    }
}
