//! Counters of what a ledger does.

use std::{collections::BTreeMap, sync::Arc};

use cofferdam_host::Address;
use solana_instruction_error::InstructionError;
use solana_transaction_error::TransactionError;

use crate::{
    error::SubmitError,
    ledger::Ledger,
    receipt::{AccountChange, Frame, Receipt},
};

/// What a ledger did since counting began: numbers that only grow, and that are the same for the
/// same transactions on every machine.
///
/// A ledger counts when it is asked to ([`Ledger::set_metrics`]), and whoever holds answers can
/// count them with [`Metrics::count`]. Counters are part of the state: a fork goes on from them by
/// itself, and going back to a snapshot takes back what was counted since. So a replay of a journal
/// arrives at what its ledger counted, but for the rejected transactions, of which no journal knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Transactions that succeeded.
    pub succeeded: u64,
    /// Transactions that ran and failed, by what went wrong where.
    pub failed: BTreeMap<FailureKind, u64>,
    /// Transactions turned away before they ran, by the standard name of the error.
    pub rejected: BTreeMap<String, u64>,
    /// Fees taken, in lamports.
    pub fees_lamports: u128,
    /// Compute units spent.
    pub units: u128,
    /// Most compute units one transaction spent.
    pub units_max: u64,
    /// What each program did, by its address.
    pub programs: BTreeMap<Address, ProgramMetrics>,
    /// How many instructions ran at each depth of the stack; 1 is top-level.
    pub instructions_by_depth: BTreeMap<usize, u64>,
    /// What happened to accounts.
    pub accounts: AccountMetrics,
    /// Moves of the clock.
    pub warps: u64,
    /// Slots that passed in them.
    pub slots: u64,
    /// Changes that no transaction could make.
    pub cheats: u64,
}

/// One way to fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FailureKind {
    /// Program in which it went wrong; `None` when no program did wrong, as when an account was
    /// left without rent.
    pub program_id: Option<Address>,
    /// Standard name of the error, without its fields.
    pub error: String,
    /// The program's own number of the error, when it is `Custom`.
    pub code: Option<u32>,
}

/// What one program did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgramMetrics {
    /// Its name.
    pub name: String,
    /// Top-level instructions that ran.
    pub instructions: u64,
    /// Calls of it by other programs, and by itself.
    pub calls: u64,
    /// How many of both failed; the caller of what failed has failed too.
    pub failures: u64,
    /// Compute units spent, those of its calls left out.
    pub units: u128,
    /// Lines of log.
    pub log_lines: u64,
    /// Events of transactions that succeeded.
    pub events: u64,
    /// Bytes of these events.
    pub event_bytes: u64,
}

/// What transactions did to accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountMetrics {
    /// Accounts that came into being.
    pub created: u64,
    /// Accounts that ended.
    pub closed: u64,
    /// Accounts that were changed, and are neither created nor closed.
    pub changed: u64,
    /// Bytes of data written: the whole length of every account whose data is not what it was.
    pub bytes_written: u64,
    /// Bytes by which accounts grew, new ones included.
    pub bytes_grown: u64,
    /// Bytes by which accounts shrank, closed ones included.
    pub bytes_freed: u64,
}

impl Metrics {
    /// Counts an answer of [`Ledger::submit`].
    pub fn count(&mut self, answer: &Result<Receipt, SubmitError>) {
        match answer {
            Ok(receipt) => self.count_success(receipt),
            Err(error) => self.count_error(error),
        }
    }

    /// Transactions that ran and failed, in whatever way.
    #[must_use]
    pub fn failed_total(&self) -> u64 {
        self.failed.values().sum()
    }

    /// Transactions that were turned away, for whatever reason.
    #[must_use]
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Deepest stack of instructions seen; zero before the first.
    #[must_use]
    pub fn depth_max(&self) -> usize {
        self.instructions_by_depth.keys().next_back().copied().unwrap_or_default()
    }

