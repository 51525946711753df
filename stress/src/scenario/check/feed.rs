//! The checks of one asset's feed.

use rust_decimal::Decimal;

use super::{Faulty, inside, known, within};
use crate::prices::MicroUsd;
use crate::scenario::{Fault, Feed, Scenario, Window, WrongPrice};

/// Checks the feed of `symbol`.
pub(super) fn feed(scenario: &Scenario, symbol: &str, feed: &Feed) -> Result<(), Faulty> {
    let key = format!("feeds.{symbol}");
    known(scenario, &key, symbol)?;
    if let Some(heartbeat_s) = feed.heartbeat_s {
        within(&format!("{key}.heartbeat_s"), heartbeat_s, 1, u32::MAX)?;
    }
    if let Some(deviation_bps) = feed.deviation_bps {
        within(&format!("{key}.deviation_bps"), deviation_bps, 0, 10_000)?;
    }
    if let Some(floor) = feed.floor {
        price(format!("{key}.floor"), floor)?;
    }
    for (index, window) in feed.frozen.iter().enumerate() {
        inside(scenario, &format!("{key}.frozen[{index}]"), *window)?;
    }
    for (index, one) in feed.wrong.iter().enumerate() {
        wrong(scenario, &format!("{key}.wrong[{index}]"), one)?;
    }
    Ok(())
}

fn wrong(scenario: &Scenario, key: &str, wrong: &WrongPrice) -> Result<(), Faulty> {
    inside(scenario, key, Window { from: wrong.from, until: wrong.until })?;
    match (wrong.price, wrong.share_bps) {
        (Some(usd), None) => price(format!("{key}.price"), usd),
        (None, Some(share_bps)) => within(&format!("{key}.share_bps"), share_bps, 1, 1_000_000),
        _ => Err((key.to_owned(), Fault::OneOf("price", "share_bps"))),
    }
}

fn price(key: String, usd: Decimal) -> Result<(), Faulty> {
    MicroUsd::nearest(usd).map(drop).map_err(|fault| (key, Fault::Price(fault)))
}
