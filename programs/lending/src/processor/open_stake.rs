//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::OpenStake};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &OpenStake) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
