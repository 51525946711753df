//! Options that many verbs share.

use std::path::PathBuf;

use clap::ValueEnum;

use cofferdam_sdk::interface::state;

use crate::quantity::Quantity;

/// Which ledger, and how to answer.
#[derive(Debug, clap::Args)]
pub(crate) struct At {
    /// The ledger file.
    #[arg(long, value_name = "PATH", default_value = "cofferdam.ledger.json")]
    pub(crate) ledger: PathBuf,
    /// How to answer.
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub(crate) output: Output,
}

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Text for people.
    Table,
    /// One JSON object; amounts are strings.
    Json,
}

/// Who signs, and whether it counts.
#[derive(Debug, clap::Args)]
pub(crate) struct By {
    #[command(flatten)]
    pub(crate) who: Who,
    #[command(flatten)]
    pub(crate) keep: Keep,
}

/// Whether it counts.
#[derive(Debug, clap::Args)]
pub(crate) struct Keep {
    /// Show what it would do, and the transaction if it is one; change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Who signs and pays the fee.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Who {
    /// Sign with the key that this name stands for on this ledger.
    #[arg(id = "signer", long = "as", value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Sign with the key in a file as `solana-keygen` writes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) keypair: Option<PathBuf>,
}

/// Whether what a verb does counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It runs and is kept.
    Send,
    /// It runs and is forgotten.
    DryRun,
}

impl Keep {
    pub(crate) const fn mode(&self) -> Mode {
        if self.dry_run { Mode::DryRun } else { Mode::Send }
    }
}

impl Mode {
    /// A sentence about what was done, or would have been.
    pub(crate) fn said(self, sentence: &str) -> String {
        match self {
            Self::Send => sentence.to_owned(),
            Self::DryRun => format!("dry run, nothing was kept: {sentence}"),
        }
    }
}

/// Which pool.
#[derive(Debug, clap::Args)]
pub(crate) struct InPool {
    /// The pool, by name or address; not needed while there is only one.
    #[arg(long, value_name = "POOL")]
    pub(crate) pool: Option<String>,
}

/// How much of which token.
#[derive(Debug, clap::Args)]
pub(crate) struct HowMuch {
    /// Whole tokens, such as 12.5; some verbs take `all` or `max`.
    #[arg(allow_negative_numbers = true)]
    pub(crate) amount: Quantity,
    /// The token, by symbol or address of its mint.
    pub(crate) token: String,
}

/// What a pool or a reserve still lets people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeName {
    /// Everything.
    Active,
    /// No new loans; supply only into positions that owe.
    ReduceOnly,
    /// No new loans, no supply.
    Frozen,
    /// Frozen for good.
    Killed,
}

impl From<ModeName> for state::Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Active => Self::Active,
            ModeName::ReduceOnly => Self::ReduceOnly,
            ModeName::Frozen => Self::Frozen,
            ModeName::Killed => Self::Killed,
        }
    }
}
