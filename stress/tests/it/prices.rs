use std::path::Path;

use cofferdam_stress::prices::bridge::{self, BridgeError, DAY_S, Pins};
use cofferdam_stress::prices::{self, Bar, Candles, Grid, MicroUsd, PricePath};
use cofferdam_stress::scenario;
use proptest::prelude::*;

const DAY_START_S: i64 = 1_583_884_800;

fn usd(dollars: u64) -> MicroUsd {
    MicroUsd(dollars * 1_000_000)
}

fn bar(prices: [u64; 4]) -> Bar {
    Bar::new(DAY_START_S, prices.map(usd)).expect("a bar")
}

fn expand(bar: &Bar, pins: Pins, seed: u64) -> Result<Vec<MicroUsd>, BridgeError> {
    bridge::expand(bar, pins, DAY_S, 60, seed, "ETH")
}

fn extremes(path: &[MicroUsd]) -> (MicroUsd, MicroUsd) {
    (*path.iter().min().expect("steps"), *path.iter().max().expect("steps"))
}

/// A bar of any shape, flat ones and ones that open or close at an extreme included.
fn any_bar() -> impl Strategy<Value = Bar> {
    let prices = (1..1_000_000_000u64, 0..1_000_000_000u64);
    (prices, 0..=4u64, 0..=4u64).prop_map(|((low, range), open, close)| {
        let at = |quarter: u64| MicroUsd(low + range / 4 * quarter);
        let prices = [at(open), at(4), at(0), at(close)];
        Bar::new(DAY_START_S, prices).expect("open and close lie within")
    })
}

proptest! {
    #[test]
    fn a_bridge_touches_every_anchor_and_leaves_none(
        bar in any_bar(), seed: u64, step_s in prop::sample::select(vec![1u32, 60, 300, 3_600, 21_600])
    ) {
        let path = bridge::expand(&bar, Pins::default(), DAY_S, step_s, seed, "ETH").unwrap();
        prop_assert_eq!(path.len(), (DAY_S / step_s) as usize);
        prop_assert_eq!(path.first(), Some(&bar.open()));
        prop_assert_eq!(path.last(), Some(&bar.close()));
        prop_assert_eq!(extremes(&path), (bar.low(), bar.high()));
        prop_assert_eq!(
            path, bridge::expand(&bar, Pins::default(), DAY_S, step_s, seed, "ETH").unwrap()
        );
    }

    #[test]
    fn pinned_extremes_are_touched_on_time(
        seed: u64, high_at in 1..1_439usize, low_at in 1..1_439usize
    ) {
        prop_assume!(high_at != low_at);
        let bar = bar([100, 130, 70, 110]);
        let second = |step: usize| Some(DAY_START_S + 60 * i64::try_from(step).unwrap() + 59);
        let pins = Pins { high_at_s: second(high_at), low_at_s: second(low_at) };
        let path = expand(&bar, pins, seed).unwrap();
        prop_assert_eq!((path[high_at], path[low_at]), (bar.high(), bar.low()));
        prop_assert_eq!(extremes(&path), (bar.low(), bar.high()));
        let one = Pins { high_at_s: None, ..pins };
        let path = expand(&bar, one, seed).unwrap();
        prop_assert_eq!((path[0], path[low_at], path[1_439]), (bar.open(), bar.low(), bar.close()));
        prop_assert_eq!(extremes(&path), (bar.low(), bar.high()));
    }

    #[test]
    fn a_lagged_path_shows_every_price_late(lag_s in 0..400u32, step_s in 1..90u32) {
        let grid = Grid { start_s: 1_000, step_s, steps: 50 };
        let prices: Vec<_> = (1..=50).map(MicroUsd).collect();
        let path = PricePath::new(grid, prices).unwrap();
        let seen = path.lagged(lag_s);
        prop_assert_eq!(seen.grid(), path.grid());
        for (unix_s, price) in seen.iter() {
            let then_s = unix_s - i64::from(lag_s);
            let steps = (then_s - 1_000).div_euclid(step_s.into()).max(0);
            prop_assert_eq!(price, MicroUsd(u64::try_from(steps).unwrap() + 1));
        }
    }
}

