//! Who pays, how much, and what happens when they cannot.

use cofferdam_host::cpi::SYSTEM_PROGRAM_ID;
use cofferdam_ledger::{Genesis, Ledger, Rejection, SubmitError};
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_system_interface::instruction::transfer;
use solana_transaction_error::TransactionError;

use crate::support::*;

fn rejection(error: SubmitError) -> Rejection {
    match error {
        SubmitError::Rejected(rejection) => rejection,
        failed @ SubmitError::Failed { .. } => panic!("{failed}"),
    }
}

/// A ledger whose payer holds that much.
fn with_payer(lamports: u64) -> Ledger {
    let mut ledger = world([], &["bob"]);
    let payer = Account { lamports, ..Account::default() };
    ledger.cheat().set_account(&address("payer"), payer).unwrap();
    ledger
}

/// Submits an empty transaction of the payer, which has to be rejected without a trace.
fn rejected(ledger: &mut Ledger) -> Rejection {
    let (root, entries) = (ledger.state_root(), ledger.journal().unwrap().len());
    let rejection = rejection(send(ledger, &[&key("payer")], &[]).unwrap_err());
    assert_eq!((ledger.state_root(), ledger.journal().unwrap().len()), (root, entries));
    rejection
}

#[test]
fn the_fee_is_per_signature() {
    let mut ledger = world([], &["alice", "bob"]);
    let before = ledger.fork();
    let ix = transfer(&address("bob"), &address("alice"), 3);
    let receipt = send(&mut ledger, &[&key("alice"), &key("bob")], &[ix]).unwrap();
    assert_eq!(receipt.fee, 2 * FEE);
    let deltas = vec![(address("alice"), 3 - 2 * i128::from(FEE)), (address("bob"), -3)];
    assert_eq!(lamport_deltas(&before, &ledger), sorted(deltas));
}

#[test]
fn a_payer_that_cannot_pay_is_turned_away() {
    let payer = address("payer");
    let mut ledger = world([], &[]);
    assert_eq!(rejected(&mut ledger), Rejection::PayerNotFound(payer));
    let cannot = Rejection::PayerCannotPay { payer, lamports: FEE - 1, fee: FEE };
    assert_eq!(cannot.transaction_error(), TransactionError::InsufficientFundsForFee);
    assert_eq!(rejected(&mut with_payer(FEE - 1)), cannot);
    let rent = Genesis::default().minimum_balance(0);
    let below = Rejection::PayerBelowRent { payer, left: rent - 1, minimum: rent };
    let error = TransactionError::InsufficientFundsForRent { account_index: 0 };
    assert_eq!(below.transaction_error(), error);
    assert_eq!(rejected(&mut with_payer(rent - 1 + FEE)), below);
}

#[test]
fn a_payer_may_pay_its_last_lamport_and_is_gone() {
    let mut ledger = with_payer(FEE);
    let _ = send(&mut ledger, &[&key("payer")], &[]).unwrap();
    assert!(ledger.account(&address("payer")).is_none());
}

#[test]
fn only_a_wallet_pays() {
    for (data, owner) in [(vec![0; 3], SYSTEM_PROGRAM_ID), (vec![], address("program"))] {
        let mut ledger = world([], &[]);
        let account = Account { lamports: SOL, data, owner, ..Account::default() };
        ledger.cheat().set_account(&address("payer"), account).unwrap();
        let expected = Rejection::PayerNotWallet { payer: address("payer"), owner };
        assert_eq!(rejected(&mut ledger), expected);
    }
}

#[test]
fn the_fee_is_gone_before_the_first_instruction() {
    let mut ledger = world([], &["alice"]);
    let before = ledger.fork();
    // All of it: the fee is not there to be spent any more.
    let all = transfer(&address("alice"), &address("bob"), SOL);
    let error = send(&mut ledger, &[&key("alice")], &[all]).unwrap_err();
    assert!(matches!(error, SubmitError::Failed { .. }));
    assert_eq!(lamport_deltas(&before, &ledger), [(address("alice"), -i128::from(FEE))]);
    let rest = transfer(&address("alice"), &address("bob"), SOL - 2 * FEE);
    let _ = send(&mut ledger, &[&key("alice")], &[rest]).unwrap();
    assert_eq!(
        (ledger.lamports(&address("alice")), ledger.lamports(&address("bob"))),
        (0, SOL - 2 * FEE)
    );
}

#[test]
fn a_failed_transaction_pays_and_cannot_be_sent_again() {
    let mut ledger = world([], &["alice"]);
    let ix = Instruction {
        program_id: address("nowhere"),
        accounts: vec![AccountMeta::new(address("bob"), false)],
        data: vec![],
    };
    let failing = transaction(&ledger, &[&key("alice")], &[ix]);
    assert!(matches!(ledger.submit(&failing), Err(SubmitError::Failed { .. })));
    let paid = ledger.lamports(&address("alice"));
    assert_eq!(paid, SOL - FEE);
    let again = rejection(ledger.submit(&failing).unwrap_err());
    assert_eq!(again, Rejection::AlreadyProcessed(failing.signatures[0]));
    assert_eq!(ledger.lamports(&address("alice")), paid);
}
