//! The library of scenarios: each names its sources, and goes the way it says.

use std::fs;
use std::path::{Path, PathBuf};

use cofferdam_stress::campaign::{Change, Plan, Results, Size, Subject, verdicts};
use cofferdam_stress::engine::{Mode, Prepared};
use cofferdam_stress::outcome::{COURSE_POINTS, PathOutcome, Payers};
use cofferdam_stress::scenario::{Asset, Loaded, PriceSource, Scenario, load, parse};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

fn loaded(name: &str) -> Loaded {
    load(&folder().join(format!("{name}.toml"))).unwrap_or_else(|error| panic!("{error}"))
}

/// A scenario with some of its lines replaced; each must be there.
fn changed(name: &str, changes: &[(&str, &str)]) -> Scenario {
    let mut text = loaded(name).text;
    for (line, other) in changes {
        assert!(text.contains(line), "no `{line}` in {name}");
        text = text.replace(line, other);
    }
    parse(name, &text).unwrap_or_else(|error| panic!("{error}"))
}

fn play(scenario: &Scenario, paths: u64) -> Vec<PathOutcome> {
    let prepared = Prepared::new(scenario).unwrap();
    (0..paths).map(|path| prepared.play(path, Mode::Fast).unwrap()).collect()
}

/// Bad debt of the first pool on one path.
fn paid(scenario: &Scenario) -> Payers {
    play(scenario, 1)[0].pools[0].bad_debt
}

/// Every line of a scenario's `[assert]`, over a few paths.
fn asserted(name: &str, paths: u64) -> Vec<PathOutcome> {
    let subject = Subject::load(&folder().join(format!("{name}.toml"))).unwrap();
    let rows = play(subject.scenario(), paths);
    let plan = Plan::new(&subject, Size { paths, shards: 1, mode: Mode::Fast }, "test").unwrap();
    let results = Results::of(&plan, subject.scenario(), &rows).unwrap();
    for verdict in verdicts(&results, subject.scenario()).unwrap() {
        assert!(verdict.holds, "{name}: {verdict:?}");
    }
    rows
}

fn without_congestion(scenario: &Scenario) -> Scenario {
    Scenario { congestion: None, ..scenario.clone() }
}

#[test]
fn every_scenario_names_its_sources_and_its_direction() {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let Loaded { scenario, text } = loaded(&name);
        assert_eq!(scenario.name, name);
        assert!(!scenario.sources.is_empty(), "{name} has no source");
        assert!(!scenario.assert.0.is_empty(), "{name} asserts nothing");
        assert!(text.contains("# Direction: "), "{name} does not say where it goes");
        assert!(text.contains("assumed"), "{name} does not say what is assumed");
        names.push(name);
    }
    for episode in [
        "black-thursday",
        "crv-short-2022-11",
        "flash-crash-2025-10",
        "insurance-run",
        "liquidator-strike",
        "luna-venus-2022-05",
        "slow-bleed",
        "two-pools-one-shocked",
        "usdc-depeg-2023-03",
    ] {
        assert!(names.iter().any(|name| name == episode), "no {episode}");
    }
}

#[test]
fn the_crv_short_outlasts_the_crv_for_sale() {
    let outcome = &asserted("crv-short-2022-11", 1)[0].pools[0];
    let debt = outcome.bad_debt;
    // All three payers, in their order; the real loss was 1.76 to 1.88 million dollars.
    assert!(debt.fees > 0 && debt.insurance > 300_000_000_000 && debt.suppliers > 0, "{debt:?}");
    assert!(outcome.exhausted_s.is_some());
    assert!((1_000_000_000_000..3_000_000_000_000).contains(&debt.total()), "{debt:?}");
    let plenty = changed("crv-short-2022-11", &[("CRV = \"67_000\"", "CRV = \"670_000\"")]);
    assert_eq!(paid(&plenty), Payers::default());
}

#[test]
fn black_thursday_is_what_it_asserts() {
    let outcome = &asserted("black-thursday", 1)[0].pools[0];
    let debt = outcome.bad_debt;
    assert!(debt.fees > 0 && debt.insurance > 0 && debt.suppliers > debt.insurance, "{debt:?}");
}

