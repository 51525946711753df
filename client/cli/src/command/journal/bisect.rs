use std::{
    fs,
    path::{Path, PathBuf},
};

use cofferdam_sdk::ledger::{AccountChange, FirstDifference, Trace, TraceStep};

use super::list::in_words;
use crate::{fault::Fault, options::Output, sheet::Sheet};

/// Name the first entry of a journal after which two builds disagree, with the outcome, root and
/// log of both and the accounts that differ. Each build writes its own trace before.
///
/// Example: cofferdam journal bisect old-build.trace new-build.trace
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The trace of the first build.
    first: PathBuf,
    /// The trace of the second build.
    second: PathBuf,
    /// How to answer.
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let (first, second) = (load(&args.first)?, load(&args.second)?);
    let Some(found) = first.bisect(&second).map_err(|error| Fault::input(&error))? else {
        let headline = format!("no difference in {} entries", first.steps.len());
        Sheet::said(headline).detail("entries", first.steps.len()).show(args.output);
        return Ok(());
    };
    let steps = found.entry.map(|entry| [&first.steps[entry], &second.steps[entry]]);
    sheet(&found, steps).show(args.output);
    let at = found.entry.map_or("genesis".into(), |entry| format!("entry {entry}"));
    Err(Fault::Failed(format!("the builds differ at {at}")))
}

fn load(path: &Path) -> Result<Trace, Fault> {
    let failed =
        |error: &dyn ToString| Fault::Input(format!("{}: {}", path.display(), error.to_string()));
    let bytes = fs::read(path).map_err(|error| failed(&error))?;
    Trace::from_bytes(&bytes).map_err(|error| failed(&error))
}

fn sheet(found: &FirstDifference, steps: Option<[&TraceStep; 2]>) -> Sheet {
    let headline = match (found.entry, &found.action) {
        (Some(entry), Some(action)) => format!("#{entry} {}", in_words(action).0),
        _ => "the builds differ at genesis: other programs, or other limits".into(),
    };
    let units = steps.map(|steps| steps.map(|step| step.units_consumed.to_string()));
    let [units_a, units_b] = units.unwrap_or_default();
    let side = |name: &str, side: &cofferdam_sdk::ledger::Side, units: String| {
        vec![name.to_owned(), side.outcome.clone(), units, hex::encode(side.state_root)]
    };
    let sides = vec![side("first", &found.a, units_a), side("second", &found.b, units_b)];
    let [log_a, log_b] = steps.map(|steps| steps.map(log)).unwrap_or_default();
    Sheet::said(headline)
        .detail("entry", found.entry.map_or("genesis".into(), |entry| entry.to_string()))
        .list("builds", &["build", "outcome", "units", "state_root"], sides)
        .list("log_of_first", &["log of the first build"], log_a)
        .list("log_of_second", &["log of the second build"], log_b)
        .list("accounts", &ACCOUNT_COLUMNS, found.accounts.iter().map(account).collect())
}

fn log(step: &TraceStep) -> Vec<Vec<String>> {
    step.logs.iter().map(|line| vec![line.clone()]).collect()
}

const ACCOUNT_COLUMNS: [&str; 5] =
    ["account", "lamports_first", "lamports_second", "bytes", "first_byte_that_differs"];

/// One account on both sides. Where it begins to differ tells the field, by the layout of its type.
fn account(change: &AccountChange) -> Vec<String> {
    let sides = [&change.before, &change.after];
    let lamports = sides.map(|side| {
        side.as_ref().map_or("no account".into(), |account| account.lamports.to_string())
    });
    let [a, b] = sides.map(|side| side.as_ref().map_or(&[][..], |account| &account.data));
    let bytes = match a.len() == b.len() {
        true => a.len().to_string(),
        false => format!("{} and {}", a.len(), b.len()),
    };
    let position = a.iter().zip(b).position(|(a, b)| a != b);
    let position = position.or((a.len() != b.len()).then_some(a.len().min(b.len())));
    let position = position.map_or("none".into(), |position| position.to_string());
    [vec![change.address.to_string()], lamports.to_vec(), vec![bytes, position]].concat()
}
