//! The end of a hunt: what it found, written and said, and what its exit code is.

use std::path::Path;

use cofferdam_tests::hunt::{Ground, Measure, gate, shrink, shrink_path};
use serde_json::{Value, json};

use super::{
    crew::Haul,
    folder,
    progress::{facts, table},
    report,
    write::Case,
};
use crate::{fault::Fault, say::say};

/// Whether a hunt that tried too little fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gated {
    /// It does.
    Yes,
    /// It only says so.
    No,
}

/// Measures whose worst path is kept.
const KEPT: [Measure; 3] = [Measure::SupplierLoss, Measure::LossPerShock, Measure::Toxic];

/// Shrinks and writes what was found, prints the figures, and says how the hunt ended.
pub(crate) fn close(
    ground: &Ground,
    haul: &Haul,
    out: &Path,
    tries: usize,
    gated: Gated,
) -> Result<(), Fault> {
    let count = &haul.state.count;
    say(format_args!("{}", table(&count.tally)));
    for sequence in &haul.corpus {
        let _new = folder::keep_sequence(&out.join("corpus"), sequence)?;
    }
    economic(ground, haul, out, tries)?;
    let gate = gate(count);
    let mut summary = facts(&haul.state);
    let _previous = summary.insert(
        "gate".into(),
        json!({
            "passed": gate.passed(),
            "reasons": gate.reasons(),
        }),
    );
    folder::write(&out.join("summary.json"), format!("{:#}\n", Value::Object(summary)).as_bytes())?;
    report::write(out)?;
    say(format_args!("{gate}"));
    say(format_args!("page: {}", out.join("index.html").display()));
    bugs(ground, haul, out, tries)?;
    if gated == Gated::Yes && !gate.passed() {
        let reasons = gate.reasons().join("; ");
        return Err(Fault::Vacuous(format!(
            "the hunt tried too little to mean anything: {reasons}"
        )));
    }
    Ok(())
}

fn economic(ground: &Ground, haul: &Haul, out: &Path, tries: usize) -> Result<(), Fault> {
    for measure in KEPT {
        let Some((figure, path)) = haul.state.discoveries.best.0.get(&measure) else { continue };
        let shrunk = shrink_path(ground, (measure, *figure), path, tries);
        let case = Case::path(measure, *figure, &shrunk.kept);
        let (dir, _story) = case.write(ground, &out.join("economic"))?;
        let (figure, steps) = (measure.say(*figure), shrunk.kept.len());
        say(format_args!(
            "economic path, no rule broken: {} {figure} in {steps} actions: {}",
            measure.name(),
            dir.display()
        ));
    }
    Ok(())
}

/// Fails when there is one.
fn bugs(ground: &Ground, haul: &Haul, out: &Path, tries: usize) -> Result<(), Fault> {
    let findings = &haul.state.discoveries.findings;
    if findings.is_empty() {
        say(format_args!("no protocol bug in {} actions", haul.state.count.actions));
        return Ok(());
    }
    let mut names = Vec::new();
    for (key, finding) in findings {
        let shrunk = shrink(ground, finding, tries);
        let (dir, story) = Case::bug(&shrunk.kept).write(ground, &out.join("findings"))?;
        let (from, to) = (finding.records.len(), shrunk.kept.records.len());
        say(format_args!("{story}"));
        say(format_args!(
            "{key}: shrunk from {from} to {to} actions in {} tries: {}",
            shrunk.tries,
            dir.display()
        ));
        names.push(key.to_string());
    }
    Err(Fault::Failed(format!("{} protocol bugs: {}", names.len(), names.join(", "))))
}
