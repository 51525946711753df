//! Publishing a price. docs/PROTOCOL.md, ORA-2 to ORA-7.

use std::sync::Arc;

use cofferdam_lending_interface::{
    LendingError,
    event::PricePublished,
    instruction::{PublishPrice, PublishPriceAccounts},
    units::Price,
};

use super::{
    draft::{Draft, Run, Stored, within},
    number::{Grain, Q},
    state::{Account, Feed, Quote},
};

impl Draft<'_> {
    pub(super) fn publish(&mut self, args: &PublishPrice) -> Run<()> {
        const SLOTS: PublishPriceAccounts<usize> = PublishPriceAccounts::SLOTS;
        let publisher = self.signer(SLOTS.publisher)?;
        let (address, feed) = self.feed(SLOTS.feed)?;
        self.require_writable(&address)?;
        let mut feed = Feed::clone(&feed);
        let listed = feed.config.publishers.iter().take_while(|p| **p != Default::default());
        let place = listed.clone().position(|listed| *listed == publisher);
        let place = place.ok_or(LendingError::NotAPublisher)?;
        let now_s = self.scope.now_s;
        if args.observed_at_s > now_s {
            return Err(LendingError::PriceFromFuture.into());
        }
        if args.observed_at_s < feed.quotes[place].observed_at_s {
            return Err(LendingError::PriceOutOfOrder.into());
        }
        let quote = Quote {
            price: Q::kept(args.price.0, Grain::Dollar),
            confidence: Q::kept(args.confidence.0, Grain::Dollar),
            observed_at_s: args.observed_at_s,
        };
        if !quote.is_sound() {
            return Err(LendingError::InvalidQuote.into());
        }
        let span = feed.average_at(now_s);
        let average = match self.scope.stored.get(&address) {
            // A first price is its own average; there was nothing to be between bounds.
            Some(Stored::Average(stored)) if !feed.average.is_zero() => {
                within(&span, stored, "ema", "ORA-7")?;
                stored.clone()
            }
            _ => self.scope.guess.of(&span, Grain::Dollar),
        };
        feed.take(place, quote, average, now_s);
        feed.published_slot = self.scope.slot;
        feed.sequence += 1;
        let told = |dollars: &Q| Price(dollars.raw(Grain::Dollar));
        self.tell(PricePublished {
            feed: address,
            publisher,
            quote: args.price,
            price: told(&feed.price),
            confidence: told(&feed.confidence),
            observed_at_s: feed.observed_at_s,
            sequence: feed.sequence,
        });
        self.put(address, Account::Feed(Arc::new(feed)));
        Ok(())
    }
}
