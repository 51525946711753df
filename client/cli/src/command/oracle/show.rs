use cofferdam_sdk::{human, listing::text};

use crate::{desk::Desk, fault::Fault, options::At};

/// Show price feeds.
///
/// Example: cofferdam oracle show ETH
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only feeds of this symbol.
    symbol: Option<String>,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let now_s = desk.ledger().clock().unix_timestamp;
    let mut rows = Vec::new();
    for (address, feed) in desk.feeds() {
        let symbol = text(&feed.symbol);
        if args.symbol.as_ref().is_none_or(|wanted| *wanted == symbol) {
            let age_s = now_s - feed.observed_at_s;
            let price = |price| human::price_of(price).to_string();
            let quotes = feed.quotes.iter();
            let max_age_s = feed.config.quote_max_age_s;
            let fresh = quotes.filter(|quote| quote.counts(now_s, max_age_s)).count();
            let (quorum, listed) = (feed.config.quorum, feed.config.listed().len());
            let average = feed.ema_at(now_s).unwrap_or(feed.ema);
            // Before the first publication there is no observation to have an age.
            let age_s = if feed.sequence == 0 { "-".into() } else { age_s.to_string() };
            rows.push(vec![
                symbol,
                price(feed.price),
                price(feed.confidence),
                price(average),
                age_s,
                format!(
                    "{fresh} of {listed}, {quorum} needed, {} may lie",
                    feed.config.tolerated()
                ),
                address.to_string(),
            ]);
        }
    }
    rows.sort();
    let columns = ["symbol", "price", "confidence", "average", "age_s", "quotes", "address"];
    desk.list("feeds", &columns, rows);
    Ok(())
}
