//! The only door to accounts. What comes out of here has been checked: owner, type, pool, role.

mod account;
mod book;
mod others;
mod role;

pub(crate) use account::{
    Loaded, Seen, feed, new_address, plain_name, pool, pool_for_admin, position, position_of,
    reserve, reserve_unchanged, signer, stake_of, token_account,
};
pub(crate) use book::{Book, Pair};
pub(crate) use others::{other_stakes, others, require_other_stakes, require_others};
pub(crate) use role::{pool_for_authority, require_mode, reserve_readonly, second_feed};

use cofferdam_host::{Host, ProgramError};

/// The chain's time, unix seconds.
pub(crate) fn now_s<H: Host>(host: &H) -> Result<i64, ProgramError> {
    Ok(host.clock()?.unix_timestamp)
}
