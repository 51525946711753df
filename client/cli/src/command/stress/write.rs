//! The files of a campaign and its summary on the terminal.

use std::path::Path;

use cofferdam_stress::{
    campaign::{self, Played, Subject, store, verdicts},
    outcome::PathOutcome,
    report::{
        self,
        monte_carlo::{MonteCarlo, PolicyLosses, Verdict},
        svg::HeatMap,
    },
    validate::Row,
};

use crate::{fault::Fault, say::say};

/// What a page shows beside the paths.
#[derive(Default)]
pub(super) struct Extras {
    pub(super) policies: Vec<PolicyLosses>,
    pub(super) sweeps: Vec<HeatMap>,
    /// Figures of the program beside their closed forms.
    pub(super) validation: Vec<Row>,
}

/// Writes report.html, paths.csv (and paths.parquet, where the feature is on), plan.json and summary.json, says what they say, and ends in an
/// error when an assertion does not hold.
pub(super) fn close(
    dir: &Path,
    subject: &Subject,
    played: &Played,
    extras: &Extras,
) -> Result<(), Fault> {
    let verdicts = verdicts(&played.results, subject.scenario())?;
    say(format_args!("{}", campaign::summary(&played.results)));
    let csv =
        campaign::csv(subject.scenario(), &played.rows).map_err(|error| Fault::failed(&error))?;
    let html = page(subject, played, &verdicts, extras);
    let files = [
        ("report.html", html.into_bytes()),
        ("paths.csv", csv),
        #[cfg(feature = "parquet")]
        ("paths.parquet", parquet(subject, played)?),
    ];
    for (name, bytes) in files {
        store::write(&dir.join(name), &bytes)?;
        say(format_args!("wrote {}", dir.join(name).display()));
    }
    played.plan.save(&dir.join("plan.json"))?;
    // Last: when it is there, so are the files that it summarises.
    store::write_json(&dir.join("summary.json"), &played.results)?;
    say(format_args!("wrote {}", dir.join("summary.json").display()));
    judge(&verdicts)
}

#[cfg(feature = "parquet")]
fn parquet(subject: &Subject, played: &Played) -> Result<Vec<u8>, Fault> {
    campaign::parquet(subject.scenario(), &played.rows).map_err(|error| Fault::failed(&error))
}

fn page(subject: &Subject, played: &Played, verdicts: &[Verdict], extras: &Extras) -> String {
    let rows: &[PathOutcome] = &played.rows;
    let mode =
        if played.plan.mode == cofferdam_stress::engine::Mode::Exact { "exact" } else { "fast" };
    let mut facts = vec![("Plan", played.plan.hash.clone()), ("Speed", mode.to_owned())];
    let changes =
        subject.changes().iter().map(|change| format!("{} = {}", change.key, change.value));
    let changes = changes.collect::<Vec<_>>().join("; ");
    if !changes.is_empty() {
        facts.push(("Changed keys", changes));
    }
    report::monte_carlo(&MonteCarlo {
        scenario: subject.scenario(),
        scenario_text: subject.text(),
        paths: rows,
        facts: &facts,
        verdicts,
        sweeps: &extras.sweeps,
        policies: &extras.policies,
        validation: &extras.validation,
    })
}

/// Says each verdict; the first that does not hold is the error.
fn judge(verdicts: &[Verdict]) -> Result<(), Fault> {
    for verdict in verdicts {
        let word = if verdict.holds { "holds" } else { "does not hold" };
        let Verdict { figure, wanted, found, .. } = verdict;
        say(format_args!("assert \"{figure}\" = \"{wanted}\" {word}: {found}"));
    }
    let failed: Vec<_> = verdicts.iter().filter(|verdict| !verdict.holds).collect();
    let Some(first) = failed.first() else { return Ok(()) };
    let more = match failed.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Err(Fault::Failed(format!(
        "assert \"{}\" = \"{}\" does not hold: it is {}{more}",
        first.figure, first.wanted, first.found
    )))
}
