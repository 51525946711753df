//! A pool changes hands in two steps.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    event::{AdminChanged, AdminProposed},
    state::PoolConfig,
};
use cofferdam_sdk::{Instruction, instruction as build};
use cofferdam_tests::world::{Actor, World};

use crate::common::*;

fn propose(world: &World, next: Address) -> Instruction {
    build::propose_admin(&world.person(Admin), &world.pool(Harbour), &next)
}

fn accept(world: &World, actor: Actor) -> Instruction {
    build::accept_admin(&world.person(actor), &world.pool(Harbour))
}

#[test]
fn whoever_accepts_is_the_admin() {
    let mut world = indebted();
    let (pool, admin, bob) = (world.pool(Harbour), world.person(Admin), world.person(Bob));
    let propose = propose(&world, bob);
    let receipt = moves(&mut world, Admin, |world| world.send(&[Admin], &[propose]), []);
    assert_eq!(event::<AdminProposed>(&receipt), AdminProposed { pool, proposed: bob });
    let state = world.client().pool(&pool).expect("the pool exists");
    assert_eq!((state.admin, state.pending_admin), (admin, bob));

    let accept = accept(&world, Bob);
    let receipt = moves(&mut world, Bob, |world| world.send(&[Bob], &[accept]), []);
    let changed = AdminChanged { pool, before: admin, after: bob };
    assert_eq!(event::<AdminChanged>(&receipt), changed);
    let state = world.client().pool(&pool).expect("the pool exists");
    assert_eq!((state.admin, state.pending_admin), (bob, Address::default()));
    assert_eq!(state.creator, admin, "the pool's address stays");
    refuses(&world, Admin, LendingError::WrongAuthority, |world| {
        world.update_pool(Harbour, PoolConfig::default())
    });
    let own = build::update_pool(&bob, &pool, PoolConfig::default());
    done(world.send(&[Bob], &[own]));
}

/// The invitation is used up: an admin who left cannot come back by it.
#[test]
fn an_invitation_serves_once() {
    let mut world = indebted();
    let (bob, carol) = (world.person(Bob), world.person(Carol));
    let invite = propose(&world, bob);
    let take = accept(&world, Bob);
    done(world.send(&[Admin], &[invite]));
    done(world.send(&[Bob], &[take]));
    let pass_on = build::propose_admin(&bob, &world.pool(Harbour), &carol);
    let take = accept(&world, Carol);
    done(world.send(&[Bob], &[pass_on]));
    done(world.send(&[Carol], &[take]));
    refuses(&world, Bob, LendingError::WrongAuthority, |world| {
        let take = accept(world, Bob);
        world.send(&[Bob], &[take])
    });
}

#[test]
fn refusals() {
    let mut world = indebted();
    let bob = world.person(Bob);
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        let mallory = world.person(Mallory);
        let propose = build::propose_admin(&mallory, &world.pool(Harbour), &mallory);
        world.send(&[Mallory], &[propose])
    });
    let nobody = |world: &mut World| {
        let take = accept(world, Mallory);
        world.send(&[Mallory], &[take])
    };
    refuses(&world, Mallory, LendingError::WrongAuthority, nobody);
    let invite = propose(&world, bob);
    done(world.send(&[Admin], &[invite]));
    refuses(&world, Mallory, LendingError::WrongAuthority, nobody);
    // Taken back.
    let nobody_at_all = propose(&world, Address::default());
    done(world.send(&[Admin], &[nobody_at_all]));
    refuses(&world, Bob, LendingError::WrongAuthority, |world| {
        let take = accept(world, Bob);
        world.send(&[Bob], &[take])
    });
}
