//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::SetPoolMode};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &SetPoolMode) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
