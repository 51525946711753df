//! Putting results into the ledger, in the order of the batch.

use solana_transaction::Transaction;

use crate::{
    error::{Rejection, SubmitError},
    execute::Executed,
    ledger::Ledger,
    receipt::Receipt,
};

/// What running a transaction gave.
pub(super) type Outcome = Result<Executed, Rejection>;

/// Commits one transaction after the other.
#[derive(Debug)]
pub(super) struct Committer<'a> {
    ledger: &'a mut Ledger,
    transactions: &'a [Transaction],
    answers: Vec<Result<Receipt, SubmitError>>,
}

impl<'a> Committer<'a> {
    pub(super) fn new(ledger: &'a mut Ledger, transactions: &'a [Transaction]) -> Self {
        Self { ledger, transactions, answers: Vec::with_capacity(transactions.len()) }
    }

    /// Commits from the first transaction that is not committed yet, as long as `outcome_of` has
    /// the outcome.
    pub(super) fn commit(&mut self, outcome_of: impl Fn(usize) -> Option<Outcome>) {
        while let Some(transaction) = self.transactions.get(self.answers.len()) {
            let Some(outcome) = outcome_of(self.answers.len()) else { return };
            let answer = match outcome {
                Ok(executed) => self.ledger.commit(transaction, executed),
                Err(rejection) => Err(self.ledger.turn_away(rejection)),
            };
            self.answers.push(answer);
        }
    }

    pub(super) fn into_answers(self) -> Vec<Result<Receipt, SubmitError>> {
        self.answers
    }
}
