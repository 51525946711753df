//! What must hold between the values of a scenario. The first fault ends the check.

mod agent;
mod feed;
mod pool;

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Asset, Congestion, Fault, Keepers, PoolRole, PriceSource, Scenario, Window, sampling};
use crate::prices;
use crate::prices::bridge::{self, BridgeError, DAY_S};

/// The key that is wrong, as a dotted path, and why.
pub(super) type Faulty = (String, Fault);

/// A year of ten-second steps.
const MAX_STEPS: i64 = 3_153_600;
const MAX_DECIMALS: u8 = 18;
const MAX_PEOPLE: u32 = 100_000;
const MAX_WARMUP_S: u32 = 10 * 365 * 86_400;

/// Checks a scenario whose values have their types.
pub(super) fn scenario(scenario: &Scenario) -> Result<(), Faulty> {
    header(scenario)?;
    window(scenario)?;
    assets(scenario)?;
    market(scenario)?;
    pools(scenario)
}

fn header(scenario: &Scenario) -> Result<(), Faulty> {
    name("name", &scenario.name)?;
    not_empty("description", &scenario.description)?;
    if scenario.sources.is_empty() {
        return Err(("sources".into(), Fault::Empty));
    }
    for (index, source) in scenario.sources.iter().enumerate() {
        not_empty(&format!("sources[{index}]"), source)?;
    }
    Ok(())
}

fn window(scenario: &Scenario) -> Result<(), Faulty> {
    let (start, end, step_s) = (scenario.start, scenario.end, scenario.step_s);
    within("step_s", step_s, 1, 86_400)?;
    within("warmup_s", scenario.warmup_s, 0, MAX_WARMUP_S)?;
    if end <= start {
        return Err(("end".into(), Fault::NotAfter { found: end, than_key: "start", than: start }));
    }
    let window_s = end.unix_s() - start.unix_s();
    if window_s % i64::from(step_s) != 0 {
        return Err(("end".into(), Fault::RaggedWindow { window_s, step_s }));
    }
    let steps = window_s / i64::from(step_s);
    if steps > MAX_STEPS {
        return Err(("step_s".into(), Fault::TooManySteps { steps, most: MAX_STEPS }));
    }
    Ok(())
}

fn assets(scenario: &Scenario) -> Result<(), Faulty> {
    let mut symbols = BTreeSet::new();
    for (index, asset) in scenario.assets.iter().enumerate() {
        let key = format!("assets[{index}]");
        symbol(&format!("{key}.symbol"), &asset.symbol)?;
        within(&format!("{key}.decimals"), asset.decimals.into(), 0, MAX_DECIMALS.into())?;
        if !symbols.insert(asset.symbol.as_str()) {
            return Err((format!("{key}.symbol"), Fault::Duplicate(asset.symbol.clone())));
        }
    }
    known(scenario, "prices_asset", &scenario.prices_asset)?;
    for (index, asset) in scenario.assets.iter().enumerate() {
        price(scenario, asset, &format!("assets[{index}].price"))?;
    }
    sampling::check(scenario)
}

/// Lays the price out once, day by day first so that a fault can name its day.
fn price(scenario: &Scenario, asset: &Asset, key: &str) -> Result<(), Faulty> {
    let (seed, symbol) = (scenario.seed, asset.symbol.as_str());
    let PriceSource::DailyOhlc(days) = &asset.price else {
        return prices::stated(&asset.price, &scenario.grid(), seed, symbol)
            .map(drop)
            .map_err(|fault| (key.to_owned(), Fault::Prices(fault)));
    };
    for (index, day) in days.iter().enumerate() {
        let expanded = bridge::expand(&day.bar, day.pins, DAY_S, scenario.step_s, seed, symbol);
        expanded.map_err(|fault| (day_key(key, index, &fault), Fault::Bridge(fault)))?;
    }
    let days: Vec<_> = days.iter().map(|day| (day.bar, day.pins)).collect();
    bridge::path(&days, DAY_S, &scenario.grid(), seed, symbol)
        .map(drop)
        .map_err(|fault| (format!("{key}.days"), Fault::Bridge(fault)))
}

/// The key at fault when a day cannot be expanded.
fn day_key(key: &str, index: usize, fault: &BridgeError) -> String {
    match fault.field() {
        Some(field) => format!("{key}.days[{index}].{field}"),
        None => "step_s".to_owned(),
    }
}

fn market(scenario: &Scenario) -> Result<(), Faulty> {
    within("oracle.heartbeat_s", scenario.oracle.heartbeat_s, 1, u32::MAX)?;
    within("oracle.deviation_bps", scenario.oracle.deviation_bps, 0, 10_000)?;
    for (symbol, feed) in &scenario.feeds {
        feed::feed(scenario, symbol, feed)?;
    }
    if let Some(congestion) = &scenario.congestion {
        congested(scenario, congestion)?;
    }
    within(
        "chain.keeper_transactions_per_step",
        scenario.chain.keeper_transactions_per_step,
        1,
        1_000_000,
    )?;
    agent::agents(scenario)?;
    keepers(scenario, &scenario.keepers)
}