#[test]
fn a_slow_bleed_costs_suppliers_nothing() {
    for path in asserted("slow-bleed", 2) {
        let pool = &path.pools[0];
        assert_eq!(pool.bad_debt, Payers::default(), "path {}", path.path);
        assert!(pool.liquidations.executed > 40, "path {}", path.path);
        assert_eq!(pool.course.last().map(|last| last.bad_debt), Some(Payers::default()));
    }
}

#[test]
fn a_strike_of_liquidators_makes_the_loss_and_not_the_fall() {
    let strike = loaded("liquidator-strike").scenario;
    let at_work = without_congestion(&strike);
    for (struck, calm) in asserted("liquidator-strike", 3).iter().zip(play(&at_work, 3)) {
        let prices = |path: &PathOutcome| {
            path.pools[0].course.iter().map(|point| point.price).collect::<Vec<_>>()
        };
        assert_eq!(prices(struck), prices(&calm));
        assert!(struck.bad_debt() > 0, "path {}", struck.path);
        assert_eq!(calm.bad_debt(), 0, "path {}", calm.path);
    }
}

#[test]
fn a_flash_crash_costs_only_where_the_chain_is_full() {
    let crash = loaded("flash-crash-2025-10").scenario;
    assert!(asserted("flash-crash-2025-10", 1)[0].bad_debt() > 0);
    let outcome = &play(&without_congestion(&crash), 1)[0];
    assert_eq!(outcome.bad_debt(), 0);
    assert!(outcome.pools[1].liquidations.executed > 0);
}

#[test]
fn a_feed_at_its_floor_keeps_worthless_loans_healthy() {
    let stuck = loaded("luna-venus-2022-05").scenario;
    let outcome = &asserted("luna-venus-2022-05", 1)[0].pools[0];
    // 11.2 million dollars in truth.
    let debt = outcome.bad_debt;
    assert!((8_000_000_000_000..15_000_000_000_000).contains(&debt.total()), "{debt:?}");
    assert!(debt.suppliers > debt.insurance && debt.insurance > 0, "{debt:?}");
    // Nothing is noticed before the feed tells the truth, eight hours after the start.
    assert!(outcome.first_loss_s.is_some_and(|after_s| after_s >= 8 * 3_600));
    let honest = Scenario { feeds: Default::default(), ..stuck };
    assert_eq!(paid(&honest), Payers::default());
}

#[test]
fn a_depeg_costs_where_the_market_is_gone() {
    let name = "usdc-depeg-2023-03";
    let outcome = &asserted(name, 2)[0].pools[0];
    assert!(outcome.bad_debt.suppliers > 0, "{:?}", outcome.bad_debt);
    let deep = changed(name, &[("depth_usd = \"1_500_000\"", "depth_usd = \"219_000_000\"")]);
    assert_eq!(paid(&deep), Payers::default());
}

#[test]
fn stakers_who_can_leave_leave_the_loss_to_suppliers() {
    let name = "insurance-run";
    let afraid = &asserted(name, 1)[0].pools[0];
    let calm = "uncovered_loss_bps = 10_000";
    let calm = &play(&changed(name, &[("uncovered_loss_bps = 200", calm)]), 1)[0].pools[0];
    let (run, stay) = (afraid.bad_debt, calm.bad_debt);
    assert!(run.suppliers > stay.suppliers && run.insurance < stay.insurance, "{run:?} {stay:?}");
    // Ten days of cooldown are longer than the first crash: the fund pays for it in full.
    let mut first = afraid.course.iter().take(COURSE_POINTS / 2).map(|point| point.bad_debt);
    assert!(
        first.clone().all(|paid| paid.suppliers == 0) && first.next_back().unwrap().insurance > 0
    );
}

#[test]
fn a_shocked_pool_does_not_touch_its_neighbour() {
    let paths = asserted("two-pools-one-shocked", 6);
    assert!(paths[0].pools[0].bad_debt.suppliers > 0 && !paths[0].pools[0].untouched);
    for path in paths {
        let dry = &path.pools[1];
        assert!(dry.untouched, "path {}", path.path);
        assert_eq!((dry.bad_debt, dry.liquidated), (Payers::default(), 0));
        // It earns its part of the interest.
        assert!(dry.insurance_before <= dry.insurance_after);
    }
}

