//! `cofferdam stress validate`.

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
};

use cofferdam_stress::{
    campaign::store,
    report::monte_carlo,
    validate::{self, Options, Part, Row, Run, ValidateError, Validation},
};
use cpu_time::ProcessTime;

use crate::{command::hunt::clock::Watch, fault::Fault, say::say};

/// Reproduce the closed forms of liquidation with the real program, and say how far off it is.
///
/// Every figure comes from signed transactions on forks of a ledger. Random ones have to be within
/// four standard errors, the others within rounding. Ends with exit code 1 when one is not.
///
/// Example: cofferdam stress validate --quick
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Few paths, for a check of every change.
    #[arg(long, conflicts_with = "paths")]
    quick: bool,
    /// Paths of a random figure.
    #[arg(long, default_value_t = 20_480)]
    paths: u64,
    /// Threads; they change no figure [default: all].
    #[arg(long)]
    jobs: Option<NonZeroUsize>,
    /// Seed of the paths.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these formulas, such as A5 or B7.
    #[arg(long, value_name = "FORMULA", value_delimiter = ',')]
    only: Vec<String>,
    /// Write the page docs/VALIDATION.md is, with every row and the time it took.
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    page: Option<PathBuf>,
    /// Where validation.json and report.html go, for the reports of campaigns to show [default:
    /// out/validate; nowhere with --only].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Where reports look for figures when they are not told.
const DIR: &str = "out/validate";
const FILE: &str = "validation.json";

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let jobs = args.jobs.or_else(|| thread::available_parallelism().ok());
    let jobs = jobs.unwrap_or(NonZeroUsize::MIN);
    let paths = if args.quick { Options::QUICK_PATHS } else { args.paths };
    let options = Options { seed: args.seed, paths, jobs };
    let parts = parts(&args.only)?;
    let (watch, cpu) = (Watch::start(), ProcessTime::now());
    say(format_args!("{}", validate::heading()));
    let mut tell = |row: &Row| say(format_args!("{}", validate::line(row)));
    let validation = validate::run(options, &parts, &mut tell).map_err(|error| fault(&error))?;
    let run = Run { jobs: jobs.get(), elapsed: watch.elapsed(), cpu: cpu.elapsed() };
    say(format_args!("{}", validate::summary(&validation, run)));
    if let Some(page) = &args.page {
        let text = validate::page(&validation, run);
        fs::write(page, text)
            .map_err(|error| Fault::Input(format!("{}: {error}", page.display())))?;
        say(format_args!("wrote {}", page.display()));
    }
    // A few figures do not take the place of all without being asked to.
    let dir = args.out.clone().or_else(|| args.only.is_empty().then(|| DIR.into()));
    if let Some(dir) = dir {
        store::write(&dir.join("report.html"), monte_carlo::validation(&validation).as_bytes())?;
        store::write_json(&dir.join(FILE), &validation)?;
        say(format_args!("wrote {}", dir.join(FILE).display()));
    }
    verdict(&validation)
}

/// The figures in `file`, or in the default one when there is such a file.
pub(super) fn read(file: Option<&Path>) -> Result<Vec<Row>, Fault> {
    let default = Path::new(DIR).join(FILE);
    let file = match file {
        Some(file) => file,
        None if default.exists() => &default,
        None => return Ok(Vec::new()),
    };
    let fault = |error: &dyn std::fmt::Display| {
        let file = file.display();
        Fault::Input(format!("{file}: {error}; write it with: cofferdam stress validate"))
    };
    let bytes = fs::read(file).map_err(|error| fault(&error))?;
    let validation: Validation = serde_json::from_slice(&bytes).map_err(|error| fault(&error))?;
    Ok(validation.rows)
}

/// All parts, or those that were named.
fn parts(only: &[String]) -> Result<Vec<Part>, Fault> {
    let unknown =
        |name: &str| Fault::Input(format!("{name} is no formula; take A1 to A9, B1 to B7, L or P"));
    let part = |name: &String| Part::named(name).ok_or_else(|| unknown(name));
    if only.is_empty() { Ok(Part::ALL.to_vec()) } else { only.iter().map(part).collect() }
}

fn fault(error: &ValidateError) -> Fault {
    match error {
        ValidateError::TooFewPaths { .. } => Fault::input(error),
        _ => Fault::failed(error),
    }
}

fn verdict(validation: &Validation) -> Result<(), Fault> {
    if validation.passes() {
        return Ok(());
    }
    let failures: Vec<_> =
        validation.failures().map(|row| format!("{} {}", row.id, row.figure)).collect();
    Err(Fault::Failed(format!("{} figures are off: {}", failures.len(), failures.join("; "))))
}
