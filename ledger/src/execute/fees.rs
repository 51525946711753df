//! The fee payer. Its fee is taken before the first instruction runs, so a program cannot spend
//! it first, and it is kept when the transaction fails, so failing is never free.

use std::sync::Arc;

use solana_account::Account;
use solana_sdk_ids::system_program;
use solana_transaction::Transaction;

use super::commit::{RentState, may_become};
use crate::{error::Rejection, genesis::Genesis};

/// The payer after the fee, and the fee in lamports.
pub(super) fn charge(
    genesis: &Genesis,
    transaction: &Transaction,
    payer: Option<&Arc<Account>>,
) -> Result<(Arc<Account>, u64), Rejection> {
    let address = transaction.message.account_keys[0];
    let before = payer.ok_or(Rejection::PayerNotFound(address))?;
    if before.owner != system_program::ID || !before.data.is_empty() || before.executable {
        return Err(Rejection::PayerNotWallet { payer: address, owner: before.owner });
    }
    let signatures = transaction.signatures.len() as u64;
    let (lamports, fee) = (before.lamports, genesis.lamports_per_signature.checked_mul(signatures));
    let fee = fee.unwrap_or(u64::MAX);
    let Some(left) = lamports.checked_sub(fee) else {
        return Err(Rejection::PayerCannotPay { payer: address, lamports, fee });
    };
    let mut after = Account::clone(before);
    after.lamports = left;
    if !may_become(RentState::of(genesis, before), RentState::of(genesis, &after)) {
        let minimum = genesis.minimum_balance(0);
        return Err(Rejection::PayerBelowRent { payer: address, left, minimum });
    }
    Ok((Arc::new(after), fee))
}
