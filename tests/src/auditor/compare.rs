//! Holding what happened against what should have.

use cofferdam_lending_interface::LendingError;

use super::state::{Account, Entry, Feed, Pool, Position, Reserve, Split, Stake};

/// What the auditor and the program do not agree on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: by the rules {expected}, the program has {found} ({rule})")]
pub struct Disagreement {
    /// The quantity: an account and a field of it, an event, or how the transaction ended.
    pub what: String,
    /// What the auditor's rules say.
    pub expected: String,
    /// What the program did.
    pub found: String,
    /// Number of the rule in docs/PROTOCOL.md.
    pub rule: &'static str,
}

impl Disagreement {
    pub(super) fn boxed(
        what: impl Into<String>,
        expected: String,
        found: String,
        rule: &'static str,
    ) -> Box<Self> {
        Box::new(Self { what: what.into(), expected, found, rule })
    }
}

/// A field: name, figure in words, rule.
type Field = (&'static str, String, &'static str);

/// The first field in which two states of an account differ.
pub(super) fn first_difference(
    place: &str,
    expected: &Account,
    found: &Account,
) -> Option<Box<Disagreement>> {
    if expected == found {
        return None;
    }
    let (left, right) = (fields(expected), fields(found));
    if expected.kind() != found.kind() {
        let (left, right) = (expected.kind().to_owned(), found.kind().to_owned());
        return Some(Disagreement::boxed(place, left, right, "BOOK-6"));
    }
    let pair = left.into_iter().zip(right).find(|(left, right)| left.1 != right.1);
    let ((name, left, rule), (_, right, _)) = pair?;
    let what = format!("{} {place} {name}", expected.kind());
    Some(Disagreement::boxed(what, left, right, rule))
}

impl Account {
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Pool(_) => "pool",
            Self::Reserve(_) => "reserve",
            Self::Position(_) => "position",
            Self::Feed(_) => "feed",
            Self::Stake(_) => "stake",
            Self::PoolChange(_) => "pool change",
            Self::ReserveChange(_) => "reserve change",
            Self::Token(_) => "token account",
            Self::Mint(_) => "mint",
            Self::TokenOther => "account of the token program",
            Self::None => "no account",
        }
    }
}

fn fields(account: &Account) -> Vec<Field> {
    match account {
        Account::Pool(pool) => pool_fields(pool),
        Account::Reserve(reserve) => reserve_fields(reserve),
        Account::Position(position) => position_fields(position),
        Account::Feed(feed) => feed_fields(feed),
        Account::Stake(stake) => stake_fields(stake),
        Account::Token(token) => vec![
            ("mint", token.mint.to_string(), "BOOK-2"),
            ("owner", token.owner.to_string(), "BOOK-2"),
            ("amount", token.amount.to_string(), "BOOK-2"),
        ],
        Account::Mint(decimals) => vec![("decimals", decimals.to_string(), "BOOK-2")],
        other => vec![("contents", format!("{other:?}"), "GOV-8")],
    }
}

fn pool_fields(pool: &Pool) -> Vec<Field> {
    let Pool { bump, creator, name, admin, pending_admin, mode, grace_until_s, .. } = pool;
    vec![
        ("origin", format!("{creator} {name:?} {bump}"), "ISO-1"),
        ("admin", admin.to_string(), "GOV-12"),
        ("pending_admin", pending_admin.to_string(), "GOV-12"),
        ("mode", format!("{mode:?}"), "RISK-3"),
        ("grace_until_s", grace_until_s.to_string(), "RISK-5"),
        ("config", format!("{:?}", pool.config), "GOV-5"),
        ("reserves", format!("{} {:?}", pool.reserve_count, pool.reserves), "ISO-1"),
    ]
}

fn reserve_fields(r: &Reserve) -> Vec<Field> {
    let addresses = [r.pool, r.mint, r.vault].map(|address| address.to_string());
    let origin = format!("{addresses:?} {} {} {}", r.bump, r.vault_bump, r.decimals);
    vec![
        ("origin", origin, "ISO-1"),
        ("feed", r.feed.to_string(), "GOV-9"),
        ("second_feed", r.second_feed.to_string(), "GOV-9"),
        ("mode", format!("{:?}", r.mode), "RISK-3"),
        ("config", format!("{:?}", r.config), "GOV-5"),
        ("ramp", format!("{:?}", r.ramp), "GOV-2"),
        ("accrued_at_s", r.accrued_at_s.to_string(), "RATE-6"),
        ("rate_at_target", r.rate_at_target.to_string(), "RATE-2"),
        ("index", r.index.to_string(), "RATE-4"),
        ("cash", r.cash.to_string(), "BOOK-1"),
        ("flash_loan", r.flash_loan.to_string(), "FLASH-6"),
        ("supply_shares", r.supply_shares.to_string(), "BOOK-5"),
        ("debt_shares", r.debt_shares.to_string(), "BOOK-1"),
        ("losses", split_words(&r.losses), "LOSS-5"),
        ("recovered", split_words(&r.recovered), "LOSS-10"),
        ("deficit", r.deficit.to_string(), "LOSS-7"),
        ("covered", r.covered.to_string(), "LOSS-8"),
        ("vesting", r.vesting.to_string(), "LOSS-11"),
        ("vesting_until_s", r.vesting_until_s.to_string(), "LOSS-11"),
        ("insurance", r.insurance.to_string(), "INS-2"),
        ("insurance_cash", r.insurance_cash.to_string(), "FLASH-5"),
        ("insurance_shares", r.insurance_shares.to_string(), "INS-2"),
        ("insurance_staked", r.insurance_staked.to_string(), "INS-2"),
        ("insurance_epoch", r.insurance_epoch.to_string(), "INS-7"),
        ("fees", r.fees.to_string(), "RATE-8"),
        ("outflow of the hour", window_words(&r.hour), "RISK-9"),
        ("outflow of the day", window_words(&r.day), "RISK-9"),
    ]
}

