//! Saying no: what goes on record, into the log, and back to the program.

use cofferdam_host::ProgramError;
use solana_instruction_error::InstructionError;

use super::{Execution, Running, Scene};
use crate::{genesis::Genesis, receipt::Step};

/// Records that a rule was broken, and logs on which account.
pub(crate) fn deny(
    scene: Scene<'_>,
    execution: &mut Execution,
    running: &mut Running<'_>,
    index: usize,
    error: InstructionError,
) {
    let line = format!("account {index} of the transaction: {error}");
    log(scene.genesis, execution, running, line);
    let account = scene.message.account_keys.get(index).copied();
    execution.fail_at(running, error, account);
}

/// Adds a line to the frame's log, as long as the transaction's log has room.
pub(crate) fn log(
    genesis: &Genesis,
    execution: &mut Execution,
    running: &mut Running<'_>,
    line: String,
) {
    let full = execution.log_bytes > genesis.log_bytes_max;
    if full {
        return;
    }
    execution.log_bytes += line.len();
    let fits = execution.log_bytes <= genesis.log_bytes_max;
    let text = if fits { line } else { "Log truncated".to_owned() };
    running.steps.push(Step::Log(text));
}

pub(crate) fn instruction_error(error: ProgramError) -> InstructionError {
    InstructionError::from(u64::from(error))
}

/// The error a program is handed for a refusal of the runtime. Some have no equivalent; what
/// the program makes of it does not matter, since the refusal itself is on record.
pub(crate) fn program_error(error: InstructionError) -> ProgramError {
    ProgramError::try_from(error).unwrap_or(ProgramError::InvalidArgument)
}
