//! Pages: one for a path, with its solvency curve, and one for a whole hunt.

use std::fmt::Write as _;

use cofferdam_stress::report::{
    page,
    svg::{Chart, NARROW, Range, WIDE, escape},
};
use cofferdam_tests::hunt::{Kind, Tale};
use serde_json::Value;

/// The page of a path.
pub(crate) fn of_path(kind: Kind, headline: &str, tale: &Tale) -> String {
    let mut body = format!(
        "<header><p class=\"kicker\">Cofferdam hunt: {}</p><h1>{}</h1></header>\n\
         <section><h2>Solvency</h2>\n{}\n\
         <ul class=\"legend\"><li><i class=\"key market\"></i>what suppliers may claim</li>\
         <li><i class=\"key oracle\"></i>what stands behind it: claims less debt that no collateral \
         covers</li></ul>\n<p class=\"note\">Dollars at the last prices, all pools together, after \
         each step.</p></section>\n<section><h2>Steps</h2>\n",
        escape(kind.title()),
        escape(headline.lines().next().unwrap_or_default()),
        solvency(tale)
    );
    if let Some(violation) = &tale.violation {
        let (sentence, details) = (escape(violation.sentence), escape(&violation.details));
        let _ = writeln!(body, "<p class=\"alarm\">{sentence}</p><p>But {details}</p>");
    }
    for (chapter, number) in tale.chapters.iter().zip(1..) {
        let (label, end) = (escape(&chapter.label), escape(&chapter.end));
        let moved = escape(&chapter.moved.to_string());
        let health = escape(&chapter.health.join("\n"));
        let _ = writeln!(
            body,
            "<details><summary>{number}. {label}: <b>{end}</b></summary><pre>{moved}\n{health}</pre></details>"
        );
    }
    body.push_str("</section>");
    page(headline, &body)
}

/// Claims and what stands behind them, step by step.
fn solvency(tale: &Tale) -> String {
    let points = tale.chapters.iter().zip(1_i128..).map(|(c, step)| (step, c.point));
    let points: Vec<_> = points.collect();
    let claims: Vec<_> = points.iter().map(|(step, point)| (*step, point.claims)).collect();
    let behind: Vec<_> =
        points.iter().map(|(step, point)| (*step, point.claims - point.uncovered)).collect();
    let last = i128::try_from(points.len()).unwrap_or(1);
    let draw = |size| {
        let y = Range::of(claims.iter().chain(&behind).map(|(_, dollars)| *dollars));
        let y = y.rounded(4);
        let mut chart = Chart::new("Solvency after each step", size, Range::of([1, last]), y);
        chart.y_axis(|micros| format!("${}k", micros / 1_000_000_000));
        chart.x_axis((last / 8).max(1), |step| step.to_string());
        chart.steps("line-market", &claims);
        chart.steps("line-oracle", &behind);
        chart.finish()
    };
    format!("{}{}", draw(WIDE), draw(NARROW))
}

/// The page of a hunt, from the figures of each second and those of the end.
pub(crate) fn of_hunt(seconds: &[Value], summary: &Value) -> String {
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let (actions, corpus) = (number(&summary["actions"]), number(&summary["corpus"]));
    let gate = if summary["gate"]["passed"] == true {
        "<span class=\"calm\">passed</span>".to_owned()
    } else {
        let reasons = summary["gate"]["reasons"].as_array().cloned().unwrap_or_default();
        let reasons = reasons.iter().filter_map(Value::as_str).map(escape);
        format!("<span class=\"alarm\">failed</span>: {}", reasons.collect::<Vec<_>>().join("; "))
    };
    let sections = [
        format!(
            "<header><p class=\"kicker\">Cofferdam hunt</p><h1>{actions} actions, {} findings</h1>\
             </header>\n<section><p>{corpus} sequences kept, {} deep states, {} features. \
             Vacuity gate {gate}.</p></section>",
            summary["findings"].as_object().map_or(0, serde_json::Map::len),
            number(&summary["deep_states"]),
            number(&summary["features"]),
        ),
        named("Findings", &summary["findings"]),
        named(
            "Worst by each measure (millionths of a dollar; nearness in basis points)",
            &summary["best"],
        ),
        named("Canaries", &summary["canaries"]),
        over_time("Actions a second", seconds, "actions_per_s"),
        over_time("Features seen", seconds, "features"),
        over_time("Sequences kept", seconds, "corpus"),
        verbs(&summary["verbs"]),
    ];
    page("hunt", &sections.join("\n"))
}

/// A list of names and figures.
fn named(title: &str, figures: &Value) -> String {
    let rows = figures.as_object().into_iter().flatten().map(|(name, figure)| {
        let figure = figure.as_str().map_or_else(|| figure.to_string(), str::to_owned);
        format!("<dt>{}</dt><dd>{}</dd>", escape(name), escape(&figure))
    });
    let rows: String = rows.collect();
    let rows = if rows.is_empty() { "<dt>none</dt><dd></dd>".to_owned() } else { rows };
    format!("<section><h2>{}</h2><dl>{rows}</dl></section>", escape(title))
}

/// One figure over the seconds of the hunt.
fn over_time(title: &str, seconds: &[Value], field: &str) -> String {
    let points = seconds.iter().filter_map(|line| {
        let at = line["seconds"].as_i64()?;
        Some((i128::from(at), i128::from(line[field].as_i64()?)))
    });
    let points: Vec<(i128, i128)> = points.collect();
    let last = points.last().map_or(1, |(at, _)| *at).max(1);
    let draw = |size| {
        let y = Range::of(points.iter().map(|(_, figure)| *figure)).up_from_zero(4);
        let mut chart = Chart::new(title, size, Range::of([0, last]), y);
        chart.y_axis(|figure| figure.to_string());
        chart.x_axis((last / 8).max(1), |at| format!("{at} s"));
        chart.steps("line-market", &points);
        chart.finish()
    };
    format!("<section><h2>{}</h2>{}{}</section>", escape(title), draw(WIDE), draw(NARROW))
}

/// Every instruction with each of its ends.
fn verbs(verbs: &Value) -> String {
    let rows = verbs.as_object().into_iter().flatten().map(|(verb, ends)| {
        let ends = ends.as_object().cloned().unwrap_or_default();
        let tried: u64 = ends.values().filter_map(Value::as_u64).sum();
        let done = ends.get("ok").and_then(Value::as_u64).unwrap_or(0);
        let mut refusals: Vec<_> = ends.iter().filter(|(end, _)| *end != "ok").collect();
        refusals.sort_by_key(|(_, times)| std::cmp::Reverse(times.as_u64()));
        let refusals = refusals.iter().map(|(end, times)| format!("{} {times}", escape(end)));
        let refusals = refusals.collect::<Vec<_>>().join(", ");
        format!(
            "<details><summary>{}: {done} of {tried} done</summary><p>{refusals}</p></details>",
            escape(verb)
        )
    });
    format!("<section><h2>Instructions</h2>{}</section>", rows.collect::<String>())
}
