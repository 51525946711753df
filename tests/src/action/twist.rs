//! Making a transaction wrong.

use cofferdam_host::Address;
use cofferdam_sdk::Instruction;
use solana_instruction::AccountMeta;

use super::{Twist, kin};
use crate::{
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// Applies a twist, and says who has to sign now.
pub(super) fn apply(
    (world, scene): (&World, &Scene),
    pool: PoolId,
    twist: Twist,
    signer: Actor,
    instruction: &mut Instruction,
) -> Actor {
    let accounts = &mut instruction.accounts;
    match twist {
        Twist::Honest => {}
        Twist::WrongSigner => {
            replace(accounts, &world.person(signer), world.person(Actor::Mallory));
            return Actor::Mallory;
        }
        Twist::NoSigner => {
            accounts.iter_mut().for_each(|account| account.is_signer = false);
            return Actor::Mallory;
        }
        Twist::Swap { slot, with } => {
            let candidates = candidates(world, scene, pool);
            put(accounts, slot, candidates[usize::from(with) % candidates.len()]);
        }
        Twist::Kin { slot, with } => kin::put((world, scene), pool, (slot, with), accounts),
        Twist::Twice { slot, with } => {
            if let Some(from) = place(accounts.len(), with).map(|from| accounts[from].pubkey) {
                put(accounts, slot, from);
            }
        }
        Twist::DropLast => drop(accounts.pop()),
        Twist::Drop(slot) => {
            if let Some(slot) = place(accounts.len(), slot) {
                let _left_out = accounts.remove(slot);
            }
        }
        Twist::Extra(which) => {
            let from = if which % 2 == 0 { pool.other() } else { pool };
            let keys = world.keys(from, Asset::LISTED[usize::from(which / 2) % 3]);
            let extra = [keys.reserve, keys.feed];
            accounts.extend(extra.map(|address| AccountMeta::new_readonly(address, false)));
        }
        Twist::ReadOnly(slot) => read_only(accounts, slot),
        Twist::Truncated => drop(instruction.data.pop()),
        Twist::Padded => instruction.data.push(0),
        Twist::Renumbered(number) => {
            if let Some(first) = instruction.data.first_mut() {
                *first = number % 36;
            }
        }
    }
    signer
}

fn place(count: usize, slot: u8) -> Option<usize> {
    usize::from(slot).checked_rem(count)
}

/// Puts an address at a place, which nobody signs for.
fn put(accounts: &mut [AccountMeta], slot: u8, address: Address) {
    if let Some(slot) = place(accounts.len(), slot) {
        (accounts[slot].is_signer, accounts[slot].pubkey) = (false, address);
    }
}

fn read_only(accounts: &mut [AccountMeta], slot: u8) {
    let writable = accounts.iter_mut().filter(|account| account.is_writable && !account.is_signer);
    let mut writable: Vec<_> = writable.collect();
    if let Some(slot) = place(writable.len(), slot) {
        writable[slot].is_writable = false;
    }
}

fn replace(accounts: &mut [AccountMeta], from: &Address, to: Address) {
    let places = accounts.iter_mut().filter(|account| account.pubkey == *from);
    places.for_each(|account| account.pubkey = to);
}

/// Accounts an attacker would try. Vaults are not among them: a withdrawal may go to any token
/// account, and one that goes to another vault is a donation, which has its own verb.
fn candidates(world: &World, scene: &Scene, pool: PoolId) -> Vec<Address> {
    let other = pool.other();
    let mut found = vec![world.pool(pool), world.pool(other), world.person(Actor::Mallory)];
    found.extend(kin::PROGRAMS);
    for asset in Asset::LISTED {
        found.extend([
            world.keys(pool, asset).reserve,
            world.keys(other, asset).reserve,
            world.feed(asset),
            world.mint(asset),
            world.wallet(Actor::Mallory, asset),
            world.wallet(Actor::Bob, asset),
            world.change_address(&world.keys(pool, asset).reserve),
        ]);
        found.extend(world.second_feed(asset));
    }
    for owner in Actor::OWNERS {
        found.extend([world.position_address(pool, owner), world.position_address(other, owner)]);
    }
    found.extend(scene.stakes.keys().copied());
    found.push(world.change_address(&world.pool(pool)));
    found
}
