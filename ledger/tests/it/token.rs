//! The builtin SPL Token program, by complete balance deltas.

use cofferdam_host::{
    Address,
    cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID},
};
use cofferdam_ledger::{Ledger, Warp};
use solana_instruction::{Instruction, error::InstructionError};
use solana_program_option::COption;
use solana_program_pack::Pack;
use solana_signer::Signer;
use solana_transaction_error::TransactionError;
use spl_token_interface::{
    error::TokenError,
    instruction::{self as ix, AuthorityType},
    state::{Account as TokenState, Mint},
};

use crate::support::*;

/// Alice and Bob with a token account each, Alice's holding 100.
struct Tokens {
    ledger: Ledger,
    mint: Address,
    alice: Address,
    bob: Address,
}

fn tokens() -> Tokens {
    let mut ledger = world([], &["issuer", "alice", "bob"]);
    let mint = create_mint(&mut ledger, "mint", "issuer", 6);
    let alice = create_token_account(&mut ledger, "alice-tokens", &mint, "alice");
    let bob = create_token_account(&mut ledger, "bob-tokens", &mint, "bob");
    mint_to(&mut ledger, &mint, &alice, "issuer", 100);
    Tokens { ledger, mint, alice, bob }
}

#[test]
fn transfer_moves_the_amount_and_nothing_else() {
    let Tokens { mut ledger, alice, bob, .. } = tokens();
    let before = ledger.fork();
    let owner = key("alice");
    let transfer = ix::transfer(&TOKEN_PROGRAM_ID, &alice, &bob, &owner.pubkey(), &[], 30).unwrap();
    let receipt = send(&mut ledger, &[&owner], &[transfer]).unwrap();
    assert_eq!(token_deltas(&before, &ledger), sorted(vec![(alice, -30), (bob, 30)]));
    assert_eq!(lamport_deltas(&before, &ledger), [(owner.pubkey(), -i128::from(FEE))]);
    assert_eq!(receipt.changes, before.diff(&ledger));
    assert_eq!(receipt.state_root, Some(ledger.state_root()));
}

/// Sends instructions of that signer; returns the token deltas.
fn deltas(ledger: &mut Ledger, signer: &str, ixs: &[Instruction]) -> Vec<(Address, i128)> {
    // A new slot, so that the same instruction can be sent again.
    ledger.warp(Warp::Slots(1)).unwrap();
    let before = ledger.fork();
    let receipt = send(ledger, &[&key(signer)], ixs).unwrap();
    assert_eq!(receipt.changes, before.diff(ledger));
    token_deltas(&before, ledger)
}

/// Sends an instruction that has to fail with that token error and to change nothing.
fn refused(ledger: &mut Ledger, signer: &str, ix: Instruction) -> TokenError {
    match refusal(ledger, signer, ix) {
        InstructionError::Custom(code) => TokenError::try_from(code).unwrap(),
        other => panic!("{other}"),
    }
}

fn refusal(ledger: &mut Ledger, signer: &str, ix: Instruction) -> InstructionError {
    ledger.warp(Warp::Slots(1)).unwrap();
    let before = ledger.fork();
    let error = send(ledger, &[&key(signer)], &[ix]).unwrap_err();
    assert_eq!(lamport_deltas(&before, ledger), [(address(signer), -i128::from(FEE))]);
    assert_eq!(before.diff(ledger).len(), 1);
    match error.transaction_error() {
        TransactionError::InstructionError(0, error) => error,
        other => panic!("{other}"),
    }
}

fn state(ledger: &Ledger, at: &Address) -> TokenState {
    TokenState::unpack(&ledger.account(at).unwrap().data).unwrap()
}

fn supply(ledger: &Ledger, mint: &Address) -> u64 {
    Mint::unpack(&ledger.account(mint).unwrap().data).unwrap().supply
}

const ID: Address = TOKEN_PROGRAM_ID;

