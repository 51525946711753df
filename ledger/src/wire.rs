//! The legacy wire format, written straight into a buffer: the message is needed once for its
//! hash and once a signature, and every transaction pays for it.

use solana_message::Message;
use solana_transaction::Transaction;

/// Bytes of the transaction on the wire.
pub(crate) fn transaction_len(transaction: &Transaction) -> usize {
    let signatures = transaction.signatures.len();
    short_len(signatures) + signatures * 64 + message_len(&transaction.message)
}

/// The bytes that signers sign: what `Message::serialize` gives, without its detour through a
/// general serialiser.
#[must_use]
pub fn message_bytes(message: &Message) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_message(&mut bytes, message);
    bytes
}

/// Appends the bytes that signers sign.
pub(crate) fn write_message(bytes: &mut Vec<u8>, message: &Message) {
    bytes.reserve(message_len(message));
    let header = &message.header;
    bytes.push(header.num_required_signatures);
    bytes.push(header.num_readonly_signed_accounts);
    bytes.push(header.num_readonly_unsigned_accounts);
    push_len(bytes, message.account_keys.len());
    message.account_keys.iter().for_each(|key| bytes.extend_from_slice(key.as_ref()));
    bytes.extend_from_slice(message.recent_blockhash.as_ref());
    push_len(bytes, message.instructions.len());
    for instruction in &message.instructions {
        bytes.push(instruction.program_id_index);
        push_len(bytes, instruction.accounts.len());
        bytes.extend_from_slice(&instruction.accounts);
        push_len(bytes, instruction.data.len());
        bytes.extend_from_slice(&instruction.data);
    }
}

fn message_len(message: &Message) -> usize {
    let keys = message.account_keys.len();
    let instructions = message.instructions.iter().map(|instruction| {
        let (accounts, data) = (instruction.accounts.len(), instruction.data.len());
        1 + short_len(accounts) + accounts + short_len(data) + data
    });
    3 + short_len(keys)
        + keys * 32
        + 32
        + short_len(message.instructions.len())
        + instructions.sum::<usize>()
}

/// Bytes of a compact length: seven bits in each.
fn short_len(len: usize) -> usize {
    match len {
        0..=0x7f => 1,
        0x80..=0x3fff => 2,
        _ => 3,
    }
}

fn push_len(bytes: &mut Vec<u8>, len: usize) {
    let mut rest = len;
    while rest > 0x7f {
        bytes.push(low_seven_bits(rest) | 0x80);
        rest >>= 7;
    }
    bytes.push(low_seven_bits(rest));
}

fn low_seven_bits(value: usize) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or_default()
}

#[cfg(test)]
mod tests;
