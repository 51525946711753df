//! The `cofferdam` command: stress a pool, and replay what happened.
//!
//! Exit codes: 0 when all went well; 1 when a replay diverges or a run cannot go on; 2 when the
//! command line, a file or a scenario is wrong. Every error is one line on standard error.

mod args;
mod bar;
mod command;
mod fault;
mod say;

use std::process::ExitCode;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = match Args::from_command_line() {
        Ok(args) => args,
        Err(exit) => return exit,
    };
    let done = match &args.command {
        Command::Run(args) => command::run(args),
        Command::Replay(args) => command::replay(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {}", fault.line());
            fault.exit_code()
        }
    }
}
