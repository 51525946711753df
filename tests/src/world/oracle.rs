use cofferdam_host::encode_account;
use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    state::{FeedConfig, PUBLISHERS_MAX, PublisherQuote},
    units::Price,
};
use cofferdam_sdk::{
    Address, ClientError, Instruction, address, instruction as build, instruction::padded,
};

use super::{
    Actor, Asset, COMPROMISED, HONEST, PANEL, World,
    places::{second_symbol, symbol},
};

/// By how much the price of a forged feed is too high.
pub const FORGED_TIMES: u128 = 16;

/// The program that owns forged feeds.
const FORGER: Address = Address::new_from_array([7; 32]);

type Sent = Result<Receipt, ClientError>;

/// Feeds and their publishers.
impl World {
    /// The second feed of an asset, if [`super::Options::second_feeds`] asked for one.
    #[must_use]
    pub fn second_feed(&self, asset: Asset) -> Option<Address> {
        self.places.second_feeds.get(&asset).copied()
    }

    /// The account that passes for a feed of an asset and is another program's, if
    /// [`super::Options::forged`] asked for one.
    #[must_use]
    pub fn forged_feed(&self, asset: Asset) -> Option<Address> {
        self.places.forged.get(&asset).copied()
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
        let (feed, now_s) = (self.feed(asset), self.now_s());
        let people = self.publishers(asset);
        let publish = people.iter().map(|publisher| {
            build::publish_price(&self.person(*publisher), &feed, price, confidence, now_s)
        });
        let publish: Vec<Instruction> = publish.collect();
        self.send(people, &publish)
    }

    /// Publishes the last price of every feed again, in one transaction.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn refresh(&mut self) -> Sent {
        let publications = self.publications();
        self.send(self.refreshers(), &publications)
    }

    /// Who signs when every feed is published again.
    pub(crate) fn refreshers(&self) -> &'static [Actor] {
        if self.places.panels.is_empty() { &[Actor::Publisher] } else { &HONEST }
    }

    /// Who publishes an asset's price and is honest.
    #[must_use]
    pub fn publishers(&self, asset: Asset) -> &'static [Actor] {
        if self.places.panels.contains(&asset) { &HONEST } else { &[Actor::Publisher] }
    }

    /// Who publishes an asset's price and is not.
    #[must_use]
    pub fn compromised(&self, asset: Asset) -> &'static [Actor] {
        if self.places.panels.contains(&asset) { &COMPROMISED } else { &[] }
    }

    /// Instructions that publish the last price of every feed again.
    pub(crate) fn publications(&self) -> Vec<Instruction> {
        let alone: &[Actor] = &[Actor::Publisher];
        let second = self.places.second_feeds.values().map(|feed| (feed, alone));
        let first = Asset::ALL.into_iter().zip(&self.places.feeds);
        let feeds = first.map(|(asset, feed)| (feed, self.publishers(asset))).chain(second);
        feeds.flat_map(|(feed, people)| self.again(feed, people)).collect()
    }

    pub(super) fn create_feeds(&mut self, asset: Asset) -> Result<(), ClientError> {
        let publisher = self.person(Actor::Publisher);
        let config = FeedConfig::single(publisher);
        let panel = if self.compromised(asset).is_empty() { config } else { self.panel() };
        let create = build::create_feed(&publisher, &publisher, symbol(asset), panel);
        let _receipt = self.send(&[Actor::Publisher], &[create])?;
        let _receipt = self.publish(asset, asset.par())?;
        if let Some(forged) = self.forged_feed(asset) {
            self.forge(asset, &forged);
        }
        let Some(second) = self.second_feed(asset) else { return Ok(()) };
        let create = build::create_feed(&publisher, &publisher, second_symbol(asset), config);
        let _receipt = self.send(&[Actor::Publisher], &[create])?;
        let (price, observed_at_s) = (asset.par(), self.now_s());
        let quote = PublisherQuote { price, confidence: Price::ZERO, observed_at_s };
        let _receipt = self.quote(Actor::Publisher, &second, quote)?;
        Ok(())
    }

    /// Whoever has a program of their own writes into its accounts whatever they like; and once they
    /// lie, the price may as well stay new for ever.
    fn forge(&mut self, asset: Asset, forged: &Address) {
        let (mut account, mut feed) = {
            let account = self.ledger().account(&self.feed(asset)).expect("it was created");
            (account.clone(), self.price_feed(asset))
        };
        let price = Price(feed.price.get() * FORGED_TIMES);
        (feed.price, feed.ema, feed.observed_at_s) = (price, price, i64::from(u32::MAX));
        feed.ema_at_s = feed.observed_at_s;
        encode_account(&feed, &mut account.data).expect("it is as long as the real one");
        account.owner = FORGER;
        let mut cheats = self.client.backend_mut().cheat();
        let _cheats = cheats.set_account(forged, account).expect("any account can be written");
    }

    /// Five of seven publishers, so that the two who are compromised make no price.
    fn panel(&self) -> FeedConfig {
        let mut publishers = [Address::default(); PUBLISHERS_MAX];
        for (place, publisher) in publishers.iter_mut().zip(PANEL) {
            *place = self.person(publisher);
        }
        let quorum = u8::try_from(HONEST.len()).unwrap_or_default();
        let single = FeedConfig::single(self.person(Actor::Publisher));
        FeedConfig { quorum, quote_max_age_s: 86_400, publishers, ..single }
    }

    fn again(&self, address: &Address, publishers: &[Actor]) -> Vec<Instruction> {
        let feed = self.client.feed(address).expect("every asset has its feeds");
        let now_s = self.now_s();
        let publish = publishers.iter().map(|publisher| {
            let person = self.person(*publisher);
            build::publish_price(&person, address, feed.price, Price::ZERO, now_s)
        });
        publish.collect()
    }
}
