use cofferdam_lending_interface::{
    LendingError,
    event::FeedCreated,
    state::{FeedConfig, PriceFeed},
};
use cofferdam_sdk::{address, instruction as build, instruction::padded};
use cofferdam_tests::balances::Balances;

use crate::common::*;

#[test]
fn makes_a_feed_without_a_price() {
    let mut world = fresh();
    let bob = world.person(Bob);
    let symbol = padded("XAU").expect("short enough");
    let before = Balances::of(&world);
    let receipt = receipt_of(
        world.send(&[Bob], &[build::create_feed(&bob, &bob, symbol, FeedConfig::single(bob))]),
    );
    let moved = before.to(&Balances::of(&world));

    let (feed, bump) = address::feed(&bob, &symbol);
    let expected = PriceFeed::new(bump, bob, symbol, FeedConfig::single(bob));
    assert_eq!(world.client().feed(&feed).expect("the feed exists"), expected);
    assert_eq!(event::<FeedCreated>(&receipt), FeedCreated { feed, authority: bob, symbol });
    let rent = i128::from(world.ledger().lamports(&feed));
    assert_eq!(moved, [("bob lamports", -FEE - rent)].into());
}

#[test]
fn refusals() {
    let world = fresh();
    let (bob, publisher) = (world.person(Bob), world.person(Publisher));
    refuses(&world, Bob, LendingError::InvalidName, |world| {
        world.send(&[Bob], &[build::create_feed(&bob, &bob, [0; 16], FeedConfig::single(bob))])
    });
    refuses(&world, Publisher, LendingError::AlreadyInitialised, |world| {
        let symbol = padded("WETH").expect("short enough");
        world.send(
            &[Publisher],
            &[build::create_feed(&publisher, &publisher, symbol, FeedConfig::single(publisher))],
        )
    });
    let nobody = FeedConfig {
        publishers: [cofferdam_host::Address::default(); 8],
        ..FeedConfig::single(bob)
    };
    let split = FeedConfig { quorum: 2, ..FeedConfig::single(bob) };
    for config in [nobody, split] {
        refuses(&world, Bob, LendingError::InvalidFeedConfig, |world| {
            world.create_feed(Bob, "XAU", config)
        });
    }
}
