//! Flows as bytes, so that no side needs the other's versions of the chain's types.

use std::{fs::File, io, path::Path};

use serde::{Deserialize, Serialize};

/// An account as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredAccount {
    /// Where.
    pub address: [u8; 32],
    /// Balance in lamports.
    pub lamports: u64,
    /// Bytes.
    pub data: Vec<u8>,
    /// Program that may write it.
    pub owner: [u8; 32],
}

/// The chain's clock.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Time {
    /// Slot.
    pub slot: u64,
    /// When the epoch began, in unix seconds.
    pub epoch_start_timestamp: i64,
    /// Epoch.
    pub epoch: u64,
    /// Epoch for which the schedule of leaders is known.
    pub leader_schedule_epoch: u64,
    /// Unix seconds.
    pub unix_timestamp: i64,
}

/// One step of a flow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Step {
    /// Time moves to there.
    Clock(Time),
    /// An account is written from outside.
    Account(StoredAccount),
    /// A transaction is sent: its wire bytes, and whether it succeeds.
    Send(Vec<u8>, bool),
}

/// Where a flow begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Start {
    /// The time.
    pub time: Time,
    /// All accounts but programs and sysvars.
    pub accounts: Vec<StoredAccount>,
}

/// Groups of steps, each from a copy of the same start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flow {
    /// Which row of the table it is for.
    pub name: String,
    /// Where each group begins.
    pub start: Start,
    /// The groups.
    pub groups: Vec<Vec<Step>>,
    /// How many operations the table counts in all of them.
    pub operations: u64,
}

/// What the ledger's side hands to the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Export {
    /// Address of the lending program.
    pub program: [u8; 32],
    /// The flows.
    pub flows: Vec<Flow>,
}

impl Export {
    /// Writes it.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let file = io::BufWriter::new(File::create(path)?);
        bincode::serialize_into(file, self).map_err(io::Error::other)
    }

    /// Reads it.
    ///
    /// # Errors
    /// What the file system says, or that the file is another version's.
    pub fn read(path: &Path) -> io::Result<Self> {
        let file = io::BufReader::new(File::open(path)?);
        bincode::deserialize_from(file).map_err(io::Error::other)
    }
}
