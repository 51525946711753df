//! The figures of a campaign as people read them on a terminal.

use comfy_table::{CellAlignment, Table, TableComponent, presets};

use super::{Bounded, Figures, Results};

/// The result in two tables: what is lost and who pays, and what liquidators did.
pub fn summary(results: &Results) -> String {
    let Results { scenario, seed, paths, plan, .. } = results;
    let pools = results.pools.iter().map(|pool| (pool.name.as_str(), &pool.figures));
    let columns: Vec<(&str, &Figures)> =
        pools.chain((results.pools.len() > 1).then_some(("all pools", &results.total))).collect();
    let head = format!("{scenario}: {paths} paths from seed {seed}, plan {}", &plan[..16]);
    let figures = table(&columns, LINES);
    format!("{head}\n{figures}")
}

/// `1234567` as `1,234,567`.
pub fn thousands(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

type Line = (&'static str, fn(&Figures) -> String);

const LINES: &[Line] = &[
    ("supplied", |of| dollars(of.supplied)),
    ("bad debt, mean", |of| money(&of.bad_debt.all.mean)),
    ("  VaR 95 %", |of| money(&of.bad_debt.all.p95)),
    ("  VaR 99 %", |of| money(&of.bad_debt.all.p99)),
    ("  ES 95 %", |of| money(&of.bad_debt.all.es95)),
    ("  ES 99 %", |of| money(&of.bad_debt.all.es99)),
    ("  probability of any", |of| share(&of.bad_debt.probability)),
    ("paid by fees, mean", |of| money(&of.bad_debt.fees.mean)),
    ("  by insurance", |of| money(&of.bad_debt.insurance.mean)),
    ("  by suppliers", |of| money(&of.bad_debt.suppliers.mean)),
    ("  by nobody yet", |of| money(&of.bad_debt.deficit.mean)),
    ("  not recognised", |of| money(&of.bad_debt.uncollected.mean)),
    ("insurance exhausted", |of| share(&of.insurance.exhausted)),
    ("  after, median", |of| {
        of.insurance.exhausted_after_s.as_ref().map_or("never".into(), seconds)
    }),
    ("liquidation at risk 95 %", |of| money(&of.liquidated.p95)),
    ("liquidations a path", |of| count(&of.liquidations.executed)),
    ("  late", |of| count(&of.liquidations.late)),
    ("  missed", |of| count(&of.liquidations.missed)),
    ("  failed", |of| count(&of.liquidations.failed)),
    ("  toxic", |of| count(&of.liquidations.toxic)),
    ("delay, median", |of| seconds(&of.delay_s.p50)),
    ("  95 %", |of| seconds(&of.delay_s.p95)),
    ("  longest", |of| format!("{} s", of.delay_s.max)),
    ("liquidators' profit, mean", |of| money(&of.liquidators.profit.mean)),
    ("  5 %", |of| money(&of.liquidators.profit.p5)),
    ("  median", |of| money(&of.liquidators.profit.p50)),
    ("  95 %", |of| money(&of.liquidators.profit.p95)),
    ("profit of running, mean", |of| money(&of.running.saved)),
    ("untouched", |of| if of.untouched { "yes, on every path".into() } else { "no".into() }),
];

fn table(columns: &[(&str, &Figures)], lines: &[Line]) -> String {
    let mut table = Table::new();
    let _preset = table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    // A rule under every row would double the length of what has to be read.
    for part in [TableComponent::HorizontalLines, TableComponent::MiddleIntersections] {
        let _ruled = table.remove_style(part);
    }
    let names = columns.iter().map(|(name, _)| *name);
    let _header = table.set_header(std::iter::once("").chain(names));
    for (name, figure) in lines {
        let cells = columns.iter().map(|(_, figures)| figure(figures));
        let _row = table.add_row(std::iter::once((*name).to_owned()).chain(cells));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

fn money(figure: &Bounded) -> String {
    between(figure, dollars)
}

fn share(figure: &Bounded) -> String {
    between(figure, |share| format!("{:.2} %", share * 100.0))
}

fn count(figure: &Bounded) -> String {
    between(figure, |count| format!("{count:.2}"))
}

fn seconds(figure: &Bounded) -> String {
    between(figure, |seconds| format!("{seconds:.0} s"))
}

/// A figure and its ends; `?` is an end that too few paths bound, and one path bounds none.
fn between(figure: &Bounded, text: impl Fn(f64) -> String) -> String {
    let value = text(figure.value);
    if figure.low.is_none() && figure.high.is_none() {
        return value;
    }
    let end = |end: Option<f64>| end.map_or("?".into(), &text);
    format!("{value} [{}, {}]", end(figure.low), end(figure.high))
}

fn dollars(value: f64) -> String {
    let sign = if value <= -0.5 { "-" } else { "" };
    let digits = format!("{:.0}", value.abs());
    let whole = digits.parse().map_or(digits, thousands);
    format!("{sign}${whole}")
}
