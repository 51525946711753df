//! Where the program's accounts are. Each function returns the address and the bump seed that
//! the creating instruction is handed. What was asked before is remembered by the thread.

use cofferdam_lending_interface::{
    ID,
    address::{
        change_seeds, feed_seeds, pool_seeds, position_seeds, reserve_seeds, stake_seeds,
        vault_seeds,
    },
};
use solana_address::Address;

use crate::memo::{Key, Kind, once};

/// A pool, by its creator and name.
#[must_use]
pub fn pool(creator: &Address, name: &[u8; 32]) -> (Address, u8) {
    let key = Key::new(Kind::Pool, creator.as_array(), name, 0);
    once(key, || Address::find_program_address(&pool_seeds(creator, name), &ID))
}

/// A reserve, by its pool and mint.
#[must_use]
pub fn reserve(pool: &Address, mint: &Address) -> (Address, u8) {
    let key = Key::new(Kind::Reserve, pool.as_array(), mint.as_ref(), 0);
    once(key, || Address::find_program_address(&reserve_seeds(pool, mint), &ID))
}

/// A reserve's vault.
#[must_use]
pub fn vault(reserve: &Address) -> (Address, u8) {
    let key = Key::new(Kind::Vault, reserve.as_array(), &[], 0);
    once(key, || Address::find_program_address(&vault_seeds(reserve), &ID))
}

/// A price feed, by its authority and symbol.
#[must_use]
pub fn feed(authority: &Address, symbol: &[u8; 16]) -> (Address, u8) {
    let key = Key::new(Kind::Feed, authority.as_array(), symbol, 0);
    once(key, || Address::find_program_address(&feed_seeds(authority, symbol), &ID))
}

/// A position, by its pool, owner and number.
#[must_use]
pub fn position(pool: &Address, owner: &Address, index: u16) -> (Address, u8) {
    let key = Key::new(Kind::Position, pool.as_array(), owner.as_ref(), index);
    once(key, || {
        Address::find_program_address(&position_seeds(pool, owner, &index.to_le_bytes()), &ID)
    })
}

/// The change that waits for `target`, a pool or a reserve.
#[must_use]
pub fn change(target: &Address) -> (Address, u8) {
    let key = Key::new(Kind::Change, target.as_array(), &[], 0);
    once(key, || Address::find_program_address(&change_seeds(target), &ID))
}

/// A stake in a reserve's insurance fund, by its owner.
#[must_use]
pub fn stake(reserve: &Address, owner: &Address) -> (Address, u8) {
    let key = Key::new(Kind::Stake, reserve.as_array(), owner.as_ref(), 0);
    once(key, || Address::find_program_address(&stake_seeds(reserve, owner), &ID))
}