fn split_words(split: &Split) -> String {
    let Split { recognised, fees, insurance, suppliers, deficit } = split;
    format!(
        "{recognised} of which fees {fees}, insurance {insurance}, suppliers {suppliers}, \
         deficit {deficit}"
    )
}

fn window_words(window: &super::state::Window) -> String {
    format!("{} after {} since {}", window.current, window.previous, window.start_s)
}

fn position_fields(position: &Position) -> Vec<Field> {
    let Position { bump, pool, owner, index, entries } = position;
    let mut fields = vec![("origin", format!("{pool} {owner} {index} {bump}"), "POS-2")];
    for entry in entries {
        let words = entry.as_ref().map_or_else(|| "free".to_owned(), entry_words);
        fields.push(("entry", words, "POS-1"));
    }
    fields
}

fn entry_words(entry: &Entry) -> String {
    let Entry { reserve, supply, debt, claim, noticed, noticed_at_s } = entry;
    format!(
        "in {reserve}: supply {supply}, debt {debt}, claim {claim}, noticed {noticed} at \
         {noticed_at_s}"
    )
}

fn feed_fields(feed: &Feed) -> Vec<Field> {
    let Feed { bump, authority, symbol, .. } = feed;
    let mut fields = vec![
        ("origin", format!("{authority} {symbol:?} {bump}"), "ORA-1"),
        ("config", format!("{:?}", feed.config), "ORA-1"),
        ("price", feed.price.to_string(), "ORA-3"),
        ("confidence", feed.confidence.to_string(), "ORA-3"),
        ("observed_at_s", feed.observed_at_s.to_string(), "ORA-3"),
        ("ema", feed.average.to_string(), "ORA-7"),
        ("ema_at_s", feed.average_at_s.to_string(), "ORA-7"),
        ("published_slot", feed.published_slot.to_string(), "ORA-3"),
        ("sequence", feed.sequence.to_string(), "ORA-3"),
    ];
    for quote in &feed.quotes {
        let words = format!("{} ± {} at {}", quote.price, quote.confidence, quote.observed_at_s);
        fields.push(("quote", words, "ORA-2"));
    }
    fields
}

fn stake_fields(stake: &Stake) -> Vec<Field> {
    let Stake { bump, reserve, owner, .. } = stake;
    vec![
        ("origin", format!("{reserve} {owner} {bump}"), "INS-9"),
        ("shares", stake.shares.to_string(), "INS-1"),
        ("epoch", stake.epoch.to_string(), "INS-7"),
        ("cooling", stake.cooling.to_string(), "INS-5"),
        ("cooling_from_s", stake.cooling_from_s.to_string(), "INS-5"),
    ]
}

/// The rule by which the program refuses.
pub(super) const fn rule_of(error: LendingError) -> &'static str {
    use LendingError as E;
    match error {
        E::InvalidInstruction
        | E::WrongOwner
        | E::WrongAccountType
        | E::WrongAddress
        | E::MissingSignature
        | E::NotWritable
        | E::WrongMint
        | E::DuplicateAccount
        | E::AlreadyInitialised
        | E::MissingReserve => "IN-1",
        E::WrongPool => "ISO-1",
        E::WrongAuthority => "POS-2",
        E::MissingSecondFeed => "ORA-15",
        E::FlashLoanUnpaid => "FLASH-1",
        E::FlashLoanMissing => "FLASH-2",
        E::FlashLoanActive => "FLASH-3",
        E::AmountTooSmall | E::InsufficientSupply | E::MathOverflow => "BOOK-4",
        E::InsufficientCash => "BOOK-2",
        E::NoDebt | E::SameReserve | E::PositionFull | E::PoolFull => "POS-1",
        E::ReserveWipedOut => "LOSS-15",
        E::SupplyCapExceeded => "RISK-7",
        E::BorrowCapExceeded | E::UtilisationTooHigh => "RISK-8",
        E::OutflowLimitExceeded => "RISK-9",
        E::NoticeRequired => "RUN-1",
        E::CooldownRequired | E::InsufficientStake => "INS-5",
        E::NoDeficit => "LOSS-8",
        E::PriceStale | E::PriceZero | E::PriceUncertain | E::PriceDivergent => "ORA-12",
        E::PriceOutOfOrder | E::PriceFromFuture | E::NotAPublisher | E::InvalidQuote => "ORA-2",
        E::BorrowLimitExceeded => "ORA-13",
        E::NotLiquidatable => "LIQ-1",
        E::SlippageExceeded => "LIQ-10",
        E::NoCollateral => "LIQ-9",
        E::WrongCollateralOrder => "LIQ-9",
        E::NoBadDebt => "LOSS-1",
        E::ClaimOutstanding => "POS-3",
        E::ModeForbids => "RISK-1",
        E::PositionTooSmall => "RISK-12",
        E::GracePeriod => "RISK-5",
        E::InvalidConfig | E::InvalidName | E::UnsupportedMint => "GOV-1",
        E::TimelockRequired => "GOV-5",
        E::ChangeNotReady | E::ChangeExpired => "GOV-8",
        E::RampTooShort => "GOV-2",
        E::ModeChangeForbidden => "GOV-13",
        E::InvalidFeedConfig => "ORA-1",
        E::VaultMismatch => "BOOK-2",
        E::LossMismatch => "LOSS-5",
        E::SharesMismatch => "BOOK-7",
    }
}
