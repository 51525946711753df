//! `cofferdam completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{args, fault::Fault, say::say};

/// Print a script that completes commands in your shell.
///
/// Example: cofferdam completions bash > ~/.local/share/bash-completion/completions/cofferdam
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell.
    shell: Shell,
}

#[expect(clippy::unnecessary_wraps, reason = "every verb answers alike")]
pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    // Into memory first: the generator panics when standard output goes away.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::Args::command(), "cofferdam", &mut script);
    say(format_args!("{}", String::from_utf8_lossy(&script).trim_end()));
    Ok(())
}
