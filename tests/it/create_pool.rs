use cofferdam_lending_interface::{
    LendingError,
    event::PoolCreated,
    state::{Pool, PoolConfig},
};
use cofferdam_sdk::{address, instruction as build, instruction::padded};
use cofferdam_tests::balances::Balances;

use crate::common::*;

#[test]
fn makes_an_empty_pool() {
    let mut world = fresh();
    let bob = world.person(Bob);
    let name = padded("quay").expect("short enough");
    let before = Balances::of(&world);
    let receipt = receipt_of(
        world.send(&[Bob], &[build::create_pool(&bob, &bob, name, PoolConfig::default())]),
    );
    let moved = before.to(&Balances::of(&world));

    let (pool, bump) = address::pool(&bob, &name);
    let expected = Pool::new(bump, bob, name, PoolConfig::default());
    assert_eq!(world.client().pool(&pool).expect("the pool exists"), expected);
    assert_eq!(event::<PoolCreated>(&receipt), PoolCreated { pool, admin: bob, name });
    let rent = i128::from(world.ledger().lamports(&pool));
    assert_eq!(moved, [("bob lamports", -FEE - rent)].into());
}

/// Lamports sent ahead must not block the address.
#[test]
fn a_funded_address_can_still_become_a_pool() {
    let mut world = fresh();
    let (bob, name) = (world.person(Bob), padded("quay").expect("short enough"));
    let (pool, _) = address::pool(&bob, &name);
    let airdrop = world.client_mut().backend_mut().cheat().airdrop(&pool, 1).map(|_| ());
    airdrop.expect("an empty address takes lamports");
    done(world.send(&[Bob], &[build::create_pool(&bob, &bob, name, PoolConfig::default())]));
    assert!(world.client().pool(&pool).is_ok());
}

#[test]
fn refusals() {
    let world = fresh();
    let bob = world.person(Bob);
    for name in [
        [0; 32],
        *b"two words\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        *b"gap\0gap\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    ] {
        refuses(&world, Bob, LendingError::InvalidName, |world| {
            world.send(&[Bob], &[build::create_pool(&bob, &bob, name, PoolConfig::default())])
        });
    }
    refuses(&world, Admin, LendingError::AlreadyInitialised, |world| {
        let (admin, name) = (world.person(Admin), padded("harbour").expect("short enough"));
        world.send(&[Admin], &[build::create_pool(&admin, &admin, name, PoolConfig::default())])
    });
}
