//! What a message must satisfy before anything in it is believed. Nothing here may panic: the
//! message comes from whoever likes to send one.

use solana_message::Message;
use solana_transaction::Transaction;

use crate::{
    error::{Malformed, Rejection},
    genesis::Genesis,
    wire,
};

/// An instruction names accounts by one byte.
const ADDRESSABLE_ACCOUNTS: usize = 256;
/// Lengths on the wire have 16 bits.
const WIRE_BYTES_MAX: usize = u16::MAX as usize;

/// Whether a transaction may write each of its accounts.
pub(crate) type Writable = Vec<bool>;

/// Checks the form of a transaction; returns which accounts it may write, by index.
pub(super) fn check(genesis: &Genesis, transaction: &Transaction) -> Result<Writable, Rejection> {
    let message = &transaction.message;
    let len = wire::transaction_len(transaction);
    let max = genesis.transaction_bytes_max.min(WIRE_BYTES_MAX);
    if len > max {
        return Err(Rejection::TooLarge { len, max });
    }
    check_header(transaction).map_err(Rejection::Malformed)?;
    check_indices(message).map_err(Rejection::Malformed)?;
    check_duplicates(message)?;
    let count = message.account_keys.len();
    let max = genesis.account_locks_max.min(ADDRESSABLE_ACCOUNTS);
    if count > max {
        return Err(Rejection::TooManyAccounts { count, max });
    }
    Ok(writable(message))
}

fn check_header(transaction: &Transaction) -> Result<(), Malformed> {
    let message = &transaction.message;
    let header = &message.header;
    let signers = usize::from(header.num_required_signatures);
    let signatures = transaction.signatures.len();
    if signatures != signers {
        return Err(Malformed::SignatureCount { signatures, signers });
    }
    let listed = message.account_keys.len();
    if signers + usize::from(header.num_readonly_unsigned_accounts) > listed {
        return Err(Malformed::Header(listed));
    }
    if header.num_readonly_signed_accounts >= header.num_required_signatures {
        return Err(Malformed::NoPayer);
    }
    Ok(())
}

fn check_indices(message: &Message) -> Result<(), Malformed> {
    let listed = message.account_keys.len();
    for (instruction, compiled) in message.instructions.iter().enumerate() {
        if compiled.program_id_index == 0 {
            return Err(Malformed::PayerIsProgram(instruction));
        }
        let indices = compiled.accounts.iter().chain([&compiled.program_id_index]);
        if let Some(account) = indices.map(|index| usize::from(*index)).find(|i| *i >= listed) {
            return Err(Malformed::AccountIndex { instruction, account, listed });
        }
    }
    Ok(())
}

fn check_duplicates(message: &Message) -> Result<(), Rejection> {
    let keys = &message.account_keys;
    // A key is compared with the others only when one that went before set the same bit.
    let mut seen = [0_u64; 16];
    for (index, key) in keys.iter().enumerate() {
        let [low, high, ..] = key.to_bytes();
        let (word, bit) = (&mut seen[usize::from(low & 0xf)], 1 << (high & 0x3f));
        if *word & bit != 0 && keys[..index].contains(key) {
            return Err(Rejection::DuplicateAccount(*key));
        }
        *word |= bit;
    }
    Ok(())
}

/// Which accounts the transaction may write: those the header says, except what it runs as a
/// program.
fn writable(message: &Message) -> Writable {
    let header = &message.header;
    let signers = usize::from(header.num_required_signatures);
    let writable_signers = signers - usize::from(header.num_readonly_signed_accounts);
    let writable_others =
        message.account_keys.len() - usize::from(header.num_readonly_unsigned_accounts);
    let by_header = |index| index < writable_signers || (signers..writable_others).contains(&index);
    let mut writable: Writable = (0..message.account_keys.len()).map(by_header).collect();
    for instruction in &message.instructions {
        writable[usize::from(instruction.program_id_index)] = false;
    }
    writable
}
