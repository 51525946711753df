//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::UnstakeInsurance};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &UnstakeInsurance) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
