//! Price feeds: who moves a price, how far, and how slowly its average follows.

use cofferdam_lending_interface::state::PriceFeed;

use super::{Step, Verdict, told::Told};

/// Feeds that changed, after and before.
fn moved<'a>(step: &'a Step<'_>) -> impl Iterator<Item = (&'a PriceFeed, &'a PriceFeed)> {
    let changed = step.delta.feeds.iter();
    changed.filter_map(|feed| Some((feed.before.as_deref()?, feed.after.as_deref()?)))
}

/// The price is the median of the quotes that count, so that fewer than half of those cannot move
/// it outside what the others say.
pub(super) fn price_is_the_median(step: &Step<'_>) -> Verdict {
    for (before, after) in moved(step) {
        let now_s = step.after.now_s;
        let counts = |quote: &&cofferdam_lending_interface::state::PublisherQuote| {
            let age_s = now_s.saturating_sub(quote.observed_at_s);
            !quote.price.is_zero() && age_s <= i64::from(after.config.quote_max_age_s)
        };
        let mut prices: Vec<u128> =
            after.quotes.iter().filter(counts).map(|quote| quote.price.get()).collect();
        prices.sort_unstable();
        let quorum = usize::from(after.config.quorum);
        let price = after.price.get();
        if prices.len() < quorum {
            // Without a quorum the old price stays, or nobody knows one.
            if price != before.price.get() && price != 0 {
                return Err(format!("{} of {quorum} quotes made the price {price}", prices.len()));
            }
            continue;
        }
        let (low, high) = (prices[(prices.len() - 1) / 2], prices[prices.len() / 2]);
        if price != low + (high - low) / 2 {
            return Err(format!("of quotes {prices:?} the price is {price}"));
        }
    }
    Ok(())
}

/// The average lies between where it was and the price that stood until now, and a price published
/// in this second has not moved it at all.
pub(super) fn average_follows(step: &Step<'_>) -> Verdict {
    for (before, after) in moved(step) {
        let (then, price, now) = (before.ema.get(), before.price.get(), after.ema.get());
        let first = then == 0 && now == after.price.get();
        let bounds = if price == 0 { (then, then) } else { (then.min(price), then.max(price)) };
        let rests = before.ema_at_s >= step.after.now_s && now != then;
        if !first && (now < bounds.0 || now > bounds.1 || rests) {
            return Err(format!("the average went from {then} to {now} at a price of {price}"));
        }
        if after.ema_at_s < before.ema_at_s
            || after.ema_at_s > step.after.now_s.max(before.ema_at_s)
        {
            return Err(format!("the average stands at {} s", after.ema_at_s));
        }
    }
    Ok(())
}

/// A quote changes by the word of its publisher alone, who is one of those the feed lists, to what
/// was observed later, and every publication is counted.
pub(super) fn publishers_speak_for_themselves(step: &Step<'_>) -> Verdict {
    for changed in &step.delta.feeds {
        let (Some(before), Some(after)) = (&changed.before, &changed.after) else { continue };
        for (place, (then, now)) in before.quotes.iter().zip(&after.quotes).enumerate() {
            let publisher = before.config.publishers.get(place).copied().unwrap_or_default();
            if then != now && !step.outcome.signers.contains(&publisher) {
                return Err(format!("the quote of {publisher} changed without a signature"));
            }
            if now.observed_at_s < then.observed_at_s {
                return Err(format!("an older quote of {publisher} replaced a newer one"));
            }
        }
        let told = step.beats.told().iter();
        let told = told.filter(
            |told| matches!(told, Told::PricePublished(event) if event.feed == changed.address),
        );
        let published = u64::try_from(told.count()).unwrap_or_default();
        if after.sequence != before.sequence.wrapping_add(published) {
            let (then, now) = (before.sequence, after.sequence);
            return Err(format!("{published} publications took the feed from {then} to {now}"));
        }
    }
    Ok(())
}
