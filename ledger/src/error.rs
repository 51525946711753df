//! What can go wrong for whoever uses a ledger. Each error says what to do about it.

use cofferdam_host::{Address, ErrorCode, ProgramError};
use solana_hash::Hash;
use solana_instruction_error::InstructionError;
use solana_signature::Signature;
use solana_transaction_error::TransactionError;
use thiserror::Error;

use crate::receipt::Receipt;

/// Why a transaction was not, or not successfully, executed.
#[derive(Clone, Debug, Error)]
pub enum SubmitError {
    /// The transaction was turned away before it ran. It left no trace: no fee, no journal
    /// entry, and the same transaction may be submitted again.
    #[error("transaction rejected: {0}")]
    Rejected(#[from] Rejection),
    /// The transaction ran and failed. The fee is paid, nothing else changed.
    #[error("transaction failed: {error}{}", receipt.failure_text())]
    Failed {
        /// Why it failed.
        error: TransactionError,
        /// What happened until then.
        receipt: Box<Receipt>,
    },
}

impl SubmitError {
    /// The failing program's own error, when the transaction failed with one of `E`'s codes
    /// and it was `E`'s program that raised it. The code of another program is never mistaken
    /// for `E`'s, however deep in the call tree it arose.
    #[must_use]
    pub fn decode<E: ErrorCode>(&self) -> Option<E> {
        let Self::Failed { receipt, .. } = self else { return None };
        let failure = receipt.failure.as_ref()?;
        match failure.error {
            InstructionError::Custom(code) if failure.program_id == E::PROGRAM_ID => {
                E::from_code(code)
            }
            _ => None,
        }
    }

    /// The log lines of the transaction; none when it was rejected.
    #[must_use]
    pub fn logs(&self) -> Vec<String> {
        self.receipt().map(Receipt::logs).unwrap_or_default()
    }

    /// The receipt of a transaction that ran and failed.
    #[must_use]
    pub fn receipt(&self) -> Option<&Receipt> {
        match self {
            Self::Rejected(_) => None,
            Self::Failed { receipt, .. } => Some(receipt),
        }
    }

    /// The error under its standard name.
    #[must_use]
    pub fn transaction_error(&self) -> TransactionError {
        match self {
            Self::Rejected(rejection) => rejection.transaction_error(),
            Self::Failed { error, .. } => error.clone(),
        }
    }
}

/// Why a transaction was turned away before it ran.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Rejection {
    /// More bytes than a packet holds.
    #[error("the transaction has {len} bytes on the wire and {max} are allowed: split it")]
    TooLarge {
        /// Bytes on the wire.
        len: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// The message contradicts itself.
    #[error("the message is malformed: {0}")]
    Malformed(Malformed),
    /// More accounts than a transaction may lock.
    #[error("the transaction lists {count} accounts and {max} are allowed: split it")]
    TooManyAccounts {
        /// Accounts listed.
        count: usize,
        /// Most accounts allowed.
        max: usize,
    },
    /// One address stands at two places of the account list.
    #[error("account {0} is listed twice: list it once and refer to its index")]
    DuplicateAccount(Address),
    /// The blockhash is unknown or too old.
    #[error("blockhash {0} is unknown or has expired: fetch a new blockhash and sign again")]
    BlockhashNotFound(Hash),
    /// The very same message was processed before.
    #[error(
        "transaction {0} was already processed: to do the same thing again fetch a new \
         blockhash, which every slot brings, and sign again"
    )]
    AlreadyProcessed(Signature),
    /// A signature does not fit its signer and the message.
    #[error(
        "the signature of {0} does not match the message: sign the final message with that key"
    )]
    WrongSignature(Address),
    /// The fee payer has no account.
    #[error("fee payer {0} has no account: fund it")]
    PayerNotFound(Address),
    /// The fee payer is not a plain wallet.
    #[error("fee payer {payer} belongs to {owner} or holds data: pay from a plain wallet")]
    PayerNotWallet {
        /// The fee payer.
        payer: Address,
        /// Its owner.
        owner: Address,
    },
    /// The fee payer cannot pay.
    #[error("fee payer {payer} holds {lamports} lamports and the fee is {fee}: fund it")]
    PayerCannotPay {
        /// The fee payer.
        payer: Address,
        /// What it holds.
        lamports: u64,
        /// The fee.
        fee: u64,
    },
    /// Paying would leave the fee payer with too little to exist.
    #[error(
        "the fee would leave payer {payer} with {left} lamports, less than the {minimum} that \
         keep an account: fund it, or leave it with nothing"
    )]
    PayerBelowRent {
        /// The fee payer.
        payer: Address,
        /// What would be left.
        left: u64,
        /// Rent-exempt balance of a wallet.
        minimum: u64,
    },
}

