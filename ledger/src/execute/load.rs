//! The accounts and programs a transaction starts with.

use std::sync::Arc;

use solana_account::Account;
use solana_message::Message;
use solana_transaction_error::TransactionError;

use super::Scene;
use crate::store::Accounts;

/// The listed accounts, `None` where there is none yet.
pub(crate) fn accounts(store: &Accounts, message: &Message) -> Vec<Option<Arc<Account>>> {
    message.account_keys.iter().map(|key| store.get(key.as_array()).map(Arc::clone)).collect()
}

/// Refuses a transaction that runs something which is not a program, before any of it runs.
pub(super) fn check_programs(
    scene: Scene<'_>,
    accounts: &[Arc<Account>],
) -> Result<(), TransactionError> {
    for instruction in &scene.message.instructions {
        let program = &accounts[usize::from(instruction.program_id_index)];
        if program.lamports == 0 {
            return Err(TransactionError::ProgramAccountNotFound);
        }
        if !program.executable {
            return Err(TransactionError::InvalidProgramForExecution);
        }
    }
    Ok(())
}
