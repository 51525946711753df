//! The builtin System program, by complete balance deltas.

use cofferdam_host::{Address, cpi::SYSTEM_PROGRAM_ID};
use cofferdam_ledger::{Ledger, SubmitError};
use solana_account::Account;
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_system_interface::instruction as ix;
use solana_transaction_error::TransactionError;

use crate::support::*;

const RENT: u64 = 2_000_000;

fn owner() -> Address {
    address("owner-program")
}

/// Sends; returns every lamport delta besides the fee of alice, who pays it.
fn deltas(
    ledger: &mut Ledger,
    signers: &[&Keypair],
    ixs: &[Instruction],
) -> Result<Vec<(Address, i128)>, SubmitError> {
    let before = ledger.fork();
    let receipt = send(ledger, signers, ixs)?;
    assert_eq!(receipt.changes, before.diff(ledger));
    let fee = |(at, delta)| {
        (at, if at == address("alice") { delta + i128::from(receipt.fee) } else { delta })
    };
    let deltas = lamport_deltas(&before, ledger).into_iter().map(fee);
    Ok(deltas.filter(|(_, delta)| *delta != 0).collect())
}

/// Sends what has to fail; returns the error after checking that only the fee was taken.
fn error(ledger: &mut Ledger, signers: &[&Keypair], ix: Instruction) -> InstructionError {
    let before = ledger.fork();
    let error = send(ledger, signers, &[ix]).unwrap_err();
    let fee = FEE * signers.len() as u64;
    assert_eq!(lamport_deltas(&before, ledger), [(address("alice"), -i128::from(fee))]);
    assert_eq!(before.diff(ledger).len(), 1);
    match error.transaction_error() {
        TransactionError::InstructionError(0, error) => error,
        other => panic!("{other}"),
    }
}

fn moved(from: Address, to: Address, lamports: u64) -> Vec<(Address, i128)> {
    sorted(vec![(from, -i128::from(lamports)), (to, i128::from(lamports))])
}

#[test]
fn transfer_moves_lamports() {
    let mut ledger = world([], &["alice", "bob"]);
    let (alice, bob) = (address("alice"), address("bob"));
    let pay = ix::transfer(&alice, &bob, 7);
    assert_eq!(deltas(&mut ledger, &[&key("alice")], &[pay]).unwrap(), moved(alice, bob, 7));
    let to_self = ix::transfer(&alice, &alice, SOL / 2);
    assert_eq!(deltas(&mut ledger, &[&key("alice")], &[to_self]).unwrap(), []);
}

#[test]
fn transfer_refuses() {
    let mut ledger = world([], &["alice", "bob"]);
    let (alice, bob) = (address("alice"), address("bob"));
    let too_much = ix::transfer(&alice, &bob, SOL);
    assert_eq!(error(&mut ledger, &[&key("alice")], too_much), InstructionError::Custom(1));
    let mut unsigned = ix::transfer(&bob, &alice, 1);
    unsigned.accounts[0].is_signer = false;
    let missing = InstructionError::MissingRequiredSignature;
    assert_eq!(error(&mut ledger, &[&key("alice")], unsigned), missing);
    let full = Account { lamports: SOL, data: vec![0; 4], ..Account::default() };
    ledger.cheat().set_account(&bob, full).unwrap();
    let from_data = ix::transfer(&bob, &alice, 1);
    let signers = [&key("alice"), &key("bob")];
    assert_eq!(error(&mut ledger, &signers, from_data), InstructionError::InvalidArgument);
    let rich = Account { lamports: u64::MAX, ..Account::default() };
    ledger.cheat().set_account(&address("rich"), rich).unwrap();
    let overflow = ix::transfer(&alice, &address("rich"), 1);
    let too_rich = InstructionError::ArithmeticOverflow;
    assert_eq!(error(&mut ledger, &[&key("alice")], overflow), too_rich);
}

