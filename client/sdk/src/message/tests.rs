use proptest::prelude::*;
use solana_instruction::AccountMeta;

use super::*;

fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

/// Addresses out of a few, so that they meet each other with other privileges.
fn instruction() -> impl Strategy<Value = Instruction> {
    let meta = (0..12_u8, any::<bool>(), any::<bool>());
    let accounts = proptest::collection::vec(meta, 0..14);
    let data = proptest::collection::vec(any::<u8>(), 0..20);
    (0..12_u8, accounts, data).prop_map(|(program, accounts, data)| Instruction {
        program_id: address(program),
        accounts: accounts
            .into_iter()
            .map(|(key, is_signer, is_writable)| AccountMeta {
                pubkey: address(key),
                is_signer,
                is_writable,
            })
            .collect(),
        data,
    })
}

proptest! {
    #[test]
    fn it_is_the_message_of_the_crate(
        instructions in proptest::collection::vec(instruction(), 0..5),
        payer in proptest::option::of(0..14_u8),
    ) {
        let (payer, hash) = (payer.map(address), Hash::new_from_array([7; 32]));
        let theirs = Message::new_with_blockhash(&instructions, payer.as_ref(), &hash);
        prop_assert_eq!(compile(&instructions, payer.as_ref(), &hash), theirs);
    }
}

#[test]
fn as_many_accounts_as_an_index_tells_apart() {
    let hash = Hash::default();
    for count in [254_u8, 255] {
        let metas = (0..count).map(|key| AccountMeta::new_readonly(address(key), false)).collect();
        let all = [Instruction { program_id: address(255), accounts: metas, data: Vec::new() }];
        let theirs = std::panic::catch_unwind(|| Message::new_with_blockhash(&all, None, &hash));
        let ours = std::panic::catch_unwind(|| compile(&all, None, &hash));
        assert_eq!(ours.ok(), theirs.ok(), "{count} accounts");
    }
}
