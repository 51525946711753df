//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::CancelPoolChange};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &CancelPoolChange) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
