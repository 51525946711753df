//! An in-memory ledger that runs programs under the account rules of a real chain.
//!
//! A [`Ledger`] takes real transactions, checks their signatures and blockhashes, runs their
//! instructions, and enforces after every instruction and every call what a program may do to
//! an account. It keeps a state root and a journal that can be replayed, and it can be forked
//! and taken back. There are no globals, no clock but its own and no randomness: the same
//! inputs give the same root everywhere.
//!
//! It knows nothing about what the programs do.
//!
//! ```
//! use cofferdam_ledger::{Genesis, Ledger, Warp, replay};
//! use solana_keypair::Keypair;
//! use solana_message::Message;
//! use solana_signer::Signer;
//! use solana_system_interface::instruction::transfer;
//! use solana_transaction::Transaction;
//!
//! let (alice, bob) = (Keypair::new_from_array([1; 32]), Keypair::new_from_array([2; 32]));
//! let mut ledger = Ledger::new(Genesis::default(), []);
//! ledger.cheat().airdrop(&alice.pubkey(), 5_000_000_000)?;
//!
//! let pay = transfer(&alice.pubkey(), &bob.pubkey(), 1_000_000_000);
//! let message = Message::new(&[pay], Some(&alice.pubkey()));
//! let receipt = ledger.submit(&Transaction::new(&[&alice], message, ledger.latest_blockhash()))?;
//! assert_eq!((receipt.fee, receipt.changes.len()), (5_000, 2));
//! assert_eq!(ledger.lamports(&bob.pubkey()), 1_000_000_000);
//!
//! ledger.warp(Warp::Seconds(3_600))?;
//! let journal = ledger.journal().expect("kept unless it is given up");
//! assert_eq!(replay(journal, [])?.state_root(), ledger.state_root());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does not do
//! It cannot stop a native program that never returns or that overflows the machine's stack:
//! metering is by the calls a program makes to its host. Versioned messages, lookup tables and
//! durable nonces are refused.

mod blockhash;
mod builtin;
mod cheats;
mod clock;
mod derive;
mod dump;
mod error;
mod execute;
mod file;
mod genesis;
mod inspect;
mod invocation;
mod journal;
mod ledger;
mod metrics;
mod parallel;
mod program;
mod receipt;
mod recorder;
mod root;
mod snapshot;
mod state;
mod store;
mod wire;

pub use cheats::{Cheat, CheatError, Cheats};
pub use clock::{Warp, WarpError};
pub use dump::{Dump, FixtureError, LoadError, fixture};
pub use error::{Malformed, ReadError, Rejection, SubmitError, UnknownSnapshot};
pub use file::replace_file;
pub use genesis::{Costs, Genesis};
pub use inspect::{Inspector, InstructionView};
pub use invocation::Invocation;
pub use journal::{
    Action, Entries, Entry, FirstDifference, Journal, JournalError, Part, Problem, ProgramRecord,
    Recording, Side, Tail, Trace, TraceError, TraceStep, bisect, replay, replay_counting,
    replay_until, replay_with,
};
pub use ledger::Ledger;
pub use metrics::{AccountMetrics, FailureKind, Metrics, ProgramMetrics};
pub use program::{Entrypoint, Program};
pub use receipt::{AccountChange, Failure, Frame, RawEvent, Receipt, ReturnData, Step};
pub use recorder::Recorder;
pub use snapshot::SnapshotId;
pub use wire::message_bytes;
