//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::FlashRepay};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &FlashRepay) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