#[test]
fn transfer_refuses_in_the_known_order() {
    let Tokens { mut ledger, mint, alice, bob } = tokens();
    let owner = address("alice");
    let transfer = |from, to, amount| ix::transfer(&ID, from, to, &owner, &[], amount).unwrap();
    let ledger = &mut ledger;
    let poor = refused(ledger, "alice", transfer(&alice, &bob, 101));
    assert_eq!(poor, TokenError::InsufficientFunds);
    let other = create_mint(ledger, "other-mint", "issuer", 6);
    let foreign = create_token_account(ledger, "foreign", &other, "bob");
    let mismatch = refused(ledger, "alice", transfer(&alice, &foreign, 1));
    assert_eq!(mismatch, TokenError::MintMismatch);
    let thief = ix::transfer(&ID, &alice, &bob, &address("bob"), &[], 1).unwrap();
    assert_eq!(refused(ledger, "bob", thief), TokenError::OwnerMismatch);
    let mut unsigned = transfer(&alice, &bob, 1);
    unsigned.accounts[2].is_signer = false;
    let missing = InstructionError::MissingRequiredSignature;
    assert_eq!(refusal(ledger, "bob", unsigned), missing);
    let not_tokens = transfer(&mint, &bob, 1);
    assert_eq!(refusal(ledger, "alice", not_tokens), InstructionError::InvalidAccountData);
    let checked = ix::transfer_checked(&ID, &alice, &mint, &bob, &owner, &[], 1, 9).unwrap();
    assert_eq!(refused(ledger, "alice", checked), TokenError::MintDecimalsMismatch);
    let checked = ix::transfer_checked(&ID, &alice, &other, &bob, &owner, &[], 1, 6).unwrap();
    assert_eq!(refused(ledger, "alice", checked), TokenError::MintMismatch);
    let checked = ix::transfer_checked(&ID, &alice, &mint, &bob, &owner, &[], 100, 6).unwrap();
    let expected = sorted(vec![(alice, -100), (bob, 100)]);
    assert_eq!(deltas(ledger, "alice", &[checked]), expected);
}

#[test]
fn a_transfer_to_itself_moves_nothing() {
    let Tokens { mut ledger, alice, .. } = tokens();
    let owner = address("alice");
    let to_self = ix::transfer(&ID, &alice, &alice, &owner, &[], 60).unwrap();
    assert_eq!(deltas(&mut ledger, "alice", &[to_self]), []);
    let too_much = ix::transfer(&ID, &alice, &alice, &owner, &[], 101).unwrap();
    assert_eq!(refused(&mut ledger, "alice", too_much), TokenError::InsufficientFunds);
}

#[test]
fn tokens_of_another_program_are_not_tokens() {
    let Tokens { mut ledger, alice, bob, .. } = tokens();
    let forged = ledger.account(&alice).unwrap().clone();
    let forged = solana_account::Account { owner: address("forger"), ..forged };
    ledger.cheat().set_account(&address("forged"), forged).unwrap();
    let owner = address("alice");
    let spend = |amount| ix::transfer(&ID, &address("forged"), &bob, &owner, &[], amount).unwrap();
    let foreign = InstructionError::ExternalAccountDataModified;
    assert_eq!(refusal(&mut ledger, "alice", spend(1)), foreign);
    assert_eq!(refusal(&mut ledger, "alice", spend(0)), InstructionError::IncorrectProgramId);
}

