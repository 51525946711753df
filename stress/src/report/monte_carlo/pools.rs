//! One pool after the other, and whether they kept each other dry.

use super::charts::{self, Bins, Mark};
use super::tables::{Table, dollars};
use super::view::{PoolView, Weighted, delays, mean_of, outcomes, sum_of, whole};
use super::{MonteCarlo, word};
use crate::outcome::{LiquidationCounts, PoolOutcome};
use crate::report::html::legend;
use crate::report::number;
use crate::report::svg::escape;
use crate::scenario::{Pool, PoolRole};
use crate::statistics::{Cluster, Level, clustered_quantile, wilson};

/// All about one pool. A pool in which nothing happened has its row in the table of pools only.
pub(super) fn section(report: &MonteCarlo<'_>, index: usize) -> String {
    let pool = &report.scenario.pools[index];
    let all = outcomes(report.paths, index);
    let quiet = |outcome: &PoolOutcome| {
        outcome.bad_debt.total() == 0 && outcome.liquidations == LiquidationCounts::default()
    };
    if pool.role == PoolRole::Dry && all.iter().all(|(outcome, _)| quiet(outcome)) {
        return String::new();
    }
    let view = PoolView::of(report.scenario, report.paths, index);
    let parts = [
        course(report, pool, &view),
        queue(report, &view, &all),
        insurance(report, &view, &all),
        health(&view),
        profit(&view, &all),
    ];
    parts.join("\n")
}

fn figure(id: &str, title: &str, pool: &str, body: &str) -> String {
    format!(
        "<section id=\"{id}-{0}\" class=\"figure {id}\"><h2>{title}: pool {0}</h2>{body}</section>",
        escape(pool)
    )
}

fn course(report: &MonteCarlo<'_>, pool: &Pool, view: &PoolView<'_>) -> String {
    let window = report.scenario.congestion.as_ref();
    let symbol = pool.borrowers.first().map_or("collateral", |group| &group.collateral);
    let congested = window.is_some().then_some(("congestion", "Congestion"));
    let price_keys = [
        ("market", "Market: median, 25 to 75 % and 5 to 95 % of paths"),
        ("oracle", "Oracle: median, and dashed 5 % and 95 %"),
    ];
    let payers = [
        ("fees", "Fees"),
        ("insurance", "Insurance"),
        ("suppliers", "Suppliers"),
        ("deficit", "Deficit"),
        ("uncollected", "Not recognised"),
    ];
    let keys = |keys: &[(&'static str, &'static str)]| {
        legend(&keys.iter().copied().chain(congested).collect::<Vec<_>>())
    };
    let price = keys(&price_keys) + &charts::price(view, symbol, window);
    let title = format!("Price and oracle of {}", escape(symbol));
    let debt = keys(&payers) + &charts::bad_debt(view, window);
    figure("price", &title, view.name, &price)
        + &figure("bad-debt", "Mean bad debt by payer", view.name, &debt)
}

