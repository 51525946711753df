//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::UpdatePool};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &UpdatePool) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