/// A line of a scenario's header: what it speaks of, what becomes of it, and how.
struct Variation {
    of_suppliers: bool,
    word: String,
    changes: Vec<Change>,
}

/// `#   bad debt   less  --set KEY=VALUE --set KEY=VALUE`
fn variations(text: &str) -> Vec<Variation> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("#   ")?.split_once("--set "));
    let read = |(head, sets): (&str, &str)| {
        let (what, word) = head.trim().rsplit_once(' ').expect("a figure and a word");
        // Quotes are for the shell.
        let sets = sets.split(" --set ").map(|set| set.trim_matches('\''));
        let changes = sets.map(|set| Change::parse(set).expect("a change"));
        Variation {
            of_suppliers: match what.trim() {
                "suppliers" => true,
                "bad debt" => false,
                other => panic!("{other} is no figure of a header"),
            },
            word: word.to_owned(),
            changes: changes.collect(),
        }
    };
    lines.map(read).collect()
}

/// Bad debt over some paths, and what suppliers pay of it.
fn lost(scenario: &Scenario) -> (u128, u128) {
    let random = |asset: &Asset| matches!(asset.price, PriceSource::Process(_));
    let paths = if scenario.assets.iter().any(random) { 8 } else { 1 };
    let played = play(scenario, paths);
    let pools = || played.iter().flat_map(|path| &path.pools).map(|pool| pool.bad_debt);
    (pools().map(|debt| debt.total()).sum(), pools().map(|debt| debt.suppliers).sum())
}

/// Every scenario says in its header what to try, and what comes of it.
#[test]
fn what_a_header_says_to_set_does_what_it_says() {
    for entry in fs::read_dir(folder()).unwrap() {
        let base = Subject::load(&entry.unwrap().path()).unwrap();
        let name = &base.scenario().name;
        let before = lost(base.scenario());
        let variations = variations(base.text());
        assert!(variations.len() > 1, "{name} names no variations");
        for Variation { of_suppliers, word, changes } in variations {
            let changed = base.with(&changes).unwrap_or_else(|error| panic!("{error}"));
            let after = lost(changed.scenario());
            let (was, is) = if of_suppliers { (before.1, after.1) } else { (before.0, after.0) };
            let holds = match word.as_str() {
                "none" => is == 0 && was > 0,
                "never" => is == 0 && was == 0,
                "less" => is < was && is > 0,
                "more" => is > was && was > 0,
                "some" => was == 0 && is > 0,
                _ => panic!("{word} is no word of a header"),
            };
            assert!(holds, "{name}: {changes:?} is to leave {word} of {was}, and leaves {is}");
        }
    }
}

/// What the listing's header says of its direction, on the same draws.
#[test]
fn a_listing_loses_more_with_a_bolder_factor_a_wilder_price_and_a_thinner_market() {
    let with = |sets: &[&str]| {
        let changes: Vec<Change> = sets.iter().map(|set| Change::parse(set).unwrap()).collect();
        let base = Subject::load(&folder().join("new-listing.toml")).unwrap();
        lost(base.with(&changes).unwrap().scenario()).0
    };
    const WILD: &str = "assets.TKN.price.volatility=3";
    const THIN: &str = "markets.TKN.depth_usd=10_000_000";
    const BOLD: [&str; 3] = [
        "pools.tkn-usdc.TKN.collateral_factor_bps=8000",
        "pools.tkn-usdc.TKN.liquidation_threshold_bps=8500",
        "pools.tkn-usdc.borrowers.0.ltv_bps.to=7900",
    ];
    let [cf0, cf1, cf2] = BOLD;
    let wild = with(&[WILD]);
    let (wilder, thin) = (with(&["assets.TKN.price.volatility=4"]), with(&[WILD, THIN]));
    let bold = with(&[WILD, cf0, cf1, cf2]);
    assert!(
        wild > 0 && wilder > wild && thin > wild && bold > wild,
        "{wild} {wilder} {thin} {bold}"
    );
}