fn queue(report: &MonteCarlo<'_>, view: &PoolView<'_>, all: &[Weighted<'_>]) -> String {
    let window = report.scenario.congestion.as_ref();
    let waiting = charts::waiting(view, window);
    let key =
        "Waiting positions: median, 25 to 75 % and 5 to 95 % of paths; dashed the most on any";
    let keys = legend(&[("waiting", key)]);
    let late = number::counted(report.scenario.keepers.late_after_s.into(), "second");
    let note = format!(
        "<p class=\"note\">Late: more than {late} after the position became liquidatable. Toxic: the \
         loan-to-value ratio was higher after than before. Sums over all paths, each with its \
         weight.</p>"
    );
    let done = delays(all);
    let slow = if done.iter().all(|cluster| cluster.counts.is_empty()) {
        "<p>No liquidation was done.</p>".to_owned()
    } else {
        charts::delays(&done)
    };
    let group = usize::try_from(report.scenario.sampling.scheme().group_paths()).unwrap_or(1);
    let tables = counts(all) + &delay_table(&done, group);
    let body = format!("{keys}{waiting}{tables}{note}{slow}");
    figure("queue", "Waiting for a liquidator", view.name, &body)
}

fn counts(all: &[Weighted<'_>]) -> String {
    let sum = |count: fn(&LiquidationCounts) -> u32| {
        let counts = all.iter().map(|(pool, weight)| (count(&pool.liquidations), *weight));
        number::places(sum_of(counts).into(), 0)
    };
    let mut table = Table::new(&["Liquidations", "Done", "Late", "Missed", "Failed", "Toxic"]);
    let done = [
        sum(|counts| counts.executed),
        sum(|counts| counts.late),
        sum(|counts| counts.missed),
        sum(|counts| counts.failed),
        sum(|counts| counts.toxic),
    ];
    table.row("All paths", done);
    table.html()
}

/// Quantiles of the delays and their intervals.
fn delay_table(delays: &[Cluster], group: usize) -> String {
    let mut table = Table::new(&["Delay", "Estimate", "from", "to (95 % confidence)"]);
    let end = |end: Option<u32>| end.map_or("too few paths".into(), seconds);
    for (name, bps) in [("Median", 5_000), ("90 %", 9_000), ("95 %", 9_500), ("99 %", 9_900)] {
        let level = Level::new(bps).expect("a share between 0 and 1");
        if let Some(found) = clustered_quantile(delays, group, level, Level::P95) {
            table.row(name, [seconds(found.value), end(found.low), end(found.high)]);
        }
    }
    let longest = delays.iter().filter_map(|cluster| cluster.counts.keys().next_back()).max();
    let longest = longest.map_or("–".into(), |longest| seconds(*longest));
    table.row("Longest seen", [longest, String::new(), String::new()]);
    table.html()
}

fn seconds(seconds: u32) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{}.{} h", seconds / 3_600, seconds % 3_600 / 360),
    }
}

