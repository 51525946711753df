//! An auditor that notices nothing would agree with everything: here what it is shown is wrong.

use std::{fs, path::PathBuf, sync::Arc};

use cofferdam_lending_interface::{ID, LendingError};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{
    action::{Outcome, Refusal, Verb},
    auditor::{Auditor, Disagreement},
    world::{
        Actor::{Alice, Bob},
        Asset::{Usdc, Weth},
        Options,
        PoolId::Harbour,
        World,
    },
};

/// A world before and after Alice's deposit and Bob's loan, and what came of them.
fn scene() -> (Auditor, World, Outcome) {
    let mut world = World::lively(&Options::fast());
    let auditor = Auditor::new(&world);
    let keys = [Weth, Usdc].map(|asset| world.keys(Harbour, asset));
    let person = world.person(Alice);
    let position = world.position_address(Harbour, Alice);
    let deposit = build::deposit(&person, &position, &keys[0], Weth.whole(2));
    let borrow = build::borrow(&person, &position, &keys[1], &keys, Usdc.whole(100));
    let outcome = world.run_sent(Verb::Deposit, &[Alice], vec![deposit, borrow]);
    (auditor, world, outcome)
}

fn shown(start: &Auditor, world: &World, outcome: &Outcome) -> Result<(), Box<Disagreement>> {
    start.clone().observe(world, outcome)
}

#[test]
fn what_happened_is_agreed_to() {
    let (auditor, world, outcome) = scene();
    assert_eq!(outcome.refused, None);
    assert_eq!(shown(&auditor, &world, &outcome), Ok(()));
}

/// Every bit of every account of the program that changed: no interest is due, so not one of
/// them may be another.
#[test]
fn every_byte_of_a_changed_account_is_looked_at() {
    let (auditor, world, outcome) = scene();
    let changes = outcome.receipt.as_ref().map_or(0, |receipt| receipt.changes.len());
    let mut tried = 0;
    for number in 0..changes {
        let account = outcome.receipt.as_ref().and_then(|r| r.changes[number].after.clone());
        let Some(account) = account.filter(|account| account.owner == ID) else { continue };
        for at in 0..account.data.len() {
            let mut wrong = outcome.clone();
            let change = wrong.receipt.as_mut().map(|receipt| &mut receipt.changes[number]);
            let after = change.and_then(|change| change.after.as_mut()).expect("it is there");
            Arc::make_mut(after).data[at] ^= 1 << (at % 8);
            let found = shown(&auditor, &world, &wrong);
            assert!(found.is_err(), "byte {at} of account {number} was not looked at");
            tried += 1;
        }
    }
    assert!(tried > 2_000, "{tried} bytes");
}

#[test]
fn a_balance_that_moves_by_itself_is_noticed() {
    let (auditor, world, outcome) = scene();
    let mut wrong = outcome.clone();
    let receipt = wrong.receipt.as_mut().expect("it ran");
    let bob = world.wallet(Bob, Usdc);
    let before = world.ledger().account(&bob).cloned().map(Arc::new);
    let mut after = before.clone();
    Arc::make_mut(after.as_mut().expect("Bob has a wallet")).data[64] ^= 1;
    let change = cofferdam_ledger::AccountChange { address: bob, before, after };
    receipt.changes.push(change);
    let found = shown(&auditor, &world, &wrong).expect_err("nobody paid Bob");
    assert_eq!(found.rule, "BOOK-2");
    assert!(found.what.contains("amount"), "{found}");
}

/// What is not seen happening is found when everything is compared.
#[test]
fn a_change_that_nobody_saw_is_found() {
    let (mut auditor, mut world, outcome) = scene();
    assert_eq!(auditor.observe(&world, &outcome), Ok(()));
    assert_eq!(auditor.verify(&world), Ok(()));
    let unseen = world.deposit(Alice, Harbour, Weth, Weth.whole(1));
    assert!(unseen.is_ok(), "{unseen:?}");
    assert!(auditor.verify(&world).is_err());
}

#[test]
fn a_wrong_event_is_noticed() {
    let (auditor, world, outcome) = scene();
    for number in 0..2 {
        let mut wrong = outcome.clone();
        let receipt = wrong.receipt.as_mut().expect("it ran");
        let last = receipt.events[number].data.len() - 1;
        receipt.events[number].data[last] ^= 1;
        assert!(shown(&auditor, &world, &wrong).is_err());
    }
    let mut missing = outcome.clone();
    let events = missing.receipt.as_mut().map(|receipt| receipt.events.pop());
    assert!(events.is_some());
    assert!(shown(&auditor, &world, &missing).is_err());
    let mut twice = outcome.clone();
    let receipt = twice.receipt.as_mut().expect("it ran");
    receipt.events.push(receipt.events[0].clone());
    assert!(shown(&auditor, &world, &twice).is_err());
}

#[test]
fn another_end_is_noticed() {
    let mut world = World::lively(&Options::fast());
    let auditor = Auditor::new(&world);
    let (person, keys) = (world.person(Alice), world.keys(Harbour, Weth));
    let position = world.position_address(Harbour, Alice);
    let nothing = build::deposit(&person, &position, &keys, Weth.whole(0));
    let outcome = world.run_sent(Verb::Deposit, &[Alice], vec![nothing]);
    assert_eq!(outcome.refused, Some(Refusal::Lending(LendingError::AmountTooSmall)));
    assert_eq!(shown(&auditor, &world, &outcome), Ok(()));
    let mut other = outcome.clone();
    let failure = other.receipt.as_mut().and_then(|receipt| receipt.failure.as_mut());
    failure.expect("it failed").instruction = 1;
    assert!(shown(&auditor, &world, &other).is_err());
    let mut fine = outcome;
    fine.receipt.as_mut().expect("it ran").failure = None;
    let found = shown(&auditor, &world, &fine).expect_err("it was refused");
    assert!(found.expected.contains("AmountTooSmall"), "{found}");
}

/// Every rule that the auditor names is in docs/PROTOCOL.md.
#[test]
fn rules_are_those_of_the_page() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../docs/PROTOCOL.md")).expect("it is there");
    let mut named = 0;
    for entry in fs::read_dir(root.join("src/auditor")).expect("it is there") {
        let path = entry.expect("the folder can be read").path();
        let text = fs::read_to_string(&path).expect("a source is text");
        for word in text.split('"').skip(1).step_by(2) {
            let Some((group, number)) = word.split_once('-') else { continue };
            let is_id = !group.is_empty()
                && group.bytes().all(|byte| byte.is_ascii_uppercase())
                && number.bytes().all(|byte| byte.is_ascii_digit());
            if is_id {
                assert!(page.contains(&format!("**{word}**")), "{} names {word}", path.display());
                named += 1;
            }
        }
    }
    assert!(named > 50, "{named} rules");
}