    pub(crate) fn count_success(&mut self, receipt: &Receipt) {
        self.succeeded += 1;
        self.count_receipt(receipt);
    }

    pub(crate) fn count_error(&mut self, error: &SubmitError) {
        match error {
            SubmitError::Rejected(rejection) => {
                let name = variant_name(&rejection.transaction_error());
                *self.rejected.entry(name).or_default() += 1;
            }
            SubmitError::Failed { error, receipt } => {
                *self.failed.entry(FailureKind::of(error, receipt)).or_default() += 1;
                self.count_receipt(receipt);
            }
        }
    }

    pub(crate) fn count_warp(&mut self, slots: u64) {
        self.warps += 1;
        self.slots += slots;
    }

    fn count_receipt(&mut self, receipt: &Receipt) {
        self.fees_lamports += u128::from(receipt.fee);
        self.units += u128::from(receipt.units_consumed);
        self.units_max = self.units_max.max(receipt.units_consumed);
        receipt.frames.iter().for_each(|frame| self.count_frame(frame, 1));
        receipt.changes.iter().for_each(|change| self.accounts.count(change));
        for event in &receipt.events {
            let program = self.programs.entry(event.program_id).or_default();
            program.events += 1;
            program.event_bytes += event.data.len() as u64;
        }
    }

    fn count_frame(&mut self, frame: &Frame, depth: usize) {
        *self.instructions_by_depth.entry(depth).or_default() += 1;
        let program = self.programs.entry(frame.program_id).or_default();
        if program.name.is_empty() {
            program.name.push_str(&frame.program_name);
        }
        let of_calls: u128 = frame.calls().map(|call| u128::from(call.units_consumed)).sum();
        program.units += u128::from(frame.units_consumed) - of_calls;
        program.failures += u64::from(frame.result.is_err());
        match depth {
            1 => program.instructions += 1,
            _ => program.calls += 1,
        }
        program.log_lines += frame.logs().count() as u64;
        frame.calls().for_each(|call| self.count_frame(call, depth + 1));
    }
}

impl FailureKind {
    fn of(error: &TransactionError, receipt: &Receipt) -> Self {
        let Some(failure) = &receipt.failure else {
            return Self { program_id: None, error: variant_name(error), code: None };
        };
        let code = match failure.error {
            InstructionError::Custom(code) => Some(code),
            _ => None,
        };
        let error = variant_name(&failure.error);
        Self { program_id: Some(failure.program_id), error, code }
    }
}

impl AccountMetrics {
    fn count(&mut self, change: &AccountChange) {
        match (&change.before, &change.after) {
            (None, Some(after)) => {
                self.created += 1;
                self.bytes_written += after.data.len() as u64;
                self.bytes_grown += after.data.len() as u64;
            }
            (Some(before), None) => {
                self.closed += 1;
                self.bytes_freed += before.data.len() as u64;
            }
            (Some(before), Some(after)) => {
                let (was, is) = (before.data.len() as u64, after.data.len() as u64);
                self.changed += 1;
                self.bytes_written += if before.data == after.data { 0 } else { is };
                self.bytes_grown += is.saturating_sub(was);
                self.bytes_freed += was.saturating_sub(is);
            }
            (None, None) => {}
        }
    }
}

impl Ledger {
    /// What was counted; `None` when nothing is.
    #[must_use]
    pub fn metrics(&self) -> Option<&Metrics> {
        self.state.metrics.as_deref()
    }

    /// Counts from now on, onto `metrics`, or stops with `None`. Returns what was counted so far:
    /// whoever hands in fresh counters every hour has a series.
    ///
    /// It costs a few look-ups a transaction, so a new or loaded ledger does not count.
    pub fn set_metrics(&mut self, metrics: Option<Metrics>) -> Option<Metrics> {
        let before = std::mem::replace(&mut self.state.metrics, metrics.map(Arc::new));
        before.map(Arc::unwrap_or_clone)
    }
}

/// The name of an enum's variant, without its fields.
fn variant_name(error: &impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    text.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default().to_owned()
}
