//! Signatures, blockhashes and transactions that come twice.

use cofferdam_ledger::{Genesis, Ledger, Malformed, Rejection, SubmitError, Warp};
use solana_hash::Hash;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_system_interface::instruction::transfer;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

use crate::support::*;

fn pay(ledger: &Ledger, lamports: u64) -> Transaction {
    let ix = transfer(&address("alice"), &address("bob"), lamports);
    transaction(ledger, &[&key("alice")], &[ix])
}

fn rejected(ledger: &mut Ledger, transaction: &Transaction) -> Rejection {
    let root = ledger.state_root();
    let error = ledger.submit(transaction).unwrap_err();
    assert_eq!(ledger.state_root(), root, "a rejected transaction leaves no trace");
    match error {
        SubmitError::Rejected(rejection) => rejection,
        failed @ SubmitError::Failed { .. } => panic!("{failed}"),
    }
}

#[test]
fn a_wrong_signature_is_refused_whoever_it_is_of() {
    let mut ledger = world([], &["alice", "bob"]);
    let ix = transfer(&address("bob"), &address("alice"), 1);
    let good = transaction(&ledger, &[&key("alice"), &key("bob")], &[ix]);
    for (index, signer) in ["alice", "bob"].into_iter().enumerate() {
        let mut forged = good.clone();
        forged.signatures[index] = key("mallory").sign_message(&forged.message_data());
        assert_eq!(rejected(&mut ledger, &forged), Rejection::WrongSignature(address(signer)));
        forged.signatures[index] = Signature::default();
        assert_eq!(rejected(&mut ledger, &forged), Rejection::WrongSignature(address(signer)));
    }
    let mut changed = good.clone();
    changed.message.instructions[0].data[4] ^= 1;
    assert_eq!(rejected(&mut ledger, &changed), Rejection::WrongSignature(address("alice")));
    assert!(ledger.submit(&good).is_ok());
}

#[test]
fn the_number_of_signatures_is_the_number_of_signers() {
    let mut ledger = world([], &["alice"]);
    for signatures in [0, 2] {
        let mut wrong = pay(&ledger, SOL / 2);
        wrong.signatures.resize(signatures, wrong.signatures[0]);
        let count = Malformed::SignatureCount { signatures, signers: 1 };
        assert_eq!(rejected(&mut ledger, &wrong), Rejection::Malformed(count));
    }
}

#[test]
fn the_same_transaction_runs_once_however_many_come_between() {
    let mut ledger = world([], &["alice", "bob"]);
    let first = pay(&ledger, 1);
    let _ = ledger.submit(&first).unwrap();
    for lamports in 2..500 {
        let _ = ledger.submit(&pay(&ledger, lamports)).unwrap();
    }
    let twice = Rejection::AlreadyProcessed(first.signatures[0]);
    assert_eq!(rejected(&mut ledger, &first), twice);
    assert!(twice.to_string().contains("fetch a new blockhash"));
    // Up to the last slot in which its blockhash is valid.
    ledger.warp(Warp::Slots(150)).unwrap();
    assert_eq!(rejected(&mut ledger, &first), twice);
    ledger.warp(Warp::Slots(1)).unwrap();
    let expired = Rejection::BlockhashNotFound(first.message.recent_blockhash);
    assert_eq!(rejected(&mut ledger, &first), expired);
    assert_eq!(expired.transaction_error(), TransactionError::BlockhashNotFound);
}

#[test]
fn the_same_payment_can_be_made_again_with_a_new_blockhash() {
    let mut ledger = world([], &["alice", "bob"]);
    let _ = ledger.submit(&pay(&ledger, 1)).unwrap();
    ledger.warp(Warp::Slots(1)).unwrap();
    let _ = ledger.submit(&pay(&ledger, 1)).unwrap();
    ledger.cheat().expire_blockhashes().unwrap();
    let _ = ledger.submit(&pay(&ledger, 1)).unwrap();
    assert_eq!(ledger.lamports(&address("bob")), SOL + 3);
}

#[test]
fn a_blockhash_lives_as_many_slots_as_genesis_says() {
    let genesis = Genesis { blockhash_age_slots_max: 3, ..Genesis::default() };
    let mut ledger = world_with(genesis, [], &["alice", "bob"]);
    let (early, late) = (pay(&ledger, 1), pay(&ledger, 2));
    ledger.warp(Warp::Slots(3)).unwrap();
    assert!(ledger.submit(&early).is_ok());
    ledger.warp(Warp::Seconds(1)).unwrap();
    let expired = Rejection::BlockhashNotFound(late.message.recent_blockhash);
    assert_eq!(rejected(&mut ledger, &late), expired);
}

#[test]
fn expired_and_invented_blockhashes_are_unknown() {
    let mut ledger = world([], &["alice", "bob"]);
    let old = pay(&ledger, 1);
    ledger.cheat().expire_blockhashes().unwrap();
    let unknown = Rejection::BlockhashNotFound(old.message.recent_blockhash);
    assert_eq!(rejected(&mut ledger, &old), unknown);
    let mut invented = pay(&ledger, 1);
    invented.sign(&[&key("alice")], Hash::new_from_array([7; 32]));
    let unknown = Rejection::BlockhashNotFound(Hash::new_from_array([7; 32]));
    assert_eq!(rejected(&mut ledger, &invented), unknown);
}

#[test]
fn another_ledger_does_not_take_the_transaction() {
    let here = world([], &["alice"]);
    let genesis = Genesis { seed: [1; 32], ..Genesis::default() };
    let mut there = world_with(genesis, [], &["alice"]);
    let foreign = pay(&here, 1);
    let unknown = Rejection::BlockhashNotFound(foreign.message.recent_blockhash);
    assert_eq!(rejected(&mut there, &foreign), unknown);
}

#[test]
fn without_signature_checks_everything_else_still_holds() {
    let genesis = Genesis { verify_signatures: false, ..Genesis::default() };
    let mut ledger = world_with(genesis, [], &["alice", "bob"]);
    let mut unsigned = pay(&ledger, 1);
    unsigned.signatures[0] = Signature::default();
    let _ = ledger.submit(&unsigned).unwrap();
    // The message was processed: another signature does not make it another transaction.
    let again = pay(&ledger, 1);
    let twice = Rejection::AlreadyProcessed(again.signatures[0]);
    assert_eq!(rejected(&mut ledger, &again), twice);
    let mut other = pay(&ledger, 2);
    other.signatures[0] = Signature::default();
    assert!(ledger.submit(&other).is_ok(), "two unsigned messages are two transactions");
}
