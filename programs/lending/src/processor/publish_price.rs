//! Takes one publisher's quote and makes the feed's price anew from all that count.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    event::PricePublished,
    instruction::{PublishPrice, PublishPriceAccounts},
    state::{PriceFeed, PublisherQuote},
    zoo,
};

use super::emit;
use crate::{
    load::{Loaded, now_s, signer},
    refuse::{planned, refuse, require},
};

const SLOTS: PublishPriceAccounts<usize> = PublishPriceAccounts::SLOTS;

struct Context {
    publisher: Address,
    /// Among the feed's publishers.
    place: usize,
    feed: Loaded<PriceFeed>,
}

pub(crate) fn process<H: Host>(host: &mut H, args: &PublishPrice) -> ProgramResult {
    let mut cx = load(host)?;
    let now_s = now_s(host)?;
    let PublishPrice { price, confidence, observed_at_s } = *args;
    let quote = PublisherQuote { price, confidence, observed_at_s };
    check(host, &cx, quote, now_s)?;

    let taken = cx.feed.state.take(cx.place, quote, now_s);
    let detail = format_args!("quote {price} ± {confidence} for feed {}", cx.feed.address);
    planned(host, taken, detail)?;
    let feed = &mut cx.feed.state;
    feed.published_slot = host.clock()?.slot;
    feed.sequence = feed.sequence.checked_add(1).ok_or(LendingError::MathOverflow)?;
    cx.feed.store(host)?;
    emit(host, &event(&cx, quote))
}

fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let publisher = signer(host, SLOTS.publisher)?;
    let feed: Loaded<PriceFeed> = Loaded::load_writable(host, SLOTS.feed)?;
    let address = feed.address;
    let Some(place) = feed.state.config.place(&publisher) else {
        let detail = format_args!("{publisher} is not among the publishers of feed {address}");
        return Err(refuse(host, LendingError::NotAPublisher, detail));
    };
    Ok(Context { publisher, place, feed })
}

/// A publisher's observations come in order and none from the future: a replayed old message must
/// not undo a newer price, nor a wrong clock keep a price fresh for ever.
fn check<H: Host>(host: &mut H, cx: &Context, quote: PublisherQuote, now_s: i64) -> ProgramResult {
    let last = cx.feed.state.quotes.get(cx.place).copied().unwrap_or_default();
    let (observed_s, last_s) = (quote.observed_at_s, last.observed_at_s);
    require!(
        host,
        observed_s <= now_s,
        PriceFromFuture,
        "observed at {observed_s}, the clock says {now_s}"
    );
    require!(
        host,
        zoo!(observed_s >= last_s; ReplayedPrice => true),
        PriceOutOfOrder,
        "observed at {observed_s}, the publisher's last observation is of {last_s}"
    );
    Ok(())
}

fn event(cx: &Context, quote: PublisherQuote) -> PricePublished {
    let feed = &cx.feed.state;
    PricePublished {
        feed: cx.feed.address,
        publisher: cx.publisher,
        quote: quote.price,
        price: feed.price,
        confidence: feed.confidence,
        observed_at_s: feed.observed_at_s,
        sequence: feed.sequence,
    }
}
