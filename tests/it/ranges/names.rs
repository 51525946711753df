//! Names of pools and feeds, and numbers of positions, at their bounds.

use cofferdam_lending_interface::{
    LendingError,
    state::{FeedConfig, PoolConfig},
};
use cofferdam_sdk::{Instruction, instruction as build};
use cofferdam_tests::world::World;

use crate::common::*;

/// A name of `N` bytes that begins with `text`.
fn name<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut name = [0; N];
    name[..text.len()].copy_from_slice(text);
    name
}

fn create_both(world: &World, text: &[u8]) -> [Instruction; 2] {
    let bob = world.person(Bob);
    let feed = build::create_feed(&bob, &bob, name(text), FeedConfig::single(bob));
    [build::create_pool(&bob, &bob, name(text), PoolConfig::default()), feed]
}

#[test]
fn names_are_printable_and_fill_their_place_at_most() {
    let world = fresh();
    for fine in [&b"!"[..], b"~", b"quay", &[b'q'; 16]] {
        done(world.clone().send(&[Bob], &create_both(&world, fine)));
    }
    let bob = world.person(Bob);
    let longest = build::create_pool(&bob, &bob, [b'q'; 32], PoolConfig::default());
    done(world.clone().send(&[Bob], &[longest]));
    for wrong in [&b""[..], b" ", b"two words", b"\x7f", b"\x1f", b"\xc3\xa9", b"gap\0gap", b"\0q"]
    {
        for create in create_both(&world, wrong) {
            refuses(&world, Bob, LendingError::InvalidName, |world| world.send(&[Bob], &[create]));
        }
    }
}

#[test]
fn a_position_has_any_number() {
    let world = fresh();
    for index in [1, u16::MAX] {
        let (mut world, pool) = (world.clone(), world.pool(Harbour));
        let bob = world.person(Bob);
        done(world.send(&[Bob], &[build::open_position(&bob, &bob, &pool, index)]));
    }
}