fn congested(scenario: &Scenario, congestion: &Congestion) -> Result<(), Faulty> {
    let Congestion { from, until, capacity_share, keeper_participation, fee_multiple } =
        *congestion;
    inside(scenario, "congestion", Window { from, until })?;
    share("congestion.capacity_share", capacity_share)?;
    if let Some(found) = fee_multiple {
        let (low, high) = (Decimal::ONE, Decimal::from(1_000_000));
        if found < low || found > high {
            return Err(("congestion.fee_multiple".into(), Fault::Range { found, low, high }));
        }
        if scenario.fees.is_none() {
            return Err(("congestion.fee_multiple".into(), Fault::Needs("fees")));
        }
    }
    share("congestion.keeper_participation", keeper_participation)
}

/// A window within the run.
fn inside(scenario: &Scenario, key: &str, window: Window) -> Result<(), Faulty> {
    let (start, end, Window { from, until }) = (scenario.start, scenario.end, window);
    for (name, found) in [("from", from), ("until", until)] {
        if found < start || found > end {
            return Err((format!("{key}.{name}"), Fault::OutsideRun { found, start, end }));
        }
    }
    if until <= from {
        let fault = Fault::NotAfter { found: until, than_key: "from", than: from };
        return Err((format!("{key}.until"), fault));
    }
    Ok(())
}

fn keepers(scenario: &Scenario, keepers: &Keepers) -> Result<(), Faulty> {
    within("keepers.count", keepers.count, 1, MAX_PEOPLE)?;
    within("keepers.min_profit_bps", keepers.min_profit_bps, 0, 10_000)?;
    for (symbol, capital) in &keepers.capital {
        let key = format!("keepers.capital.{symbol}");
        known(scenario, &key, symbol)?;
        amount(scenario, &key, symbol, *capital)?;
    }
    Ok(())
}

fn pools(scenario: &Scenario) -> Result<(), Faulty> {
    let mut names = BTreeSet::new();
    for (index, pool) in scenario.pools.iter().enumerate() {
        let key = format!("pools[{index}]");
        name(&format!("{key}.name"), &pool.name)?;
        if !names.insert(pool.name.as_str()) {
            return Err((format!("{key}.name"), Fault::Duplicate(pool.name.clone())));
        }
        pool::pool(scenario, pool, &key)?;
    }
    let shocked = scenario.pools.iter().any(|pool| pool.role == PoolRole::Shocked);
    if shocked { Ok(()) } else { Err(("pools".into(), Fault::NoPoolOfRole("shocked"))) }
}

fn not_empty(key: &str, text: &str) -> Result<(), Faulty> {
    if text.trim().is_empty() { Err((key.to_owned(), Fault::Empty)) } else { Ok(()) }
}

/// Names become directories and labels, so they are kept to what is safe in both.
fn name(key: &str, found: &str) -> Result<(), Faulty> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    spelled(key, found, allowed, "a-z, 0-9 and `-`, 32 at most")
}

fn symbol(key: &str, found: &str) -> Result<(), Faulty> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    spelled(key, found, allowed, "letters, digits, `.` and `-`, 32 at most")
}

fn spelled(
    key: &str,
    found: &str,
    allowed: impl Fn(char) -> bool,
    rule: &'static str,
) -> Result<(), Faulty> {
    not_empty(key, found)?;
    if found.len() <= 32 && found.chars().all(allowed) {
        return Ok(());
    }
    Err((key.to_owned(), Fault::Name { found: found.to_owned(), allowed: rule }))
}

fn within(key: &str, found: u32, low: u32, high: u32) -> Result<(), Faulty> {
    if (low..=high).contains(&found) {
        return Ok(());
    }
    let (found, low, high) = (found.into(), low.into(), high.into());
    Err((key.to_owned(), Fault::Range { found, low, high }))
}

/// A share of something, from 0 to 1.
fn share(key: &str, found: Decimal) -> Result<(), Faulty> {
    let (low, high) = (Decimal::ZERO, Decimal::ONE);
    if found >= low && found <= high {
        return Ok(());
    }
    Err((key.to_owned(), Fault::Range { found, low, high }))
}

fn known(scenario: &Scenario, key: &str, symbol: &str) -> Result<(), Faulty> {
    match scenario.asset(symbol) {
        Some(_) => Ok(()),
        None => Err((key.to_owned(), Fault::UnknownAsset(symbol.to_owned()))),
    }
}

/// An amount of a known asset, in native units.
fn amount(scenario: &Scenario, key: &str, symbol: &str, tokens: Decimal) -> Result<u64, Faulty> {
    let asset = scenario
        .asset(symbol)
        .ok_or_else(|| (key.to_owned(), Fault::UnknownAsset(symbol.to_owned())))?;
    asset.native(tokens).map_err(|fault| (key.to_owned(), fault.into()))
}
