//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::QueueReserveChange};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &QueueReserveChange) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
