//! A ledger and the machine, taken through the same entries side by side.

use cofferdam_ledger::{Action as Happened, Cheat, CheatError, Entry, Ledger, SubmitError};
use solana_transaction::Transaction;

use crate::{
    compare::{self, Divergence},
    known::Known,
    machine::{Answer, Machine},
};

/// Both, after the same entries.
#[derive(Clone, Debug)]
pub struct Pair {
    ledger: Ledger,
    machine: Machine,
    known: Known,
}

impl Pair {
    /// A ledger, and a machine that gets its time and accounts. Errors may differ as `known` says.
    ///
    /// # Errors
    /// What LiteSVM says of an account it does not take.
    pub fn new(ledger: Ledger, mut machine: Machine, known: Known) -> Result<Self, String> {
        machine.copy(&ledger)?;
        Ok(Self { ledger, machine, known })
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
        let words =
            |error: String| compare::differ("an entry", ("done before", &error), label, &[]);
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
        let (receipt, error) = match self.ledger.submit(wire) {
            Ok(receipt) => (receipt, None),
            Err(SubmitError::Failed { receipt, error }) => (*receipt, Some(error)),
            Err(SubmitError::Rejected(_)) => return Ok(None),
        };
        let answer = self.machine.send(wire);
        let sides = (&self.ledger, &self.machine);
        let ours = (&receipt, error.as_ref());
        compare::transaction(sides, wire, (ours, &answer), (label, self.known))?;
        if error != answer.error {
            self.agree(wire)?;
        }
        Ok(Some(answer))
    }

    /// After a known difference both go on from what the ledger has.
    fn agree(&mut self, wire: &Transaction) -> Result<(), Box<Divergence>> {
        for address in &wire.message.account_keys {
            let account = self.ledger.account(address).cloned().unwrap_or_default();
            if account.executable || self.machine.is_of_the_chain(address) {
                continue;
            }
            let done = self.machine.set_account(*address, &account);
            done.map_err(|error| compare::differ("an account", ("kept", &error), "known", &[]))?;
        }
        Ok(())
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
