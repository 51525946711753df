//! The page of a Monte Carlo run: what is lost, how sure that is, who pays, and why.

mod charts;
mod losses;
mod pools;
mod tables;
mod view;

use super::html::{echo, fact, page};
use super::svg::{HeatMap, escape};
use crate::outcome::{PathOutcome, Payers};
use crate::scenario::Scenario;
use crate::validate::{Check, Row, Validation};

use tables::Table;

/// Everything the page of a Monte Carlo run shows.
#[derive(Debug, Clone, Copy)]
pub struct MonteCarlo<'a> {
    /// The scenario that ran.
    pub scenario: &'a Scenario,
    /// The text it was read from, which the page echoes.
    pub scenario_text: &'a str,
    /// The paths, in the order in which they were drawn.
    pub paths: &'a [PathOutcome],
    /// What else there is to say about the run, such as the hash of its plan.
    pub facts: &'a [(&'a str, String)],
    /// What the scenario asserts, and whether it holds.
    pub verdicts: &'a [Verdict],
    /// Sweeps over parameters.
    pub sweeps: &'a [HeatMap],
    /// The same paths under other loss policies.
    pub policies: &'a [PolicyLosses],
    /// Figures of the engine and their closed forms, from `cofferdam stress validate`.
    pub validation: &'a [Row],
}

/// One assertion of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The figure, such as `bad_debt.p95`.
    pub figure: String,
    /// What it should be, such as `<= 2 %`.
    pub wanted: String,
    /// What it is.
    pub found: String,
    /// Whether it holds.
    pub holds: bool,
}

/// Who pays under one loss policy. Mean over the paths, in millionths of a dollar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLosses {
    /// Name of the policy.
    pub policy: String,
    /// What each payer pays: its name, and how much.
    pub payers: Vec<(String, i128)>,
    /// All bad debt.
    pub total: i128,
}

impl PolicyLosses {
    /// Who pays on average over these paths, played under `policy`.
    #[must_use]
    pub fn of(policy: &str, paths: &[PathOutcome]) -> Self {
        let mean = |part| losses::mean_paid(paths, part);
        let payers = losses::PAYERS.map(|(_, name, part)| (name.to_owned(), mean(part)));
        Self { policy: policy.to_owned(), payers: payers.into(), total: mean(Payers::total) }
    }
}

/// The result of a Monte Carlo run as a self-contained page.
#[must_use]
pub fn monte_carlo(report: &MonteCarlo<'_>) -> String {
    let mut sections = vec![losses::headline(report), verdicts(report), losses::section(report)];
    sections.extend((0..report.scenario.pools.len()).map(|pool| pools::section(report, pool)));
    sections.push(pools::isolation(report));
    sections.extend(report.sweeps.iter().map(sweep));
    sections.extend([policies(report), beside_closed_forms(report.validation), run(report)]);
    sections.push(echo(&report.scenario.sources, report.scenario_text));
    sections.retain(|section| !section.is_empty());
    page(&report.scenario.name, &sections.join("\n"))
}

fn verdicts(report: &MonteCarlo<'_>) -> String {
    if report.verdicts.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["Asserted", "Wanted", "Found", "Verdict"]);
    for verdict in report.verdicts {
        let word = word(verdict.holds, "holds", "does not hold");
        table.row(&verdict.figure, [escape(&verdict.wanted), escape(&verdict.found), word]);
    }
    format!("<section id=\"verdicts\"><h2>What the scenario asserts</h2>{}</section>", table.html())
}

/// The heat maps of a sweep as a self-contained page; `paths` were played in each cell.
#[must_use]
pub fn sweeps(scenario: &Scenario, scenario_text: &str, paths: u64, maps: &[HeatMap]) -> String {
    let header = format!(
        "<header><p class=\"kicker\">Cofferdam sweep</p><h1>{}</h1><p>{}</p></header>",
        escape(&scenario.name),
        escape(&scenario.description)
    );
    let run = format!(
        "<p id=\"run\">{paths} paths a cell from seed {}, the same draws in every cell; money is a \
         share of what is supplied.</p>",
        scenario.seed
    );
    let maps: String = maps.iter().map(sweep).collect();
    page(&scenario.name, &[header, run, maps, echo(&scenario.sources, scenario_text)].join("\n"))
}

