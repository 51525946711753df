//! Program addresses. Each derives from what makes the account unique, so nobody can put a
//! second one beside it.
//!
//! | account | seeds |
//! |---|---|
//! | pool | `"pool"`, admin at creation, name |
//! | reserve | `"reserve"`, pool, mint |
//! | vault | `"vault"`, reserve |
//! | feed | `"feed"`, authority, symbol |
//! | position | `"position"`, pool, owner, index |
//! | stake | `"stake"`, reserve, owner |
//! | queued change | `"change"`, pool or reserve |
//!
//! A vault's tokens are owned by its reserve's address: one reserve can sign for its own vault
//! and for no other, whatever a bug in an instruction may ask for.
//!
//! Searching for the bump seed needs curve arithmetic, so it is the client's work; the program
//! is handed the bump and checks it.

use cofferdam_host::Address;

/// Opens a pool's seeds.
pub const POOL: &[u8] = b"pool";
/// Opens a reserve's seeds.
pub const RESERVE: &[u8] = b"reserve";
/// Opens a vault's seeds.
pub const VAULT: &[u8] = b"vault";
/// Opens a feed's seeds.
pub const FEED: &[u8] = b"feed";
/// Opens a position's seeds.
pub const POSITION: &[u8] = b"position";
/// Opens a stake's seeds.
pub const STAKE: &[u8] = b"stake";
/// Opens a queued change's seeds.
pub const CHANGE: &[u8] = b"change";

/// Seeds of a stake in a reserve's insurance fund.
#[must_use]
pub fn stake_seeds<'a>(reserve: &'a Address, owner: &'a Address) -> [&'a [u8]; 3] {
    [STAKE, reserve.as_ref(), owner.as_ref()]
}

/// Seeds of the change that waits for `target`, a pool or a reserve: one at a time.
#[must_use]
pub fn change_seeds(target: &Address) -> [&[u8]; 2] {
    [CHANGE, target.as_ref()]
}

/// Seeds of a pool.
#[must_use]
pub fn pool_seeds<'a>(creator: &'a Address, name: &'a [u8; 32]) -> [&'a [u8]; 3] {
    [POOL, creator.as_ref(), name]
}

/// Seeds of a reserve.
#[must_use]
pub fn reserve_seeds<'a>(pool: &'a Address, mint: &'a Address) -> [&'a [u8]; 3] {
    [RESERVE, pool.as_ref(), mint.as_ref()]
}

/// Seeds of a vault.
#[must_use]
pub fn vault_seeds(reserve: &Address) -> [&[u8]; 2] {
    [VAULT, reserve.as_ref()]
}

/// Seeds of a price feed.
#[must_use]
pub fn feed_seeds<'a>(authority: &'a Address, symbol: &'a [u8; 16]) -> [&'a [u8]; 3] {
    [FEED, authority.as_ref(), symbol]
}

/// Seeds of a position; `index` is the position's number, little-endian.
#[must_use]
pub fn position_seeds<'a>(
    pool: &'a Address,
    owner: &'a Address,
    index: &'a [u8; 2],
) -> [&'a [u8]; 4] {
    [POSITION, pool.as_ref(), owner.as_ref(), index]
}
