//! `cofferdam hunt replay`.

use std::path::PathBuf;

use cofferdam_tests::hunt::reproduce;

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
    /// With a bug of docs/ZOO.md, in a build that has them.
    #[arg(long, value_name = "BUG")]
    bug: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let ground = plant::ground(args.bug.as_deref())?;
    let (mut clean, mut broken) = (0_u32, Vec::new());
    for path in &args.paths {
        for (name, records) in sequences(path)? {
            match reproduce(&ground, &records, true) {
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

type Named = (String, Vec<cofferdam_tests::action::Record>);

/// The sequences at a path, with names.
fn sequences(path: &std::path::Path) -> Result<Vec<Named>, Fault> {
    if path.is_dir() && !path.join(folder::RECORDS).is_file() {
        let files = folder::corpus(path);
        if files.is_empty() {
            return Err(Fault::Input(format!("{}: no records here", path.display())));
        }
        let name = |records: &Vec<_>| folder::content_name(&folder::to_bytes(records));
        return Ok(files.into_iter().map(|records| (name(&records), records)).collect());
    }
    Ok(vec![(path.display().to_string(), folder::load(path)?)])
}
