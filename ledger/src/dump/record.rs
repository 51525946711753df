//! What stands in the file, and what it has to be like to be read.

use std::{io, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use solana_hash::Hash;

use super::{
    Dump,
    error::{LoadError, parse},
};
use crate::{
    blockhash::Blockhashes,
    clock::LedgerClock,
    genesis::Genesis,
    journal::{Journal, Log, ProgramRecord, Records, Tail, text},
    root::{self, History},
    state::State,
    store::{Accounts, Digest32},
};

const FORMAT: &str = "cofferdam-ledger";
const VERSION: u32 = 1;
const DROPPED_MAX: usize = usize::MAX / 2;

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    format: String,
    version: u32,
    genesis: Genesis,
    programs: Vec<ProgramRecord>,
    clock: ClockRecord,
    /// Oldest first.
    blockhashes: Vec<BlockRecord>,
    #[serde(with = "text::hex32")]
    history: Digest32,
    recording: Kept,
    /// In address order.
    #[serde(with = "accounts")]
    accounts: Accounts,
    #[serde(with = "text::root")]
    state_root: Hash,
    /// Of this record with the checksum all zero.
    #[serde(with = "text::root")]
    checksum: Hash,
}

/// The time. Only `elapsed_ms` counts; the rest follows from it and is there for readers.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRecord {
    elapsed_ms: i128,
    slot: u64,
    unix_timestamp_s: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockRecord {
    slot: u64,
    #[serde(with = "text::blockhash")]
    hash: Hash,
    /// Hashes of the messages processed under this blockhash, in order.
    seen_messages: Vec<Message>,
}

#[derive(Serialize, Deserialize)]
struct Message(#[serde(with = "text::hex32")] Digest32);

/// What the ledger kept of what happened to it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Kept {
    Journal {
        #[serde(with = "text::root")]
        genesis_root: Hash,
        entries: Log,
    },
    Tail {
        keep: usize,
        dropped: usize,
        entries: Log,
    },
    Roots,
    SlotRoots(Vec<SlotRoot>),
    Nothing,
}

/// The root at the end of a slot.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotRoot {
    slot: u64,
    #[serde(with = "text::root")]
    state_root: Hash,
}

/// The accounts as a list in address order.
mod accounts {
    use cofferdam_host::Address;
    use solana_account::Account;

    use super::{Accounts, Arc, Deserialize, Deserializer, Serialize, Serializer, text};

