//! The threads that run a batch.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    num::NonZeroUsize,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use smallvec::SmallVec;
use solana_account::Account;
use solana_transaction::Transaction;

use super::{
    accounts::Slot,
    commit::{Committer, Outcome},
    prepare::Prepared,
    schedule::Schedule,
};
use crate::{
    error::{Rejection, SubmitError},
    execute::{self, Chain, Originals, Workspace},
    receipt::Receipt,
};

/// How many transactions a thread runs one after the other down a chain before it looks whether
/// earlier ones wait. Commits follow the order of the batch: a thread that ran a whole chain first
/// would leave all commits to the end, where they run alone.
const STINT: usize = 32;

/// What the batch made so far of the accounts of a transaction.
type Written = SmallVec<[Option<Option<Arc<Account>>>; 16]>;

/// A batch that is being run.
#[derive(Debug)]
pub(super) struct Crew<'a> {
    chain: Chain<'a>,
    transactions: &'a [Transaction],
    schedule: &'a Schedule,
    /// What each transaction starts with; taken by who runs it.
    prepared: Vec<Mutex<Option<Result<Prepared<'a>, Rejection>>>>,
    /// Whether a message was processed, at the place of the first transaction that has it.
    processed: Vec<AtomicBool>,
    /// What each transaction gave; taken by who commits it.
    outcomes: Vec<Mutex<Option<Outcome>>>,
    /// Transactions that wait for nobody and that nobody runs yet.
    queue: Mutex<Queue>,
    /// Transactions that did not run yet.
    left: AtomicUsize,
    /// Rung when there is something in the queue, or nothing to come any more.
    bell: Condvar,
    committer: Mutex<Committer<'a>>,
}

#[derive(Debug)]
struct Queue {
    /// The earliest of the batch comes out first.
    ready: BinaryHeap<Reverse<usize>>,
    /// Threads that wait for the bell; without any it need not be rung.
    sleeping: usize,
    /// Whether a thread was lost, so that not all transactions will run.
    is_closed: bool,
}

impl<'a> Crew<'a> {
    pub(super) fn new(
        chain: Chain<'a>,
        transactions: &'a [Transaction],
        prepared: Vec<Result<Prepared<'a>, Rejection>>,
        schedule: &'a Schedule,
        committer: Committer<'a>,
    ) -> Self {
        let waits = |at: &usize| schedule.waiting[*at].load(Ordering::Relaxed) > 0;
        let ready = (0..prepared.len()).filter(|at| !waits(at)).map(Reverse).collect();
        Self {
            chain,
            transactions,
            schedule,
            processed: prepared.iter().map(|_| AtomicBool::new(false)).collect(),
            outcomes: prepared.iter().map(|_| Mutex::new(None)).collect(),
            queue: Mutex::new(Queue { ready, sleeping: 0, is_closed: false }),
            left: AtomicUsize::new(prepared.len()),
            prepared: prepared.into_iter().map(|prepared| Mutex::new(Some(prepared))).collect(),
            bell: Condvar::new(),
            committer: Mutex::new(committer),
        }
    }

    /// Runs everything; returns the answers in order.
    pub(super) fn run(self, threads: NonZeroUsize) -> Vec<Result<Receipt, SubmitError>> {
        thread::scope(|scope| {
            for _ in 1..threads.get() {
                scope.spawn(|| self.work());
            }
            self.work();
        });
        // Who finished last may have found another thread committing, and that one its loop over.
        self.commit();
        self.committer.into_inner().unwrap_or_else(PoisonError::into_inner).into_answers()
    }

    /// Runs what is ready until nothing is left.
    fn work(&self) {
        let mut workspace = Workspace::default();
        let alarm = Alarm { crew: self };
        while let Some(first) = self.take() {
            let mut next = Some(first);
            for _ in 0..STINT {
                let Some(transaction) = next else { break };
                let outcome = self.execute(transaction, &mut workspace);
                *lock(&self.outcomes[transaction]) = Some(outcome);
                next = self.release(transaction);
                self.commit();
            }
            self.offer(next);
        }
        drop(alarm);
    }