#[test]
fn another_seed_or_asset_gives_another_path() {
    let bar = bar([100, 130, 70, 110]);
    let path = expand(&bar, Pins::default(), 1).unwrap();
    assert_ne!(path, expand(&bar, Pins::default(), 2).unwrap());
    assert_ne!(path, bridge::expand(&bar, Pins::default(), DAY_S, 60, 1, "BTC").unwrap());
}

#[test]
fn a_path_moves_between_its_anchors() {
    let path = expand(&bar([100, 130, 70, 110]), Pins::default(), 1).unwrap();
    let moves = path.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(moves > 1_400, "{moves} of 1439 steps move");
}

#[test]
fn a_falling_bar_goes_up_first() {
    let at = |path: &[MicroUsd], price| path.iter().position(|held| *held == price).unwrap();
    for seed in 0..50 {
        let falling = expand(&bar([110, 130, 70, 100]), Pins::default(), seed).unwrap();
        assert!(at(&falling, usd(130)) < at(&falling, usd(70)), "seed {seed}");
        let rising = expand(&bar([100, 130, 70, 110]), Pins::default(), seed).unwrap();
        assert!(at(&rising, usd(70)) < at(&rising, usd(130)), "seed {seed}");
    }
}

#[test]
fn a_day_does_not_depend_on_the_days_before_it() {
    let two = scenario_path("2020-03-11T00:00:00Z");
    let one = scenario_path("2020-03-12T00:00:00Z");
    assert_eq!(two.prices()[1_440..], one.prices()[..]);
}

fn scenario_path(start: &str) -> PricePath {
    let text = include_str!("../../../scenarios/black-thursday.toml").replacen(
        "start = \"2020-03-11T00:00:00Z\"",
        &format!("start = \"{start}\""),
        1,
    );
    let scenario = scenario::parse("s.toml", &text).expect("valid");
    prices::paths(&scenario, None).expect("prices").remove("ETH").expect("ETH")
}

#[test]
fn black_thursday_touches_the_published_prices() {
    let path = scenario_path("2020-03-11T00:00:00Z");
    let cents = |cents: u64| MicroUsd(cents * 10_000);
    let days = [
        [20_077, 20_295, 18_436, 19_487],
        [19_474, 19_515, 11_121, 11_235],
        [11_269, 13_743, 9_518, 13_320],
        [13_358, 13_448, 12_241, 12_331],
    ];
    for (day, [open, high, low, close]) in path.prices().chunks(1_440).zip(days) {
        assert_eq!((day[0], day[1_439]), (cents(open), cents(close)));
        assert_eq!(extremes(day), (cents(low), cents(high)));
    }
    assert_eq!(path.at(1_584_066_600), cents(9_518), "the low of 13 March is at 02:30");
}

fn candles(rows: &str) -> Result<Candles, String> {
    let text = format!("timestamp_utc,open,high,low,close,volume\n{rows}");
    Candles::read("p.csv", text.as_bytes()).map_err(|error| error.to_string())
}

const FIRST: &str = "2020-03-12T00:00:00Z,10,12,9,11,5\n";

/// The error of a file whose line 2 is good and whose line 3 is `row`.
fn refused(row: &str) -> String {
    let error = candles(&format!("{FIRST}{row}\n")).expect_err("must be refused");
    assert!(!error.contains('\n'), "more than one line: {error}");
    error
}

#[test]
fn candles_expand_to_steps_and_carry_a_gap_forward() {
    let rows = "2020-03-12T01:00:00Z,11,11.5,8,8.25,\n2020-03-12T04:00:00Z,20,21,19,20.5,1\n";
    let candles = candles(&format!("{FIRST}{rows}")).expect("valid");
    assert_eq!((candles.bar_s(), candles.bars().len()), (3_600, 3));
    let grid = Grid { start_s: candles.span_s().0 + 1_800, step_s: 60, steps: 270 };
    let path = candles.path(&grid, 1, "ETH").expect("covered");
    let hour = |hour: usize| &path.prices()[30 + 60 * (hour - 1)..30 + 60 * hour];
    assert_eq!(path.prices()[29], usd(11), "close of the hour before");
    assert_eq!(extremes(hour(1)), (usd(8), MicroUsd(11_500_000)));
    assert_eq!(extremes(hour(2)), (MicroUsd(8_250_000), MicroUsd(8_250_000)));
    assert_eq!(extremes(hour(3)), extremes(hour(2)));
    assert_eq!(hour(4)[0], usd(20));
    assert_eq!(hour(4)[59], MicroUsd(20_500_000));
}

