//! The auditor's own books: what it believes stands in every account. Parameters are kept as they
//! were read; every figure that a rule changes is an exact rational in natural units.

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::state::{FeedConfig, Mode, PoolConfig, ReserveConfig};

use super::number::Q;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Account {
    Pool(Arc<Pool>),
    Reserve(Arc<Reserve>),
    Position(Arc<Position>),
    Feed(Arc<Feed>),
    Stake(Arc<Stake>),
    PoolChange(Arc<PoolChange>),
    ReserveChange(Arc<ReserveChange>),
    Token(Token),
    /// A mint and its decimals.
    Mint(u8),
    /// Of the token program, and neither.
    TokenOther,
    /// Gone, or of no program that matters.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) bump: u8,
    pub(super) creator: Address,
    pub(super) name: [u8; 32],
    pub(super) admin: Address,
    pub(super) pending_admin: Address,
    pub(super) mode: Mode,
    pub(super) grace_until_s: i64,
    pub(super) config: PoolConfig,
    pub(super) reserve_count: u8,
    /// Up to the last one that is not zero.
    pub(super) reserves: Vec<Address>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reserve {
    pub(super) bump: u8,
    pub(super) vault_bump: u8,
    pub(super) pool: Address,
    pub(super) mint: Address,
    pub(super) vault: Address,
    pub(super) feed: Address,
    pub(super) second_feed: Address,
    pub(super) decimals: u8,
    pub(super) mode: Mode,
    pub(super) config: ReserveConfig,
    pub(super) ramp: Ramp,
    pub(super) accrued_at_s: i64,
    /// Units.
    pub(super) cash: Q,
    pub(super) hour: Window,
    pub(super) day: Window,
    /// Units.
    pub(super) flash_loan: Q,
    /// A year.
    pub(super) rate_at_target: Q,
    pub(super) supply_shares: Q,
    pub(super) debt_shares: Q,
    /// 10⁻⁹ units for one debt share.
    pub(super) index: Q,
    /// Units, as all that follow.
    pub(super) fees: Q,
    pub(super) insurance: Q,
    /// What of it was paid in, and is kept back.
    pub(super) insurance_cash: Q,
    pub(super) insurance_shares: Q,
    pub(super) insurance_staked: Q,
    pub(super) insurance_epoch: u32,
    pub(super) deficit: Q,
    pub(super) covered: Q,
    pub(super) vesting: Q,
    pub(super) vesting_until_s: i64,
    pub(super) losses: Split,
    pub(super) recovered: Split,
}

/// A threshold on its way down, in basis points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ramp {
    pub(super) from: u32,
    pub(super) start_s: i64,
    pub(super) end_s: i64,
}

/// What left within a window, in units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start_s: i64,
    /// Below zero when more came in.
    pub(super) current: Q,
    pub(super) previous: Q,
}

/// A loss and its payers, in units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) recognised: Q,
    pub(super) fees: Q,
    pub(super) insurance: Q,
    pub(super) suppliers: Q,
    pub(super) deficit: Q,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) bump: u8,
    pub(super) pool: Address,
    pub(super) owner: Address,
    pub(super) index: u16,
    /// By place; a free one is `None`.
    pub(super) entries: Vec<Option<Entry>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) reserve: Address,
    pub(super) supply: Q,
    pub(super) debt: Q,
    /// Units.
    pub(super) claim: Q,
    pub(super) noticed: Q,
    pub(super) noticed_at_s: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feed {
    pub(super) bump: u8,
    pub(super) authority: Address,
    pub(super) symbol: [u8; 16],
    /// Dollars for one token.
    pub(super) price: Q,
    pub(super) confidence: Q,
    pub(super) average: Q,
    pub(super) average_at_s: i64,
    pub(super) observed_at_s: i64,
    pub(super) published_slot: u64,
    pub(super) sequence: u64,
    pub(super) config: FeedConfig,
    /// In the order of the publishers.
    pub(super) quotes: Vec<Quote>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) price: Q,
    pub(super) confidence: Q,
    pub(super) observed_at_s: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stake {
    pub(super) bump: u8,
    pub(super) reserve: Address,
    pub(super) owner: Address,
    pub(super) shares: Q,
    pub(super) epoch: u32,
    pub(super) cooling: Q,
    pub(super) cooling_from_s: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PoolChange {
    pub(super) bump: u8,
    pub(super) pool: Address,
    pub(super) ready_at_s: i64,
    pub(super) payer: Address,
    pub(super) config: PoolConfig,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReserveChange {
    pub(super) bump: u8,
    pub(super) pool: Address,
    pub(super) reserve: Address,
    pub(super) ready_at_s: i64,
    pub(super) payer: Address,
    pub(super) config: ReserveConfig,
    pub(super) feed: Address,
    pub(super) second_feed: Address,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) mint: Address,
    pub(super) owner: Address,
    /// Units.
    pub(super) amount: Q,
}
