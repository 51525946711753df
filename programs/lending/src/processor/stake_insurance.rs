//! PENDING

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::StakeInsurance};

pub(crate) fn process<H: Host>(_host: &mut H, _args: &StakeInsurance) -> ProgramResult {
    Err(LendingError::InvalidInstruction.into())
}
