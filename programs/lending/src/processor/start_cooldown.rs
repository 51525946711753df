//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::StartCooldown};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &StartCooldown) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