#[test]
fn minting_and_burning_move_the_supply() {
    let Tokens { mut ledger, mint, alice, bob } = tokens();
    let ledger = &mut ledger;
    let (issuer, owner) = (address("issuer"), address("alice"));
    let more = ix::mint_to_checked(&ID, &mint, &bob, &issuer, &[], 11, 6).unwrap();
    assert_eq!(deltas(ledger, "issuer", &[more]), [(bob, 11)]);
    assert_eq!(supply(ledger, &mint), 111);
    let burn = ix::burn(&ID, &alice, &mint, &owner, &[], 40).unwrap();
    assert_eq!(deltas(ledger, "alice", &[burn]), [(alice, -40)]);
    assert_eq!(supply(ledger, &mint), 71);
    let poor = ix::burn(&ID, &alice, &mint, &owner, &[], 61).unwrap();
    assert_eq!(refused(ledger, "alice", poor), TokenError::InsufficientFunds);
    let thief = ix::mint_to(&ID, &mint, &alice, &owner, &[], 1).unwrap();
    assert_eq!(refused(ledger, "alice", thief), TokenError::OwnerMismatch);
    let wrong = ix::mint_to_checked(&ID, &mint, &bob, &issuer, &[], 1, 5).unwrap();
    assert_eq!(refused(ledger, "issuer", wrong), TokenError::MintDecimalsMismatch);
    let overflow = ix::mint_to(&ID, &mint, &bob, &issuer, &[], u64::MAX).unwrap();
    assert_eq!(refused(ledger, "issuer", overflow), TokenError::Overflow);
    let give_up =
        ix::set_authority(&ID, &mint, None, AuthorityType::MintTokens, &issuer, &[]).unwrap();
    assert_eq!(deltas(ledger, "issuer", &[give_up]), []);
    let fixed = ix::mint_to(&ID, &mint, &bob, &issuer, &[], 1).unwrap();
    assert_eq!(refused(ledger, "issuer", fixed), TokenError::FixedSupply);
}

#[test]
fn a_delegate_spends_its_allowance_and_no_more() {
    let Tokens { mut ledger, mint, alice, bob } = tokens();
    let ledger = &mut ledger;
    let (owner, delegate) = (address("alice"), address("bob"));
    let approve = ix::approve(&ID, &alice, &delegate, &owner, &[], 50).unwrap();
    assert_eq!(deltas(ledger, "alice", &[approve]), []);
    let spend = |amount| ix::transfer(&ID, &alice, &bob, &delegate, &[], amount).unwrap();
    assert_eq!(deltas(ledger, "bob", &[spend(30)]), sorted(vec![(alice, -30), (bob, 30)]));
    assert_eq!(refused(ledger, "bob", spend(21)), TokenError::InsufficientFunds);
    let to_self = ix::transfer(&ID, &alice, &alice, &delegate, &[], 20).unwrap();
    assert_eq!(deltas(ledger, "bob", &[to_self]), []);
    assert_eq!(state(ledger, &alice).delegated_amount, 20, "nothing moved, nothing was used");
    let burn = ix::burn(&ID, &alice, &mint, &delegate, &[], 20).unwrap();
    assert_eq!(deltas(ledger, "bob", &[burn]), [(alice, -20)]);
    assert_eq!(state(ledger, &alice).delegate, COption::None);
    assert_eq!(refused(ledger, "bob", spend(1)), TokenError::OwnerMismatch);
    let approve = ix::approve(&ID, &alice, &delegate, &owner, &[], 5).unwrap();
    let revoke = ix::revoke(&ID, &alice, &owner, &[]).unwrap();
    assert_eq!(deltas(ledger, "alice", &[approve, revoke]), []);
    assert_eq!(refused(ledger, "bob", spend(1)), TokenError::OwnerMismatch);
}

