//! A ledger as one file.
//!
//! The file is one JSON document and white space between its values means nothing. Everything
//! else does: it has to stand as it was written, it ends with a checksum over all its values,
//! and the state root in it has to be the one that its values lead to. The checksum is there because the state root does not hash everything a
//! ledger keeps: blockhashes and seen messages follow from the history it commits to, and their
//! copies in a file could be damaged without it.
//!
//! A checksum finds damage and not forgery. Whoever writes a file can write any ledger; that a
//! ledger came about by its rules is proved by replaying its journal, and by nothing less.

mod error;
mod fixture;
mod record;

use std::{io, sync::Arc};

use solana_hash::Hash;

pub use error::{FixtureError, LoadError};
pub use fixture::fixture;

use crate::{
    genesis::Genesis,
    journal::{ProgramRecord, Records},
    ledger::Ledger,
    program::Program,
    state::State,
};

/// All that a ledger is, but for the code of its programs and its snapshots.
///
/// Snapshots are places to go back to within one run, and each is a whole ledger; a file holds
/// the ledger as it is now. To keep one, revert to it and dump that.
///
/// Taking a dump costs as much as a fork. It does not change when the ledger does.
#[derive(Clone, Debug)]
pub struct Dump {
    genesis: Arc<Genesis>,
    programs: Arc<[ProgramRecord]>,
    state: State,
}

impl Ledger {
    /// The ledger as it is now, to be written to a file.
    #[must_use]
    pub fn dump(&self) -> Dump {
        let (genesis, state) = (Arc::clone(&self.genesis), self.state.clone());
        Dump { genesis, programs: self.program_records(), state }
    }

    /// The ledger that was dumped, with the programs it had. It answers everything as the dumped
    /// one would: roots, blockhashes and what counts as processed are the same, and its journal
    /// goes on. It has no snapshots.
    ///
    /// # Errors
    /// [`LoadError::Programs`] when the programs have other names or addresses, and
    /// [`LoadError::GenesisRoot`] when the journal started from a genesis these do not make.
    pub fn load(
        dump: Dump,
        programs: impl IntoIterator<Item = Program>,
    ) -> Result<Self, LoadError> {
        let mut ledger = Self::new(Genesis::clone(&dump.genesis), programs);
        let here = ledger.program_records();
        if here != dump.programs {
            return Err(LoadError::programs(&dump.programs, &here));
        }
        let computed = ledger.state_root();
        if let Records::Journal(journal) = &dump.state.records
            && journal.genesis_root() != computed
        {
            let recorded = journal.genesis_root();
            return Err(LoadError::GenesisRoot { recorded, computed });
        }
        ledger.state = dump.state;
        Ok(ledger)
    }
}

impl Dump {
    /// The dump as the text of its file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut bytes = Vec::new();
        // Not an empty text instead: somebody would overwrite a good file with it.
        self.write(&mut bytes).expect("memory takes everything and what ran fits the wire format");
        String::from_utf8(bytes).expect("JSON is text")
    }

    /// Writes the dump's file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &self.record()?)?;
        out.write_all(b"\n")
    }

    /// Reads a dump's file.
    ///
    /// # Errors
    /// [`LoadError`] when the file is of another kind or version, when a field is damaged,
    /// missing or unknown, and when checksum or state root are not those of the values.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        record::read(text)
    }

    /// State root of the ledger.
    #[must_use]
    pub fn state_root(&self) -> Hash {
        self.state.root()
    }

    /// What the ledger started with.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The programs of the ledger, in address order.
    #[must_use]
    pub fn programs(&self) -> &[ProgramRecord] {
        &self.programs
    }
}

#[cfg(test)]
mod tests;
