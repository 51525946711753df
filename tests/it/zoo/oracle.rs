//! Prices.

use cofferdam_host::{Address, decode_account, encode_account};
use cofferdam_lending_interface::{
    state::{FeedConfig, PriceFeed, PublisherQuote},
    units::{Price, WAD},
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{action::Verb, world::World};

use super::Stage;
use crate::common::*;

fn borrow(stage: &mut Stage, dollars: u64) -> bool {
    let lend = |world: &mut World| world.borrow(Alice, Harbour, Usdc, Usdc.whole(dollars));
    stage.act(Verb::Borrow, &[Alice], lend)
}

/// A second older than the reserve allows.
pub(super) fn stale_price_ok() -> (Stage, bool) {
    let mut world = indebted();
    world.advance(3_601);
    let mut stage = Stage::new(world);
    let done = borrow(&mut stage, 1_000);
    (stage, done)
}

/// Sure to ten per cent, where five are allowed.
pub(super) fn conf_ignored() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let wide = |world: &mut World| world.publish_around(Weth, dollars(2_000), Price(200 * WAD));
    assert!(stage.act(Verb::PublishPrice, &[Publisher], wide));
    let done = borrow(&mut stage, 1_000);
    (stage, done)
}

/// Ether at 3,000 for a moment.
pub(super) fn no_deviation_band() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.price(Weth, 3_000);
    let done = borrow(&mut stage, 30_000);
    (stage, done)
}

pub(super) fn ema_at_once() -> (Stage, bool) {
    no_deviation_band()
}

/// A dollar of six decimals counts as one of nine.
pub(super) fn decimals_scale() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let done = borrow(&mut stage, 80_000);
    (stage, done)
}

/// The same loan with another feed in the place of ether's.
fn borrow_by(stage: &mut Stage, feed: Address) -> bool {
    let position = stage.world().position(Harbour, Alice);
    let others = stage.world().market(Harbour).used_by(&position.state);
    let (person, keys) = (stage.world().person(Alice), stage.world().keys(Harbour, Usdc));
    let amount = Usdc.whole(80_000);
    let mut lend = build::borrow(&person, &position.address, &keys, &others, amount);
    let own = stage.world().feed(Weth);
    let accounts = lend.accounts.iter_mut().filter(|account| account.pubkey == own);
    accounts.for_each(|account| account.pubkey = feed);
    stage.send(Verb::Borrow, Alice, &[lend])
}

/// Ether at the price of bitcoin.
pub(super) fn wrong_feed() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let feed = stage.world().feed(Wbtc);
    let done = borrow_by(&mut stage, feed);
    (stage, done)
}

/// Ether at the price that somebody else's program says.
pub(super) fn foreign_oracle() -> (Stage, bool) {
    let mut world = indebted();
    let mut account = world.ledger().account(&world.feed(Weth)).expect("it exists").clone();
    let mut feed: PriceFeed = decode_account(&account.data).expect("a feed");
    (feed.price, feed.ema) = (dollars(30_000), dollars(30_000));
    encode_account(&feed, &mut account.data).expect("it fits");
    account.owner = Address::new_from_array([7; 32]);
    let forged = Address::new_from_array([8; 32]);
    let cheats = world.client_mut().backend_mut().cheat().set_account(&forged, account).map(drop);
    cheats.expect("any account can be forged");
    let mut stage = Stage::new(world);
    let done = borrow_by(&mut stage, forged);
    (stage, done)
}

/// The dollar's price was withdrawn.
pub(super) fn zero_or_negative_price() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.price(Usdc, 0);
    let done = borrow(&mut stage, 1_000);
    (stage, done)
}

/// Two publishers say 2,000 and the third one 4,000.
pub(super) fn median_is_last() -> (Stage, bool) {
    let mut world = indebted();
    let mut publishers = FeedConfig::single(Address::default()).publishers;
    for (place, actor) in publishers.iter_mut().zip([Publisher, Carol, Mallory]) {
        *place = world.person(actor);
    }
    let single = FeedConfig::single(world.person(Publisher));
    done(world.create_feed(Publisher, "THREE", FeedConfig { quorum: 2, publishers, ..single }));
    let feed = world.feed_address(Publisher, "THREE");
    let mut stage = Stage::new(world);
    let observed_at_s = stage.world().now_s();
    for (actor, price) in [(Publisher, 2_000), (Carol, 2_000), (Mallory, 4_000)] {
        let quote =
            PublisherQuote { price: dollars(price), confidence: Price::ZERO, observed_at_s };
        let say = |world: &mut World| world.quote(actor, &feed, quote);
        assert!(stage.act(Verb::PublishPrice, &[actor], say));
    }
    let price = stage.world().client().feed(&feed).expect("a feed").price;
    (stage, price == dollars(4_000))
}

/// Yesterday's price again.
pub(super) fn replayed_price() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.wait(600);
    let observed_at_s = stage.world().now_s() - 300;
    let quote = PublisherQuote { price: dollars(2_500), confidence: Price::ZERO, observed_at_s };
    let feed = stage.world().feed(Weth);
    let say = |world: &mut World| world.quote(Publisher, &feed, quote);
    let done = stage.act(Verb::PublishPrice, &[Publisher], say);
    (stage, done)
}
