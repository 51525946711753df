//! Accounts of the same kind: what an attacker puts in the place of one that is right. Most checks
//! of an account ask what it is; the exploits were those that asked nothing more.

use cofferdam_host::{Address, cpi};
use solana_instruction::AccountMeta;

use crate::{
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// Accounts of the kind of `address`, the most tempting one first; none for what has no kind.
pub(super) fn of(
    (world, scene): (&World, &Scene),
    pool: PoolId,
    address: &Address,
) -> Vec<Address> {
    let pool_of = || PoolId::ALL.into_iter().find(|pool| world.pool(*pool) == *address);
    let mut found = positions(world, address)
        .or_else(|| wallets(world, pool, address))
        .or_else(|| of_reserve(world, address))
        .or_else(|| feeds(world, address))
        .or_else(|| stakes(scene, address))
        .or_else(|| pool_of().map(|pool| vec![world.pool(pool.other())]))
        .unwrap_or_default();
    found.retain(|other| other != address);
    found
}

/// Puts an account of the same kind at a place, or at the next one that has any and that nobody
/// signs for.
pub(super) fn put(
    on: (&World, &Scene),
    pool: PoolId,
    (slot, with): (u8, u8),
    accounts: &mut [AccountMeta],
) {
    let count = accounts.len();
    let places = (0..count).map(|step| (usize::from(slot) + step) % count);
    for place in places.filter(|place| !accounts[*place].is_signer).collect::<Vec<_>>() {
        let kin = of(on, pool, &accounts[place].pubkey);
        // Every other time the first: the others are many.
        let which = if with.is_multiple_of(2) { 0 } else { usize::from(with / 2) };
        if let Some(which) = which.checked_rem(kin.len()) {
            accounts[place].pubkey = kin[which];
            return;
        }
    }
}

/// The same owner's in the other pool, then everybody's.
fn positions(world: &World, address: &Address) -> Option<Vec<Address>> {
    let all = || PoolId::ALL.into_iter().flat_map(|pool| Actor::OWNERS.map(|owner| (pool, owner)));
    let at = |(pool, owner): (PoolId, Actor)| world.position_address(pool, owner);
    let (pool, owner) = all().find(|place| at(*place) == *address)?;
    Some([(pool.other(), owner)].into_iter().chain(all()).map(at).collect())
}

/// The vault that the tokens come from, then wallets of others, then other tokens. Other vaults are
/// not among them: who pays into one makes a donation, which has its own verb.
fn wallets(world: &World, pool: PoolId, address: &Address) -> Option<Vec<Address>> {
    let all = || Actor::ALL.into_iter().flat_map(|actor| Asset::ALL.map(|asset| (actor, asset)));
    let (actor, asset) = all().find(|(actor, asset)| world.wallet(*actor, *asset) == *address)?;
    let mut found = vec![world.keys(pool, asset).vault];
    found.extend(Actor::OWNERS.map(|other| world.wallet(other, asset)));
    found.extend(Asset::ALL.map(|other| world.wallet(actor, other)));
    Some(found)
}

/// Of a reserve: another's; of a vault: wallets for its tokens; of a mint: another's.
fn of_reserve(world: &World, address: &Address) -> Option<Vec<Address>> {
    let all = || PoolId::ALL.into_iter().flat_map(|pool| Asset::ALL.map(|asset| (pool, asset)));
    let is_in = |(pool, asset): &(PoolId, Asset)| {
        let keys = world.keys(*pool, *asset);
        [keys.reserve, keys.vault, keys.mint].contains(address)
    };
    let (pool, asset) = all().find(is_in)?;
    let keys = world.keys(pool, asset);
    if *address == keys.vault {
        let owners = [Actor::Mallory, Actor::Carol, Actor::Bob, Actor::Alice, Actor::Dave];
        return Some(owners.map(|owner| world.wallet(owner, asset)).into());
    }
    if *address == keys.mint {
        return Some(Asset::ALL.map(|other| world.mint(other)).into());
    }
    let same = [(pool.other(), asset)].into_iter();
    Some(same.chain(all()).map(|(pool, asset)| world.keys(pool, asset).reserve).collect())
}

/// One that somebody forged, then those of other assets.
fn feeds(world: &World, address: &Address) -> Option<Vec<Address>> {
    let is_of = |asset: &Asset| {
        world.feed(*asset) == *address || world.second_feed(*asset) == Some(*address)
    };
    let asset = Asset::ALL.into_iter().find(is_of)?;
    let mut found: Vec<Address> = world.forged_feed(asset).into_iter().collect();
    found.extend(Asset::ALL.map(|other| world.feed(other)));
    found.extend(Asset::ALL.into_iter().filter_map(|other| world.second_feed(other)));
    Some(found)
}

/// Other stakes of the same person, then everybody's.
fn stakes(scene: &Scene, address: &Address) -> Option<Vec<Address>> {
    let owner = scene.stakes.get(address)?.owner;
    let of = |own: bool| {
        let stakes = scene.stakes.iter().filter(move |(_, stake)| (stake.owner == owner) == own);
        stakes.map(|(address, _)| *address)
    };
    Some(of(true).chain(of(false)).collect())
}

/// Programs and sysvars that instructions name.
pub(super) const PROGRAMS: [Address; 3] =
    [cpi::TOKEN_PROGRAM_ID, cpi::SYSTEM_PROGRAM_ID, cpi::INSTRUCTIONS_SYSVAR_ID];
