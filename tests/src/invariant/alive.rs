//! That positions which fail can be dealt with, tried on a fork at the end of a run.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    instruction::ALL,
    state::{Entry, PublisherQuote},
    units::{Amount, Price, Value},
};

use super::Verdict;
use crate::{
    action::Refusal,
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// A ten-thousandth of a dollar, in 10⁻¹⁸. For less, a liquidator would get no whole unit of a
/// collateral, and what suppliers stand to lose is the fraction of a unit.
const CRUMB: Value = Value(100_000_000_000_000);

/// Longer than any grace lasts, and than an average takes to be where the price is.
const SETTLED_S: u64 = 86_400;

/// Whoever can be liquidated at the last prices can be, or his loss can be recognised, once those
/// prices are published again.
pub(super) fn the_unhealthy_can_be_dealt_with(world: &World) -> Verdict {
    let mut world = world.clone();
    if !settled(&mut world) {
        return Ok(());
    }
    for pool in PoolId::ALL {
        for owner in Actor::OWNERS {
            let scene = Scene::of(&world);
            let position = world.position_address(pool, owner);
            if scene.health(&position).is_some_and(|it| it.is_liquidatable() && it.debt >= CRUMB)
                && !is_below_a_unit(&scene, &position)
                && !is_dealt_with(&world, &scene, pool, owner)
            {
                let refusal = world.clone().absorb(pool, owner).err();
                let refusal = refusal.as_ref().map_or(Refusal::Nothing, Refusal::from);
                let (owner, pool, health) = (owner.name(), pool.name(), scene.health(&position));
                return Err(format!(
                    "nobody can liquidate {owner} in {pool}, and recognition ends in \
                     {refusal}: {health:?}"
                ));
            }
        }
    }
    Ok(())
}

/// Publishes the last prices twice, so that averages follow; whether that was possible, and every
/// asset has a price. Second feeds join the first, and who published something else joins the
/// others: while they differ nobody knows the price of a debt, and recognising a loss waits for
/// one.
fn settled(world: &mut World) -> bool {
    let first = agreed(world);
    world.advance(SETTLED_S);
    let again = agreed(world);
    let priced = Asset::ALL.iter().all(|asset| !world.price_feed(*asset).price.is_zero());
    first && again && priced && own_feeds_only(world)
}

fn agreed(world: &mut World) -> bool {
    let published = world.refresh().is_ok();
    let joined = Asset::ALL.into_iter().all(|asset| {
        let (price, observed_at_s) = (world.price_feed(asset).price, world.now_s());
        let quote = PublisherQuote { price, confidence: Price::ZERO, observed_at_s };
        let apart = world.compromised(asset).iter().map(|actor| (*actor, world.feed(asset)));
        let second = world.second_feed(asset).map(|feed| (Actor::Publisher, feed));
        let others: Vec<_> = apart.chain(second).collect();
        price.is_zero()
            || others.iter().all(|(actor, feed)| world.quote(*actor, feed, quote).is_ok())
    });
    published && joined
}

/// A reserve that was moved to a feed nobody here publishes to has no price to wait for.
fn own_feeds_only(world: &World) -> bool {
    let scene = Scene::of(world);
    let own = |reserve: &cofferdam_lending_interface::state::Reserve| {
        let second = |asset| world.second_feed(asset) == Some(reserve.second_feed);
        Asset::ALL.iter().any(|asset| world.feed(*asset) == reserve.feed)
            && (!reserve.has_second_feed() || Asset::ALL.into_iter().any(second))
    };
    scene.reserves.values().all(own)
}

/// Whether a unit of a collateral is worth more than the whole debt: for what is owed a liquidator
/// would get none of it, others may have to wait for it (LIQ-9), and no supplier can lose more than
/// a unit.
fn is_below_a_unit(scene: &Scene, address: &Address) -> bool {
    let Some(health) = scene.health(address) else { return false };
    let mut held = scene.positions[address].used().filter(|entry| !entry.supply.is_zero());
    let is_dearer = |entry: &Entry| {
        let unit =
            scene.any_age().quote(&entry.reserve).and_then(|it| it.value_down(Amount(1).fine()));
        unit.is_ok_and(|unit| unit > health.debt)
    };
    held.any(is_dearer)
}

fn is_dealt_with(world: &World, scene: &Scene, pool: PoolId, owner: Actor) -> bool {
    if world.clone().absorb(pool, owner).is_ok() {
        return true;
    }
    let position = &scene.positions[&world.position_address(pool, owner)];
    let entry = |asset| position.entry(&world.keys(pool, asset).reserve);
    let owed = Asset::ALL.into_iter().filter(|asset| !entry(*asset).debt.is_zero());
    owed.into_iter().any(|debt| {
        let held = Asset::ALL.into_iter().filter(|asset| !entry(*asset).supply.is_zero());
        held.into_iter().any(|collateral| liquidates(world, (pool, owner), (debt, collateral)))
    })
}

/// The liquidator pays and is paid in tokens; or, for lack of those, somebody with a position in
/// shares.
fn liquidates(world: &World, at: (PoolId, Actor), sides: (Asset, Asset)) -> bool {
    let mut plain = world.clone();
    let enough = Amount(u64::MAX >> 4);
    let _minted = plain.mint_to(Actor::Liquidator, sides.0, enough);
    if plain.liquidate(at, sides, Amount(ALL), Amount::ZERO).is_ok() {
        return true;
    }
    Actor::OWNERS.into_iter().filter(|by| *by != at.1).any(|by| {
        let mut world = world.clone();
        let _minted = world.mint_to(by, sides.0, enough);
        let liquidate = world.liquidation(by, at, sides, Amount(ALL), Some(by));
        world.send(&[by], &[liquidate]).is_ok()
    })
}
