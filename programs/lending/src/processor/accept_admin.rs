//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::AcceptAdmin};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &AcceptAdmin) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
