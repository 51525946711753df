use cofferdam_lending_interface::{LendingError, event::PricePublished, units::Price};
use cofferdam_sdk::instruction as build;

use crate::common::*;

#[test]
fn replaces_price_and_time() {
    let mut world = fresh();
    world.advance(60);
    let before = world.price_feed(Weth);
    let receipt = moves(&mut world, Publisher, |world| world.publish(Weth, dollars(1_999)), []);
    let after = world.price_feed(Weth);
    assert_eq!((after.price, after.observed_at_s), (dollars(1_999), world.now_s()));
    assert_eq!(after.sequence, before.sequence + 1);
    assert_eq!(after.published_slot, world.ledger().clock().slot);
    let expected = PricePublished {
        feed: world.feed(Weth),
        publisher: world.person(Publisher),
        quote: dollars(1_999),
        price: dollars(1_999),
        confidence: Price::ZERO,
        observed_at_s: world.now_s(),
        sequence: after.sequence,
    };
    assert_eq!(event::<PricePublished>(&receipt), expected);
}

#[test]
fn zero_says_that_the_price_is_unknown() {
    let mut world = fresh();
    done(world.publish(Weth, Price(0)));
    assert!(world.price_feed(Weth).price.is_zero());
}

#[test]
fn refusals() {
    let mut world = fresh();
    world.advance(60);
    done(world.publish(Weth, dollars(2_000)));
    let (feed, now_s) = (world.feed(Weth), world.now_s());
    let cases = [
        (Publisher, now_s + 1, LendingError::PriceFromFuture),
        (Publisher, now_s - 1, LendingError::PriceOutOfOrder),
        (Mallory, now_s, LendingError::WrongAuthority),
    ];
    for (signer, observed_at_s, error) in cases {
        refuses(&world, signer, error, |world| {
            let person = world.person(signer);
            let publish =
                build::publish_price(&person, &feed, dollars(1), Price::ZERO, observed_at_s);
            world.send(&[signer], &[publish])
        });
    }
}