#[test]
fn columns_may_stand_in_any_order() {
    let text = "volume,close,low,high,open,timestamp_utc\n1,11,9,12,10,2020-03-12T00:00:00Z\n\
                1,11,9,12,10,2020-03-12T01:00:00Z\n";
    let read = Candles::read("p.csv", text.as_bytes()).expect("valid");
    let row = "2020-03-12T01:00:00Z,10,12,9,11,1\n";
    assert_eq!(read, candles(&format!("{FIRST}{row}")).expect("valid"));
}

#[test]
fn a_start_inside_a_gap_takes_the_close_before_it() {
    let rows = "2020-03-12T01:00:00Z,11,12,8,9,1\n2020-03-12T05:00:00Z,20,21,19,20,1\n";
    let candles = candles(&format!("{FIRST}{rows}")).expect("valid");
    let grid = Grid { start_s: candles.span_s().0 + 3 * 3_600, step_s: 60, steps: 121 };
    let path = candles.path(&grid, 1, "ETH").expect("covered");
    assert_eq!((path.first(), path.prices()[120]), (usd(9), usd(20)));
}

#[test]
fn a_window_outside_the_file_is_refused() {
    let row = "2020-03-12T01:00:00Z,10,12,9,11,1\n";
    let candles = candles(&format!("{FIRST}{row}")).expect("valid");
    let grid = Grid { start_s: candles.span_s().0 - 60, step_s: 60, steps: 10 };
    let error = candles.path(&grid, 1, "ETH").expect_err("not covered").to_string();
    assert_eq!(
        error,
        "p.csv: covers 2020-03-12T00:00:00Z to 2020-03-12T02:00:00Z, but the scenario runs from \
         2020-03-11T23:59:00Z to 2020-03-12T00:09:00Z; set its start and end within the file's span"
    );
    let uneven = Grid { start_s: candles.span_s().0, step_s: 1_000, steps: 3 };
    let error = candles.path(&uneven, 1, "ETH").expect_err("no whole steps").to_string();
    assert_eq!(
        error,
        "p.csv: a bar of 3600 s at step_s = 1000 has no four whole steps for open, high, low and \
         close; choose a step_s that divides 3600 at least four times"
    );
}

#[test]
fn bars_of_few_steps_keep_their_close_and_their_worst() {
    // Open 10, high 12, low 9, close 11: the low lies farther from the close than the high.
    let row = "2020-03-12T01:00:00Z,11,11,11,11,1\n";
    let candles = candles(&format!("{FIRST}{row}")).expect("valid");
    let path = |step_s: u32, steps| {
        let grid = Grid { start_s: candles.span_s().0, step_s, steps };
        let path = candles.path(&grid, 1, "ETH").expect("covered");
        path.prices().iter().map(|price| price.0 / 1_000_000).collect::<Vec<_>>()
    };
    assert_eq!(path(3_600, 2), [11, 11]);
    assert_eq!(path(1_800, 3), [9, 11, 11]);
    assert_eq!(path(1_200, 4), [10, 9, 11, 11]);
}

#[test]
fn a_malformed_file_is_refused_with_file_line_and_reason() {
    let header = "the header is timestamp_utc,open,high,low,close,volume";
    let read = |text: &str| Candles::read("p.csv", text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        read(""),
        "p.csv:1: the file is empty; it needs the header timestamp_utc,open,high,low,close,volume"
    );
    assert_eq!(
        read("timestamp_utc,open,high,close,volume\n"),
        format!("p.csv:1: column `low` is missing; {header}")
    );
    assert_eq!(
        read("timestamp_utc,open,high,low,close\n"),
        format!("p.csv:1: column `volume` is missing; {header}")
    );
    let rows = "price row(s); at least two are needed to know the length of a bar";
    assert_eq!(candles("").unwrap_err(), format!("p.csv:1: 0 {rows}"));
    assert_eq!(candles(FIRST).unwrap_err(), format!("p.csv:2: 1 {rows}"));
    assert_eq!(
        Candles::load(Path::new("no/such.csv")).unwrap_err().to_string(),
        "no/such.csv:1: cannot read it: No such file or directory (os error 2)"
    );
}

