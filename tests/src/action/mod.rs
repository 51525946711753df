//! Eight bytes are one action. The width is fixed, so a mutation of the bytes changes one action
//! and never shifts the meaning of all that follow; and decoding is total, so no input is wasted.

mod build;
mod decode;
mod govern;
mod price;
mod resolve;
mod run;
mod twist;

use arbitrary::{Arbitrary, Unstructured};
use cofferdam_host::Address;
use cofferdam_ledger::{Receipt, SubmitError};
use cofferdam_lending_interface::LendingError;
use cofferdam_sdk::{ClientError, Instruction};
use proptest::strategy::{BoxedStrategy, Strategy};

use crate::world::{Actor, Asset, PoolId};

/// Bytes of a record.
pub const RECORD_LEN: usize = 8;

/// One action as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record(pub [u8; RECORD_LEN]);

/// What is done: every instruction of the program, and what happens around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the instruction or event of its name")]
pub enum Verb {
    CreatePool,
    AddReserve,
    UpdateReserve,
    UpdatePool,
    /// Of a pool or a reserve.
    SetMode,
    CreateFeed,
    PublishPrice,
    OpenPosition,
    Deposit,
    Withdraw,
    Borrow,
    Repay,
    FundInsurance,
    CollectFees,
    Liquidate,
    AbsorbBadDebt,
    /// The last prices are published again.
    Refresh,
    /// Time passes.
    Advance,
    /// A plain transfer into a vault.
    Donate,
}

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
}

/// How much; resolved when the action runs, against the most that makes sense for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A share of the most, in 65536ths.
    Share(u16),
    /// The most, less or more some units.
    Edge(i8),
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
    /// The last account is left out.
    DropLast,
    /// A writable account is handed over read-only.
    ReadOnly(u8),
    /// The instruction's last byte is cut off.
    Truncated,
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
    /// Seconds that pass, for time.
    pub seconds: u32,
    /// What is wrong with it.
    pub twist: Twist,
}

/// Why an action did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The lending program refused.
    #[error("{}", .0.name())]
    Lending(LendingError),
    /// Another program or the ledger did.
    #[error("{0}")]
    Ledger(String),
    /// There was nothing to act on, so nothing was sent.
    #[error("nothing to act on")]
    Nothing,
}

/// What came of an action.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was tried.
    pub verb: Verb,
    /// Who signed, the payer of the fee first; nobody when nothing was sent.
    pub signers: Vec<Address>,
    /// What was sent, as one transaction; empty when nothing was.
    pub sent: Vec<Instruction>,
    /// What the ledger answered; `None` for what is no transaction.
    pub receipt: Option<Receipt>,
    /// Why it did not happen, if it did not.
    pub refused: Option<Refusal>,
    /// The action in words, with its figures.
    pub label: String,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 19] = [
        Self::CreatePool,
        Self::AddReserve,
        Self::UpdateReserve,
        Self::UpdatePool,
        Self::SetMode,
        Self::CreateFeed,
        Self::PublishPrice,
        Self::OpenPosition,
        Self::Deposit,
        Self::Withdraw,
        Self::Borrow,
        Self::Repay,
        Self::FundInsurance,
        Self::CollectFees,
        Self::Liquidate,
        Self::AbsorbBadDebt,
        Self::Refresh,
        Self::Advance,
        Self::Donate,
    ];

    /// Name, as in tallies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreatePool => "create_pool",
            Self::AddReserve => "add_reserve",
            Self::UpdateReserve => "update_reserve",
            Self::UpdatePool => "update_pool",
            Self::SetMode => "set_mode",
            Self::CreateFeed => "create_feed",
            Self::PublishPrice => "publish_price",
            Self::OpenPosition => "open_position",
            Self::Deposit => "deposit",
            Self::Withdraw => "withdraw",
            Self::Borrow => "borrow",
            Self::Repay => "repay",
            Self::FundInsurance => "fund_insurance",
            Self::CollectFees => "collect_fees",
            Self::Liquidate => "liquidate",
            Self::AbsorbBadDebt => "absorb_bad_debt",
            Self::Refresh => "refresh",
            Self::Advance => "advance",
            Self::Donate => "donate",
        }
    }
}

impl Outcome {
    /// Why it did not happen; `None` when it did.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        self.refused.as_ref()
    }

    /// The receipt of a transaction that succeeded.
    #[must_use]
    pub const fn success(&self) -> Option<&Receipt> {
        match &self.refused {
            None => self.receipt.as_ref(),
            Some(_) => None,
        }
    }
}

impl From<&ClientError> for Refusal {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::Lending { error, .. } => Self::Lending(*error),
            ClientError::Submit(SubmitError::Failed { error, .. }) => {
                Self::Ledger(error.to_string())
            }
            ClientError::Submit(SubmitError::Rejected(rejection)) => {
                Self::Ledger(rejection.transaction_error().to_string())
            }
            other => Self::Ledger(other.to_string()),
        }
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

/// Any record, by the same bytes that [`Arbitrary`] takes. Shrinks towards zeros: an honest
/// deposit by Alice into the harbour.
pub fn any_record() -> BoxedStrategy<Record> {
    proptest::array::uniform8(proptest::num::u8::ANY).prop_map(Record).boxed()
}
