use cofferdam_lending_interface::{LendingError, event::PositionOpened};
use cofferdam_sdk::address;
use cofferdam_tests::balances::Balances;

use crate::common::*;

#[test]
fn makes_an_empty_position() {
    let mut world = fresh();
    let before = Balances::of(&world);
    let receipt = receipt_of(world.open_position(Alice, Harbour, 7));
    let moved = before.to(&Balances::of(&world));

    let (pool, owner) = (world.pool(Harbour), world.person(Alice));
    let (position, bump) = address::position(&pool, &owner, 7);
    let state = world.client().position(&position).expect("the position exists").state;
    assert_eq!((state.bump, state.pool, state.owner, state.index), (bump, pool, owner, 7));
    assert_eq!(state.used().count(), 0);
    assert_eq!(event::<PositionOpened>(&receipt), PositionOpened { pool, position, owner });
    let rent = i128::from(world.ledger().lamports(&position));
    assert_eq!(moved, [("alice lamports", -FEE - rent)].into());
}

#[test]
fn refuses_a_second_one_of_the_same_number() {
    refuses(&fresh(), Alice, LendingError::AlreadyInitialised, |world| {
        world.open_position(Alice, Harbour, 0)
    });
}