#[test]
fn a_frozen_account_neither_pays_nor_receives() {
    let Tokens { mut ledger, mint, alice, bob } = tokens();
    let ledger = &mut ledger;
    let (issuer, owner) = (address("issuer"), address("alice"));
    let freeze = ix::freeze_account(&ID, &alice, &mint, &issuer, &[]).unwrap();
    let thaw = ix::thaw_account(&ID, &alice, &mint, &issuer, &[]).unwrap();
    assert_eq!(refused(ledger, "issuer", thaw.clone()), TokenError::InvalidState);
    assert_eq!(deltas(ledger, "issuer", std::slice::from_ref(&freeze)), []);
    assert_eq!(refused(ledger, "issuer", freeze.clone()), TokenError::InvalidState);
    let pay = ix::transfer(&ID, &alice, &bob, &owner, &[], 1).unwrap();
    assert_eq!(refused(ledger, "alice", pay.clone()), TokenError::AccountFrozen);
    let receive = ix::transfer(&ID, &bob, &alice, &address("bob"), &[], 0).unwrap();
    assert_eq!(refused(ledger, "bob", receive), TokenError::AccountFrozen);
    let burn = ix::burn(&ID, &alice, &mint, &owner, &[], 1).unwrap();
    assert_eq!(refused(ledger, "alice", burn), TokenError::AccountFrozen);
    let by_owner = ix::thaw_account(&ID, &alice, &mint, &owner, &[]).unwrap();
    assert_eq!(refused(ledger, "alice", by_owner), TokenError::OwnerMismatch);
    assert_eq!(deltas(ledger, "issuer", &[thaw]), []);
    assert_eq!(deltas(ledger, "alice", &[pay]), sorted(vec![(alice, -1), (bob, 1)]));
    let give_up =
        ix::set_authority(&ID, &mint, None, AuthorityType::FreezeAccount, &issuer, &[]).unwrap();
    assert_eq!(deltas(ledger, "issuer", &[give_up]), []);
    assert_eq!(refused(ledger, "issuer", freeze), TokenError::MintCannotFreeze);
}

#[test]
fn a_new_owner_is_not_bound_by_the_old_ones_promises() {
    let Tokens { mut ledger, alice, bob, .. } = tokens();
    let ledger = &mut ledger;
    let (owner, new) = (address("alice"), address("bob"));
    let approve = ix::approve(&ID, &alice, &address("carol"), &owner, &[], 50).unwrap();
    let hand_over = |by| {
        ix::set_authority(&ID, &alice, Some(&new), AuthorityType::AccountOwner, by, &[]).unwrap()
    };
    assert_eq!(refused(ledger, "bob", hand_over(&new)), TokenError::OwnerMismatch);
    assert_eq!(deltas(ledger, "alice", &[approve, hand_over(&owner)]), []);
    let after = state(ledger, &alice);
    assert_eq!((after.owner, after.delegate, after.delegated_amount), (new, COption::None, 0));
    let spend = ix::transfer(&ID, &alice, &bob, &new, &[], 100).unwrap();
    assert_eq!(deltas(ledger, "bob", &[spend]), sorted(vec![(alice, -100), (bob, 100)]));
}

#[test]
fn closing_pays_the_rent_back_and_wipes_the_account() {
    let Tokens { mut ledger, alice, bob, .. } = tokens();
    let ledger = &mut ledger;
    let full = ix::close_account(&ID, &alice, &address("alice"), &address("alice"), &[]).unwrap();
    assert_eq!(refused(ledger, "alice", full), TokenError::NonNativeHasBalance);
    let owner = address("bob");
    let by_other = ix::close_account(&ID, &bob, &owner, &address("alice"), &[]).unwrap();
    assert_eq!(refused(ledger, "alice", by_other), TokenError::OwnerMismatch);
    let before = ledger.fork();
    let rent = i128::from(ledger.lamports(&bob));
    let close = ix::close_account(&ID, &bob, &owner, &owner, &[]).unwrap();
    let _ = send(ledger, &[&key("bob")], std::slice::from_ref(&close)).unwrap();
    let moved = vec![(bob, -rent), (owner, rent - i128::from(FEE))];
    assert_eq!(lamport_deltas(&before, ledger), sorted(moved));
    assert!(ledger.account(&bob).is_none());
    // Funded again within the transaction it comes back as an empty wallet.
    let mut ledger = before;
    let fund = solana_system_interface::instruction::transfer(&owner, &bob, 2_000_000);
    let _ = send(&mut ledger, &[&key("bob")], &[close, fund]).unwrap();
    let revived = ledger.account(&bob).unwrap();
    assert_eq!((revived.owner, revived.data.len()), (SYSTEM_PROGRAM_ID, 0));
}

