use cofferdam_sdk::{
    Decimal, Signer, human, instruction as build, interface::event::PricePublished,
};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By},
    sheet::Sheet,
};

/// Publish a price in quote currency for one whole token; zero says that it is unknown.
///
/// Example: cofferdam oracle publish ETH 200 --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The feed, by symbol or address.
    feed: String,
    /// The price.
    #[arg(allow_negative_numbers = true)]
    price: Decimal,
    /// Half the width of the interval you are sure of, in quote currency.
    #[arg(long, default_value = "0", allow_negative_numbers = true)]
    confidence: Decimal,
    /// When it was observed, in seconds since 1970-01-01 UTC [default: now].
    #[arg(long, value_name = "UNIX_S")]
    observed_at_s: Option<i64>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let key = desk.signer(&args.by.who)?;
    let feed = desk.feed(&args.feed, &key.pubkey())?;
    let price = human::price("price", args.price).map_err(|error| Fault::input(&error))?;
    let confidence = human::price("confidence", args.confidence);
    let confidence = confidence.map_err(|error| Fault::input(&error))?;
    let at_s = args.observed_at_s.unwrap_or(desk.ledger().clock().unix_timestamp);
    let publish = build::publish_price(&key.pubkey(), &feed, price, confidence, at_s);
    let done = desk.act(&args.by, &[&key], vec![publish])?;
    let event: PricePublished = done.event()?;
    let (price, confidence) = (human::price_of(event.price), human::price_of(event.confidence));
    let headline = format!("{} is at {price}", args.feed);
    let details = |sheet: Sheet| {
        let sheet = sheet.detail("feed", feed).detail("price", price);
        sheet.detail("confidence", confidence)
    };
    desk.tell(&done, details, &headline);
    Ok(())
}