    #[derive(Serialize)]
    struct Held<'a> {
        #[serde(with = "text::address")]
        address: Address,
        #[serde(with = "text::account")]
        account: &'a Account,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Read {
        #[serde(with = "text::address")]
        address: Address,
        #[serde(with = "text::account")]
        account: Account,
    }

    pub(super) fn serialize<S: Serializer>(held: &Accounts, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(held.iter().map(|(key, account)| {
            let address = Address::new_from_array(*key);
            Held { address, account: account.as_ref() }
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Accounts, D::Error> {
        let mut accounts = Accounts::default();
        for Read { address, account } in Vec::deserialize(from)? {
            accounts.insert(address.to_bytes(), Arc::new(account));
        }
        Ok(accounts)
    }
}

impl Dump {
    /// The file, with its checksum.
    pub(super) fn record(&self) -> io::Result<Record> {
        // Counters are no part of the file: whoever wants them replays the journal.
        let State { accounts, clock, blockhashes, history, records, metrics: _ } = &self.state;
        let record = Record {
            format: FORMAT.to_owned(),
            version: VERSION,
            genesis: Genesis::clone(&self.genesis),
            programs: self.programs.to_vec(),
            clock: ClockRecord::of(clock),
            blockhashes: blockhashes.blocks().map(BlockRecord::of).collect(),
            history: history.0,
            recording: Kept::of(records),
            accounts: accounts.clone(),
            state_root: self.state_root(),
            checksum: Hash::default(),
        };
        record.sealed()
    }
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<Dump, LoadError> {
    check_format(text)?;
    let record: Record = parse(text)?;
    let (root, checksum) = (record.state_root, record.checksum);
    let dump = record.restored()?;
    let computed = dump.state_root();
    if computed != root {
        return Err(LoadError::Root { recorded: root, computed });
    }
    check_last_root(&dump)?;
    let unwritable = |error: io::Error| LoadError::damaged("recording", &error.to_string());
    let computed = dump.record().map_err(unwritable)?.checksum;
    if computed != checksum {
        return Err(LoadError::Checksum { recorded: checksum, computed });
    }
    // The checksum is that of the values as they were understood. Whatever understanding put
    // right, such as an account that was there twice, shows here.
    check_form(text, &dump.to_json())?;
    Ok(dump)
}

/// Compares a file with what would be written for it, white space between values aside.
pub(super) fn check_form(text: &str, written: &str) -> Result<(), LoadError> {
    let mut written = significant(written).map(|(_, byte)| byte);
    let differs = significant(text).find(|(_, byte)| written.next() != Some(*byte));
    match differs {
        Some((at, _)) => Err(LoadError::Form { line: 1 + text[..at].matches('\n').count() }),
        None => Ok(()),
    }
}

/// The bytes of a JSON document that are not white space between values, with their positions.
fn significant(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_string, mut escaped) = (false, false);
    text.bytes().enumerate().filter(move |(_, byte)| {
        let quotes = *byte == b'"' && !escaped;
        escaped = in_string && *byte == b'\\' && !escaped;
        in_string ^= quotes;
        in_string || quotes || !byte.is_ascii_whitespace()
    })
}

/// Looks at format and version before anything else, because a file of another version may well
/// have other fields.
fn check_format(text: &str) -> Result<(), LoadError> {
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        version: u32,
    }
    let Kind { format, version } = parse(text)?;
    if format != FORMAT {
        return Err(LoadError::Format(format));
    }
    if version != VERSION {
        return Err(LoadError::Version { found: version, known: VERSION });
    }
    Ok(())
}

/// What was kept has to lead to the state it is kept with.
fn check_last_root(dump: &Dump) -> Result<(), LoadError> {
    let last = match &dump.state.records {
        Records::Journal(journal) => Some(journal.final_root()),
        Records::Tail(tail) => tail.iter().last().map(|entry| entry.state_root),
        Records::Roots | Records::SlotRoots(_) | Records::Nothing => None,
    };
    match last.filter(|last| *last != dump.state_root()) {
        Some(_) => Err(LoadError::damaged("recording", "its last root is not the state root")),
        None => Ok(()),
    }
}

impl Record {
    pub(super) fn sealed(mut self) -> io::Result<Self> {
        self.checksum = Hash::default();
        self.checksum = Hash::new_from_array(root::dump_checksum(&serde_json::to_vec(&self)?));
        Ok(self)
    }

    fn restored(self) -> Result<Dump, LoadError> {
        let genesis = Arc::new(self.genesis);
        let programs: Arc<[ProgramRecord]> = self.programs.into();
        let clock = LedgerClock::at(&genesis, self.clock.elapsed_ms);
        let clock = clock
            .ok_or_else(|| LoadError::damaged("clock.elapsed_ms", "no clock shows that time"))?;
        let (slot, age_slots_max) = (clock.view().slot, genesis.blockhash_age_slots_max);
        let blocks = self.blockhashes.into_iter().map(BlockRecord::block);
        let blockhashes = Blockhashes::restored(blocks, slot, age_slots_max);
        let blockhashes = blockhashes.ok_or_else(|| {
            let problem = "their slots do not rise to that of the clock within the valid age";
            LoadError::damaged("blockhashes", problem)
        })?;
        let records = self.recording.records(&genesis, &programs, slot)?;
        let (accounts, history) = (self.accounts, History(self.history));
        let metrics = None;
        let state = State { accounts, clock, blockhashes, history, records, metrics };
        Ok(Dump { genesis, programs, state })
    }
}

impl ClockRecord {
    fn of(clock: &LedgerClock) -> Self {
        let (slot, unix_timestamp_s) = (clock.view().slot, clock.view().unix_timestamp);
        Self { elapsed_ms: clock.elapsed_ms(), slot, unix_timestamp_s }
    }
}

impl BlockRecord {
    fn of((slot, hash, seen): (u64, Hash, Vec<Digest32>)) -> Self {
        Self { slot, hash, seen_messages: seen.into_iter().map(Message).collect() }
    }

    fn block(self) -> (u64, Hash, Vec<Digest32>) {
        let seen = self.seen_messages.into_iter().map(|message| message.0);
        (self.slot, self.hash, seen.collect())
    }
}

impl Kept {
    fn of(records: &Records) -> Self {
        match records {
            Records::Journal(journal) => {
                let (genesis_root, entries) = (journal.genesis_root, journal.log.clone());
                Self::Journal { genesis_root, entries }
            }
            Records::Tail(tail) => {
                let Tail { keep, dropped, log } = tail.clone();
                Self::Tail { keep, dropped, entries: log }
            }
            Records::Roots => Self::Roots,
            Records::SlotRoots(roots) => {
                let root =
                    |(slot, state_root): &_| SlotRoot { slot: *slot, state_root: *state_root };
                Self::SlotRoots(roots.iter().map(root).collect())
            }
            Records::Nothing => Self::Nothing,
        }
    }

    fn records(
        self,
        genesis: &Arc<Genesis>,
        programs: &Arc<[ProgramRecord]>,
        slot: u64,
    ) -> Result<Records, LoadError> {
        Ok(match self {
            Self::Journal { genesis_root, entries } => {
                let (genesis, programs) = (Arc::clone(genesis), Arc::clone(programs));
                Records::Journal(Journal::restored(genesis, programs, genesis_root, entries))
            }
            // Nobody has dropped that many, and the count must have room to go on.
            Self::Tail { dropped, .. } if dropped > DROPPED_MAX => {
                return Err(LoadError::damaged("recording.tail.dropped", "it is too large"));
            }
            Self::Tail { keep, dropped, entries } => {
                Records::Tail(Tail::new(keep, dropped, entries))
            }
            Self::Roots => Records::Roots,
            Self::SlotRoots(roots) => {
                let slots = roots.iter().map(|root| root.slot).chain([slot]);
                if !slots.is_sorted_by(|earlier, later| earlier < later) {
                    let problem = "its slots do not rise to that of the clock";
                    return Err(LoadError::damaged("recording.slot_roots", problem));
                }
                let roots = roots.into_iter().map(|root| (root.slot, root.state_root));
                Records::SlotRoots(Arc::new(roots.collect()))
            }
            Self::Nothing => Records::Nothing,
        })
    }
}
