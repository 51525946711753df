//! What can be done for each transaction before any of them runs.

use std::{num::NonZeroUsize, panic, thread};

use solana_transaction::Transaction;

use crate::{
    error::Rejection,
    execute::{self, Admitted, Env, Originals, Workspace, load},
};

/// A transaction that may run, as far as the state before the batch tells.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    pub(super) admitted: Admitted,
    /// The listed accounts before the batch.
    pub(super) originals: Originals<'a>,
}

/// Prepares all transactions, in order. One that is rejected here would be rejected wherever in
/// the batch it stood: its form and its blockhash have nothing to do with its neighbours.
pub(super) fn prepare<'a>(
    threads: NonZeroUsize,
    env: Env<'a>,
    transactions: &[Transaction],
) -> Vec<Result<Prepared<'a>, Rejection>> {
    let share = transactions.len().div_ceil(threads.get()).max(1);
    thread::scope(|scope| {
        let prepare_all = |share: &[Transaction]| -> Vec<Result<Prepared<'a>, Rejection>> {
            let mut workspace = Workspace::default();
            let prepare = |transaction| prepare_one(env, transaction, &mut workspace);
            share.iter().map(prepare).collect()
        };
        let (own, others) = transactions.split_at(share.min(transactions.len()));
        let others = others.chunks(share).map(|share| scope.spawn(move || prepare_all(share)));
        let others: Vec<_> = others.collect();
        let mut prepared = prepare_all(own);
        for other in others {
            prepared.extend(other.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        }
        prepared
    })
}

fn prepare_one<'a>(
    env: Env<'a>,
    transaction: &Transaction,
    workspace: &mut Workspace,
) -> Result<Prepared<'a>, Rejection> {
    let admitted = execute::admit(env, transaction, workspace)?;
    let originals = load::accounts(env.accounts, &transaction.message);
    Ok(Prepared { admitted, originals })
}
