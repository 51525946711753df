//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::SetReserveMode};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &SetReserveMode) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