impl Rejection {
    /// The error under its standard name.
    #[must_use]
    pub fn transaction_error(&self) -> TransactionError {
        match self {
            Self::TooLarge { .. } | Self::Malformed(_) => TransactionError::SanitizeFailure,
            Self::TooManyAccounts { .. } => TransactionError::TooManyAccountLocks,
            Self::DuplicateAccount(_) => TransactionError::AccountLoadedTwice,
            Self::BlockhashNotFound(_) => TransactionError::BlockhashNotFound,
            Self::AlreadyProcessed(_) => TransactionError::AlreadyProcessed,
            Self::WrongSignature(_) => TransactionError::SignatureFailure,
            Self::PayerNotFound(_) => TransactionError::AccountNotFound,
            Self::PayerNotWallet { .. } => TransactionError::InvalidAccountForFee,
            Self::PayerCannotPay { .. } => TransactionError::InsufficientFundsForFee,
            Self::PayerBelowRent { .. } => {
                TransactionError::InsufficientFundsForRent { account_index: 0 }
            }
        }
    }
}

/// How a message contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The number of signatures is not the number of signers.
    #[error("it carries {signatures} signatures for {signers} signers")]
    SignatureCount {
        /// Signatures carried.
        signatures: usize,
        /// Signers the header announces.
        signers: usize,
    },
    /// The header announces more accounts than the message lists.
    #[error("its header describes more accounts than the {0} it lists")]
    Header(usize),
    /// Nobody pays the fee.
    #[error("no writable signer could pay the fee")]
    NoPayer,
    /// An instruction refers to an account that is not listed.
    #[error("instruction {instruction} refers to account {account} of {listed}")]
    AccountIndex {
        /// Position of the instruction.
        instruction: usize,
        /// The index it uses.
        account: usize,
        /// Accounts listed.
        listed: usize,
    },
    /// The fee payer is called as a program.
    #[error("instruction {0} runs the fee payer as a program")]
    PayerIsProgram(usize),
}

/// Why a typed account could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// There is no account at the address.
    #[error("{name} account {address} does not exist: check the address, or create it first")]
    NotFound {
        /// Type asked for.
        name: &'static str,
        /// Address asked for.
        address: Address,
    },
    /// The account belongs to another program.
    #[error(
        "account {address} belongs to {actual}, a {name} belongs to {expected}: check the address"
    )]
    WrongOwner {
        /// Type asked for.
        name: &'static str,
        /// Address asked for.
        address: Address,
        /// Owner of the type.
        expected: Address,
        /// Owner of the account.
        actual: Address,
    },
    /// The account's bytes are not of that type.
    #[error(
        "account {address} does not hold a {name} ({error}): check that it is not another type \
         of account"
    )]
    Decode {
        /// Type asked for.
        name: &'static str,
        /// Address asked for.
        address: Address,
        /// What the decoder said.
        error: ProgramError,
    },
}

/// The snapshot does not exist: it was never taken, or dropped by going back further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "snapshot {0} is unknown: it was taken on another ledger, or a revert to an earlier \
     snapshot dropped it"
)]
pub struct UnknownSnapshot(pub crate::snapshot::SnapshotId);
