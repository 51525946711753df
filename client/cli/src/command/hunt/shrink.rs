//! `cofferdam hunt shrink`.

use std::path::PathBuf;

use cofferdam_tests::target::Target;

use super::{folder, plant, write::Case};
use crate::{fault::Fault, say::say};

/// Make a finding as short and plain as it can be.
///
/// Example: cofferdam hunt shrink crash-1234 --out out/shrunk
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file of records, such as a crash of a fuzz target, or the folder of a finding.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Where the folder of the shorter one goes.
    #[arg(long, value_name = "DIR", default_value = "out/hunt/findings")]
    out: PathBuf,
    /// Sequences it may take.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    tries: usize,
    /// The fuzz target whose input it is, when the name of its folder does not say so.
    #[arg(long, value_name = "NAME", value_parser = folder::target)]
    target: Option<Target>,
    /// With a bug of docs/ZOO.md, in a build that has them.
    #[arg(long, value_name = "BUG")]
    bug: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    std::panic::set_hook(Box::new(|_| {}));
    let input = folder::input(&args.path, args.target)?;
    let ground = plant::ground_of(&input, args.bug.as_deref())?;
    let Some(finding) = input.find(&ground) else {
        let path = args.path.display();
        return Err(Fault::Input(format!("{path}: keeps every rule, there is nothing to shrink")));
    };
    let shrunk = input.shrink(&ground, &finding, args.tries);
    let case = Case::of_input(&shrunk.kept, input.with(&shrunk.kept.records));
    let (dir, story) = case.write(&ground, &args.out)?;
    say(format_args!("{story}"));
    say(format_args!(
        "{}: from {} to {} actions in {} tries: {}",
        finding.key,
        input.records.len(),
        shrunk.kept.records.len(),
        shrunk.tries,
        dir.display()
    ));
    Ok(())
}
