//! A made-up result over a frozen scenario, so that reports have something to show.

use cofferdam_stress::outcome::{
    BadDebt, Change, HealthDistribution, Liquidations, NativeAmount, PayerTotals, PoolSummary,
    ReserveSummary, Summary, Timeline, TimelinePoint, Transactions,
};
use cofferdam_stress::prices;
use cofferdam_stress::scenario::{self, PoolRole, Scenario};
use rust_decimal::Decimal;

pub(crate) const TEXT: &str = include_str!("../data/scenario.toml");

/// The shipped Black Thursday, which tests change to their needs.
pub(crate) const SHIPPED: &str = include_str!("../../../scenarios/black-thursday.toml");

/// [`SHIPPED`] with few people, and a random price of ETH that jumps in place of its daily bars.
pub(crate) fn jumping(volatility: &str, down_mean: &str) -> String {
    let from = SHIPPED.find("kind = \"daily_ohlc\"").expect("daily bars");
    let until = from + SHIPPED[from..].find("\n]").expect("the days end") + 2;
    let jumps = format!(
        "process = \"kou\"\nopening = \"200\"\nvolatility = \"{volatility}\"\njumps_per_year = \"400\"\nup_probability = \"0.2\"\nup_mean = \"0.04\"\ndown_mean = \"{down_mean}\""
    );
    fewer(&format!("{}{jumps}{}", &SHIPPED[..from], &SHIPPED[until..]))
}

/// A twentieth of the borrowers.
pub(crate) fn fewer(text: &str) -> String {
    text.replace("count = 280", "count = 14").replace("count = 160", "count = 8")
}

const DAI: u128 = 1_000_000_000;

pub(crate) struct Run {
    pub(crate) scenario: Scenario,
    pub(crate) summary: Summary,
    pub(crate) timeline: Timeline,
    pub(crate) health: HealthDistribution,
}

pub(crate) fn run() -> Run {
    let scenario = scenario::parse("black-thursday.toml", TEXT).expect("valid");
    let timeline = timeline(&scenario);
    let health = HealthDistribution::count(
        "eth-dai",
        (0..64).map(|n| Some(11_000 + n * 190)),
        (0..64).map(|n| (n > 38).then(|| 9_500 + (n - 38) * 300)),
    );
    Run { summary: summary(&scenario), timeline, health, scenario }
}

fn summary(scenario: &Scenario) -> Summary {
    let lost = BadDebt {
        recognised: NativeAmount(5_670_000 * DAI),
        fees: NativeAmount(76_543 * DAI),
        insurance: NativeAmount(500_000 * DAI),
        suppliers: NativeAmount(5_000_000 * DAI),
        deficit: NativeAmount(93_457 * DAI),
    };
    let shocked = vec![
        reserve("ETH", 9, BadDebt::default(), "1.000000", Liquidations::default()),
        reserve("DAI", 9, lost, "0.968166", Liquidations { executed: 71, late: 38, missed: 6 }),
    ];
    let dry = vec![
        reserve("USDC", 6, BadDebt::default(), "1.000000", Liquidations::default()),
        reserve("DAI", 9, BadDebt::default(), "1.002465", Liquidations::default()),
    ];
    Summary {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        state_root: "5b".repeat(32),
        transactions: Transactions {
            submitted: 6_412,
            succeeded: 6_299,
            failed: 101,
            rejected: 12,
        },
        pools: vec![
            pool("eth-dai", PoolRole::Shocked, ["1a", "2b"], shocked),
            pool("usdc-dai", PoolRole::Dry, ["3c", "3c"], dry),
        ],
    }
}

fn pool(
    name: &str,
    role: PoolRole,
    [before, after]: [&str; 2],
    reserves: Vec<ReserveSummary>,
) -> PoolSummary {
    let accounts_hash = Change { before: before.repeat(32), after: after.repeat(32) };
    PoolSummary { name: name.into(), role, accounts_hash, reserves }
}

fn reserve(
    symbol: &str,
    decimals: u8,
    bad_debt: BadDebt,
    after: &str,
    liquidations: Liquidations,
) -> ReserveSummary {
    let before: Decimal = if after == "0.968166" { "1.002465" } else { after }.parse().unwrap();
    let fund = NativeAmount(if bad_debt.recognised.0 > 0 { 500_000 * DAI } else { 0 });
    ReserveSummary {
        symbol: symbol.into(),
        decimals,
        bad_debt,
        uncollected: NativeAmount(0),
        share_price: Change { before, after: after.parse().unwrap() },
        insurance_fund: Change { before: fund, after: NativeAmount(0) },
        liquidations,
    }
}

fn timeline(scenario: &Scenario) -> Timeline {
    let path = prices::paths(scenario, None).expect("prices").remove("ETH").expect("ETH");
    let oracle = path.lagged(scenario.oracle.lag_s);
    let points =
        path.iter().zip(oracle.prices()).zip(0..).map(|(((unix_s, price), seen), step)| {
            let lost = u128::try_from((step - 2_400i64).clamp(0, 567)).unwrap() * 10_000 * DAI;
            let fees = lost.min(76_543 * DAI);
            let insurance = (lost - fees).min(500_000 * DAI);
            let waiting = 20 - ((step - 2_500) / 40).abs().min(20);
            TimelinePoint {
                unix_s,
                price,
                oracle_price: *seen,
                bad_debt: PayerTotals {
                    fees: NativeAmount(fees),
                    insurance: NativeAmount(insurance),
                    suppliers: NativeAmount((lost - fees - insurance).min(5_000_000 * DAI)),
                    deficit: NativeAmount(
                        (lost - fees - insurance).saturating_sub(5_000_000 * DAI),
                    ),
                },
                liquidatable: u32::try_from(waiting).unwrap(),
            }
        });
    Timeline {
        pool: "eth-dai".into(),
        collateral: "ETH".into(),
        debt: "DAI".into(),
        debt_decimals: 9,
        points: points.collect(),
    }
}
