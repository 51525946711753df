use cofferdam_host::Address;
use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    LendingError,
    event::PricePublished,
    state::{FeedConfig, PublisherQuote},
    units::Price,
};
use cofferdam_sdk::ClientError;
use cofferdam_tests::world::{Actor, World};

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
    assert_eq!((after.ema, after.ema_at_s), (dollars(2_000), world.now_s()));
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

/// A feed of Alice, Bob and Carol that two of them make; quotes count for a minute.
fn three() -> (World, Address) {
    let mut world = fresh();
    let mut config =
        FeedConfig { quorum: 2, quote_max_age_s: 60, ..FeedConfig::single(world.person(Alice)) };
    config.publishers[1] = world.person(Bob);
    config.publishers[2] = world.person(Carol);
    done(world.create_feed(Admin, "XAU", config));
    let feed = world.feed_address(Admin, "XAU");
    (world, feed)
}

fn says(
    world: &mut World,
    (who, feed): (Actor, &Address),
    price: u128,
    confidence: u128,
    ago_s: i64,
) -> Result<Receipt, ClientError> {
    let observed_at_s = world.now_s() - ago_s;
    let (price, confidence) = (dollars(price), dollars(confidence));
    world.quote(who, feed, PublisherQuote { price, confidence, observed_at_s })
}

/// Each step: who says what, and the price and confidence that stand afterwards.
#[test]
fn a_quorum_makes_the_price() {
    let (mut world, feed) = three();
    let now_s = world.now_s();
    for (who, quote, width, ago_s, price, confidence, observed_s) in [
        (Alice, 100, 1, 0, 0, 0, 0),
        // Votes 98 99 100 101 102 106: second from either end 99 and 102.
        (Bob, 102, 4, 10, 101, 2, now_s - 10),
        // 98 99 100 101 102 106 400 600 800: third from either end 100 and 400.
        (Carol, 600, 200, 5, 102, 298, now_s - 5),
        (Carol, 0, 0, 5, 101, 2, now_s - 10),
        (Bob, 0, 0, 0, 0, 0, now_s - 10),
        // 99 100 101 104 104 104.
        (Bob, 104, 0, 0, 102, 2, now_s),
    ] {
        let receipt = moves(&mut world, who, |w| says(w, (who, &feed), quote, width, ago_s), []);
        let PricePublished { publisher, quote: said, price: made, confidence: wide, .. } =
            event(&receipt);
        assert_eq!((publisher, said), (world.person(who), dollars(quote)));
        assert_eq!((made, wide), (dollars(price), dollars(confidence)), "{who:?} said {quote}");
        let feed = world.client().feed(&feed).expect("it exists");
        assert_eq!((feed.price, feed.confidence), (made, wide));
        assert_eq!(feed.observed_at_s, observed_s, "{who:?} said {quote}");
    }
}

#[test]
fn refusals() {
    let mut world = fresh();
    world.advance(60);
    done(world.publish(Weth, dollars(2_000)));
    let feed = world.feed(Weth);
    for (signer, price, confidence, ago_s, error) in [
        (Publisher, 1, 0, -1, LendingError::PriceFromFuture),
        (Publisher, 1, 0, 1, LendingError::PriceOutOfOrder),
        (Publisher, 1, 1, 0, LendingError::InvalidQuote),
        (Publisher, 0, 1, 0, LendingError::InvalidQuote),
        (Mallory, 1, 0, 0, LendingError::NotAPublisher),
        // The feed is of others, though its creator is among them.
        (Admin, 1, 0, 0, LendingError::NotAPublisher),
    ] {
        refuses(&world, signer, error, |world| {
            says(world, (signer, &feed), price, confidence, ago_s)
        });
    }
}

/// A publisher's own order counts: what others observed later is no reason to refuse.
#[test]
fn order_is_each_publishers_own() {
    let (mut world, feed) = three();
    done(says(&mut world, (Alice, &feed), 100, 0, 0));
    done(says(&mut world, (Bob, &feed), 100, 0, 30));
    refuses(&world, Bob, LendingError::PriceOutOfOrder, |w| says(w, (Bob, &feed), 100, 0, 31));
    refuses(&world, Admin, LendingError::NotAPublisher, |w| says(w, (Admin, &feed), 100, 0, 0));
}
