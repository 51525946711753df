use cofferdam_host::ProgramError;
use cofferdam_ledger::{CheatError, Receipt, SubmitError};
use cofferdam_lending_interface::LendingError;
use solana_address::Address;

use crate::human::NumberError;

/// What can go wrong between a person and the chain.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The lending program refused; the log has the values.
    #[error("{} ({}): {error}{}", .error.name(), .error.code(), indented(.receipt))]
    Lending {
        /// Why.
        error: LendingError,
        /// What the failed transaction left: the fee, and the log.
        receipt: Box<Receipt>,
    },
    /// Rejected, or failed in another program.
    #[error("{0}")]
    Submit(#[source] SubmitError),
    /// There is no such account.
    #[error("there is no {what} at {address}; create it first, or check the address")]
    Missing {
        /// What was looked for.
        what: &'static str,
        /// Where.
        address: Address,
    },
    /// The account is something else.
    #[error("the account at {address} is no {what}: {error}; check the address")]
    WrongAccount {
        /// What was looked for.
        what: &'static str,
        /// Where.
        address: Address,
        /// What is wrong with it.
        error: ProgramError,
    },
    /// A number cannot be what the ledger counts.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A local ledger refused a cheat.
    #[error(transparent)]
    Cheat(#[from] CheatError),
    /// A name or symbol is too long.
    #[error("{field} is {text:?}, longer than {max_len} bytes; choose a shorter one")]
    TooLong {
        /// What was being set.
        field: &'static str,
        /// What was typed.
        text: String,
        /// Bytes there are.
        max_len: usize,
    },
    /// The program's math refused a preview.
    #[error("{0}")]
    Preview(LendingError),
}

impl ClientError {
    /// The lending program's error, when that is what it was.
    #[must_use]
    pub const fn lending(&self) -> Option<LendingError> {
        match self {
            Self::Lending { error, .. } | Self::Preview(error) => Some(*error),
            _ => None,
        }
    }

    /// The receipt of a transaction that ran and failed.
    #[must_use]
    pub fn into_receipt(self) -> Option<Receipt> {
        match self {
            Self::Lending { receipt, .. } | Self::Submit(SubmitError::Failed { receipt, .. }) => {
                Some(*receipt)
            }
            _ => None,
        }
    }
}

impl From<SubmitError> for ClientError {
    fn from(error: SubmitError) -> Self {
        match (error.decode::<LendingError>(), error) {
            (Some(lending), SubmitError::Failed { receipt, .. }) => {
                Self::Lending { error: lending, receipt }
            }
            (_, error) => Self::Submit(error),
        }
    }
}

/// The log below the sentence, a line each.
fn indented(receipt: &Receipt) -> String {
    receipt.logs().iter().map(|line| format!("\n    {line}")).collect()
}
