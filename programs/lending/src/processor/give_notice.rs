//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::GiveNotice};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &GiveNotice) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
