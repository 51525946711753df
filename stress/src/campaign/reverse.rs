//! Reverse stress: the smallest shock that makes somebody lose.

use serde::Serialize;

use super::{
    CampaignError, Change, Results, Subject,
    edge::{Edge, edge},
    shock::Shock,
    verdict,
};
use crate::scenario::{Assertion, fits};

/// The smallest shock of a kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breaking {
    /// What is shocked, as people read it.
    pub shock: String,
    /// What counts as a loss.
    pub until: String,
    /// The smallest that loses; `None` when the largest does not.
    pub found: Option<Found>,
    /// Everything that was played: how severe, and the figure.
    pub tried: Vec<(String, f64)>,
    /// Whether every shock beyond the smallest loses too, as far as was tried.
    pub turns_once: bool,
}

/// A shock that loses, and one just below it that does not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// How severe it is.
    pub severity: String,
    /// The figure under it.
    pub figure: f64,
    /// The next lesser one that is told apart; `None` when the least shock loses.
    pub lesser: Option<Lesser>,
    /// The keys that make it.
    pub changes: Vec<Change>,
}

/// The last shock that does not lose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lesser {
    /// How severe it is.
    pub severity: String,
    /// The figure under it.
    pub figure: f64,
    /// The keys that make it.
    pub changes: Vec<Change>,
}

struct Tried {
    figure: f64,
    loses: bool,
}

/// Finds the smallest shock under which `until` is true, by halving.
///
/// # Errors
/// A figure that is none, a shock that the scenario's checks refuse, or what `probe` fails with.
pub fn smallest(
    subject: &Subject,
    shock: &Shock,
    until: &Assertion,
    probe: &mut dyn FnMut(&Subject) -> Result<Results, CampaignError>,
) -> Result<Breaking, CampaignError> {
    fits(subject.scenario(), until)
        .map_err(|reason| CampaignError::Refused { what: "until".into(), reason })?;
    let Edge { first, tried } = edge(
        shock.last(),
        |step| {
            let results = probe(&subject.with(&shock.changes(step))?)?;
            let named = results.figure(&until.figure)?;
            let bound = verdict::bound(&results, until, &named)?;
            let figure = named.figure.value;
            let loses = verdict::holds(until.comparison, figure, bound);
            Ok::<_, CampaignError>(Tried { figure, loses })
        },
        |tried| tried.loses,
    )?;
    let lesser = |first: u64| {
        let step = first.checked_sub(1)?;
        let figure = tried.get(&step)?.figure;
        Some(Lesser { severity: shock.severity(step), figure, changes: shock.changes(step) })
    };
    let found = first.map(|first| Found {
        severity: shock.severity(first),
        figure: tried[&first].figure,
        lesser: lesser(first),
        changes: shock.changes(first),
    });
    let turns_once =
        tried.iter().all(|(step, tried)| tried.loses == first.is_some_and(|first| *step >= first));
    let tried = tried.iter().map(|(step, tried)| (shock.severity(*step), tried.figure)).collect();
    let until = format!("{} {}", until.figure, until.wanted());
    Ok(Breaking { shock: shock.name(), until, found, tried, turns_once })
}

/// The scenario with a shock in it, as a file that runs from anywhere.
///
/// # Errors
/// Changes that the scenario's checks refuse.
pub fn replay(subject: &Subject, name: &str, found: &Found) -> Result<String, CampaignError> {
    let own = &subject.scenario().name;
    let named = [
        Change::new("name", format!("{own}-{name}")),
        Change::new(
            "description",
            format!("The smallest {name} shock of {own} that loses: {}.", found.severity),
        ),
    ];
    let changed = subject.with(&[&found.changes[..], &named].concat())?;
    let here = changed.with(&changed.absolute_files()?)?;
    let lesser = found.lesser.as_ref().map_or_else(
        || "the least shock that was tried".to_owned(),
        |lesser| format!("at {} it is {:.2}", lesser.severity, lesser.figure),
    );
    Ok(format!(
        "# Found by `cofferdam break` in {}: at {} the figure is {:.2}, {lesser}.\n\
         # Replay it with `cofferdam run` or `cofferdam stress --paths 1`.\n\n{}",
        subject.file(),
        found.severity,
        found.figure,
        here.effective_text()
    ))
}