#[test]
fn a_malformed_row_is_refused_with_file_line_and_reason() {
    let rows = [
        ("2020-03-12T01:00:00Z,NaN,12,9,11,5", "open `NaN` is not a number"),
        ("2020-03-12T01:00:00Z,10,inf,9,11,5", "high `inf` is not a number"),
        ("2020-03-12T01:00:00Z,10,12,,11,5", "low `` is not a number"),
        ("2020-03-12T01:00:00Z,10,12,9,-11,5", "close: -11 is not above zero"),
        ("2020-03-12T01:00:00Z,10,12,0,11,5", "low: 0 is not above zero"),
        (
            "2020-03-12T01:00:00Z,10,12,0.0000001,11,5",
            "low: 0.0000001 rounds to zero millionths of a dollar",
        ),
        (
            "2020-03-12T01:00:00Z,10,99999999999999,9,11,5",
            "high: 99999999999999 is too large for a price in millionths of a dollar",
        ),
        ("2020-03-12T01:00:00Z,10,8,9,10,5", "high 8 is below low 9"),
        ("2020-03-12T01:00:00Z,13,12,9,11,5", "open 13 is outside low 9 to high 12"),
        ("2020-03-12T01:00:00Z,10,12,9,8.5,5", "close 8.5 is outside low 9 to high 12"),
        (
            "2020-03-12T00:00:00Z,10,12,9,11,5",
            "time 2020-03-12T00:00:00Z stands on the line before too; keep one of the two",
        ),
        (
            "2020-03-11T23:00:00Z,10,12,9,11,5",
            "time 2020-03-11T23:00:00Z is earlier than the line before; sort the file by time",
        ),
        (
            "2020-03-12 1am,10,12,9,11,5",
            "timestamp_utc `2020-03-12 1am` is no RFC 3339 time in UTC, such as \
             2020-03-12T10:00:00Z",
        ),
        (
            "2020-03-12T01:00:00+01:00,10,12,9,11,5",
            "timestamp_utc `2020-03-12T01:00:00+01:00` is no RFC 3339 time in UTC, such as \
             2020-03-12T10:00:00Z",
        ),
        ("2020-03-12T01:00:00Z,10,12,9,11", "5 field(s) where the header has 6"),
        (
            "2020-05-12T01:00:00Z,10,12,9,11,5",
            "bars are 5274000 s apart; the longest bar is one of 30 days",
        ),
    ];
    for (row, reason) in rows {
        assert_eq!(refused(row), format!("p.csv:3: {reason}"));
    }
    let uneven = "2020-03-12T01:00:00Z,10,12,9,11,5\n2020-03-12T02:30:00Z,10,12,9,11,5";
    assert_eq!(
        refused(uneven),
        "p.csv:4: 5400 s after the line before, which is no multiple of the 3600 s bar"
    );
}

#[test]
fn real_candles_of_black_thursday_replay() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/prices/eth_usdt_1h_2020-03_black_thursday.csv");
    if !file.exists() {
        println!("skipped: no ../shared");
        return;
    }
    let candles = Candles::load(&file).expect("valid");
    assert_eq!((candles.bar_s(), candles.bars().len()), (3_600, 2_160));
    let text = include_str!("../../../scenarios/black-thursday.toml");
    let scenario = scenario::parse("s.toml", text).expect("valid");
    let paths = prices::paths(&scenario, Some(&candles)).expect("covered");
    let path = &paths["ETH"];
    assert_eq!(extremes(path.prices()).0, usd(86));
    let grid = scenario.grid();
    let inside = candles.bars().filter(|bar| (grid.start_s..grid.end_s()).contains(&bar.start_s()));
    let hours: Vec<_> = path.prices().chunks(60).zip(inside).collect();
    assert_eq!(hours.len(), 96);
    for (steps, bar) in hours {
        assert_eq!((steps[0], steps[59]), (bar.open(), bar.close()));
        assert_eq!(extremes(steps), (bar.low(), bar.high()));
    }
    assert!(paths["DAI"].prices().iter().all(|price| *price == usd(1)));
}
