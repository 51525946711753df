//! `cargo xtask …`: chores that need more than cargo.

mod rewrite;
mod run;
mod sbf;
mod toolchain;

use std::{env, process::ExitCode};

const HELP: &str = "\
cargo xtask sbf        builds target/sbf/cofferdam_lending.so, the lending program for Solana's
                       machine, and prints its size and hash
cargo xtask svm-diff   runs random scenarios on the ledger and, with that file, in LiteSVM, and
                       compares all that they do; takes what `svm-diff --help` lists
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.split_first() {
        // The compiler calls its linker by a path alone, so a variable says that it is one.
        _ if env::var_os(sbf::LINKING).is_some() => sbf::hand_back(&arguments),
        Some((task, [])) if task == "sbf" => sbf::build(),
        Some((task, rest)) if task == "svm-diff" => sbf::compare(rest),
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