    /// The next transaction that is ready; `None` when none will be any more.
    fn take(&self) -> Option<usize> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(Reverse(transaction)) = queue.ready.pop() {
                return Some(transaction);
            }
            if self.left.load(Ordering::Acquire) == 0 || queue.is_closed {
                return None;
            }
            queue.sleeping += 1;
            queue = self.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.sleeping -= 1;
        }
    }

    /// Leaves transactions that are ready to whoever has nothing to do.
    fn offer(&self, ready: impl IntoIterator<Item = usize>) {
        let mut ready = ready.into_iter().map(Reverse).peekable();
        if ready.peek().is_some() {
            let mut queue = lock(&self.queue);
            queue.ready.extend(ready);
            self.ring(&queue);
        }
    }

    /// Wakes who sleeps. Asks for the queue, so that nobody is just about to fall asleep.
    fn ring(&self, queue: &Queue) {
        if queue.sleeping > 0 {
            self.bell.notify_all();
        }
    }

    /// Runs a transaction and leaves its changes to those that wait for it.
    fn execute(&self, transaction: usize, workspace: &mut Workspace) -> Outcome {
        let prepared = lock(&self.prepared[transaction]).take();
        let Some(prepared) = prepared else { unreachable!("each transaction is ready once") };
        let Prepared { admitted, originals } = prepared?;
        let wire = &self.transactions[transaction];
        // The copies of a message have the same fee payer, so the first one is over.
        let processed = &self.processed[self.schedule.original[transaction]];
        if processed.load(Ordering::Relaxed) {
            return Err(Rejection::AlreadyProcessed(wire.signatures[0]));
        }
        admitted.signatures?;
        let slots = self.schedule.slots_of(transaction);
        let written: Written = slots.map(|slot| slot.and_then(Slot::read)).collect();
        let places = originals.into_iter().zip(&written);
        let originals: Originals<'_> =
            places.map(|(before, now)| now.as_ref().map_or(before, Option::as_ref)).collect();
        let accounts = (&*admitted.writable, admitted.message_hash);
        let executed = execute::run(self.chain, wire, accounts, &originals, None, workspace)?;
        processed.store(true, Ordering::Relaxed);
        for change in &executed.changes {
            let keys = wire.message.account_keys.iter();
            let mut places = keys.zip(self.schedule.slots_of(transaction));
            if let Some((_, Some(slot))) = places.find(|(key, _)| **key == change.address) {
                slot.write(change);
            }
        }
        Ok(executed)
    }

    /// Sets free what waited for `transaction`. The caller goes on with one of those, whose
    /// accounts it has in its cache; the others are for everybody.
    fn release(&self, transaction: usize) -> Option<usize> {
        let mut own = None;
        let mut others = Vec::new();
        for successor in self.schedule.successors(transaction) {
            // Acquire and release: what the predecessors wrote is seen by who runs the successor.
            if self.schedule.waiting[successor].fetch_sub(1, Ordering::AcqRel) == 1 {
                others.extend(own.replace(successor));
            }
        }
        self.offer(others);
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.ring(&lock(&self.queue));
        }
        own
    }

    /// Commits what can be committed, unless somebody is at it already.
    fn commit(&self) {
        if let Ok(mut committer) = self.committer.try_lock() {
            committer.commit(|transaction| lock(&self.outcomes[transaction]).take());
        }
    }
}

/// Sends everybody home when a thread is torn down by a panic of the ledger itself, which then
/// reaches the caller. Otherwise the others would wait for its transactions for ever.
struct Alarm<'a, 'b> {
    crew: &'a Crew<'b>,
}

impl Drop for Alarm<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let mut queue = lock(&self.crew.queue);
            queue.ready.clear();
            queue.is_closed = true;
            drop(queue);
            self.crew.bell.notify_all();
        }
    }
}

/// Locks whatever happened to another holder: nobody leaves something half-written behind a lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
