//! `cofferdam hunt merge`.

use std::path::PathBuf;

use cofferdam_tests::hunt::{Engine, Ground, Plan};

use super::{folder, write::Case};
use crate::{fault::Fault, say::say};

/// Put what several hunts left into one folder: of the sequences only those that show something
/// the others do not, of the findings the shortest of each.
///
/// Example: cofferdam hunt merge out/hunt-a out/hunt-b --out out/hunt
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folders that hunts wrote.
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// The folder that gets everything.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    std::panic::set_hook(Box::new(|_| {}));
    let ground = Ground::wild();
    let mut engine = Engine::new(&ground, Plan::default());
    let mut sequences = Vec::new();
    for dir in args.dirs.iter().chain([&args.out]) {
        sequences.extend(folder::corpus(&dir.join("corpus")));
        for found in folder::findings(&dir.join("findings")) {
            let finding = folder::finding(&found)?;
            let _new = engine.feed(&finding.records);
        }
    }
    // Short ones first: of two that show the same the shorter one is kept. Sorted by content as
    // well, so that the order of the folders does not matter.
    sequences.sort_by_key(|records| (records.len(), folder::to_bytes(records)));
    sequences.dedup();
    let all = sequences.len();
    for records in &sequences {
        let _finding = engine.feed(records);
    }
    let mut kept = 0;
    for entry in engine.take_fresh() {
        kept += u32::from(folder::keep_sequence(&args.out.join("corpus"), &entry.path())?);
    }
    let findings = &engine.discoveries().findings;
    for finding in findings.values() {
        let _written = Case::bug(finding).write(&ground, &args.out.join("findings"))?;
    }
    let out = args.out.display();
    say(format_args!(
        "{out}: {kept} new of {all} sequences show something, {} findings",
        findings.len()
    ));
    Ok(())
}
