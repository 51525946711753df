//! Making a transaction wrong.

use cofferdam_host::Address;
use cofferdam_sdk::Instruction;

use super::Twist;
use crate::world::{Actor, Asset, PoolId, World};

/// Applies a twist, and says who has to sign now.
pub(super) fn apply(
    world: &World,
    pool: PoolId,
    twist: Twist,
    signer: Actor,
    instruction: &mut Instruction,
) -> Actor {
    match twist {
        Twist::Honest => {}
        Twist::WrongSigner => {
            replace(instruction, &world.person(signer), world.person(Actor::Mallory));
            return Actor::Mallory;
        }
        Twist::NoSigner => {
            instruction.accounts.iter_mut().for_each(|account| account.is_signer = false);
            return Actor::Mallory;
        }
        Twist::Swap { slot, with } => {
            let (slot, candidates) = (usize::from(slot), candidates(world, pool));
            let count = instruction.accounts.len().max(1);
            if let Some(account) = instruction.accounts.get_mut(slot % count) {
                account.is_signer = false;
                account.pubkey = candidates[usize::from(with) % candidates.len()];
            }
        }
        Twist::DropLast => drop(instruction.accounts.pop()),
        Twist::ReadOnly(slot) => {
            let mut writable: Vec<_> = instruction
                .accounts
                .iter_mut()
                .filter(|account| account.is_writable && !account.is_signer)
                .collect();
            let (slot, count) = (usize::from(slot), writable.len().max(1));
            if let Some(account) = writable.get_mut(slot % count) {
                account.is_writable = false;
            }
        }
        Twist::Truncated => drop(instruction.data.pop()),
    }
    signer
}

fn replace(instruction: &mut Instruction, from: &Address, to: Address) {
    let places = instruction.accounts.iter_mut().filter(|account| account.pubkey == *from);
    places.for_each(|account| account.pubkey = to);
}

/// Accounts an attacker would try. Vaults are not among them: a withdrawal may go to any token
/// account, and one that goes to another vault is a donation, which has its own verb.
fn candidates(world: &World, pool: PoolId) -> Vec<Address> {
    let other = pool.other();
    let mut found = vec![world.pool(pool), world.pool(other), world.person(Actor::Mallory)];
    for asset in Asset::LISTED {
        found.extend([
            world.keys(pool, asset).reserve,
            world.keys(other, asset).reserve,
            world.feed(asset),
            world.mint(asset),
            world.wallet(Actor::Mallory, asset),
            world.wallet(Actor::Bob, asset),
        ]);
    }
    for owner in Actor::OWNERS {
        found.extend([world.position_address(pool, owner), world.position_address(other, owner)]);
    }
    found
}
