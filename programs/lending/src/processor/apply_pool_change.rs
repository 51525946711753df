//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::ApplyPoolChange};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &ApplyPoolChange) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