#[test]
fn create_account_allocates_assigns_and_funds() {
    let mut ledger = world([], &["alice"]);
    let (alice, new) = (address("alice"), address("new"));
    let create = ix::create_account(&alice, &new, RENT, 50, &owner());
    let signers = [&key("alice"), &key("new")];
    assert_eq!(deltas(&mut ledger, &signers, &[create]).unwrap(), moved(alice, new, RENT));
    let account = ledger.account(&new).unwrap();
    assert_eq!((account.owner, account.data.as_slice()), (owner(), &[0; 50][..]));
}

#[test]
fn create_account_refuses() {
    let mut ledger = world([], &["alice", "bob"]);
    let alice = address("alice");
    let taken = ix::create_account(&alice, &address("bob"), RENT, 50, &owner());
    let signers = [&key("alice"), &key("bob")];
    assert_eq!(error(&mut ledger, &signers, taken), InstructionError::Custom(0));
    let signers = [&key("alice"), &key("new")];
    let large = ix::create_account(&alice, &address("new"), RENT, 10 * 1024 * 1024 + 1, &owner());
    assert_eq!(error(&mut ledger, &signers, large), InstructionError::Custom(3));
    let mut unsigned = ix::create_account(&alice, &address("new"), RENT, 50, &owner());
    unsigned.accounts[1].is_signer = false;
    let missing = InstructionError::MissingRequiredSignature;
    assert_eq!(error(&mut ledger, &[&key("alice")], unsigned), missing);
}

#[test]
fn an_account_of_ten_mebibytes_can_be_created_at_once() {
    let mut ledger = world([], &["alice"]);
    let len = 10 * 1024 * 1024;
    let rent = ledger.minimum_balance(len);
    ledger.cheat().airdrop(&address("alice"), rent).unwrap();
    let (alice, new) = (address("alice"), address("new"));
    let create = ix::create_account(&alice, &new, rent, len as u64, &owner());
    let signers = [&key("alice"), &key("new")];
    assert_eq!(deltas(&mut ledger, &signers, &[create]).unwrap(), moved(alice, new, rent));
    assert_eq!(ledger.account(&new).unwrap().data.len(), len);
}

#[test]
fn allocate_and_assign_keep_the_balance() {
    let mut ledger = world([], &["alice", "bob"]);
    let bob = address("bob");
    let ixs = [ix::allocate(&bob, 20), ix::assign(&bob, &owner())];
    assert_eq!(deltas(&mut ledger, &[&key("alice"), &key("bob")], &ixs).unwrap(), []);
    let account = ledger.account(&bob).unwrap();
    assert_eq!((account.owner, account.data.len(), account.lamports), (owner(), 20, SOL));
    let again = ix::allocate(&bob, 30);
    let signers = [&key("alice"), &key("bob")];
    assert_eq!(error(&mut ledger, &signers, again), InstructionError::Custom(0));
}

#[test]
fn seeded_accounts_are_signed_for_by_their_base() {
    let mut ledger = world([], &["alice", "bob"]);
    let (alice, bob) = (address("alice"), address("bob"));
    let new = Address::create_with_seed(&bob, "purse", &owner()).unwrap();
    let create = ix::create_account_with_seed(&alice, &new, &bob, "purse", RENT, 5, &owner());
    let signers = [&key("alice"), &key("bob")];
    let wrong = ix::create_account_with_seed(&alice, &new, &bob, "other", RENT, 5, &owner());
    assert_eq!(error(&mut ledger, &signers, wrong), InstructionError::Custom(5));
    assert_eq!(deltas(&mut ledger, &signers, &[create]).unwrap(), moved(alice, new, RENT));
    assert_eq!(ledger.account(&new).unwrap().owner, owner());
    let purse = Address::create_with_seed(&bob, "cash", &SYSTEM_PROGRAM_ID).unwrap();
    ledger.cheat().airdrop(&purse, SOL).unwrap();
    let seed = "cash".to_owned();
    let pay = ix::transfer_with_seed(&purse, &bob, seed, &SYSTEM_PROGRAM_ID, &alice, 9);
    assert_eq!(deltas(&mut ledger, &signers, &[pay]).unwrap(), moved(purse, alice, 9));
}

