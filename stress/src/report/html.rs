//! The page: one file with its style and its pictures in it, which asks the network for nothing.

use super::svg::{HEAT_STYLE, escape};
use super::{Report, charts, number};
use crate::outcome::{BadDebt, HealthDistribution, PoolSummary, ReserveSummary, Timeline};
use crate::scenario::PoolRole;

const STYLE: &str = include_str!("style.css");

/// The policy forbids every request, so that what a hostile scenario text may smuggle past the
/// escaping could still load and run nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The result of a run as a self-contained page.
pub fn html(report: &Report<'_>) -> String {
    let sections = [
        headline(report),
        reserves(report),
        courses(report),
        health(report),
        neighbours(report),
        run(report),
        echo(&report.scenario.sources, report.scenario_text),
    ];
    page(&report.summary.scenario, &sections.join("\n"))
}

/// A self-contained page around a body, in the style of all reports.
#[must_use]
pub fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\" />\n\
         <title>{title} · Cofferdam</title>\n<style>\n{STYLE}{HEAT_STYLE}</style>\n</head>\n\
         <body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
}

fn headline(report: &Report<'_>) -> String {
    let scenario = report.scenario;
    let mut lines: Vec<String> = losses(report).map(|(pool, loss)| who_paid(pool, loss)).collect();
    if lines.is_empty() {
        lines.push("<p class=\"lead\">No bad debt was recognised: nobody had to pay.</p>".into());
    }
    format!(
        "<header><p class=\"kicker\">Cofferdam stress report</p><h1>{}</h1><p>{}</p></header>\n\
         <section><h2>Who paid</h2>{}</section>",
        escape(&report.summary.scenario),
        escape(&scenario.description),
        lines.join("\n")
    )
}

/// The reserves in which bad debt was recognised.
fn losses<'a>(
    report: &'a Report<'_>,
) -> impl Iterator<Item = (&'a PoolSummary, &'a ReserveSummary)> {
    let reserves = report
        .summary
        .pools
        .iter()
        .flat_map(|pool| pool.reserves.iter().map(move |reserve| (pool, reserve)));
    reserves.filter(|(_, reserve)| reserve.bad_debt.recognised.0 > 0)
}

fn who_paid(pool: &PoolSummary, reserve: &ReserveSummary) -> String {
    let debt = &reserve.bad_debt;
    let amount = |units| number::amount(units, reserve.decimals, &reserve.symbol);
    let payers = payers(debt).map(|(class, name, paid)| {
        let (amount, part) = (escape(&amount(paid)), number::part(paid, debt));
        format!("<li><i class=\"key {class}\"></i><b>{name}</b><span>{amount}</span><span>{part}</span></li>")
    });
    format!(
        "<p class=\"lead\"><strong>{}</strong> of bad debt in pool {}.</p>{}\
         <ul class=\"payers\">{}</ul>{}",
        escape(&amount(debt.recognised)),
        escape(&pool.name),
        bar(debt),
        payers.concat(),
        unattributed(debt),
    )
}

/// Style class, name and payment of each payer, in the order in which they pay.
fn payers(debt: &BadDebt) -> [(&'static str, &'static str, crate::outcome::NativeAmount); 4] {
    [
        ("fees", "Accrued fees", debt.fees),
        ("insurance", "Insurance", debt.insurance),
        ("suppliers", "Suppliers", debt.suppliers),
        ("deficit", "Nobody yet: deficit", debt.deficit),
    ]
}

/// One bar cut by payer.
fn bar(debt: &BadDebt) -> String {
    let parts = payers(debt).map(|(class, _, paid)| {
        let weight = paid.0.saturating_mul(10_000).checked_div(debt.recognised.0).unwrap_or(0);
        format!("<span class=\"{class}\" style=\"flex-grow:{weight}\"></span>")
    });
    format!("<div class=\"bar\" aria-hidden=\"true\">{}</div>", parts.concat())
}

fn unattributed(debt: &BadDebt) -> &'static str {
    if debt.is_attributed() {
        ""
    } else {
        "<p class=\"alarm\">The payers do not add up to the bad debt recognised.</p>"
    }
}

fn reserves(report: &Report<'_>) -> String {
    let pools = report.summary.pools.iter();
    let rows: Vec<_> =
        pools.flat_map(|pool| pool.reserves.iter().map(|reserve| row(pool, reserve))).collect();
    let header = [
        "Pool / reserve",
        "Bad debt",
        "Fees paid",
        "Insurance paid",
        "Suppliers paid",
        "Deficit",
        "Not recognised",
        "Liquidations",
        "Late",
        "Missed",
        "Share price before",
        "after",
        "change",
    ];
    let header = header.map(|name| format!("<th scope=\"col\">{name}</th>")).concat();
    format!(
        "<section><h2>Reserves</h2><table><thead><tr>{header}</tr></thead><tbody>{}</tbody></table>\
         <p class=\"note\">Amounts in the reserve's own token. Not recognised: debt beyond its \
         collateral that is still on the books when the run ends.</p></section>",
        rows.concat()
    )
}

