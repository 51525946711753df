//! The end of a transaction: the rent check and what changed.

use std::sync::Arc;

use solana_account::Account;
use solana_transaction_error::TransactionError;

use super::{Execution, Scene};
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

pub(super) fn check_rent(scene: Scene<'_>, execution: &Execution) -> Result<(), TransactionError> {
    for (index, (before, after)) in scene.originals.iter().zip(execution.written()).enumerate() {
        let Some(after) = after else { continue };
        let before =
            before.map_or(RentState::Absent, |before| RentState::of(scene.genesis, before));
        if !may_become(before, RentState::of(scene.genesis, after)) {
            let account_index = u8::try_from(index).unwrap_or(u8::MAX);
            return Err(TransactionError::InsufficientFundsForRent { account_index });
        }
    }
    Ok(())
}

/// The accounts that differ, in address order. An account without lamports is gone. `written` are
/// the accounts as they are now, in the order of the message; `None` for one nobody wrote.
pub(super) fn changes(
    scene: Scene<'_>,
    written: impl IntoIterator<Item = Option<Arc<Account>>>,
) -> Vec<AccountChange> {
    let mut changes = Vec::with_capacity(scene.writable.iter().filter(|may| **may).count());
    let places = scene.message.account_keys.iter().zip(scene.originals);
    for ((address, before), after) in places.zip(written) {
        let Some(after) = after else { continue };
        let after = Some(after).filter(|after| after.lamports > 0);
        if *before != after.as_ref() {
            changes.push(AccountChange { address: *address, before: before.cloned(), after });
        }
    }
    changes.sort_unstable_by_key(|change| change.address);
    changes
}
