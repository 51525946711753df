//! A whole session replays from its journal, and the same session has the same root.

use cofferdam_ledger::{Journal, Recording, replay, replay_until};
use cofferdam_sdk::local;
use cofferdam_tests::world::{Options, World};

use crate::common::*;

/// Everything once: loans, time, a crash, liquidation, bad debt, and transactions that fail.
fn session() -> World {
    let mut world = World::lively(&Options { recording: Recording::Journal, ..Options::default() });
    world.advance(600);
    done(world.refresh());
    assert!(world.borrow(Alice, Harbour, Usdc, Usdc.whole(100_000)).is_err());
    price(&mut world, Weth, 900);
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(10_000), Amount(0)));
    price(&mut world, Weth, 880);
    done(world.absorb(Harbour, Alice));
    assert!(world.withdraw(Alice, Harbour, Weth, Amount(1)).is_err());
    done(world.repay(Bob, (Harbour, Bob), Weth, Amount(ALL)));
    done(world.donate(Mallory, Lagoon, Dai, Amount(5)));
    world
}

fn journal(world: &World) -> &Journal {
    world.ledger().journal().expect("the world records")
}

#[test]
fn session_replays() {
    let world = session();
    let journal = journal(&world);
    assert!(journal.len() > 100, "{} entries", journal.len());
    let again = replay(journal, [local::program()]).expect("the journal is sound");
    assert_eq!(again.state_root(), world.ledger().state_root());
    assert_eq!(again.clock(), world.ledger().clock());

    let read = Journal::from_json(&journal.to_json()).expect("it was just written");
    let from_file = replay(&read, [local::program()]).expect("the file is sound");
    assert_eq!(from_file.state_root(), world.ledger().state_root());
}

#[test]
fn the_same_session_has_the_same_root() {
    assert_eq!(session().ledger().state_root(), session().ledger().state_root());
}

#[test]
fn another_seed_has_another_root() {
    let other = World::new(&Options { seed: 2, ..options() });
    assert_ne!(other.ledger().state_root(), fresh().ledger().state_root());
}

#[test]
fn a_part_of_the_journal_leads_to_the_state_of_then() {
    let world = session();
    let journal = journal(&world);
    let middle = journal.len() / 2;
    let then = replay_until(journal, [local::program()], middle, |_| {}).expect("sound so far");
    let entry = journal.get(middle - 1).expect("half of many is some");
    assert_eq!(then.state_root(), entry.state_root);
}
