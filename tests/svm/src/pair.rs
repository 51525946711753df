//! A ledger and the machine, taken through the same entries side by side.

use cofferdam_ledger::{Action as Happened, Cheat, CheatError, Entry, Ledger, SubmitError};
use solana_transaction::Transaction;

use crate::{
    compare::{self, Divergence},
    machine::{Answer, Machine},
};

/// Both, after the same entries.
#[derive(Clone, Debug)]
pub struct Pair {
    ledger: Ledger,
    machine: Machine,
}

impl Pair {
    /// A ledger, and a machine that gets its time and accounts.
    ///
    /// # Errors
    /// What LiteSVM says of an account it does not take.
    pub fn new(ledger: Ledger, mut machine: Machine) -> Result<Self, String> {
        machine.copy(&ledger)?;
        Ok(Self { ledger, machine })
    }

    /// The ledger.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Does what an entry of a journal did, on both, and gives back the machine's answer to a
    /// transaction.
    ///
    /// # Errors
    /// The first [`Divergence`].
    pub fn step(&mut self, entry: &Entry, label: &str) -> Result<Option<Answer>, Box<Divergence>> {
        let words = |error: String| compare::differ("an entry", ("done before", &error), label, &[]);
        match &entry.action {
            Happened::Transaction { wire, .. } => self.send(wire, label),
            Happened::Warp(warp) => {
                self.ledger.warp(*warp).map_err(|error| words(error.to_string()))?;
                self.machine.set_clock(self.ledger.clock());
                Ok(None)
            }
            Happened::Cheat(cheat) => {
                again(&mut self.ledger, cheat).map_err(|error| words(error.to_string()))?;
                self.machine.cheat(cheat, &self.ledger).map_err(words)?;
                Ok(None)
            }
        }
    }

    /// Sends a transaction to both; one that the ledger turns away before it costs anything is not
    /// sent to the machine, which has no blockhashes to judge it by.
    ///
    /// # Errors
    /// The first [`Divergence`].
    pub fn send(
        &mut self,
        wire: &Transaction,
        label: &str,
    ) -> Result<Option<Answer>, Box<Divergence>> {
        let receipt = match self.ledger.submit(wire) {
            Ok(receipt) => receipt,
            Err(SubmitError::Failed { receipt, .. }) => *receipt,
            Err(SubmitError::Rejected(_)) => return Ok(None),
        };
        let answer = self.machine.send(wire);
        compare::transaction((&self.ledger, &self.machine), wire, (&receipt, &answer), label)?;
        Ok(Some(answer))
    }

    /// Compares every account.
    ///
    /// # Errors
    /// The first [`Divergence`].
    pub fn compare_all(&self, label: &str) -> Result<(), Box<Divergence>> {
        compare::all(&self.ledger, &self.machine, label)
    }
}

fn again(ledger: &mut Ledger, cheat: &Cheat) -> Result<(), CheatError> {
    let mut cheats = ledger.cheat();
    match cheat {
        Cheat::Airdrop { address, lamports } => cheats.airdrop(address, *lamports).map(drop),
        Cheat::SetAccount { address, account } => {
            cheats.set_account(address, account.clone()).map(drop)
        }
        Cheat::ExpireBlockhashes {} => cheats.expire_blockhashes().map(drop),
    }
}
