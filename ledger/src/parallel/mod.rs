//! A batch of transactions on several threads, with the result of running them one by one.
//!
//! # How
//! A transaction says beforehand which accounts it reads and which it writes, and the runtime
//! holds it to that. So two transactions that write nothing the other one lists can run at the
//! same time, and everything else keeps its order:
//!
//! 1. **Prepare**, on all threads: the checks that need no account, signatures first of all, and
//!    the accounts as they stand before the batch.
//! 2. **Schedule**, on one thread: for every account the order of its readers and writers. A
//!    transaction waits for the last writer of what it reads and for the last readers of what it
//!    writes.
//! 3. **Run**, on all threads: whatever waits for nothing, on the accounts as its predecessors
//!    left them. A thread goes on with a transaction it has just set free, so a chain of
//!    transactions on one account stays on one core.
//! 4. **Commit**, in the order of the batch, by whichever thread has just finished something:
//!    accounts, replay protection, history, journal and roots change as if one by one.
//!
//! Every transaction writes its fee payer. So two copies of one message always stand in line, and
//! the second one finds that the first was processed.
//!
//! The result does not depend on the number of threads or on who is faster: a transaction reads
//! nothing but its accounts, the clock and the blockhashes, and finds each as it would have found
//! it in line. Programs that keep something outside their accounts break that, as they break
//! replay and forks.
//!
//! # How it grows with cores, and where it stops
//! - Signatures are most of the work where they are checked, and nothing stands in the way of
//!   checking them on any number of cores.
//! - Instructions run in parallel as far as the batch lets them: the time is at least that of the
//!   longest chain of transactions that follow each other through a written account. Isolated
//!   pools share no account that is written (price feeds are only read, except by those who
//!   publish), so the users of `n` pools make at least `n` chains. One pool's reserve is one
//!   chain: more cores do not help a single market.
//! - Transactions that have one fee payer in common are one chain, whatever else they do.
//! - Scheduling and committing are serial, and what is left of the time with many cores. A commit
//!   hashes the history and changes the account store; with roots after every transaction
//!   ([`crate::Recording::Roots`], [`crate::Recording::Journal`]) it hashes the paths of all
//!   changed accounts too, which is as much work as running a small transaction. So batches gain
//!   most with signatures on and roots on demand ([`crate::Recording::Nothing`]).
//! - A long batch is run in windows of a thousand transactions, between which all threads meet.
//!   Starting threads costs some ten microseconds, twice a window: a batch should have hundreds
//!   of transactions, or signatures to check.
//! - Keeping order costs about as much CPU time as running a small transaction without signature
//!   check: on two cores such batches gain little or nothing (0.7 to 1.0 times the rate when it was
//!   measured), and it takes more cores for them to. With signatures that cost disappears beside
//!   the check, and two idle cores give nearly twice the rate (1.8 and more). `cargo bench -p
//!   cofferdam-tests --bench throughput -- batches` measures both.

mod accounts;
mod commit;
mod crew;
mod prepare;
mod schedule;

use std::{num::NonZeroUsize, thread};

use solana_transaction::Transaction;

use crate::{error::SubmitError, ledger::Ledger, parallel::commit::Committer, receipt::Receipt};

use self::{crew::Crew, schedule::Schedule};

/// A longer batch is run in windows of this many transactions, one after the other. What is
/// prepared for a transaction and what came out of it then stay in the processor's cache until
/// they are needed, and a batch of any length takes the memory of one window.
const WINDOW_LEN: usize = 1_024;

impl Ledger {
    /// Runs a batch of transactions on all cores. Answers, accounts, journal and roots are those
    /// of submitting them one by one in order.
    ///
    /// Each answer is what [`Ledger::submit`] would have given, at the same position.
    pub fn submit_parallel(
        &mut self,
        transactions: &[Transaction],
    ) -> Vec<Result<Receipt, SubmitError>> {
        let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.submit_parallel_on(threads, transactions)
    }

    /// [`Ledger::submit_parallel`] on a given number of threads, which does not change the result.
    /// On one thread it is [`Ledger::submit`] in a loop.
    pub fn submit_parallel_on(
        &mut self,
        threads: NonZeroUsize,
        transactions: &[Transaction],
    ) -> Vec<Result<Receipt, SubmitError>> {
        if threads.get() == 1 {
            return transactions.iter().map(|transaction| self.submit(transaction)).collect();
        }
        let mut answers = Vec::with_capacity(transactions.len());
        for window in transactions.chunks(WINDOW_LEN) {
            answers.extend(self.submit_window(threads, window));
        }
        answers
    }

    fn submit_window(
        &mut self,
        threads: NonZeroUsize,
        transactions: &[Transaction],
    ) -> Vec<Result<Receipt, SubmitError>> {
        // A copy to read from, because the ledger itself is being committed to in the meantime.
        let before = self.fork();
        let env = before.env();
        let prepared = prepare::prepare(threads, env, transactions);
        let schedule = Schedule::new(transactions, &prepared);
        let committer = Committer::new(self, transactions);
        Crew::new(env.chain, transactions, prepared, &schedule, committer).run(threads)
    }
}
