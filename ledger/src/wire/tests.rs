//! The hand-written wire format against the official one.

use proptest::prelude::*;
use solana_hash::Hash;
use solana_message::{MessageHeader, compiled_instruction::CompiledInstruction};
use solana_signature::Signature;

use super::*;

fn message() -> impl Strategy<Value = Message> {
    let instruction = (
        any::<u8>(),
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(any::<u8>(), 0..200),
    );
    let instruction = instruction.prop_map(|(program_id_index, accounts, data)| {
        CompiledInstruction { program_id_index, accounts, data }
    });
    let keys = prop::collection::vec(any::<[u8; 32]>(), 0..200);
    let hash = any::<[u8; 32]>();
    (any::<[u8; 3]>(), keys, hash, prop::collection::vec(instruction, 0..150)).prop_map(
        |(header, keys, hash, instructions)| Message {
            header: MessageHeader {
                num_required_signatures: header[0],
                num_readonly_signed_accounts: header[1],
                num_readonly_unsigned_accounts: header[2],
            },
            account_keys: keys.into_iter().map(Into::into).collect(),
            recent_blockhash: Hash::new_from_array(hash),
            instructions,
        },
    )
}

proptest! {
    #[test]
    fn messages_and_lengths_agree_with_the_official_encoder(message in message(), signatures in 0_usize..200) {
        prop_assert_eq!(message_bytes(&message), bincode::serialize(&message).unwrap());
        let transaction = Transaction { signatures: vec![Signature::default(); signatures], message };
        let len = bincode::serialized_size(&transaction).unwrap();
        prop_assert_eq!(transaction_len(&transaction) as u64, len);
    }
}

#[test]
fn long_lengths_take_three_bytes() {
    let data = vec![0; 0x4000];
    let instruction = CompiledInstruction { program_id_index: 1, accounts: vec![], data };
    let message = Message { instructions: vec![instruction], ..Message::default() };
    assert_eq!(message_bytes(&message), bincode::serialize(&message).unwrap());
    assert_eq!(message_len(&message), message_bytes(&message).len());
}