#[test]
fn accounts_are_initialised_once_and_with_rent() {
    let Tokens { mut ledger, mint, alice, .. } = tokens();
    let owner = address("bob");
    let again = ix::initialize_account3(&ID, &alice, &mint, &owner).unwrap();
    assert_eq!(refused(&mut ledger, "bob", again), TokenError::AlreadyInUse);
    let again = ix::initialize_mint2(&ID, &mint, &owner, None, 6).unwrap();
    assert_eq!(refused(&mut ledger, "bob", again), TokenError::AlreadyInUse);
    let mut raw = |lamports, data| {
        let account = solana_account::Account { lamports, data, owner: ID, ..Default::default() };
        ledger.cheat().set_account(&address("raw"), account).unwrap();
        ledger.fork()
    };
    let at = address("raw");
    let initialize = |mint| ix::initialize_account3(&ID, &at, mint, &owner).unwrap();
    let mut poor = raw(1_000, vec![0; 165]);
    assert_eq!(refused(&mut poor, "bob", initialize(&mint)), TokenError::NotRentExempt);
    let mut rich = raw(SOL, vec![0; 165]);
    let wallet = address("alice");
    let invalid = refusal(&mut rich, "bob", initialize(&wallet));
    assert_eq!(invalid, InstructionError::IncorrectProgramId);
    assert_eq!(refused(&mut rich, "bob", initialize(&alice)), TokenError::InvalidMint);
    let old = ix::initialize_account(&ID, &at, &mint, &owner).unwrap();
    assert_eq!(deltas(&mut rich, "bob", &[old]), []);
    assert_eq!(state(&rich, &at).owner, owner);
}

#[test]
fn wrapped_lamports_move_with_their_tokens() {
    let mut ledger = world([], &["alice", "bob"]);
    let ledger = &mut ledger;
    let native = spl_token_interface::native_mint::ID;
    let alice = create_token_account(ledger, "alice-wrapped", &native, "alice");
    let bob = create_token_account(ledger, "bob-wrapped", &native, "bob");
    let owner = address("alice");
    let fund = solana_system_interface::instruction::transfer(&owner, &alice, 500);
    let sync = ix::sync_native(&ID, &alice).unwrap();
    assert_eq!(deltas(ledger, "alice", &[fund, sync]), [(alice, 500)]);
    let before = ledger.fork();
    let pay = ix::transfer(&ID, &alice, &bob, &owner, &[], 200).unwrap();
    assert_eq!(deltas(ledger, "alice", &[pay]), sorted(vec![(alice, -200), (bob, 200)]));
    let moved = vec![(alice, -200), (bob, 200), (owner, -i128::from(FEE))];
    assert_eq!(lamport_deltas(&before, ledger), sorted(moved));
    let held = i128::from(ledger.lamports(&alice));
    let before = ledger.fork();
    let close = ix::close_account(&ID, &alice, &owner, &owner, &[]).unwrap();
    assert_eq!(deltas(ledger, "alice", &[close]), [(alice, -300)]);
    let moved = vec![(alice, -held), (owner, held - i128::from(FEE))];
    assert_eq!(lamport_deltas(&before, ledger), sorted(moved));
}

