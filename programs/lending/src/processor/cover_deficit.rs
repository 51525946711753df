//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::CoverDeficit};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &CoverDeficit) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
