use cofferdam_stress::outcome::NativeAmount;
use cofferdam_stress::report::{self, Report};

use crate::fixture::{self, Run, TEXT};

fn page(run: &Run, text: &str) -> String {
    report::html(&Report {
        scenario: &run.scenario,
        scenario_text: text,
        summary: &run.summary,
        timelines: std::slice::from_ref(&run.timeline),
        health: std::slice::from_ref(&run.health),
    })
}

#[test]
fn the_table_says_who_paid() {
    let expected = "\
black-thursday  seed 21412
┌─────────────────┬──────────────────┬───────────┬────────────────┬────────────────┬───────────┬──────────────────────┬─────────────────────┐
│ pool / reserve  ┆         bad debt ┆ fees paid ┆ insurance paid ┆ suppliers paid ┆   deficit ┆         liquidations ┆  supply share price │
│                 ┆                  ┆           ┆                ┆                ┆           ┆ done / late / missed ┆                     │
╞═════════════════╪══════════════════╪═══════════╪════════════════╪════════════════╪═══════════╪══════════════════════╪═════════════════════╡
│ eth-dai / ETH   ┆         0.00 ETH ┆      0.00 ┆           0.00 ┆           0.00 ┆      0.00 ┆            0 / 0 / 0 ┆ 1.000000 → 1.000000 │
│ eth-dai / DAI   ┆ 5,670,000.00 DAI ┆ 76,543.00 ┆     500,000.00 ┆   5,000,000.00 ┆ 93,457.00 ┆          71 / 38 / 6 ┆ 1.002465 → 0.968166 │
│ usdc-dai / USDC ┆        0.00 USDC ┆      0.00 ┆           0.00 ┆           0.00 ┆      0.00 ┆            0 / 0 / 0 ┆ 1.000000 → 1.000000 │
│ usdc-dai / DAI  ┆         0.00 DAI ┆      0.00 ┆           0.00 ┆           0.00 ┆      0.00 ┆            0 / 0 / 0 ┆ 1.002465 → 1.002465 │
└─────────────────┴──────────────────┴───────────┴────────────────┴────────────────┴───────────┴──────────────────────┴─────────────────────┘
Pool usdc-dai stayed dry: its accounts hash the same before and after.
6,412 transactions: 6,299 succeeded, 101 failed, 12 rejected.
";
    let table = report::table(&fixture::run().summary);
    assert_eq!(table, format!("{expected}State root {}\n", "5b".repeat(32)));
}

#[test]
fn the_table_does_not_hide_what_is_wrong() {
    let mut summary = fixture::run().summary;
    summary.pools[0].reserves[1].bad_debt.fees = NativeAmount(0);
    summary.pools[0].reserves[1].uncollected = NativeAmount(1_500_000_000);
    summary.pools[1].accounts_hash.after = "4d".repeat(32);
    let table = report::table(&summary);
    for line in [
        "eth-dai / DAI: 1.50 DAI under water is not recognised yet.",
        "eth-dai / DAI: the payers do not add up to the bad debt.",
        "Pool usdc-dai was touched: its accounts hash differently before and after.",
    ] {
        assert!(table.lines().any(|found| found == line), "no `{line}` in\n{table}");
    }
    let mut run = fixture::run();
    run.summary = summary;
    let page = page(&run, TEXT);
    assert!(page.contains("The payers do not add up to the bad debt recognised."));
    assert!(page.contains("<p class=\"alarm\">Pool usdc-dai was touched"));
}

#[test]
fn the_page_has_every_section() {
    let page = page(&fixture::run(), TEXT);
    for part in [
        "<strong>5,670,000.00 DAI</strong> of bad debt in pool eth-dai.",
        "<b>Accrued fees</b><span>76,543.00 DAI</span><span>1.3 %</span>",
        "<b>Insurance</b><span>500,000.00 DAI</span><span>8.8 %</span>",
        "<b>Suppliers</b><span>5,000,000.00 DAI</span><span>88.1 %</span>",
        "<b>Nobody yet: deficit</b><span>93,457.00 DAI</span><span>1.6 %</span>",
        "<th scope=\"row\">usdc-dai / USDC</th>",
        "<td data-label=\"Change\">-3.42 %</td>",
        "<h2>Price and oracle: ETH in pool eth-dai</h2>",
        "<h2>Bad debt by payer: DAI in pool eth-dai</h2>",
        "<h2>Health factors: pool eth-dai</h2>",
        "<p class=\"calm\">Pool usdc-dai stayed dry",
        "<dt>Seed</dt><dd>21412</dd>",
        "2020-03-11T00:00:00Z to 2020-03-15T00:00:00Z, every 60 s",
        "symbol = &quot;ETH&quot;",
    ] {
        assert!(page.contains(part), "no `{part}`");
    }
    assert!(page.contains(&format!("<code>{}</code>", "5b".repeat(32))), "no state root");
    assert_eq!(page.matches("<svg class=\"wide\"").count(), 4);
    assert_eq!(page.matches("<svg class=\"narrow\"").count(), 4);
    assert_eq!(page.matches("<rect class=\"congestion\"").count(), 6);
    assert!(page.len() < 400_000, "{} bytes", page.len());
}

#[test]
fn the_page_asks_the_network_for_nothing() {
    let page = page(&fixture::run(), "");
    for request in ["src=", "href=", "url(", "@import", "<script", "<link", "http://", "https://"] {
        assert!(!page.contains(request), "`{request}` in the page");
    }
}

#[test]
fn hostile_text_stays_text() {
    let hostile = "</pre><script>alert('x')</script>&\"";
    let mut run = fixture::run();
    run.scenario.description = hostile.into();
    run.scenario.sources = vec![hostile.into()];
    run.summary.scenario = hostile.into();
    run.summary.state_root = hostile.into();
    run.timeline.collateral = hostile.into();
    run.timeline.debt = hostile.into();
    run.timeline.pool = hostile.into();
    run.health.pool = hostile.into();
    for pool in &mut run.summary.pools {
        pool.name = hostile.into();
        pool.accounts_hash.before = hostile.into();
        for reserve in &mut pool.reserves {
            reserve.symbol = hostile.into();
        }
    }
    let page = page(&run, hostile);
    assert!(!page.contains("<script"));
    assert!(!page.contains("alert('x')"));
    let safe = "&lt;/pre&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;";
    assert!(page.matches(safe).count() > 20);
}

#[test]
fn a_run_without_losses_or_pictures_has_a_page() {
    let mut run = fixture::run();
    run.summary.pools[0].reserves.truncate(1);
    run.summary.pools.truncate(1);
    run.timeline.points.clear();
    run.scenario.congestion = None;
    let page = page(&run, TEXT);
    assert!(page.contains("No bad debt was recognised: nobody had to pay."));
    assert!(!page.contains("<h2>Price and oracle"));
    assert!(!page.contains("neighbouring pools"));
}

#[test]
fn the_same_run_gives_the_same_page() {
    assert_eq!(page(&fixture::run(), TEXT), page(&fixture::run(), TEXT));
}