fn row(pool: &PoolSummary, reserve: &ReserveSummary) -> String {
    let amount = |units| number::plain(units, reserve.decimals);
    let (debt, done, price) = (&reserve.bad_debt, &reserve.liquidations, &reserve.share_price);
    let cells = [
        ("Bad debt", amount(debt.recognised)),
        ("Fees paid", amount(debt.fees)),
        ("Insurance paid", amount(debt.insurance)),
        ("Suppliers paid", amount(debt.suppliers)),
        ("Deficit", amount(debt.deficit)),
        ("Not recognised", amount(reserve.uncollected)),
        ("Liquidations", done.executed.to_string()),
        ("Late", done.late.to_string()),
        ("Missed", done.missed.to_string()),
        ("Share price before", number::share_price(price.before)),
        ("Share price after", number::share_price(price.after)),
        ("Change", number::change(price.before, price.after)),
    ];
    let cells =
        cells.map(|(label, text)| format!("<td data-label=\"{label}\">{}</td>", escape(&text)));
    let (pool, symbol) = (escape(&pool.name), escape(&reserve.symbol));
    format!("<tr><th scope=\"row\">{pool} / {symbol}</th>{}</tr>", cells.concat())
}

fn courses(report: &Report<'_>) -> String {
    let drawn = report.timelines.iter().filter(|timeline| timeline.points.len() > 1);
    drawn.map(|timeline| course(report, timeline)).collect::<Vec<_>>().join("\n")
}

fn course(report: &Report<'_>, timeline: &Timeline) -> String {
    let congestion = report.scenario.congestion.as_ref();
    let pool = escape(&timeline.pool);
    let window = if congestion.is_some() { [("congestion", "Congestion")].as_slice() } else { &[] };
    let price_keys = [&[("market", "Market"), ("oracle", "Oracle")], window].concat();
    let payers = [
        ("fees", "Fees"),
        ("insurance", "Insurance"),
        ("suppliers", "Suppliers"),
        ("deficit", "Deficit"),
    ];
    let debt_keys = [payers.as_slice(), window].concat();
    let waiting_keys = [&[("waiting", "Waiting positions")], window].concat();
    format!(
        "<section><h2>Price and oracle: {} in pool {pool}</h2>{}{}</section>\n\
         <section><h2>Bad debt by payer: {} in pool {pool}</h2>{}{}</section>\n\
         <section><h2>Waiting for a liquidator: pool {pool}</h2>{}{}</section>",
        escape(&timeline.collateral),
        legend(&price_keys),
        charts::prices(timeline, congestion),
        escape(&timeline.debt),
        legend(&debt_keys),
        charts::bad_debt(timeline, congestion),
        legend(&waiting_keys),
        charts::waiting(timeline, congestion),
    )
}

pub(super) fn legend(keys: &[(&str, &str)]) -> String {
    let keys: Vec<_> = keys
        .iter()
        .map(|(class, name)| format!("<li><i class=\"key {class}\"></i>{name}</li>"))
        .collect();
    format!("<ul class=\"legend\">{}</ul>", keys.concat())
}

fn health(report: &Report<'_>) -> String {
    report.health.iter().map(health_of).collect::<Vec<_>>().join("\n")
}

fn health_of(distribution: &HealthDistribution) -> String {
    let (before, after) = (distribution.debt_free_before, distribution.debt_free_after);
    format!(
        "<section><h2>Health factors: pool {}</h2>{}{}<p class=\"note\">Below 1, the dashed line, a \
         position may be liquidated. The last bin holds all above 2.5. Without debt, so without a \
         health factor: {before} before, {after} after.</p></section>",
        escape(&distribution.pool),
        legend(&[("before", "Before"), ("after", "After")]),
        charts::health(distribution),
    )
}

fn neighbours(report: &Report<'_>) -> String {
    let dry = report.summary.pools.iter().filter(|pool| pool.role == PoolRole::Dry);
    let pools: Vec<_> = dry.map(neighbour).collect();
    if pools.is_empty() {
        return String::new();
    }
    format!("<section><h2>The neighbouring pools</h2>{}</section>", pools.concat())
}

fn neighbour(pool: &PoolSummary) -> String {
    let class = if pool.accounts_hash.is_none() { "calm" } else { "alarm" };
    format!(
        "<p class=\"{class}\">{}</p><dl>{}{}</dl>",
        escape(&number::neighbour(pool)),
        hash("Before", &pool.accounts_hash.before),
        hash("After", &pool.accounts_hash.after),
    )
}

fn run(report: &Report<'_>) -> String {
    let (scenario, summary) = (report.scenario, report.summary);
    let counts = &summary.transactions;
    let transactions = format!(
        "{} submitted, {} succeeded, {} failed, {} rejected",
        counts.submitted, counts.succeeded, counts.failed, counts.rejected
    );
    let window = format!("{} to {}, every {} s", scenario.start, scenario.end, scenario.step_s);
    format!(
        "<section><h2>The run</h2><dl>{}{}{}{}</dl></section>",
        fact("Window", &window),
        fact("Transactions", &transactions),
        fact("Seed", &summary.seed.to_string()),
        hash("State root", &summary.state_root),
    )
}

/// The scenario file and where its figures come from.
pub(super) fn echo(sources: &[String], text: &str) -> String {
    let sources = sources.iter().map(|source| format!("<li>{}</li>", escape(source)));
    format!(
        "<section><h2>Scenario</h2><p>Sources</p><ul>{}</ul>\
         <details><summary>The scenario file</summary><pre>{}</pre></details></section>",
        sources.collect::<Vec<_>>().concat(),
        escape(text),
    )
}

pub(super) fn fact(name: &str, value: &str) -> String {
    format!("<dt>{name}</dt><dd>{}</dd>", escape(value))
}

fn hash(name: &str, value: &str) -> String {
    format!("<dt>{name}</dt><dd><code>{}</code></dd>", escape(value))
}
