//! `cofferdam hunt show`.

use std::path::PathBuf;

use clap::ValueEnum;
use cofferdam_tests::{hunt::Tale, target::Target};

use super::{folder, plant, write};
use crate::{fault::Fault, say::say};

/// Tell a path: as a story, or as a test in the words of the client SDK.
///
/// Example: cofferdam hunt show out/hunt/economic/worst-supplier_loss-0123456789abcdef --as code
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file of records or the folder of a finding.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// How to tell it.
    #[arg(long = "as", value_enum, default_value_t = Form::Story)]
    form: Form,
    /// The fuzz target whose input it is, when the name of its folder does not say so.
    #[arg(long, value_name = "NAME", value_parser = folder::target)]
    target: Option<Target>,
    /// With a bug of docs/ZOO.md, in a build that has them.
    #[arg(long, value_name = "BUG")]
    bug: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// Step by step, with what moved and how everybody stands.
    Story,
    /// As a Rust test.
    Code,
    /// As a journal for `cofferdam replay`.
    Journal,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    std::panic::set_hook(Box::new(|_| {}));
    let input = folder::input(&args.path, args.target)?;
    let ground = plant::ground_of(&input, args.bug.as_deref())?;
    let found = input.find(&ground);
    let tale = Tale::of(&ground, &input.records, found.is_some());
    match args.form {
        Form::Story => {
            say(format_args!("{}", tale.text()));
            match found {
                Some(finding) => say(format_args!("{finding}")),
                None => say(format_args!("every rule is kept")),
            }
        }
        Form::Code => {
            let comment = found.map_or_else(|| "Every rule is kept.".into(), |f| f.to_string());
            say(format_args!("{}", write::test(&ground, &tale, &input, ("path", &comment))));
        }
        Form::Journal => say(format_args!("{}", tale.journal)),
    }
    Ok(())
}
