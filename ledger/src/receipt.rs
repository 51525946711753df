//! What a transaction did, as told to whoever submitted it.

use std::sync::Arc;

use cofferdam_host::{Address, Event};
use solana_account::Account;
use solana_hash::Hash;
use solana_instruction_error::InstructionError;
use solana_signature::Signature;

/// What a transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Receipt {
    /// First signature of the transaction.
    pub signature: Signature,
    /// Slot in which it ran.
    pub slot: u64,
    /// Fee in lamports.
    pub fee: u64,
    /// Compute units spent.
    pub units_consumed: u64,
    /// The top-level instructions that ran, each with the calls it made.
    pub frames: Vec<Frame>,
    /// Events in the order they were recorded; none when the transaction failed.
    pub events: Vec<RawEvent>,
    /// The bytes returned last; none when the transaction failed.
    pub return_data: Option<ReturnData>,
    /// Every account that changed, in address order.
    pub changes: Vec<AccountChange>,
    /// State root after the transaction; `None` when roots are computed on demand only.
    pub state_root: Option<Hash>,
    /// What failed, and where.
    pub failure: Option<Failure>,
}

/// The first thing that went wrong in a failed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Position of the top-level instruction.
    pub instruction: usize,
    /// The program in which it went wrong; a called one, when the error arose in a call.
    pub program_id: Address,
    /// Name of that program.
    pub program_name: Arc<str>,
    /// What went wrong.
    pub error: InstructionError,
    /// The program's own name of that error, when it is a number of the program's and the program
    /// [names its errors](crate::Program::naming_errors).
    pub error_name: Option<String>,
    /// The account on which a rule of the ledger was broken. `None` when the program refused by
    /// itself, which it explains in its log, and when no single account is to blame. An account that a
    /// program asked for by a place that its instruction does not have has no address: the log tells
    /// the place.
    pub account: Option<Address>,
}

/// One instruction that ran, top-level or called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Program that ran.
    pub program_id: Address,
    /// Its name.
    pub program_name: Arc<str>,
    /// Compute units spent, those of its calls included.
    pub units_consumed: u64,
    /// How it ended.
    pub result: Result<(), InstructionError>,
    /// What it logged and called, in order.
    pub steps: Vec<Step>,
}

/// A log line or a call of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A line the program, or the runtime on its behalf, logged.
    Log(String),
    /// A call of another program.
    Call(Frame),
}

/// An event as recorded: 8 bytes that name its type, then its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEvent {
    /// Program that recorded it.
    pub program_id: Address,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// Bytes that an instruction returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnData {
    /// Program that returned them.
    pub program_id: Address,
    /// The bytes.
    pub data: Vec<u8>,
}

/// An account before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// Address of the account.
    pub address: Address,
    /// The account before; `None` when it did not exist.
    pub before: Option<Arc<Account>>,
    /// The account after; `None` when it is gone.
    pub after: Option<Arc<Account>>,
}

impl Receipt {
    /// The events of type `E`, in order. Bytes of another type, or that do not decode
    /// completely, are passed over.
    ///
    /// The type is told by its discriminator alone: where programs do not trust each other,
    /// compare [`RawEvent::program_id`] as well.
    pub fn events<E: Event>(&self) -> impl Iterator<Item = E> {
        self.events.iter().filter_map(RawEvent::decode)
    }

    /// The log, flat: what every program logged, between the beginning and the end of each
    /// instruction.
    #[must_use]
    pub fn logs(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.frames.iter().for_each(|frame| frame.write_logs(1, &mut lines));
        lines
    }

    /// The change of one account, if it changed.
    #[must_use]
    pub fn change(&self, address: &Address) -> Option<&AccountChange> {
        self.changes.iter().find(|change| change.address == *address)
    }

    /// Where it failed, for an error message.
    pub(crate) fn failure_text(&self) -> String {
        let Some(failure) = &self.failure else { return String::new() };
        let Failure { program_name, program_id, .. } = failure;
        let named = failure.error_name.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
        let at = failure.account.map(|account| format!(", account {account}")).unwrap_or_default();
        let mut text = format!("{named} (in program {program_name}, {program_id}{at})");
        for line in self.logs() {
            text.push_str("\n  ");
            text.push_str(&line);
        }
        text
    }
}

impl RawEvent {
    /// The event, when it is one of type `E` and decodes completely.
    #[must_use]
    pub fn decode<E: Event>(&self) -> Option<E> {
        let mut fields = self.data.strip_prefix(&E::DISCRIMINATOR)?;
        let event = E::deserialize(&mut fields).ok()?;
        fields.is_empty().then_some(event)
    }
}

impl Frame {
    /// The lines this frame logged itself.
    pub fn logs(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Log(line) => Some(line.as_str()),
            Step::Call(_) => None,
        })
    }

    /// The calls this frame made.
    pub fn calls(&self) -> impl Iterator<Item = &Self> {
        self.steps.iter().filter_map(|step| match step {
            Step::Log(_) => None,
            Step::Call(frame) => Some(frame),
        })
    }

    fn write_logs(&self, depth: usize, lines: &mut Vec<String>) {
        let name = &self.program_name;
        lines.push(format!("Program {name} invoke [{depth}]"));
        for step in &self.steps {
            match step {
                Step::Log(line) => lines.push(format!("Program log: {line}")),
                Step::Call(frame) => frame.write_logs(depth + 1, lines),
            }
        }
        lines.push(match &self.result {
            Ok(()) => format!("Program {name} success, {} units", self.units_consumed),
            Err(error) => format!("Program {name} failed: {error}"),
        });
    }
}