fn sweep(map: &HeatMap) -> String {
    let (title, drawn) = (escape(&map.title), map.draw());
    format!("<section class=\"figure heat-map\"><h2>{title}</h2>{drawn}</section>")
}

fn policies(report: &MonteCarlo<'_>) -> String {
    let Some(first) = report.policies.first() else { return String::new() };
    let payers = first.payers.iter().map(|(name, _)| name.as_str());
    let header: Vec<&str> = ["Loss policy", "Bad debt"].into_iter().chain(payers).collect();
    let mut table = Table::new(&header);
    for policy in report.policies {
        let paid = policy.payers.iter().map(|(_, paid)| *paid);
        table.row(&policy.policy, std::iter::once(policy.total).chain(paid).map(tables::dollars));
    }
    format!(
        "<section id=\"policies\"><h2>The same paths under other loss policies</h2>{}<p \
         class=\"note\">Mean over the paths.</p></section>",
        table.html()
    )
}

/// Figures of the program beside their closed forms as a self-contained page.
#[must_use]
pub fn validation(validation: &Validation) -> String {
    let Validation { seed, paths, rows } = validation;
    let (total, failed) = (rows.len(), validation.failures().count());
    let header = format!(
        "<header><p class=\"kicker\">Cofferdam validation</p><h1>{} of {total} figures are what they \
         must be</h1><p>{} runs of the program, seed {seed}, {paths} paths a random figure.</p></header>",
        total - failed,
        validation.runs(),
    );
    page("Validation", &[header, beside_closed_forms(rows)].join("\n"))
}

fn beside_closed_forms(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "<section id=\"validation\"><h2>Validation</h2><p class=\"note\">What this engine \
                gives where a closed form says what must come out: <code>cofferdam stress \
                validate</code> measures it, and docs/VALIDATION.md has the table.</p></section>"
            .into();
    }
    let mut table = Table::new(&["Figure", "Expected", "Measured", "Distance", "Verdict"]);
    for row in rows {
        let distance = match (row.z(), row.check) {
            (Some(z), _) => format!("{z:+.2} standard errors"),
            (None, Check::Exact { bound: 0.0 }) => "must be equal".into(),
            (None, Check::Exact { bound } | Check::Sampled { standard_error: bound, .. }) => {
                format!("at most {}", real(bound))
            }
        };
        let word = word(row.passes(), "agrees", "does not agree");
        let cells = [real(row.expected), real(row.measured), distance, word];
        table.row(&format!("{} {}", row.id, row.figure), cells);
    }
    format!(
        "<section id=\"validation\"><h2>Validation</h2><p class=\"note\">Figures of the program on \
         this ledger beside their closed forms; four standard errors are allowed.</p>{}</section>",
        table.html()
    )
}

/// To seven places, or to five digits where that would hide them.
fn real(number: f64) -> String {
    if number == 0.0 || (1e-3..1e9).contains(&number.abs()) {
        let text = format!("{number:.7}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{number:.4e}")
    }
}

fn run(report: &MonteCarlo<'_>) -> String {
    let scenario = report.scenario;
    let counts = |count: fn(&PathOutcome) -> u64| report.paths.iter().map(count).sum::<u64>();
    let transactions = format!(
        "{} submitted, {} succeeded, {} failed, {} rejected, over all paths",
        counts(|path| path.transactions.submitted),
        counts(|path| path.transactions.succeeded),
        counts(|path| path.transactions.failed),
        counts(|path| path.transactions.rejected)
    );
    let window = format!("{} to {}, every {} s", scenario.start, scenario.end, scenario.step_s);
    let more = report.facts.iter().map(|(name, value)| fact(name, value));
    format!(
        "<section id=\"run\"><h2>The run</h2><dl>{}{}{}{}{}</dl></section>",
        fact("Paths", &report.paths.len().to_string()),
        fact("Seed", &scenario.seed.to_string()),
        fact("Window", &window),
        fact("Transactions", &transactions),
        more.collect::<String>(),
    )
}

fn word(good: bool, yes: &str, no: &str) -> String {
    let (class, word) = if good { ("calm", yes) } else { ("alarm", no) };
    format!("<span class=\"{class}\">{word}</span>")
}
