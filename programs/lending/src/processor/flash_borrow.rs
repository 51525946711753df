//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::FlashBorrow};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &FlashBorrow) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
