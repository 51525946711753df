//! The programs every ledger has. They are ordinary programs: they see the chain through
//! [`cofferdam_host::Host`] and are judged by the same rules as any other.

mod system;
mod token;

use cofferdam_host::cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID};
use num_traits::FromPrimitive;
use solana_system_interface::error::SystemError;
use spl_token_interface::error::TokenError;

use crate::program::{Growth, Program};

pub(crate) fn programs() -> [Program; 2] {
    let system =
        Program::native(SYSTEM_PROGRAM_ID, "system", |host, data| system::process(host, data));
    let token = Program::native(TOKEN_PROGRAM_ID, "token", |host, data| token::process(host, data));
    let system = Program { growth: Growth::Unlimited, ..system };
    let token_error = |code| TokenError::try_from(code).ok().map(|error| format!("{error:?}"));
    let system_error = |code| SystemError::from_u32(code).map(|error| format!("{error:?}"));
    [system.naming_errors(system_error), token.naming_errors(token_error)]
}
