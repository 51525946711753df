//! What can be wrong with a journal, and where.

use std::fmt;

use solana_hash::Hash;
use thiserror::Error;

use crate::{cheats::CheatError, clock::WarpError, error::Rejection};

/// A journal does not hold what happened: its text is damaged, or running it again leads
/// somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{part}: {problem}")]
pub struct JournalError {
    /// Where.
    pub part: Part,
    /// What.
    pub problem: Box<Problem>,
}

/// A part of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first line: format, genesis, programs and the root at genesis.
    Header,
    /// One entry, counted from zero.
    Entry(usize),
    /// The last line: number of entries and final root.
    Footer,
}

/// What is wrong with a part of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// It is some other kind of file.
    #[error("the format is {0:?}, not a journal: check which file this is")]
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
    /// A line cannot be read.
    #[error("the line is damaged ({0}): restore the file")]
    Damaged(String),
    /// A line can be read, but a journal would not have been written like that.
    #[error("the line is not in the form it was written in: restore the file")]
    NotCanonical,
    /// A line is not there.
    #[error("the line is missing: restore the file")]
    Missing,
    /// The file goes on after its last line.
    #[error("there is text after the last line: restore the file")]
    Trailing,
    /// Two places disagree on how many entries there are.
    #[error("it counts {counted} entries, the file has {found}: restore the file")]
    Count {
        /// What the part says.
        counted: usize,
        /// What there is.
        found: usize,
    },
    /// The journal was recorded with other programs.
    #[error(
        "recorded with programs [{recorded}], replayed with [{replayed}]: replay with the \
         programs it was recorded with"
    )]
    Programs {
        /// Names and addresses recorded.
        recorded: String,
        /// Names and addresses at hand.
        replayed: String,
    },
    /// Running it again leads to another state.
    #[error(
        "state root differs: recorded {}, replayed {}{}",
        Hex(recorded),
        Hex(replayed),
        note(outcomes.as_ref())
    )]
    Root {
        /// Root in the journal.
        recorded: Hash,
        /// Root reached now.
        replayed: Hash,
        /// The outcomes of a transaction, recorded and now, where they differ.
        outcomes: Option<(String, String)>,
    },
    /// The transaction ended otherwise than it says.
    #[error("outcome differs: recorded {recorded:?}, replayed {replayed:?}")]
    Outcome {
        /// Outcome in the journal.
        recorded: String,
        /// Outcome now.
        replayed: String,
    },
    /// The transaction is turned away now.
    #[error(
        "the transaction does not run any more: recorded root {}, root now {} as before it: \
         {rejection}",
        Hex(recorded),
        Hex(replayed)
    )]
    Rejected {
        /// Root in the journal.
        recorded: Hash,
        /// Root now: the one before the transaction, which left no trace.
        replayed: Hash,
        /// Why it is turned away.
        rejection: Rejection,
    },
    /// The warp is refused now.
    #[error(
        "the warp does not work any more: recorded root {}, root now {} as before it: {error}",
        Hex(recorded),
        Hex(replayed)
    )]
    Warp {
        /// Root in the journal.
        recorded: Hash,
        /// Root now: the one before the warp.
        replayed: Hash,
        /// Why it is refused.
        error: WarpError,
    },
    /// The cheat is refused now.
    #[error(
        "the cheat does not work any more: recorded root {}, root now {} as before it: {error}",
        Hex(recorded),
        Hex(replayed)
    )]
    Cheat {
        /// Root in the journal.
        recorded: Hash,
        /// Root now: the one before the cheat.
        replayed: Hash,
        /// Why it is refused.
        error: CheatError,
    },
}

impl Part {
    pub(crate) fn error(self, problem: Problem) -> JournalError {
        JournalError { part: self, problem: Box::new(problem) }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("header (genesis)"),
            Self::Entry(index) => write!(f, "entry {index}"),
            Self::Footer => f.write_str("footer"),
        }
    }
}

/// A root as it stands in the file.
pub(crate) struct Hex<'a>(pub(crate) &'a Hash);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.to_bytes()))
    }
}

fn note(outcomes: Option<&(String, String)>) -> String {
    let Some((recorded, replayed)) = outcomes else { return String::new() };
    format!(" (outcome recorded {recorded}, replayed {replayed})")
}
