//! What must be possible, tried on a fork at the end of a run, and the replay of the run.

use cofferdam_ledger::replay;
use cofferdam_lending_interface::{LendingError, instruction::ALL, units::Amount};
use cofferdam_sdk::{ClientError, local, token};

use super::Verdict;
use crate::{
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// Amounts a round trip is tried with, in native units.
const TRIPS: [u64; 2] = [1, 1_000_000_007];
/// What is repaid of a debt that nobody could ever repay in full.
const PART: Amount = Amount(1_000_000);

pub(super) fn no_round_trip_pays(world: &World) -> Verdict {
    for (pool, asset) in reserves(world) {
        for amount in TRIPS.map(Amount) {
            supply_trip(world.clone(), pool, asset, amount)?;
            split_trip(world.clone(), pool, asset, amount)?;
            loan_trip(world.clone(), pool, asset, amount)?;
        }
    }
    Ok(())
}

/// In and out again at once. A position that was empty gets back at most what it put in; one
/// that held something could withdraw that too, so it is left out.
fn supply_trip(mut world: World, pool: PoolId, asset: Asset, amount: Amount) -> Verdict {
    let traveller = Actor::Mallory;
    let reserve = world.keys(pool, asset).reserve;
    if !world.position(pool, traveller).state.entry(&reserve).supply.is_zero() {
        return Ok(());
    }
    let start = wallet(&world, traveller, asset);
    if world.deposit(traveller, pool, asset, amount).is_ok() {
        // Refusals are fine here: LIVE-1 is about those.
        let _result = world.withdraw(traveller, pool, asset, Amount(ALL));
    }
    compare(&world, traveller, asset, start, "supply and withdrawal")
}

/// In at once, out in pieces: rounding may not add up to a gain.
fn split_trip(mut world: World, pool: PoolId, asset: Asset, amount: Amount) -> Verdict {
    let traveller = Actor::Mallory;
    let reserve = world.keys(pool, asset).reserve;
    if !world.position(pool, traveller).state.entry(&reserve).supply.is_zero() {
        return Ok(());
    }
    let start = wallet(&world, traveller, asset);
    if world.deposit(traveller, pool, asset, amount).is_ok() {
        for part in [amount.get() / 3, 1, ALL] {
            let _result = world.withdraw(traveller, pool, asset, Amount(part));
        }
    }
    compare(&world, traveller, asset, start, "supply and withdrawal in parts")
}

fn loan_trip(mut world: World, pool: PoolId, asset: Asset, amount: Amount) -> Verdict {
    for owner in Actor::OWNERS {
        let reserve = world.keys(pool, asset).reserve;
        if world.position(pool, owner).state.entry(&reserve).debt.is_zero() {
            let start = wallet(&world, owner, asset);
            if world.borrow(owner, pool, asset, amount).is_err() {
                continue;
            }
            let _result = world.repay(owner, (pool, owner), asset, Amount(ALL));
            let owed = Scene::of(&world).owed(&world.position_address(pool, owner), &reserve);
            // A loan that could not be repaid is no gain while it is owed.
            compare(&world, owner, asset, start + owed.get(), "loan and repayment")?;
        }
    }
    Ok(())
}

pub(super) fn everybody_can_leave(world: &World) -> Verdict {
    let mut world = world.clone();
    let beyond = repay_everything(&mut world)?;
    for (pool, asset) in reserves(&world) {
        if beyond.iter().any(|(place, of, _)| (*place, *of) == (pool, asset)) {
            continue;
        }
        let reserve = world.keys(pool, asset).reserve;
        for owner in Actor::OWNERS {
            // Whoever still owes needs prices, as ever.
            let owes = beyond.iter().any(|(place, _, by)| (*place, *by) == (pool, owner));
            if owes || world.position(pool, owner).state.entry(&reserve).supply.is_zero() {
                continue;
            }
            if let Err(error) = leave(&mut world, owner, (pool, asset)) {
                let (owner, pool, asset) = (owner.name(), pool.name(), asset.symbol());
                return Err(format!("{owner} cannot leave {pool} {asset}: {error}"));
            }
        }
        let left = world.client().reserve(&reserve).map(|reserve| reserve.supply());
        if let Ok(Err(error)) = left {
            let (pool, asset) = (pool.name(), asset.symbol());
            return Err(format!("{pool} {asset} is unusable when everybody left: {error}"));
        }
    }
    Ok(())
}

/// Everything is announced where notice is asked for, and taken out once it has run. A limit on
/// what goes out within a day lets everybody out by and by, which OUT-1 is about.
fn leave(
    world: &mut World,
    owner: Actor,
    (pool, asset): (PoolId, Asset),
) -> Result<(), ClientError> {
    let notice_s = world.client().pool(&world.pool(pool))?.config.withdrawal_notice_s;
    if notice_s > 0 {
        let reserve = world.keys(pool, asset).reserve;
        let shares = world.position(pool, owner).state.entry(&reserve).supply;
        let _receipt = world.give_notice(owner, pool, asset, shares)?;
        world.advance(u64::from(notice_s));
    }
    match world.withdraw(owner, pool, asset, Amount(ALL)) {
        Ok(_) => Ok(()),
        Err(ClientError::Lending { error: LendingError::OutflowLimitExceeded, .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Repays every debt in full, and a part of one that is more tokens than a mint can make. These
/// are returned: nobody can pay the suppliers of such a reserve.
fn repay_everything(world: &mut World) -> Result<Vec<(PoolId, Asset, Actor)>, String> {
    let mut beyond = Vec::new();
    for (pool, asset) in reserves(world) {
        let reserve = world.keys(pool, asset).reserve;
        for owner in Actor::OWNERS {
            let entry = world.position(pool, owner).state.entry(&reserve);
            if entry.debt.is_zero() && entry.claim.is_zero() {
                continue;
            }
            let scene = Scene::of(world);
            let owed = scene.owed(&world.position_address(pool, owner), &reserve);
            let room = u64::MAX - scene.supply.get(&world.mint(asset)).copied().unwrap_or(0);
            // None at all is a debt that 64 bits cannot count.
            let fits = !owed.is_zero() && owed.get() <= room;
            let (made, paid) = if fits { (owed, Amount(ALL)) } else { (PART, PART) };
            if !fits {
                beyond.push((pool, asset, owner));
            }
            // A probe may make tokens: the question is whether the program takes them.
            let minted = world.mint_to(Actor::Liquidator, asset, made);
            let _receipt =
                minted.map_err(|error| format!("{made} could not be minted: {error}"))?;
            if let Err(error) = world.repay(Actor::Liquidator, (pool, owner), asset, paid) {
                let (owner, pool, asset) = (owner.name(), pool.name(), asset.symbol());
                return Err(format!("debt of {owner} in {pool} {asset} cannot be repaid: {error}"));
            }
        }
    }
    Ok(beyond)
}

pub(super) fn replay_is_equal(world: &World) -> Verdict {
    let ledger = world.ledger();
    let Some(journal) = ledger.journal() else { return Ok(()) };
    let again = replay(journal, [local::program()]).map_err(|error| error.to_string())?;
    let (root, replayed) = (ledger.state_root(), again.state_root());
    if root != replayed {
        return Err(format!("the ledger's root is {root}, replayed {replayed}"));
    }
    Ok(())
}

fn reserves(world: &World) -> Vec<(PoolId, Asset)> {
    let all = PoolId::ALL.into_iter().flat_map(|pool| Asset::ALL.map(|asset| (pool, asset)));
    let exists = |place: &(PoolId, Asset)| {
        world.ledger().account(&world.keys(place.0, place.1).reserve).is_some()
    };
    all.filter(exists).collect()
}

fn wallet(world: &World, owner: Actor, asset: Asset) -> u64 {
    let account = world.ledger().account(&world.wallet(owner, asset));
    account.map_or(0, |account| token::balance(&account.data).get())
}

fn compare(world: &World, owner: Actor, asset: Asset, most: u64, trip: &str) -> Verdict {
    let end = wallet(world, owner, asset);
    if end > most {
        let (owner, asset, gain) = (owner.name(), asset.symbol(), end - most);
        return Err(format!("{owner} gained {gain} units of {asset} by {trip}"));
    }
    Ok(())
}
