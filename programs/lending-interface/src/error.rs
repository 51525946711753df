//! Everything the program can refuse, numbered. Numbers are grouped and append-only: a number
//! never changes its meaning and is never used again.

use cofferdam_host::{Address, ErrorCode, ProgramError};

/// Declares the enum together with the list that decoding and the documentation walk.
macro_rules! errors {
    ($( $(#[doc = $doc:literal])+ #[error($text:literal)] $name:ident = $code:literal, )+) => {
        /// Why the lending program refused an instruction. The transaction's log has the values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
        #[repr(u32)]
        pub enum LendingError {
            $( $(#[doc = $doc])+ #[error($text)] $name = $code, )+
        }

        impl LendingError {
            /// Every error, in order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Name of the variant.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => stringify!($name), )+ }
            }
        }
    };
}

errors! {
    // 6000: instruction and accounts
    /// The instruction data does not decode.
    #[error("instruction data does not decode; build it with the interface crate of the program's version")]
    InvalidInstruction = 6000,
    /// An account is owned by another program than expected.
    #[error("an account has the wrong owner; the log names it; pass the account the builder derives")]
    WrongOwner = 6001,
    /// An account holds another type than expected, or was never initialised.
    #[error("an account does not hold the expected type; the log names it; create it first or pass the right one")]
    WrongAccountType = 6002,
    /// An account is not at the address that its role derives.
    #[error("an account is not the one this role requires; the log names both; use the address the builder derives")]
    WrongAddress = 6003,
    /// A required signature is missing.
    #[error("a required signature is missing; the log names the account; sign with its key")]
    MissingSignature = 6004,
    /// An account must be writable and is not.
    #[error("an account must be writable; the log names it; mark it writable in the instruction")]
    NotWritable = 6005,
    /// An account of another pool was passed.
    #[error("an account belongs to another pool; pools are isolated, pass accounts of one pool only")]
    WrongPool = 6006,
    /// A token account holds another mint.
    #[error("a token account holds another mint than the reserve; pass one of the reserve's mint")]
    WrongMint = 6007,
    /// The signer has no say over this account.
    #[error("the signer is not the authority of this account; sign with the authority the log names")]
    WrongAuthority = 6008,
    /// The same account was passed for two roles.
    #[error("one account was passed for two roles; pass each reserve once")]
    DuplicateAccount = 6009,
    /// The account exists already.
    #[error("the account exists already; choose another name or index, or use the existing one")]
    AlreadyInitialised = 6010,
    /// A reserve that the position holds was not passed.
    #[error("a reserve of the position is missing; pass reserve and feed of every entry the position has")]
    MissingReserve = 6011,
    /// A second feed that a reserve names was not passed.
    #[error("the second feed of a reserve is missing; the log names it; pass it among the remaining accounts")]
    MissingSecondFeed = 6012,
    /// A flash loan is not repaid by this transaction, or not called directly.
    #[error("a flash loan needs its repayment later in the same transaction, both called directly; append the repayment")]
    FlashLoanUnpaid = 6013,
    /// A flash loan is out already, of this reserve or of another.
    #[error("a flash loan is out; repay it before taking another")]
    FlashLoanActive = 6014,
    /// There is no flash loan to repay.
    #[error("there is no flash loan to repay; take one earlier in the same transaction")]
    FlashLoanMissing = 6015,

    // 6100: amounts and limits
    /// An amount of zero, or so small that it rounds to nothing.
    #[error("the amount is zero or rounds to nothing; use a larger amount")]
    AmountTooSmall = 6100,
    /// A sum or product does not fit.
    #[error("arithmetic overflow; the amount or price is beyond what the program can represent")]
    MathOverflow = 6101,
    /// The reserve does not have that much cash.
    #[error("the reserve lacks the cash; use a smaller amount or wait for repayments")]
    InsufficientCash = 6102,
    /// The position does not hold that much.
    #[error("the position does not hold that much; use a smaller amount, or the maximum to take everything")]
    InsufficientSupply = 6103,
    /// The position owes nothing here.
    #[error("the position owes nothing in this reserve; pass the reserve it borrowed from")]
    NoDebt = 6104,
    /// All entries of the position are taken.
    #[error("the position has no free entry; clear one or open another position")]
    PositionFull = 6105,
    /// All reserves of the pool are taken.
    #[error("the pool has no room for another reserve; create another pool")]
    PoolFull = 6106,
    /// A position would supply and owe the same asset.
    #[error("a position cannot supply and owe the same reserve; repay or withdraw first, or use another position")]
    SameReserve = 6107,
    /// Suppliers of the reserve lost everything; it takes no new supply.
    #[error("the reserve was wiped out by a loss and takes no new supply; use another reserve")]
    ReserveWipedOut = 6108,
    /// More would be supplied than the cap allows.
    #[error("the supply cap would be exceeded; the log has the room left; supply less")]
    SupplyCapExceeded = 6109,
    /// More would be owed than the cap allows.
    #[error("the borrow cap would be exceeded; the log has the room left; borrow less")]
    BorrowCapExceeded = 6110,
    /// The loan would push utilisation above its maximum.
    #[error("the loan would push utilisation above its maximum; borrow less or wait for supply")]
    UtilisationTooHigh = 6111,
    /// More would leave within the hour or the day than the limit allows.
    #[error("the reserve's outflow limit for the hour or the day is used up; take less or wait")]
    OutflowLimitExceeded = 6112,
    /// The withdrawal was not announced, or not long enough ago, or too long ago.
    #[error("this pool asks for notice before a withdrawal; give it and withdraw within its window")]
    NoticeRequired = 6113,
    /// The stake is not, or not yet, or no longer on its way out.
    #[error("the stake has to cool down first and leave within its window; start the cooldown")]
    CooldownRequired = 6114,
    /// The stake does not hold that much.
    #[error("the stake does not hold that much; use a smaller amount")]
    InsufficientStake = 6115,
    /// There is no deficit to cover.
    #[error("the reserve has no deficit to cover")]
    NoDeficit = 6116,

    // 6200: oracle
    /// The price is older than the reserve allows.
    #[error("the price is older than the reserve allows; publish a fresh one and try again")]
    PriceStale = 6200,
    /// The price is zero.
    #[error("the price is zero, which means unknown; publish a price and try again")]
    PriceZero = 6201,
    /// The observation is older than the one the feed has.
    #[error("the observation is older than the feed's last one; publish observations in order")]
    PriceOutOfOrder = 6202,
    /// The observation lies in the future.
    #[error("the observation lies in the future; publish with a time up to the ledger's clock")]
    PriceFromFuture = 6203,
    /// The publishers disagree, or are not sure enough.
    #[error("the price's confidence interval is wider than the reserve allows; wait until publishers agree")]
    PriceUncertain = 6204,
    /// The price is too far from its average or from the second feed.
    #[error("the price is too far from its average or from the second feed; wait until they agree")]
    PriceDivergent = 6205,
    /// The signer is not among the feed's publishers.
    #[error("the signer is not among the feed's publishers; sign with one that the feed lists")]
    NotAPublisher = 6206,
    /// The quote's confidence is not below its price, or a withdrawn quote has one.
    #[error("the quote's confidence must be below its price, and zero when the price is; publish another")]
    InvalidQuote = 6207,

    // 6300: risk
    /// The position would owe more than its collateral lets it borrow.
    #[error("the position would exceed its borrow limit; borrow or withdraw less, or add collateral")]
    BorrowLimitExceeded = 6300,
    /// The position is healthy.
    #[error("the position is healthy; it can be liquidated when its health factor falls below one")]
    NotLiquidatable = 6301,
    /// The liquidator would receive less than asked for.
    #[error("the liquidation pays less collateral than the minimum asked for; lower the minimum or repay more")]
    SlippageExceeded = 6302,
    /// The position does not supply the collateral reserve.
    #[error("the position holds no collateral in this reserve; pass one it supplies")]
    NoCollateral = 6303,
    /// Collateral still covers the debt.
    #[error("there is no bad debt: what the collateral recovers covers the debt; liquidate instead")]
    NoBadDebt = 6304,

    /// Written-off debt of the position is still claimed.
    #[error("written-off debt of the position is still claimed; repay it before taking anything out")]
    ClaimOutstanding = 6305,
    /// The mode of the pool or the reserve does not allow it.
    #[error("the pool's or reserve's mode does not allow this; the log names it; repay, liquidate and leave without debt stay open")]
    ModeForbids = 6306,
    /// The debt would be too small to be worth liquidating.
    #[error("the position's debt would be below the pool's minimum; owe more or nothing")]
    PositionTooSmall = 6307,
    /// Another collateral has to be taken first.
    #[error("another collateral of the position has to be taken first; the log names its reserve")]
    WrongCollateralOrder = 6308,
    /// The pool has just thawed.
    #[error("the pool has just thawed; until the grace ends only positions at the full-close level may be liquidated")]
    GracePeriod = 6309,

    // 6400: configuration
    /// A parameter is out of its documented range.
    #[error("a risk parameter is out of range; the log names it and its range")]
    InvalidConfig = 6400,
    /// A name or symbol is empty or not plain text.
    #[error("the name is empty or not zero-padded printable ASCII; choose another")]
    InvalidName = 6401,
    /// The mint has more decimals than the program handles.
    #[error("the mint has more than 18 decimals, which the program does not handle; use another mint")]
    UnsupportedMint = 6402,
    /// The change raises risk and has to go through the timelock.
    #[error("the change raises risk; queue it and apply it when the timelock has passed")]
    TimelockRequired = 6403,
    /// The queued change is not ready.
    #[error("the queued change is not ready; apply it after the time the log names")]
    ChangeNotReady = 6404,
    /// The threshold may only fall slowly.
    #[error("the liquidation threshold may only be lowered over a ramp of the least length or more; use a longer one")]
    RampTooShort = 6405,
    /// The mode cannot be changed that way.
    #[error("the mode cannot be changed that way: a guardian only makes it stricter, and killed is for good")]
    ModeChangeForbidden = 6406,
    /// The feed's publishers or quorum are out of range.
    #[error("the feed's parameters are out of range; the log names the range")]
    InvalidFeedConfig = 6407,
    /// The queued change was ready too long ago.
    #[error("the queued change was not applied in time; cancel it and queue it again")]
    ChangeExpired = 6408,

    // 6500: checks on the program itself; seeing one is a bug
    /// The vault moved by another amount than the books.
    #[error("the vault moved by another amount than the books; this is a bug, please report the transaction")]
    VaultMismatch = 6500,
    /// The payers of a loss do not add up to it.
    #[error("the payers of a loss do not add up to the loss; this is a bug, please report the transaction")]
    LossMismatch = 6501,
    /// A reserve's shares moved by another amount than its positions'.
    #[error("a reserve's shares moved by another amount than those of its positions; this is a bug, please report the transaction")]
    SharesMismatch = 6502,
}

impl LendingError {
    /// The number the chain reports, as in `Custom(code)`.
    #[must_use]
    pub const fn code(self) -> u32 {
        self as u32
    }
}

impl ErrorCode for LendingError {
    const PROGRAM_ID: Address = crate::ID;

    fn from_code(code: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| error.code() == code)
    }
}

impl From<LendingError> for ProgramError {
    fn from(error: LendingError) -> Self {
        Self::Custom(error.code())
    }
}
