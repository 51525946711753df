//! The end of a transaction: the rent check and what changed.

use std::sync::Arc;

use solana_account::Account;
use solana_message::Message;
use solana_transaction_error::TransactionError;

use super::Scene;
use crate::{genesis::Genesis, receipt::AccountChange};

/// What rent says about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RentState {
    /// No lamports: the account is gone after the transaction.
    Absent,
    /// Fewer lamports than its size asks for.
    Paying {
        /// The balance.
        lamports: u64,
        /// Bytes of data.
        len: usize,
    },
    /// Enough lamports.
    Exempt,
}

impl RentState {
    pub(super) fn of(genesis: &Genesis, account: &Account) -> Self {
        let (lamports, len) = (account.lamports, account.data.len());
        if lamports == 0 {
            Self::Absent
        } else if lamports < genesis.minimum_balance(len) {
            Self::Paying { lamports, len }
        } else {
            Self::Exempt
        }
    }
}

/// Whether a transaction may leave an account in that state. An account that always had too
/// little may go on losing lamports, but it may neither grow nor be topped up halfway: so no
/// transaction can make an account that does not pay for its space.
pub(super) fn may_become(before: RentState, after: RentState) -> bool {
    match (before, after) {
        (_, RentState::Absent | RentState::Exempt) => true,
        (
            RentState::Paying { lamports: before, len: len_before },
            RentState::Paying { lamports, len },
        ) => len == len_before && lamports <= before,
        (_, RentState::Paying { .. }) => false,
    }
}

pub(super) fn check_rent(
    scene: Scene<'_>,
    originals: &[Option<Arc<Account>>],
    accounts: &[Arc<Account>],
) -> Result<(), TransactionError> {
    for (index, (original, account)) in originals.iter().zip(accounts).enumerate() {
        if original.as_ref().is_some_and(|original| Arc::ptr_eq(original, account)) {
            continue;
        }
        let state_before = original
            .as_ref()
            .map_or(RentState::Absent, |original| RentState::of(scene.genesis, original));
        if !may_become(state_before, RentState::of(scene.genesis, account)) {
            let account_index = u8::try_from(index).unwrap_or(u8::MAX);
            return Err(TransactionError::InsufficientFundsForRent { account_index });
        }
    }
    Ok(())
}

/// The accounts that differ, in address order. An account without lamports is gone.
pub(super) fn changes(
    message: &Message,
    originals: &[Option<Arc<Account>>],
    accounts: &[Arc<Account>],
) -> Vec<AccountChange> {
    let mut changes = Vec::new();
    for ((address, before), after) in message.account_keys.iter().zip(originals).zip(accounts) {
        if before.as_ref().is_some_and(|before| Arc::ptr_eq(before, after)) {
            continue;
        }
        let after = (after.lamports > 0).then_some(after);
        if before.as_ref() != after {
            changes.push(AccountChange {
                address: *address,
                before: before.clone(),
                after: after.cloned(),
            });
        }
    }
    changes.sort_unstable_by_key(|change| change.address);
    changes
}
