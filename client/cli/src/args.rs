//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, error::ErrorKind};

use crate::command;

/// Cofferdam: an isolated-pool lending protocol to run, attack and stress.
///
/// Exit codes: 0 when all went well; 1 when the chain refused, a replay differs or a run cannot go
/// on; 2 when the command line, a file or a name is wrong; 3 when a hunt tried too little to mean
/// anything.
#[derive(Debug, Parser)]
#[command(name = "cofferdam", version, arg_required_else_help = false)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArgs),
    Replay(ReplayArgs),
    Init(command::init::Args),
    Airdrop(command::airdrop::Args),
    #[command(subcommand)]
    Token(command::token::Verb),
    #[command(subcommand)]
    Oracle(command::oracle::Verb),
    #[command(subcommand)]
    Pool(command::pool::Verb),
    #[command(subcommand)]
    Reserve(command::reserve::Verb),
    #[command(subcommand)]
    Change(command::change::Verb),
    #[command(subcommand)]
    Position(command::position::Verb),
    Deposit(command::deposit::Args),
    Notice(command::notice::Args),
    Withdraw(command::withdraw::Args),
    Borrow(command::borrow::Args),
    Repay(command::repay::Args),
    Liquidate(command::liquidate::Args),
    Absorb(command::absorb::Args),
    #[command(subcommand)]
    Insurance(command::insurance::Verb),
    #[command(subcommand)]
    Deficit(command::deficit::Verb),
    #[command(subcommand)]
    Fees(command::fees::Verb),
    Warp(command::warp::Args),
    Accounts(command::accounts::Args),
    #[command(subcommand)]
    Tx(command::tx::Verb),
    #[command(subcommand)]
    Journal(command::journal::Verb),
    Stats(command::stats::Args),
    Stress(Box<command::stress::Args>),
    Advise(Box<command::stress::advise::Args>),
    #[command(name = "break")]
    Break(Box<command::stress::breaks::Args>),
    Hunt(command::hunt::Args),
    Zoo(command::zoo::Args),
    Completions(command::completions::Args),
}

/// Play a scenario and report who paid for the bad debt.
///
/// Example: cofferdam run scenarios/black-thursday.toml
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// The scenario file.
    pub(crate) scenario: PathBuf,
    /// Candles (timestamp_utc,open,high,low,close,volume) that replace the prices of the
    /// scenario's shocked asset.
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
    /// Seed that replaces the scenario's.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Where to write summary.json, journal.json and report.html [default: out/NAME].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// Execute a journal again from genesis and check the state root after every entry.
///
/// Example: cofferdam replay out/black-thursday/journal.json
#[derive(Debug, clap::Args)]
pub(crate) struct ReplayArgs {
    /// The journal file.
    pub(crate) journal: PathBuf,
    /// Stop after so many entries and show the state root there.
    #[arg(long, value_name = "N")]
    pub(crate) until: Option<usize>,
    /// With a bug of docs/ZOO.md, in a build that has them: for the journal of a finding that
    /// `hunt --bug` made.
    #[arg(long, value_name = "BUG")]
    pub(crate) bug: Option<String>,
}

impl Args {
    /// Reads the command line; an error is printed as one line.
    pub(crate) fn from_command_line() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // A closed pipe is no reason to fail when help was asked for.
                let _ = error.print();
                ExitCode::SUCCESS
            }
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                eprintln!("error: no command given; try: cofferdam --help");
                ExitCode::from(2)
            }
            _ => {
                eprintln!("{}", one_line(&error.to_string()));
                ExitCode::from(2)
            }
        })
    }
}

/// The message of a command-line error, without the usage text below it.
fn one_line(text: &str) -> String {
    let message = text.lines().take_while(|line| !line.starts_with("Usage:"));
    let parts = message.map(str::trim).filter(|line| !line.is_empty());
    format!("{}; try: cofferdam --help", parts.collect::<Vec<_>>().join(" "))
}
