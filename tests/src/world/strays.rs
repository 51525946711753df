//! Tokens that the program itself pays into a vault that is not concerned.
//!
//! Whoever withdraws, borrows or takes a flash loan names the account that is paid, and may name
//! another pool's vault. The tokens are given away then, as by a transfer past the program.

use std::sync::Arc;

use cofferdam_host::{cpi::TokenAccount, decode_account};
use cofferdam_ledger::{AccountChange, Receipt};
use cofferdam_lending_interface::{ID, state::Reserve};
use cofferdam_sdk::{Instruction, instruction::ReserveKeys};
use solana_account::Account;

use super::World;

impl World {
    /// Remembers what a transaction that succeeded left in vaults whose reserves it did not name
    /// where it named them: a reserve that an instruction does not list cannot have booked it.
    pub(crate) fn book_strays(&mut self, sent: &[Instruction], receipt: &Receipt) {
        for change in &receipt.changes {
            let all = self.places.reserves.iter().flatten();
            let Some(keys) = all.copied().find(|keys| keys.vault == change.address) else {
                continue;
            };
            if sent.iter().any(|call| strays_into(call, &keys)) {
                let cash = receipt.changes.iter().find(|other| other.address == keys.reserve);
                let gift = grown(change, held) - cash.map_or(0, |change| grown(change, booked));
                *self.donations.entry(keys.vault).or_default() += u64::try_from(gift).unwrap_or(0);
            }
        }
    }
}

/// Whether an instruction of the program lists a vault and not the reserve that it is of.
fn strays_into(call: &Instruction, keys: &ReserveKeys) -> bool {
    let names = |address| call.accounts.iter().any(|account| account.pubkey == address);
    call.program_id == ID && names(keys.vault) && !names(keys.reserve)
}

/// By how much a figure of an account grew.
fn grown(change: &AccountChange, figure: fn(&Account) -> Option<u64>) -> i128 {
    let side = |account: &Option<Arc<Account>>| {
        i128::from(account.as_deref().and_then(figure).unwrap_or(0))
    };
    side(&change.after) - side(&change.before)
}

fn held(account: &Account) -> Option<u64> {
    TokenAccount::decode(&account.data).ok().map(|token| token.amount)
}

fn booked(account: &Account) -> Option<u64> {
    decode_account::<Reserve>(&account.data).ok().map(|reserve| reserve.cash.get())
}
