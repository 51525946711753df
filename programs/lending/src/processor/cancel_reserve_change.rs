//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::CancelReserveChange};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &CancelReserveChange) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
