//! Publishes a price.

use cofferdam_host::{Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    event::PricePublished,
    instruction::{PublishPrice, PublishPriceAccounts},
    state::PriceFeed,
};

use super::emit;
use crate::{
    load::{Loaded, now_s, signer},
    refuse::require,
};

const SLOTS: PublishPriceAccounts<usize> = PublishPriceAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &PublishPrice) -> ProgramResult {
    let mut feed = load(host)?;
    check(host, &feed, args)?;

    feed.state.price = args.price;
    feed.state.confidence = args.confidence;
    feed.state.ema = args.price;
    feed.state.observed_at_s = args.observed_at_s;
    feed.state.published_slot = host.clock()?.slot;
    feed.state.sequence = feed.state.sequence.checked_add(1).ok_or(LendingError::MathOverflow)?;
    feed.store(host)?;
    emit(
        host,
        &PricePublished {
            feed: feed.address,
            publisher: feed.state.authority,
            quote: args.price,
            price: args.price,
            confidence: args.confidence,
            observed_at_s: args.observed_at_s,
            sequence: feed.state.sequence,
        },
    )
}

fn load<H: Host>(host: &mut H) -> Result<Loaded<PriceFeed>, ProgramError> {
    let signer = signer(host, SLOTS.publisher)?;
    let feed: Loaded<PriceFeed> = Loaded::load_writable(host, SLOTS.feed)?;
    let authority = feed.state.authority;
    require!(
        host,
        signer == authority,
        WrongAuthority,
        "{signer} signed, the feed's authority is {authority}"
    );
    Ok(feed)
}

/// Observations come in order and none from the future: a replayed old message must not undo a
/// newer price, nor a wrong clock keep a price fresh for ever.
fn check<H: Host>(host: &mut H, feed: &Loaded<PriceFeed>, args: &PublishPrice) -> ProgramResult {
    let (observed_s, last_s, now_s) = (args.observed_at_s, feed.state.observed_at_s, now_s(host)?);
    require!(
        host,
        observed_s <= now_s,
        PriceFromFuture,
        "observed at {observed_s}, the clock says {now_s}"
    );
    require!(
        host,
        observed_s >= last_s,
        PriceOutOfOrder,
        "observed at {observed_s}, the feed's last observation is of {last_s}"
    );
    Ok(())
}
