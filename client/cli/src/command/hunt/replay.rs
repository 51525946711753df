//! `cofferdam hunt replay`.

use std::path::{Path, PathBuf};

use cofferdam_tests::target::{Input, Target};

use super::{folder, plant};
use crate::{fault::Fault, say::say};

/// Run kept sequences again, with every invariant checked; fails when one breaks a rule.
///
/// Example: cofferdam hunt replay out/hunt/corpus
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of records, folders of findings, or folders of such files.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The fuzz target whose input it is, when the name of its folder does not say so.
    #[arg(long, value_name = "NAME", value_parser = folder::target)]
    target: Option<Target>,
    /// With a bug of docs/ZOO.md, in a build that has them.
    #[arg(long, value_name = "BUG")]
    bug: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    // What panics is told as what it breaks.
    std::panic::set_hook(Box::new(|_| {}));
    let hunts = plant::ground(args.bug.as_deref())?;
    let (mut clean, mut broken) = (0_u32, Vec::new());
    for path in &args.paths {
        for (name, input) in inputs(path, args.target)? {
            let of_hunt = input.target == Target::Insolvency;
            let own =
                (!of_hunt).then(|| plant::ground_of(&input, args.bug.as_deref())).transpose()?;
            match input.find(own.as_ref().unwrap_or(&hunts)) {
                None => clean += 1,
                Some(finding) => {
                    say(format_args!("{name}: {finding}"));
                    broken.push(finding.key.to_string());
                }
            }
        }
    }
    say(format_args!("{clean} sequences keep every rule, {} do not", broken.len()));
    if broken.is_empty() {
        return Ok(());
    }
    broken.sort();
    broken.dedup();
    Err(Fault::Failed(format!("rules are broken: {}", broken.join(", "))))
}

/// What stands at a path, with names.
fn inputs(path: &Path, target: Option<Target>) -> Result<Vec<(String, Input)>, Fault> {
    let files = if path.is_dir() && !path.join(folder::RECORDS).is_file() {
        folder::sequences(path)
    } else {
        vec![path.to_owned()]
    };
    if files.is_empty() {
        return Err(Fault::Input(format!("{}: no records here", path.display())));
    }
    let named = |file: PathBuf| Ok((file.display().to_string(), folder::input(&file, target)?));
    files.into_iter().map(named).collect()
}
