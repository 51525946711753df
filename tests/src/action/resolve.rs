//! From roles and sizes to positions and amounts, against the state of the moment.

use cofferdam_host::{Address, decode_account};
use cofferdam_lending_interface::{
    instruction::ALL,
    state::{
        CHANGE_LIFE_S, COOLDOWN_S, EXIT_WINDOW_S, NOTICE_WINDOW_S, Position, QueuedPoolChange,
        QueuedReserveChange, Stake,
    },
    units::{Amount, Shares},
};

use super::{Action, Role, Size, Verb, Wait, Waits};
use crate::{
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// The position an action is about: one in the action's pool that its role fits, otherwise one in
/// the other pool. A role that nobody has falls to Alice: the refusal that follows is a test as
/// well.
pub(super) fn position(world: &World, scene: &Scene, action: &Action) -> (PoolId, Actor) {
    let pool = fitting_pool(world, scene, action);
    if let Some(owner) = staker(world, scene, pool, action) {
        return (pool, owner);
    }
    let role = match (action.verb, action.role) {
        // Who owes nothing has nothing to repay.
        (Verb::Repay, Role::Owner(_) | Role::Supplier) if action.way % 4 < 2 => Role::Borrower,
        (_, Role::Owner(owner)) => return (pool, owner),
        (_, role) => role,
    };
    // From which owner on: otherwise the first one would always be the one.
    let first = usize::from(action.way % 5);
    let owners = |pool| (0..5).map(move |at| (pool, Actor::OWNERS[(first + at) % 5]));
    let mut places = [pool, pool.other()].into_iter().flat_map(owners);
    let fits =
        |(pool, owner): &(PoolId, Actor)| is(scene, &world.position_address(*pool, *owner), role);
    places.find(fits).unwrap_or((pool, Actor::Alice))
}

/// The other pool when there is something to settle in it and nothing in the action's.
fn fitting_pool(world: &World, scene: &Scene, action: &Action) -> PoolId {
    let waits = |target: Address| scene.ledger.account(&world.change_address(&target)).is_some();
    let fits = |pool: PoolId| match action.verb {
        Verb::ApplyPoolChange | Verb::CancelPoolChange => waits(world.pool(pool)),
        Verb::ApplyReserveChange | Verb::CancelReserveChange => {
            Asset::ALL.iter().any(|asset| waits(world.keys(pool, *asset).reserve))
        }
        Verb::AcceptAdmin => {
            let pool = scene.pools.get(&world.pool(pool));
            pool.is_some_and(|pool| pool.pending_admin != Address::default())
        }
        Verb::UnstakeInsurance => {
            let cools =
                |stake: &Stake| !stake.cooling.is_zero() && is_in(world, pool, &stake.reserve);
            scene.stakes.values().any(cools)
        }
        Verb::CoverDeficit => {
            let deficit = |asset: &Asset| {
                let reserve = scene.reserves.get(&world.keys(pool, *asset).reserve);
                reserve.is_some_and(|reserve| !reserve.deficit.is_zero())
            };
            Asset::ALL.iter().any(deficit)
        }
        _ => true,
    };
    if fits(action.pool) || !fits(action.pool.other()) { action.pool } else { action.pool.other() }
}

/// For those who join an insurance fund or leave it: mostly somebody who is in it, or on the way
/// out of it.
fn staker(world: &World, scene: &Scene, pool: PoolId, action: &Action) -> Option<Actor> {
    let leaves = match action.verb {
        Verb::StakeInsurance | Verb::StartCooldown => false,
        Verb::UnstakeInsurance => true,
        _ => return None,
    };
    let any = |stake: &&Stake| is_in(world, pool, &stake.reserve);
    let cools = scene.stakes.values().filter(any).any(|stake| !stake.cooling.is_zero());
    let fits = |stake: &&Stake| any(stake) && !(leaves && cools && stake.cooling.is_zero());
    let fitting = scene.stakes.values().filter(fits).count();
    let which = usize::from(action.way).checked_rem(fitting)?;
    let stake = scene.stakes.values().filter(fits).nth(which)?;
    world.actor(&stake.owner).filter(|_| action.way < 224)
}

/// Whether a reserve is one of the pool's.
fn is_in(world: &World, pool: PoolId, reserve: &Address) -> bool {
    Asset::ALL.iter().any(|asset| world.keys(pool, *asset).reserve == *reserve)
}

/// Native units a size stands for when `most` is the most that makes sense.
pub(super) fn amount(
    size: Size,
    most: Amount,
    cash: impl FnOnce() -> Amount,
    debt: impl FnOnce() -> Amount,
) -> Amount {
    let near = |limit: Amount, step: i8| limit.get().saturating_add_signed(i64::from(step));
    Amount(match size {
        Size::Share(share) => {
            let part = (u128::from(most.get()) * (u128::from(share) + 1)) >> 16;
            u64::try_from(part).unwrap_or(most.get())
        }
        Size::Edge(step) => near(most, step),
        Size::Cash(step) => near(cash(), step),
        Size::Debt(step) => near(debt(), step),
        Size::Tiny(units) => u64::from(units),
        Size::Power(exponent) => 1 << (exponent % 64),
        Size::All => ALL,
    })
}

/// Shares a size stands for when `most` are there.
pub(super) fn shares(size: Size, most: Shares) -> Shares {
    let most = most.get();
    Shares(match size {
        Size::Share(share) => most / 65_536 * (u128::from(share) + 1),
        Size::Edge(step) | Size::Cash(step) | Size::Debt(step) => {
            most.saturating_add_signed(i128::from(step))
        }
        Size::Tiny(units) => u128::from(units),
        Size::Power(exponent) => 1 << (2 * (exponent % 64)),
        Size::All => most,
    })
}

/// Seconds a wait takes; at least one.
pub(super) fn seconds(world: &World, scene: &Scene, wait: Wait) -> u64 {
    let (waits, step, expired) = match wait {
        Wait::Seconds(seconds) => return seconds.into(),
        Wait::Ready(waits, step) => (waits, step, false),
        Wait::Expired(waits, step) => (waits, step, true),
    };
    let end = |(ready_s, life_s): (i64, i64)| if expired { ready_s + life_s } else { ready_s };
    let first = |ends: &mut dyn Iterator<Item = (i64, i64)>| {
        ends.map(end).filter(|end_s| *end_s > scene.now_s).min()
    };
    let next = match waits {
        Waits::Change => first(&mut changes(world, scene)),
        Waits::Stake => first(&mut stakes(scene)),
        Waits::Notice => first(&mut notices(scene)),
    };
    let until_s = next.unwrap_or(scene.now_s + 600).saturating_add(i64::from(step));
    u64::try_from(until_s - scene.now_s).unwrap_or(1).max(1)
}

/// When changes are ready and how long they may then be applied.
fn changes(world: &World, scene: &Scene) -> impl Iterator<Item = (i64, i64)> {
    let reserves = scene.reserves.keys().copied();
    let pools = PoolId::ALL.map(|pool| world.pool(pool)).into_iter();
    let known = |target: &Address| reserves_of(world).any(|known| known == *target);
    let targets = pools.chain(reserves.filter(known));
    targets.filter_map(|target| {
        let account = scene.ledger.account(&world.change_address(&target))?;
        let of_reserve = decode_account::<QueuedReserveChange>(&account.data);
        let ready = of_reserve.map(|change| change.ready_at_s);
        let of_pool = || decode_account::<QueuedPoolChange>(&account.data);
        let ready = ready.or_else(|_| of_pool().map(|change| change.ready_at_s));
        Some((ready.ok()?, i64::from(CHANGE_LIFE_S)))
    })
}

/// Addresses of the reserves a world knows, whether or not they exist.
fn reserves_of(world: &World) -> impl Iterator<Item = Address> {
    let all = PoolId::ALL.into_iter().flat_map(|pool| Asset::ALL.map(|asset| (pool, asset)));
    all.map(|(pool, asset)| world.keys(pool, asset).reserve)
}

fn stakes(scene: &Scene) -> impl Iterator<Item = (i64, i64)> {
    let cooling = scene.stakes.values().filter(|stake| !stake.cooling.is_zero());
    cooling.map(|stake| (stake.cooling_from_s + i64::from(COOLDOWN_S), i64::from(EXIT_WINDOW_S)))
}

fn notices(scene: &Scene) -> impl Iterator<Item = (i64, i64)> {
    scene.positions.values().flat_map(|position| {
        let pool = scene.pools.get(&position.pool);
        let notice_s = pool.map_or(0, |pool| i64::from(pool.config.withdrawal_notice_s));
        let noticed = position.used().filter(|entry| !entry.noticed.is_zero());
        noticed.map(move |entry| (entry.noticed_at_s + notice_s, i64::from(NOTICE_WINDOW_S)))
    })
}

fn is(scene: &Scene, position: &Address, role: Role) -> bool {
    // Whoever owes nothing is in no danger, which takes no look at prices.
    let owes = || scene.positions.get(position).is_some_and(Position::has_debt);
    if !matches!(role, Role::Owner(_) | Role::Supplier) && !owes() {
        return false;
    }
    let Some(health) = scene.health(position) else { return false };
    match role {
        Role::Owner(_) => true,
        Role::Liquidatable => health.is_liquidatable(),
        Role::Near => {
            !health.is_liquidatable()
                && health.debt_weighted.get() / 9 > health.liquidation_limit.get() / 10
        }
        Role::Insolvent => scene.is_insolvent(position),
        Role::Borrower => !health.debt.is_zero(),
        Role::Supplier => health.debt.is_zero() && !health.collateral.is_zero(),
    }
}
