//! Hostile transactions to the System and SPL Token programs: every instruction they have, honest
//! or with signers, privileges, accounts and bytes changed.

mod cast;
mod change;
mod honest;

use cofferdam_ledger::Ledger;
use cofferdam_sdk::{Client, Instruction};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use solana_system_interface::instruction::transfer;
use solana_transaction::Transaction;

use self::cast::Cast;
use crate::{compare::Divergence, known, machine::Machine, pair::Pair};

/// Most instructions of one transaction.
const INSTRUCTIONS_MAX: u64 = 3;

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Transactions compared.
    pub transactions: u64,
    /// Of these, how many succeeded.
    pub succeeded: u64,
}

/// Where every scenario begins: the cast and what it owns, on both.
#[derive(Clone, Debug)]
pub struct Stage {
    cast: Cast,
    pair: Pair,
}

impl Stage {
    /// Sets the stage.
    ///
    /// # Errors
    /// What LiteSVM says of an account it does not take.
    pub fn set(machine: Machine) -> Result<Self, String> {
        let (cast, ledger) = Cast::funded().map_err(|error| error.to_string())?;
        Ok(Self { cast, pair: Pair::new(ledger, machine, known::of_builtins)? })
    }

    /// Sends `count` transactions drawn from `seed` to both.
    ///
    /// # Errors
    /// The first [`Divergence`].
    pub fn scenario(&self, seed: u64, count: u64) -> Result<Counts, Box<Divergence>> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut pair, mut counts) = (self.pair.clone(), Counts::default());
        for number in 0..count {
            let instructions = self.draw(&mut rng);
            let wire = self.sign(pair.ledger(), &instructions, number);
            let label = format!("transaction {number}: {instructions:?}");
            if let Some(answer) = pair.send(&wire, &label)? {
                counts.transactions += 1;
                counts.succeeded += u64::from(answer.error.is_none());
            }
        }
        pair.compare_all("the whole scenario")?;
        Ok(counts)
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<Instruction> {
        let count = 1 + below(rng, INSTRUCTIONS_MAX);
        let one = |_| {
            let honest = honest::instruction(&self.cast, rng);
            if below(rng, 2) == 0 { honest } else { change::changed(&self.cast, rng, honest) }
        };
        (0..count).map(one).collect()
    }

    /// Signs with the keys of the whole cast; those that nothing asks for are left out. A transfer
    /// of `number` lamports comes first, so that no two transactions are the same.
    fn sign(&self, ledger: &Ledger, instructions: &[Instruction], number: u64) -> Transaction {
        let payer = self.cast.payer();
        let apart = transfer(&payer, &payer, number);
        let all = [apart].into_iter().chain(instructions.iter().cloned());
        Client::new(ledger.clone()).tx().extend(all).sign(self.cast.keys()).transaction().clone()
    }
}

/// A number below `bound`.
fn below(rng: &mut ChaCha8Rng, bound: u64) -> u64 {
    rng.next_u64() % bound
}

/// One of `choices`.
fn one<T: Clone>(rng: &mut ChaCha8Rng, choices: &[T]) -> T {
    let at = below(rng, choices.len() as u64);
    choices[usize::try_from(at).expect("an index of a slice")].clone()
}
