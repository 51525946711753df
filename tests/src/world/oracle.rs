use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    state::{FeedConfig, PublisherQuote},
    units::Price,
};
use cofferdam_sdk::{
    Address, ClientError, Instruction, address, instruction as build, instruction::padded,
};

use super::{
    Actor, Asset, World,
    places::{second_symbol, symbol},
};

type Sent = Result<Receipt, ClientError>;

/// Feeds and their publishers.
impl World {
    /// The second feed of an asset, if [`super::Options::second_feeds`] asked for one.
    #[must_use]
    pub fn second_feed(&self, asset: Asset) -> Option<Address> {
        self.places.second_feeds.get(&asset).copied()
    }

    /// Address of a feed that `authority` creates.
    ///
    /// # Panics
    /// For a symbol of more than 16 bytes.
    #[must_use]
    pub fn feed_address(&self, authority: Actor, name: &str) -> Address {
        address::feed(&self.person(authority), &padded(name).expect("16 bytes")).0
    }

    /// Creates a feed, as `authority`.
    ///
    /// # Errors
    /// [`ClientError`].
    ///
    /// # Panics
    /// For a symbol of more than 16 bytes.
    pub fn create_feed(&mut self, authority: Actor, name: &str, config: FeedConfig) -> Sent {
        let (person, symbol) = (self.person(authority), padded(name).expect("16 bytes"));
        let create = build::create_feed(&person, &person, symbol, config);
        self.send(&[authority], &[create])
    }

    /// Publishes what `publisher` observed.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn quote(&mut self, publisher: Actor, feed: &Address, quote: PublisherQuote) -> Sent {
        let PublisherQuote { price, confidence, observed_at_s } = quote;
        let person = self.person(publisher);
        let publish = build::publish_price(&person, feed, price, confidence, observed_at_s);
        self.send(&[publisher], &[publish])
    }

    /// Publishes a price observed now that the publisher is sure of.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn publish(&mut self, asset: Asset, price: Price) -> Sent {
        self.publish_around(asset, price, Price::ZERO)
    }

    /// Publishes a price observed now, and half the width of its confidence interval.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn publish_around(&mut self, asset: Asset, price: Price, confidence: Price) -> Sent {
        let quote = PublisherQuote { price, confidence, observed_at_s: self.now_s() };
        self.quote(Actor::Publisher, &self.feed(asset), quote)
    }

    /// Publishes the last price of every feed again, in one transaction.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn refresh(&mut self) -> Sent {
        let publications = self.publications();
        self.send(&[Actor::Publisher], &publications)
    }

    /// Instructions that publish the last price of every feed again.
    pub(crate) fn publications(&self) -> Vec<Instruction> {
        let second = self.places.second_feeds.values();
        let feeds = self.places.feeds.values().chain(second);
        feeds.map(|feed| self.again(feed)).collect()
    }

    pub(super) fn create_feeds(&mut self, asset: Asset) -> Result<(), ClientError> {
        let config = FeedConfig::single(self.person(Actor::Publisher));
        let publisher = self.person(Actor::Publisher);
        let create = build::create_feed(&publisher, &publisher, symbol(asset), config);
        let _receipt = self.send(&[Actor::Publisher], &[create])?;
        let _receipt = self.publish(asset, asset.par())?;
        let Some(second) = self.second_feed(asset) else { return Ok(()) };
        let create = build::create_feed(&publisher, &publisher, second_symbol(asset), config);
        let _receipt = self.send(&[Actor::Publisher], &[create])?;
        let (price, observed_at_s) = (asset.par(), self.now_s());
        let quote = PublisherQuote { price, confidence: Price::ZERO, observed_at_s };
        let _receipt = self.quote(Actor::Publisher, &second, quote)?;
        Ok(())
    }

    fn again(&self, address: &Address) -> Instruction {
        let feed = self.client.feed(address).expect("every asset has its feeds");
        let (publisher, now_s) = (self.person(Actor::Publisher), self.now_s());
        build::publish_price(&publisher, address, feed.price, Price::ZERO, now_s)
    }
}