fn insurance(report: &MonteCarlo<'_>, view: &PoolView<'_>, all: &[Weighted<'_>]) -> String {
    let window = report.scenario.congestion.as_ref();
    if all.iter().all(|(pool, _)| pool.insurance_before == 0) {
        let body = "<p>The pool has no insurance fund.</p>";
        return figure("insurance-path", "Insurance", view.name, body);
    }
    let keys = legend(&[("insurance", "Fund: median, 25 to 75 % and 5 to 95 % of paths")]);
    let fund = charts::insurance(view, window);
    let chance = charts::share(
        "Share of paths whose insurance was exhausted by then",
        &view.exhausted,
        "line-alarm",
    );
    let last = view.exhausted.last().map_or(0, |(_, share)| *share);
    let body = format!(
        "<p class=\"lead\">The fund is exhausted with probability <strong>{}</strong>{}.</p>\
         {keys}{fund}<p class=\"note\">Below: the share of paths whose fund was empty with a loss \
         left to pay, by then.</p>{chance}",
        number::percent(last),
        interval(all),
    );
    figure("insurance-path", "Insurance", view.name, &body)
}

/// Only for paths without weights is there a plain count to be sure about.
fn interval(all: &[Weighted<'_>]) -> String {
    if all.iter().any(|(_, weight)| *weight != 1.0) {
        return String::new();
    }
    let seen = all.iter().filter(|(pool, _)| pool.exhausted_s.is_some()).count();
    let ends = wilson(seen as u64, all.len() as u64, Level::P95);
    let share = |end: f64| number::percent(whole(end * 1e6));
    format!(", between {} and {} at 95 % confidence", share(ends.low), share(ends.high))
}

fn health(view: &PoolView<'_>) -> String {
    let keys = legend(&[("before", "Before"), ("after", "After")]);
    let note = "<p class=\"note\">Below 1, the dashed line, a position may be liquidated. The last \
                bin holds all above 2.5. All paths together.</p>";
    let body = keys + &charts::health(view) + note;
    figure("health", "Health factors", view.name, &body)
}

fn profit(view: &PoolView<'_>, all: &[Weighted<'_>]) -> String {
    let profits: Vec<_> =
        all.iter().map(|(pool, weight)| (pool.liquidator_profit, *weight)).collect();
    let mean = |value: fn(&PoolOutcome) -> u128| {
        dollars(mean_of(all.iter().map(|(pool, weight)| (value(pool), *weight))))
    };
    let earned = profits.iter().map(|(profit, weight)| *profit as f64 * weight);
    let earned = whole(earned.sum::<f64>() / all.len().max(1) as f64);
    let earnings = || profits.iter().map(|(profit, _)| *profit);
    let (least, highest) =
        (earnings().min().unwrap_or_default(), earnings().max().unwrap_or_default());
    let mut table = Table::new(&["Mean of a path", "Dollars"]);
    table.row("Repaid by liquidators", [mean(|pool| pool.liquidated)]);
    table.row("Bonus they were handed", [mean(|pool| pool.bonus_paid)]);
    table.row("Their profit after all costs", [dollars(earned)]);
    table.row("Withdrawn by suppliers who ran", [mean(|pool| pool.fled)]);
    table.row("Saved by running", [mean(|pool| pool.saved_by_running)]);
    let bins = Bins::of(&profits, (least, highest), 30);
    let zero = Mark { class: "mark", at: 0, between: None };
    let marks = if least <= 0 && highest > 0 { [zero].to_vec() } else { Vec::new() };
    let title = "Paths by what liquidators earned";
    let body = table.html()
        + &charts::histogram(title, &bins, "bar-profit", &marks)
        + "<p class=\"note\">The height is the number of paths, each with its weight; the place is the \
           profit of all liquidators together on that path.</p>";
    figure("profit", "Liquidators' profit and loss", view.name, &body)
}

/// Pools side by side: what each lost, and whether it was touched.
pub(super) fn isolation(report: &MonteCarlo<'_>) -> String {
    let header = [
        "Pool",
        "Part",
        "Supplied",
        "Borrowed",
        "Mean bad debt",
        "Paths with bad debt",
        "Suppliers paid",
        "Untouched on",
        "Isolation",
    ];
    let mut table = Table::new(&header);
    for (index, pool) in report.scenario.pools.iter().enumerate() {
        let all = outcomes(report.paths, index);
        table.row(&pool.name, pool_row(pool, &all));
    }
    format!(
        "<section id=\"isolation\"><h2>Pool by pool</h2>{}<p class=\"note\">Supplied: of assets \
         that somebody owed when the run began. Untouched: every byte of \
         the pool's accounts but those of interest and prices is as it was. A pool that is there to \
         stay dry must be untouched on every path.</p></section>",
        table.html()
    )
}

fn pool_row(pool: &Pool, all: &[Weighted<'_>]) -> [String; 8] {
    let mean = |value: &dyn Fn(&PoolOutcome) -> u128| {
        dollars(mean_of(all.iter().map(|(pool, weight)| (value(pool), *weight))))
    };
    let count =
        |holds: fn(&PoolOutcome) -> bool| all.iter().filter(|(pool, _)| holds(pool)).count();
    let untouched = count(|pool| pool.untouched);
    let (part, verdict) = match pool.role {
        PoolRole::Shocked => ("shocked", "–".to_owned()),
        PoolRole::Dry => ("dry", word(untouched == all.len(), "holds", "broken")),
    };
    [
        part.to_owned(),
        mean(&|pool| pool.supplied),
        mean(&|pool| pool.borrowed),
        mean(&|pool| pool.bad_debt.total()),
        number::places(count(|pool| pool.bad_debt.total() > 0).into(), 0),
        mean(&|pool| pool.bad_debt.suppliers),
        format!("{untouched} of {}", all.len()),
        verdict,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_reads_as_people_say_it() {
        assert_eq!([0, 119, 120, 7_500].map(seconds), ["0 s", "119 s", "2 min", "2.0 h"]);
    }
}