#[test]
fn what_is_not_supported_is_refused() {
    let mut ledger = world([], &["alice"]);
    let alice = address("alice");
    let invalid = InstructionError::InvalidInstructionData;
    let nonce = ix::advance_nonce_account(&alice, &alice);
    assert_eq!(error(&mut ledger, &[&key("alice")], nonce), invalid);
    let garbage =
        Instruction { program_id: SYSTEM_PROGRAM_ID, accounts: vec![], data: vec![255; 3] };
    assert_eq!(error(&mut ledger, &[&key("alice")], garbage), invalid);
}

#[test]
fn a_prefunded_account_is_created_and_topped_up_by_a_signer_alone() {
    let mut ledger = world([], &["alice", "bob", "new"]);
    let (alice, new) = (address("alice"), address("new"));
    let signers = [&key("alice"), &key("new")];
    let bob = address("bob");
    let mut theft = ix::create_account_allow_prefund(&new, Some((&bob, RENT)), 10, &owner());
    theft.accounts[1].is_signer = false;
    let missing = InstructionError::MissingRequiredSignature;
    assert_eq!(error(&mut ledger, &signers, theft), missing);
    let create = ix::create_account_allow_prefund(&new, Some((&alice, RENT)), 10, &owner());
    assert_eq!(deltas(&mut ledger, &signers, &[create]).unwrap(), moved(alice, new, RENT));
    let account = ledger.account(&new).unwrap();
    assert_eq!((account.owner, account.data.len(), account.lamports), (owner(), 10, SOL + RENT));
}

/// Every instruction that debits a wallet, with the wallet's signature taken away.
#[test]
fn no_wallet_is_debited_without_its_signature() {
    let mut ledger = world([], &["alice", "bob"]);
    let (bob, new) = (address("bob"), address("new"));
    let seeded = Address::create_with_seed(&new, "s", &owner()).unwrap();
    let purse = Address::create_with_seed(&bob, "cash", &SYSTEM_PROGRAM_ID).unwrap();
    ledger.cheat().airdrop(&purse, SOL).unwrap();
    let cash = "cash".to_owned();
    let debits = [
        (ix::transfer(&bob, &new, RENT), 0),
        (ix::create_account(&bob, &new, RENT, 0, &owner()), 0),
        (ix::create_account_with_seed(&bob, &seeded, &new, "s", RENT, 0, &owner()), 0),
        (ix::create_account_allow_prefund(&new, Some((&bob, RENT)), 0, &owner()), 1),
        (ix::transfer_with_seed(&purse, &bob, cash, &SYSTEM_PROGRAM_ID, &new, RENT), 1),
    ];
    for (mut debit, wallet) in debits {
        debit.accounts[wallet].is_signer = false;
        let others = debit.accounts.iter().any(|account| account.is_signer);
        let (alice, new) = (key("alice"), key("new"));
        let signers = if others { vec![&alice, &new] } else { vec![&alice] };
        let missing = InstructionError::MissingRequiredSignature;
        assert_eq!(error(&mut ledger, &signers, debit), missing);
    }
}

#[test]
fn seeded_addresses_are_allocated_and_assigned_by_their_base() {
    let mut ledger = world([], &["alice", "bob"]);
    let bob = address("bob");
    let signers = [&key("alice"), &key("bob")];
    for (seed, len) in [("allocated", 7), ("assigned", 0)] {
        let at = Address::create_with_seed(&bob, seed, &owner()).unwrap();
        ledger.cheat().airdrop(&at, SOL).unwrap();
        let ix = match seed {
            "allocated" => ix::allocate_with_seed(&at, &bob, seed, 7, &owner()),
            _ => ix::assign_with_seed(&at, &bob, seed, &owner()),
        };
        let mut unsigned = ix.clone();
        unsigned.accounts[1].is_signer = false;
        let missing = InstructionError::MissingRequiredSignature;
        assert_eq!(error(&mut ledger, &[&key("alice")], unsigned), missing);
        assert_eq!(deltas(&mut ledger, &signers, &[ix]).unwrap(), []);
        let account = ledger.account(&at).unwrap();
        assert_eq!((account.owner, account.data.len(), account.lamports), (owner(), len, SOL));
    }
}
