//! The accounts and programs a transaction starts with.

use std::sync::Arc;

use solana_account::Account;
use solana_message::Message;
use solana_transaction_error::TransactionError;

use super::{Execution, Scene};
use crate::store::Accounts;

/// The listed accounts as they stand before a transaction, `None` where there is none yet.
/// Borrowed: most are only read, and every owner of an account costs two atomic operations.
pub(crate) type Originals<'a> = Vec<Option<&'a Arc<Account>>>;

/// The listed accounts.
pub(crate) fn accounts<'a>(store: &'a Accounts, message: &Message) -> Originals<'a> {
    message.account_keys.iter().map(|key| store.get(key.as_array())).collect()
}

/// Refuses a transaction that runs something which is not a program, before any of it runs.
pub(super) fn check_programs(
    scene: Scene<'_>,
    execution: &Execution,
) -> Result<(), TransactionError> {
    for instruction in &scene.message.instructions {
        let program = execution.account(scene, usize::from(instruction.program_id_index));
        if program.lamports == 0 {
            return Err(TransactionError::ProgramAccountNotFound);
        }
        if !program.executable {
            return Err(TransactionError::InvalidProgramForExecution);
        }
    }
    Ok(())
}
