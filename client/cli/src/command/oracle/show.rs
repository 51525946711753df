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
            let (price, age_s) = (human::price_of(feed.price), now_s - feed.observed_at_s);
            // Before the first publication there is no observation to have an age.
            let age_s = if feed.sequence == 0 { "-".into() } else { age_s.to_string() };
            rows.push(vec![symbol, price.to_string(), age_s, address.to_string()]);
        }
    }
    rows.sort();
    desk.list("feeds", &["symbol", "price", "age_s", "address"], rows);
    Ok(())
}
