//! Messages from whoever likes to send one: never a panic, never a change without a fee.

use cofferdam_ledger::{Genesis, Journal, Ledger, Malformed, Rejection};
use proptest::prelude::*;
use solana_hash::Hash;
use solana_message::{Message, MessageHeader, compiled_instruction::CompiledInstruction};
use solana_signature::Signature;
use solana_system_interface::instruction::transfer;
use solana_transaction::Transaction;

use self::attack::{Range, attack};
use crate::support::*;

#[path = "hostile_wire/attack.rs"]
mod attack;

fn unsigned() -> Genesis {
    Genesis { verify_signatures: false, ..Genesis::default() }
}

fn cast() -> Ledger {
    world_with(unsigned(), [], &["alice", "bob"])
}

fn good(ledger: &Ledger) -> Transaction {
    let ix = transfer(&address("alice"), &address("bob"), 5);
    transaction(ledger, &[&key("alice")], &[ix])
}

/// Submits, and checks what must hold; the rejection, if it was one.
fn submit_hostile(ledger: &mut Ledger, transaction: &Transaction) -> Option<Rejection> {
    attack(ledger, transaction).err().flatten()
}

#[test]
fn malformed_messages_are_turned_away_by_name() {
    let mut ledger = cast();
    let mut reject = |change: fn(&mut Transaction)| {
        let mut transaction = good(&ledger);
        change(&mut transaction);
        submit_hostile(&mut ledger, &transaction).expect("rejected")
    };
    let malformed = |what| Rejection::Malformed(what);
    let header = reject(|tx| tx.message.header.num_readonly_unsigned_accounts = 3);
    assert_eq!(header, malformed(Malformed::Header(3)));
    let no_payer = reject(|tx| tx.message.header.num_readonly_signed_accounts = 1);
    assert_eq!(no_payer, malformed(Malformed::NoPayer));
    let nobody = reject(|tx| {
        tx.message.header.num_required_signatures = 0;
        tx.signatures.clear();
    });
    assert_eq!(nobody, malformed(Malformed::NoPayer));
    let account = reject(|tx| tx.message.instructions[0].accounts[1] = 3);
    let index = Malformed::AccountIndex { instruction: 0, account: 3, listed: 3 };
    assert_eq!(account, malformed(index));
    let program = reject(|tx| tx.message.instructions[0].program_id_index = 200);
    let index = Malformed::AccountIndex { instruction: 0, account: 200, listed: 3 };
    assert_eq!(program, malformed(index));
    let payer = reject(|tx| tx.message.instructions[0].program_id_index = 0);
    assert_eq!(payer, malformed(Malformed::PayerIsProgram(0)));
    let twice = reject(|tx| tx.message.account_keys[1] = tx.message.account_keys[0]);
    assert_eq!(twice, Rejection::DuplicateAccount(address("alice")));
    let large = reject(|tx| tx.message.instructions[0].data = vec![0; 1_232]);
    assert!(matches!(large, Rejection::TooLarge { max: 1_232, .. }));
    let empty = reject(|tx| *tx = Transaction::default());
    assert_eq!(empty, malformed(Malformed::NoPayer));
}

#[test]
fn the_lock_limit_counts_every_account() {
    let genesis = Genesis { account_locks_max: 3, ..unsigned() };
    let mut ledger = world_with(genesis, [], &["alice", "bob"]);
    let mut transaction = good(&ledger);
    assert_eq!(submit_hostile(&mut ledger, &transaction), None);
    transaction.message.account_keys.push(address("carol"));
    let too_many = Rejection::TooManyAccounts { count: 4, max: 3 };
    assert_eq!(submit_hostile(&mut ledger, &transaction), Some(too_many));
}

#[test]
fn more_accounts_than_an_index_reaches_are_refused_whatever_genesis_allows() {
    let genesis =
        Genesis { account_locks_max: 1_000, transaction_bytes_max: 100_000, ..unsigned() };
    let mut ledger = world_with(genesis, [], &["alice", "bob"]);
    let mut transaction = good(&ledger);
    let more = (0..300).map(|n| address(&format!("account-{n}")));
    transaction.message.account_keys.extend(more);
    let too_many = Rejection::TooManyAccounts { count: 303, max: 256 };
    assert_eq!(submit_hostile(&mut ledger, &transaction), Some(too_many));
}

#[test]
fn more_bytes_than_the_wire_can_count_are_refused_whatever_genesis_allows() {
    let genesis = Genesis { transaction_bytes_max: usize::MAX, ..unsigned() };
    let mut ledger = world_with(genesis, [], &["alice", "bob"]);
    let mut transaction = good(&ledger);
    transaction.message.instructions[0].data.resize(70_000, 0);
    let rejection = submit_hostile(&mut ledger, &transaction);
    assert!(matches!(rejection, Some(Rejection::TooLarge { max: 65_535, .. })));
    transaction.message.instructions[0].data.truncate(60_000);
    assert_eq!(submit_hostile(&mut ledger, &transaction), None);
    let journal = ledger.journal().unwrap();
    assert_eq!(Journal::from_json(&journal.to_json()).as_ref(), Ok(journal));
}

#[test]
fn the_largest_packet_is_taken_and_one_byte_more_is_not() {
    let mut ledger = cast();
    let mut transaction = good(&ledger);
    // Trailing bytes of a System instruction are passed over.
    let room = 1_232 - bincode::serialized_size(&transaction).unwrap();
    let data = &mut transaction.message.instructions[0].data;
    data.resize(data.len() + usize::try_from(room).unwrap() - 1, 0);
    assert_eq!(bincode::serialized_size(&transaction).unwrap(), 1_232);
    let mut larger = transaction.clone();
    larger.message.instructions[0].data.push(0);
    let too_large = Rejection::TooLarge { len: 1_233, max: 1_232 };
    assert_eq!(submit_hostile(&mut ledger, &larger), Some(too_large));
    assert_eq!(submit_hostile(&mut ledger, &transaction), None);
}

