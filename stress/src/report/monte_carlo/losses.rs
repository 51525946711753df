//! What is lost over all pools, and how sure that is.

use super::charts::{self, Bins, Mark};
use super::tables::Table;
use super::view::{mean_of, signed, whole};
use super::{MonteCarlo, tables};
use crate::outcome::{PathOutcome, Payers};
use crate::report::html::legend;
use crate::report::number;
use crate::report::svg::escape;
use crate::statistics::{Estimate, Level, Losses, Quantile, Sampled};

/// A quantile on the page: what to call it, where it is, and between which ends.
struct Figure {
    name: &'static str,
    class: &'static str,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
}

/// Losses of the paths, or of what `loss` takes from each; `None` without a full group of paths.
pub(super) fn losses(
    report: &MonteCarlo<'_>,
    loss: impl Fn(&PathOutcome) -> f64,
) -> Option<Losses> {
    let sampled = |path: &PathOutcome| Sampled { loss: loss(path), weight: path.weight };
    let group = report.scenario.sampling.scheme().group_paths();
    let group = usize::try_from(group).unwrap_or(1);
    Losses::new(report.paths.iter().map(sampled).collect(), group).ok()
}

pub(super) fn headline(report: &MonteCarlo<'_>) -> String {
    format!(
        "<header><p class=\"kicker\">Cofferdam Monte Carlo report</p><h1>{}</h1><p>{}</p></header>\n\
         <section id=\"who-paid\"><h2>Who pays</h2>{}</section>",
        escape(&report.scenario.name),
        escape(&report.scenario.description),
        who_pays(report)
    )
}

/// What a payer paid, from all payments.
type Part = fn(&Payers) -> u128;

/// Style class, name and payment of each payer, in the order in which they pay.
pub(super) const PAYERS: [(&str, &str, Part); 5] = [
    ("fees", "Accrued fees", |paid| paid.fees),
    ("insurance", "Insurance", |paid| paid.insurance),
    ("suppliers", "Suppliers", |paid| paid.suppliers),
    ("deficit", "Nobody yet: deficit", |paid| paid.deficit),
    ("uncollected", "Not recognised yet", |paid| paid.uncollected),
];

/// Mean over the paths of a part of the bad debt of all pools.
pub(super) fn mean_paid(paths: &[PathOutcome], part: Part) -> i128 {
    let paid = |path: &PathOutcome| path.pools.iter().map(|pool| part(&pool.bad_debt)).sum();
    mean_of(paths.iter().map(|path| (paid(path), path.weight)))
}

fn who_pays(report: &MonteCarlo<'_>) -> String {
    let total = mean_paid(report.paths, Payers::total);
    if total == 0 {
        return "<p class=\"lead\">No path left bad debt: nobody had to pay.</p>".into();
    }
    let payers = PAYERS.map(|(class, name, part)| (class, name, mean_paid(report.paths, part)));
    let share = |paid: i128| whole(paid as f64 / total as f64 * 1e6);
    let part = |(class, _, paid): &(&str, &str, i128)| {
        format!("<span class=\"{class}\" style=\"flex-grow:{}\"></span>", share(*paid))
    };
    let item = |(class, name, paid): &(&str, &str, i128)| {
        let (paid, share) = (number::dollars(*paid), number::percent(share(*paid)));
        format!(
            "<li><i class=\"key {class}\"></i><b>{name}</b><span>{paid}</span>\
             <span>{share}</span></li>"
        )
    };
    format!(
        "<p class=\"lead\"><strong>{}</strong> of bad debt a path, on average.</p>\
         <div class=\"bar\" aria-hidden=\"true\">{}</div><ul class=\"payers\">{}</ul>",
        number::dollars(total),
        payers.iter().map(part).collect::<String>(),
        payers.iter().map(item).collect::<String>(),
    )
}

pub(super) fn section(report: &MonteCarlo<'_>) -> String {
    let Some(losses) = losses(report, |path| path.bad_debt() as f64) else {
        return "<section id=\"losses\"><h2>Bad debt over the paths</h2><p class=\"alarm\">No \
                complete group of paths: there is nothing to say.</p></section>"
            .into();
    };
    let figures = figures(&losses);
    format!(
        "<section id=\"losses\" class=\"figure\"><h2>Bad debt over the paths</h2>{}{}</section>",
        table(report, &losses, &figures),
        picture(report, &figures)
    )
}

