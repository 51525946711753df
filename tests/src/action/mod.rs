//! Twelve bytes are one action. The width is fixed, so a mutation of the bytes changes one action
//! and never shifts the meaning of all that follow; and decoding is total, so no input is wasted.
//!
//! A record means the same whoever reads it: what a run prefers is said by a [`Swarm`], which
//! turns uniform bytes into records, not by another meaning of the bytes. Records of one run can
//! therefore be spliced into another, shrunk and kept.

mod build;
mod decode;
mod kin;
mod outcome;
mod price;
mod resolve;
mod run;
mod swarm;
mod twist;
mod verb;

use arbitrary::{Arbitrary, Unstructured};
use proptest::strategy::{BoxedStrategy, Strategy};

use crate::world::{Actor, Asset, PoolId};

pub use outcome::{Figures, Label, Line, Outcome, Refusal};
pub use swarm::Swarm;
pub use verb::Verb;

/// Bytes of a record.
pub const RECORD_LEN: usize = 12;

/// The byte that says whether a record joins the one before.
const LINK: usize = 9;

/// Most actions of one transaction: more rarely fit into its 1,232 bytes.
pub const BUNDLE_MAX: usize = 4;

/// One action as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record(pub [u8; RECORD_LEN]);

/// Whose position an action is about; resolved when it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// This owner's.
    Owner(Actor),
    /// One that can be liquidated.
    Liquidatable,
    /// One that is within a tenth of liquidation.
    Near,
    /// One whose collateral does not recover its debt.
    Insolvent,
    /// One that owes anything.
    Borrower,
    /// One that owes nothing.
    Supplier,
}

/// How much; resolved when the action runs, against the most that makes sense for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A share of the most, in 65536ths.
    Share(u16),
    /// The most, less or more some units.
    Edge(i8),
    /// The reserve's cash, less or more some units.
    Cash(i8),
    /// The position's debt, less or more some units.
    Debt(i8),
    /// A few units.
    Tiny(u8),
    /// A power of two.
    Power(u8),
    /// The number that stands for everything.
    All,
}

/// What happens to a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// A move of so many 4096ths.
    Nudge(i8),
    /// Half.
    Halve,
    /// Twice.
    Double,
    /// Just beyond the price at which the position can be liquidated.
    ThroughLiquidation,
    /// Well beyond the price at which the position's collateral is worth its debt.
    ThroughBankruptcy,
    /// Where the collateral is worth a little more than the debt, less than the usual bonus.
    ThinSurplus,
    /// Unknown.
    Zero,
    /// Where it began.
    Par,
    /// The same price, observed that many minutes ago.
    Late(u8),
    /// The same price, observed in the future.
    Future,
    /// The same price, sure to so many 2048ths of it.
    Wide(u8),
    /// An interval as wide as the price, or around no price at all.
    Unsound(u8),
    /// A publisher who mistakes the exponent: so many powers of ten too high or too low.
    Exponent(i8),
}

/// How long time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// So many seconds.
    Seconds(u32),
    /// Until the next of what waits is ready, less or more a second.
    Ready(Waits, i8),
    /// Until the next of what waits would no longer be let out, less or more a second.
    Expired(Waits, i8),
}

/// What waits for its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// A queued change.
    Change,
    /// A stake that cools down.
    Stake,
    /// An announced withdrawal.
    Notice,
}

/// Whether an action is part of the transaction of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// In a transaction of its own.
    Own,
    /// In the same transaction.
    Joined,
}

/// What is wrong with the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Nothing.
    Honest,
    /// Mallory signs in place of whoever had to.
    WrongSigner,
    /// Nobody signs where somebody had to.
    NoSigner,
    /// Another account stands at a place.
    Swap {
        /// The place, modulo the number of places.
        slot: u8,
        /// Which account, modulo the number of candidates.
        with: u8,
    },
    /// An account of the same kind stands at a place.
    Kin {
        /// The place, modulo the number of places; the next one where it has no kind.
        slot: u8,
        /// Which account: the most tempting one for even numbers.
        with: u8,
    },
    /// The account of one place stands at another one too.
    Twice {
        /// The place, modulo the number of places.
        slot: u8,
        /// The place the account is taken from.
        with: u8,
    },
    /// The last account is left out.
    DropLast,
    /// The account of a place is left out, and the others move up.
    Drop(u8),
    /// Accounts of another pool stand behind the others.
    Extra(u8),
    /// A writable account is handed over read-only.
    ReadOnly(u8),
    /// The instruction's last byte is cut off.
    Truncated,
    /// A byte follows the instruction.
    Padded,
    /// The bytes are those of another instruction.
    Renumbered(u8),
}