fn instruction() -> impl Strategy<Value = CompiledInstruction> {
    let accounts = prop::collection::vec(0_u8..8, 0..6);
    let data = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        // The head of a System or Token instruction, so that some of them mean something.
        (0_u8..25, prop::collection::vec(any::<u8>(), 3..40)).prop_map(|(tag, mut data)| {
            data[0] = tag;
            data[1..].iter_mut().take(2).for_each(|byte| *byte = 0);
            data
        }),
    ];
    (0_u8..8, accounts, data).prop_map(|(program_id_index, accounts, data)| CompiledInstruction {
        program_id_index,
        accounts,
        data,
    })
}

fn message() -> impl Strategy<Value = Message> {
    let header = (0_u8..5, 0_u8..4, 0_u8..6);
    let keys = prop::collection::vec(0_usize..8, 0..8);
    let instructions = prop::collection::vec(instruction(), 0..4);
    (header, keys, instructions).prop_map(|(header, keys, instructions)| {
        let cast = ["alice", "bob", "carol", "dave", "tokens", "mint"].map(address);
        let programs =
            [cofferdam_host::cpi::SYSTEM_PROGRAM_ID, cofferdam_host::cpi::TOKEN_PROGRAM_ID];
        let known: Vec<_> = cast.into_iter().chain(programs).collect();
        Message {
            header: MessageHeader {
                num_required_signatures: header.0,
                num_readonly_signed_accounts: header.1,
                num_readonly_unsigned_accounts: header.2,
            },
            account_keys: keys.into_iter().map(|key| known[key]).collect(),
            recent_blockhash: Hash::default(),
            instructions,
        }
    })
}

/// Nothing is damaged, and everything happens as it should: else the scripts below would be changes
/// of transactions that are refused anyway.
#[test]
fn undamaged_transactions_do_what_they_say() {
    let range = Range::new(Genesis::default());
    let ends: Vec<_> = (0..8).map(|which| range.run(&[which]).unwrap()).collect();
    let failures = ends.iter().filter(|end| **end == Err(None)).count();
    let successes = ends.iter().filter(|end| end.is_ok()).count();
    assert_eq!((successes, failures), (7, 1), "{ends:?}");
}

/// A script for [`Range::transaction`]: mostly commands that mean something.
fn script() -> impl Strategy<Value = Vec<u8>> {
    let small = prop_oneof![3 => 0_u8..10, 1 => any::<u8>()];
    let command =
        (0_u8..22, small.clone(), small, any::<u8>()).prop_map(|(a, b, c, d)| [a, b, c, d]);
    let signs = prop_oneof![Just(vec![]), Just(vec![15, 0, 0, 0])];
    let commands = prop::collection::vec(command, 0..4);
    (0_u8..9, commands, signs)
        .prop_map(|(which, commands, signs)| [vec![which], commands.concat(), signs].concat())
}

#[test]
fn damaged_transactions_end_in_every_way_and_never_wrongly() {
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

    let ranges = [Genesis::default(), unsigned()].map(Range::new);
    // No transaction at all, rejected, failed, done: a property of nothing would be noticed.
    let ends = std::cell::RefCell::new([0_u32; 4]);
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng)
        .run(&script(), |script| {
            for range in &ranges {
                let end = match range.run(&script) {
                    None => 0,
                    Some(Err(Some(_))) => 1,
                    Some(Err(None)) => 2,
                    Some(Ok(())) => 3,
                };
                ends.borrow_mut()[end] += 1;
            }
            Ok(())
        })
        .unwrap();
    let ends = ends.into_inner();
    assert!(ends.iter().all(|count| *count > 100), "{ends:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_messages_never_panic_nor_make_lamports(message in message(), extra in -1_i8..2) {
        let mut ledger = cast();
        let mut message = message;
        message.recent_blockhash = ledger.latest_blockhash();
        let signatures = i16::from(message.header.num_required_signatures) + i16::from(extra);
        let signatures = usize::try_from(signatures).unwrap_or_default();
        let transaction = Transaction { signatures: vec![Signature::default(); signatures], message };
        submit_hostile(&mut ledger, &transaction);
    }

    #[test]
    fn a_mutated_packet_never_panics(at in any::<prop::sample::Index>(), by in 1_u8.., cut in 0_usize..4) {
        let mut ledger = cast();
        let mut bytes = bincode::serialize(&good(&ledger)).unwrap();
        let position = at.index(bytes.len());
        bytes[position] = bytes[position].wrapping_add(by);
        bytes.truncate(bytes.len() - cut);
        if let Ok(transaction) = bincode::deserialize::<Transaction>(&bytes) {
            submit_hostile(&mut ledger, &transaction);
        }
    }

    #[test]
    fn a_mutated_signed_packet_is_never_accepted(at in any::<prop::sample::Index>(), by in 1_u8..) {
        let mut ledger = world([], &["alice", "bob"]);
        let transaction = good(&ledger);
        let mut bytes = bincode::serialize(&transaction).unwrap();
        let position = at.index(bytes.len());
        bytes[position] = bytes[position].wrapping_add(by);
        if let Ok(mutated) = bincode::deserialize::<Transaction>(&bytes) {
            prop_assume!(mutated != transaction);
            prop_assert!(submit_hostile(&mut ledger, &mutated).is_some());
        }
    }
}
