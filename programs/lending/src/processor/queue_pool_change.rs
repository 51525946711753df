//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::QueuePoolChange};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &QueuePoolChange) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