fn figures(losses: &Losses) -> [Figure; 4] {
    let at_risk = |name, class, level| {
        let Quantile { value, low, high } = losses.value_at_risk(level, Level::P95);
        Figure { name, class, value, low, high }
    };
    let beyond = |name, class, level| {
        let Quantile { value, low, high } = losses.shortfall(level, Level::P95);
        Figure { name, class, value, low: low.map(|low| low.max(0.0)), high }
    };
    [
        at_risk("VaR 95 %", "mark-var-95", Level::P95),
        at_risk("VaR 99 %", "mark-var-99", Level::P99),
        beyond("ES 95 %", "mark-es-95", Level::P95),
        beyond("ES 99 %", "mark-es-99", Level::P99),
    ]
}

fn estimated(name: &'static str, class: &'static str, estimate: Estimate) -> Figure {
    let ends = estimate.interval(Level::P95);
    let finite = |end: f64| Some(end).filter(|end| end.is_finite());
    let low = finite(ends.low).map(|low| low.max(0.0));
    Figure { name, class, value: estimate.value, low, high: finite(ends.high) }
}

fn table(report: &MonteCarlo<'_>, losses: &Losses, figures: &[Figure]) -> String {
    let mut table = Table::new(&["Bad debt", "Estimate", "from", "to (95 % confidence)"]);
    let dollars = |value: f64| tables::dollars(whole(value));
    let end = |value: Option<f64>| value.map_or("too few paths".into(), dollars);
    let mean = estimated("Mean", "", losses.mean());
    for Figure { name, value, low, high, .. } in std::iter::once(&mean).chain(figures) {
        table.row(name, [dollars(*value), end(*low), end(*high)]);
    }
    let liquidated = super::losses::losses(report, |path| {
        path.pools.iter().map(|pool| pool.liquidated).sum::<u128>() as f64
    });
    if let Some(liquidated) = liquidated {
        let Quantile { value, low, high } = liquidated.value_at_risk(Level::P95, Level::P95);
        table.row("Liquidation at risk 95 %", [dollars(value), end(low), end(high)]);
    }
    let share = |value: f64| number::percent(whole(value * 1e6));
    let any = losses.probability_above(0.0);
    let ends = any.interval(Level::P95);
    let bounded =
        |end: f64| if end.is_finite() { share(end.clamp(0.0, 1.0)) } else { "–".into() };
    let cells = [share(any.value), bounded(ends.low), bounded(ends.high)];
    table.row("Probability of any", cells);
    table.html()
}

fn picture(report: &MonteCarlo<'_>, figures: &[Figure]) -> String {
    let losses = report.paths.iter().map(|path| (signed(path.bad_debt()), path.weight));
    let positive: Vec<_> = losses.filter(|(loss, _)| *loss > 0).collect();
    let without = report.paths.len() - positive.len();
    if positive.is_empty() {
        return "<p class=\"calm\">No path left bad debt.</p>".into();
    }
    let furthest = figures.iter().map(|figure| whole(figure.high.unwrap_or(figure.value)));
    let worst = positive.iter().map(|(loss, _)| *loss).max().unwrap_or(1);
    let highest = furthest.max().unwrap_or(1).saturating_mul(2).clamp(1, worst);
    let bins = Bins::of(&positive, (0, highest), 40);
    let marks = figures.iter().map(|figure| Mark {
        class: figure.class,
        at: whole(figure.value),
        between: figure.low.zip(figure.high).map(|(low, high)| (whole(low), whole(high))),
    });
    let marks: Vec<_> = marks.collect();
    let keys = figures.iter().map(|figure| (figure.class, figure.name));
    let title = "Paths by bad debt, with value at risk and expected shortfall";
    format!(
        "{}{}<p class=\"note\">The height is the number of paths, each with its weight. {} without bad debt {} not drawn. \
         The last bin holds all beyond; shades are 95 % intervals.</p>",
        legend(&keys.collect::<Vec<_>>()),
        charts::histogram(title, &bins, "bar-losses", &marks),
        number::counted(without as u64, "path"),
        if without == 1 { "is" } else { "are" },
    )
}