/// One action, before it is resolved against a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// What is done.
    pub verb: Verb,
    /// In which pool.
    pub pool: PoolId,
    /// To whose position.
    pub role: Role,
    /// With which asset; for a liquidation, the debt.
    pub asset: Asset,
    /// With which other asset; for a liquidation, the collateral.
    pub other: Asset,
    /// How much.
    pub size: Size,
    /// How the price moves, for a publication.
    pub price: Move,
    /// How long time passes, for time.
    pub wait: Wait,
    /// In which of the verb's ways: parameters, mode, receiver, publishers. Zero is the plainest.
    pub way: u8,
    /// Whether it is part of the transaction before.
    pub link: Link,
    /// What is wrong with it.
    pub twist: Twist,
}

impl Action {
    /// Whether it is part of the transaction of `previous`.
    #[must_use]
    pub fn joins(&self, previous: &Self) -> bool {
        self.link == Link::Joined && self.verb.is_sent() && previous.verb.is_sent()
    }
}

impl Record {
    /// The same in a transaction of its own.
    #[must_use]
    pub const fn alone(mut self) -> Self {
        self.0[LINK] = 0;
        self
    }
}

impl From<Record> for Action {
    fn from(record: Record) -> Self {
        decode::decode(record)
    }
}

impl<'a> Arbitrary<'a> for Record {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        bytes.arbitrary().map(Self)
    }

    fn size_hint(_depth: usize) -> (usize, Option<usize>) {
        (RECORD_LEN, Some(RECORD_LEN))
    }
}

impl<'a> Arbitrary<'a> for Action {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        bytes.arbitrary::<Record>().map(Self::from)
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        Record::size_hint(depth)
    }
}

/// The records that `bytes` hold; a rest shorter than a record is left out.
pub fn records(bytes: &[u8]) -> impl Iterator<Item = Record> {
    bytes.as_chunks::<RECORD_LEN>().0.iter().copied().map(Record)
}

/// The transactions that records make: each is an action with those that join it, of which there
/// are at most [`BUNDLE_MAX`].
pub fn bundles(records: &[Record]) -> impl Iterator<Item = Vec<Action>> {
    let mut actions = records.iter().copied().map(Action::from).peekable();
    std::iter::from_fn(move || {
        let mut bundle = vec![actions.next()?];
        while bundle.len() < BUNDLE_MAX
            && let Some(next) = actions.next_if(|next| next.joins(&bundle[0]))
        {
            bundle.push(next);
        }
        Some(bundle)
    })
}

/// Any record, by the same bytes that [`Arbitrary`] takes. Shrinks towards zeros: an honest
/// deposit by Alice into the harbour, in a transaction of its own.
pub fn any_record() -> BoxedStrategy<Record> {
    proptest::array::uniform12(proptest::num::u8::ANY).prop_map(Record).boxed()
}

/// The records of one run of at most `length` actions, by the preferences of some swarm. Shrinks
/// to fewer and plainer records.
///
/// This is a plain sequence and no state machine with preconditions: roles and amounts are
/// resolved when an action runs, so every part of a sequence is a sequence, and shrinking may
/// leave out whatever it likes.
pub fn any_run(length: usize) -> BoxedStrategy<Vec<Record>> {
    let swarm = proptest::num::u64::ANY.prop_map(Swarm::from_seed).no_shrink();
    let runs = swarm.prop_flat_map(move |swarm| {
        let record = any_record().prop_map(move |Record(bytes)| swarm.record(bytes));
        proptest::collection::vec(record, 1..=length)
    });
    runs.boxed()
}
