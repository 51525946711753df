//! What can be wrong with a file. Every message is one line.

use cofferdam_host::Address;
use serde::de::DeserializeOwned;
use solana_hash::Hash;
use thiserror::Error;

use crate::{
    cheats::CheatError,
    journal::{Hex, ProgramRecord},
};

/// Why a ledger's file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LoadError {
    /// It is some other kind of file.
    #[error("the format is {0:?}, not a ledger: check which file this is")]
    Format(String),
    /// It was written by a version this one cannot read.
    #[error(
        "version {found} of the format is unknown, this is version {known}: read it with the \
         version that wrote it"
    )]
    Version {
        /// Version found.
        found: u32,
        /// Version known.
        known: u32,
    },
    /// A field is damaged, missing or unknown.
    #[error("damaged at {field} ({problem}): restore the file")]
    Damaged {
        /// Where, as a path into the document.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// The values do not make the state that the file says it holds.
    #[error(
        "state root differs: recorded {}, its values make {}: restore the file",
        Hex(recorded),
        Hex(computed)
    )]
    Root {
        /// Root in the file.
        recorded: Hash,
        /// Root of the values.
        computed: Hash,
    },
    /// Something changed that the state root does not see: a blockhash, a seen message or an
    /// entry of the journal.
    #[error(
        "checksum differs: recorded {}, its values make {}: restore the file",
        Hex(recorded),
        Hex(computed)
    )]
    Checksum {
        /// Checksum in the file.
        recorded: Hash,
        /// Checksum of the values.
        computed: Hash,
    },
    /// The values stand otherwise than they would have been written: in another order, twice, or
    /// in another notation.
    #[error("line {line} is not in the form it was written in: restore the file")]
    Form {
        /// The line, counted from one.
        line: usize,
    },
    /// The ledger had other programs.
    #[error(
        "the ledger has programs [{recorded}], loaded with [{given}]: load it with the programs \
         it had"
    )]
    Programs {
        /// Names and addresses in the file.
        recorded: String,
        /// Names and addresses given.
        given: String,
    },
    /// The journal cannot be replayed here.
    #[error(
        "its journal starts from root {}, this build starts from {}: load it with the build that \
         wrote it",
        Hex(recorded),
        Hex(computed)
    )]
    GenesisRoot {
        /// Root at genesis in the file.
        recorded: Hash,
        /// Root at genesis here.
        computed: Hash,
    },
}

/// Why the fixture of an account was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FixtureError {
    /// A field is damaged, missing or unknown.
    #[error("damaged at {field} ({problem}): write it with `solana account --output json`")]
    Damaged {
        /// Where, as a path into the document.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// The data is in another encoding.
    #[error("the data of {address} is encoded as {found:?}: write it as base64")]
    Encoding {
        /// The account.
        address: Address,
        /// Encoding found.
        found: String,
    },
    /// The data was cut.
    #[error("{address} has {space} bytes and the data {found}: fetch it without a slice")]
    Cut {
        /// The account.
        address: Address,
        /// Length it should have, in bytes.
        space: usize,
        /// Length there is, in bytes.
        found: usize,
    },
    /// No account has no lamports.
    #[error("{0} has no lamports: give it some, or leave it out")]
    NoLamports(Address),
    /// The ledger refused it.
    #[error(transparent)]
    Cheat(#[from] CheatError),
}

impl LoadError {
    pub(super) fn programs(recorded: &[ProgramRecord], given: &[ProgramRecord]) -> Self {
        let text = |programs: &[ProgramRecord]| {
            let names = programs.iter().map(|program| format!("{} {}", program.name, program.id));
            one_line(&names.collect::<Vec<_>>().join(", "))
        };
        Self::Programs { recorded: text(recorded), given: text(given) }
    }

    pub(super) fn damaged(field: &str, problem: &str) -> Self {
        Self::Damaged { field: field.to_owned(), problem: problem.to_owned() }
    }
}

/// Where a document could not be read, and why.
pub(super) struct Damage {
    pub(super) field: String,
    pub(super) problem: String,
}

impl From<Damage> for LoadError {
    fn from(Damage { field, problem }: Damage) -> Self {
        Self::Damaged { field, problem }
    }
}

impl From<Damage> for FixtureError {
    fn from(Damage { field, problem }: Damage) -> Self {
        Self::Damaged { field, problem }
    }
}

/// Reads a whole JSON document.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Damage> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let is_place = !matches!(path.as_str(), "." | "?");
        let field = if is_place { one_line(&path) } else { "the top level".to_owned() };
        Damage { field, problem: one_line(&error.inner().to_string()) }
    })?;
    let at_end = |error: serde_json::Error| Damage {
        field: "the end".to_owned(),
        problem: one_line(&error.to_string()),
    };
    json.end().map_err(at_end)?;
    Ok(value)
}

/// What a damaged file says must not look like more than one line of ours.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
