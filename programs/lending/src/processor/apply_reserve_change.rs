//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::ApplyReserveChange};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &ApplyReserveChange) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
