//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::ProposeAdmin};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &ProposeAdmin) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