#[test]
fn a_multisig_needs_enough_different_signers() {
    let Tokens { mut ledger, mint, bob, .. } = tokens();
    let ledger = &mut ledger;
    let (rent, multisig) = (ledger.minimum_balance(355), address("multisig"));
    let owner = address("alice");
    let create =
        solana_system_interface::instruction::create_account(&owner, &multisig, rent, 355, &ID);
    let members = [address("alice"), address("bob"), address("issuer")];
    let members: Vec<&Address> = members.iter().collect();
    let initialize = ix::initialize_multisig2(&ID, &multisig, &members, 2).unwrap();
    let _ = send(ledger, &[&key("alice"), &key("multisig")], &[create, initialize]).unwrap();
    let shared = create_token_account(ledger, "shared", &mint, "alice");
    mint_to(ledger, &mint, &shared, "issuer", 10);
    let hand_over =
        ix::set_authority(&ID, &shared, Some(&multisig), AuthorityType::AccountOwner, &owner, &[]);
    assert_eq!(deltas(ledger, "alice", &[hand_over.unwrap()]), []);
    let spend =
        |signers: &[&Address]| ix::transfer(&ID, &shared, &bob, &multisig, signers, 4).unwrap();
    let missing = InstructionError::MissingRequiredSignature;
    assert_eq!(refusal(ledger, "alice", spend(&[&owner])), missing);
    assert_eq!(refusal(ledger, "alice", spend(&[&owner, &owner])), missing, "one key is one vote");
    let before = ledger.fork();
    let both = spend(&[&owner, &address("bob")]);
    let _ = send(ledger, &[&key("alice"), &key("bob")], &[both]).unwrap();
    assert_eq!(token_deltas(&before, ledger), sorted(vec![(shared, -4), (bob, 4)]));
}

#[test]
fn checked_approvals_and_burns_look_at_the_mint() {
    let Tokens { mut ledger, mint, alice, .. } = tokens();
    let ledger = &mut ledger;
    let (owner, delegate) = (address("alice"), address("bob"));
    let approve = |decimals| {
        ix::approve_checked(&ID, &alice, &mint, &delegate, &owner, &[], 5, decimals).unwrap()
    };
    assert_eq!(refused(ledger, "alice", approve(7)), TokenError::MintDecimalsMismatch);
    assert_eq!(deltas(ledger, "alice", &[approve(6)]), []);
    let after = state(ledger, &alice);
    assert_eq!((after.delegate, after.delegated_amount), (COption::Some(delegate), 5));
    let burn = |decimals| ix::burn_checked(&ID, &alice, &mint, &owner, &[], 9, decimals).unwrap();
    assert_eq!(refused(ledger, "alice", burn(7)), TokenError::MintDecimalsMismatch);
    assert_eq!(deltas(ledger, "alice", &[burn(6)]), [(alice, -9)]);
    assert_eq!(supply(ledger, &mint), 91);
}

#[test]
fn a_close_authority_closes_in_place_of_the_owner() {
    let Tokens { mut ledger, bob, .. } = tokens();
    let ledger = &mut ledger;
    let (owner, closer) = (address("bob"), address("alice"));
    let appoint =
        ix::set_authority(&ID, &bob, Some(&closer), AuthorityType::CloseAccount, &owner, &[]);
    assert_eq!(deltas(ledger, "bob", &[appoint.unwrap()]), []);
    let by_owner = ix::close_account(&ID, &bob, &owner, &owner, &[]).unwrap();
    assert_eq!(refused(ledger, "bob", by_owner), TokenError::OwnerMismatch);
    let before = ledger.fork();
    let rent = i128::from(ledger.lamports(&bob));
    let close = ix::close_account(&ID, &bob, &closer, &closer, &[]).unwrap();
    let _ = send(ledger, &[&key("alice")], &[close]).unwrap();
    let moved = vec![(bob, -rent), (closer, rent - i128::from(FEE))];
    assert_eq!(lamport_deltas(&before, ledger), sorted(moved));
}

#[test]
fn what_other_programs_ask_before_they_create_an_account() {
    let Tokens { mut ledger, mint, alice, .. } = tokens();
    let size = ix::get_account_data_size(&ID, &mint).unwrap();
    let receipt = send(&mut ledger, &[&key("alice")], &[size]).unwrap();
    assert_eq!(receipt.return_data.unwrap().data, 165_u64.to_le_bytes());
    let late = ix::initialize_immutable_owner(&ID, &alice).unwrap();
    assert_eq!(refused(&mut ledger, "alice", late), TokenError::AlreadyInUse);
    let text = ix::amount_to_ui_amount(&ID, &mint, 1).unwrap();
    assert_eq!(refused(&mut ledger, "alice", text), TokenError::InvalidInstruction);
}
