//! `cargo xtask …`: chores that need more than cargo.

mod rewrite;
mod run;
mod sbf;
mod toolchain;

use std::{env, process::ExitCode};

const HELP: &str = "\
cargo xtask toolchain    fetches what the next needs from Debian and crates.io, into target/sbf
cargo xtask sbf          builds target/sbf/cofferdam_lending.so, the lending program for Solana's
                         machine, and prints its size and hash
cargo xtask sbf --check  builds it twice, the second time from nothing, and compares
cargo xtask svm-diff     runs random scenarios on the ledger and, with that file, in LiteSVM, and
                         compares all that they do
cargo xtask svm-hostile  the same with hostile transactions to the System and SPL Token programs
cargo xtask svm-units    measures every instruction and compares with docs/SOLANA.md
cargo xtask svm-replay   takes both through a saved journal
Each of the last four takes what it lists under --help.
";

/// What the last four are called by the program that does them.
const BESIDE: [(&str, &str); 4] = [
    ("svm-diff", "diff"),
    ("svm-hostile", "hostile"),
    ("svm-units", "units"),
    ("svm-replay", "replay"),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.split_first() {
        // The compiler calls its linker by a path alone, so a variable says that it is one.
        _ if env::var_os(sbf::LINKING).is_some() => sbf::hand_back(&arguments),
        Some((task, [])) if task == "toolchain" => sbf::toolchain().map(drop),
        Some((task, [])) if task == "sbf" => sbf::build().map(drop),
        Some((task, [check])) if task == "sbf" && check == "--check" => sbf::build_twice(),
        Some((task, rest)) => match BESIDE.iter().find(|(name, _)| name == task) {
            Some((_, verb)) => sbf::beside(verb, rest),
            None => return help(),
        },
        None => return help(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> ExitCode {
    eprint!("{HELP}");
    ExitCode::from(2)
}
