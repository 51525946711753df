//! Refusing: the error is a number, the log has the values.

use core::fmt;

use cofferdam_host::{Host, ProgramError};
use cofferdam_lending_interface::LendingError;

/// Logs what was wrong and turns `error` into what the chain reports.
pub(crate) fn refuse<H: Host>(
    host: &mut H,
    error: LendingError,
    detail: fmt::Arguments<'_>,
) -> ProgramError {
    host.log(detail);
    error.into()
}

/// Passes a plan on, or logs what was asked for and why it could not be planned.
pub(crate) fn planned<T, H: Host>(
    host: &mut H,
    plan: Result<T, LendingError>,
    detail: fmt::Arguments<'_>,
) -> Result<T, ProgramError> {
    plan.map_err(|error| refuse(host, error, detail))
}

/// Returns with an error and a logged detail unless the condition holds.
macro_rules! require {
    ($host:expr, $condition:expr, $error:ident, $($detail:tt)+) => {
        if !$condition {
            let error = cofferdam_lending_interface::LendingError::$error;
            return Err($crate::refuse::refuse($host, error, format_args!($($detail)+)));
        }
    };
}

pub(crate) use require;
