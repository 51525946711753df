//! Changes that wait: queueing, applying and cancelling them.

use cofferdam_host::{AccountData, Address};
use cofferdam_lending_interface::{
    LendingError,
    event::{ChangeCancelled, ChangeQueued, FeedsChanged, PoolUpdated, ReserveUpdated},
    math::ramp::RAMP_MIN_S,
    state::{PoolConfig, QueuedPoolChange, QueuedReserveChange, ReserveConfig},
    units::Bps,
};
use cofferdam_sdk::{address, instruction as build};
use cofferdam_tests::world::{World, base_config};

use crate::common::*;

const DAY_S: u64 = 86_400;

fn looser() -> ReserveConfig {
    ReserveConfig {
        collateral_factor: Bps(8_000),
        liquidation_threshold: Bps(8_500),
        ..base_config()
    }
}

fn feeds(world: &World) -> (Address, Address) {
    (world.feed(Weth), Address::default())
}

fn queue(world: &mut World, config: ReserveConfig) {
    let feeds = feeds(world);
    done(world.queue_reserve_change((Harbour, Weth), config, feeds));
}

fn change_of(world: &World) -> Address {
    address::change(&reserve(world, Harbour, Weth)).0
}

#[test]
fn a_change_waits_and_is_applied() {
    let mut world = governed();
    let (reserve, change) = (reserve(&world, Harbour, Weth), change_of(&world));
    refuses(&world, Admin, LendingError::TimelockRequired, |world| {
        world.update_reserve(Harbour, Weth, looser())
    });
    let rent = i128::from(world.ledger().minimum_balance(QueuedReserveChange::LEN));
    let before = balances(&world);
    let config = looser();
    let feeds = feeds(&world);
    let receipt = receipt_of(world.queue_reserve_change((Harbour, Weth), config, feeds));
    assert_eq!(before.to(&balances(&world)), [("admin lamports", -FEE - rent)].into());
    let ready_at_s = world.now_s() + 86_400;
    let queued = ChangeQueued { target: reserve, ready_at_s };
    assert_eq!(event::<ChangeQueued>(&receipt), queued);
    let (pool, payer) = (world.pool(Harbour), world.person(Admin));
    let (feed, second_feed) = feeds;
    let bump = address::change(&reserve).1;
    let expected =
        QueuedReserveChange { bump, pool, reserve, ready_at_s, payer, config, feed, second_feed };
    assert_eq!(world.client().reserve_change(&reserve).expect("queued"), expected);

    world.advance(DAY_S - 1);
    refuses(&world, Admin, LendingError::ChangeNotReady, |world| {
        world.apply_reserve_change(Harbour, Weth)
    });
    world.advance(1);
    let mut expected = cofferdam_tests::scene::Scene::of(&world).accrued[&reserve].clone();
    let before = balances(&world);
    let receipt = receipt_of(world.apply_reserve_change(Harbour, Weth));
    assert_eq!(before.to(&balances(&world)).get("admin lamports"), rent - FEE);
    let updated = ReserveUpdated { reserve, before: base_config(), after: config };
    assert_eq!(event::<ReserveUpdated>(&receipt), updated);
    assert!(receipt.events::<FeedsChanged>().next().is_none());
    expected.config = config;
    assert_eq!(world.reserve(Harbour, Weth), expected);
    assert!(world.ledger().account(&change).is_none(), "the change is closed");
}

#[test]
fn a_pools_change_waits_and_is_applied() {
    let mut world = governed();
    let pool = world.pool(Harbour);
    let before = governed_config(&world);
    let config = PoolConfig { timelock_s: 0, grace_s: 14_400, ..before };
    let rent = i128::from(world.ledger().minimum_balance(QueuedPoolChange::LEN));
    let queue = |world: &mut World| world.queue_pool_change(Harbour, config);
    let old = balances(&world);
    let receipt = receipt_of(queue(&mut world));
    assert_eq!(old.to(&balances(&world)), [("admin lamports", -FEE - rent)].into());
    let ready_at_s = world.now_s() + 86_400;
    assert_eq!(event::<ChangeQueued>(&receipt), ChangeQueued { target: pool, ready_at_s });
    refuses(&world, Admin, LendingError::AlreadyInitialised, queue);
    world.advance(DAY_S - 1);
    refuses(&world, Admin, LendingError::ChangeNotReady, |world| world.apply_pool_change(Harbour));
    world.advance(1);
    let old = balances(&world);
    let receipt = receipt_of(world.apply_pool_change(Harbour));
    assert_eq!(old.to(&balances(&world)), [("admin lamports", rent - FEE)].into());
    assert_eq!(event::<PoolUpdated>(&receipt), PoolUpdated { pool, before, after: config });
    assert_eq!(world.market(Harbour).pool.config, config);
    assert!(world.client().pool_change(&pool).is_err(), "the change is closed");
    // Without a timelock everything is immediate from now on.
    done(world.update_reserve(Harbour, Weth, looser()));
}

#[test]
fn the_guardian_cancels() {
    let mut world = governed();
    queue(&mut world, looser());
    let pool_config = PoolConfig { timelock_s: 0, ..governed_config(&world) };
    done(world.queue_pool_change(Harbour, pool_config));
    let (pool, reserve, bob) =
        (world.pool(Harbour), reserve(&world, Harbour, Weth), world.person(Bob));
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        world.cancel_reserve_change(Mallory, (Harbour, Weth))
    });
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        world.cancel_pool_change(Mallory, Harbour)
    });
    let before = balances(&world);
    let receipt = receipt_of(world.cancel_reserve_change(Bob, (Harbour, Weth)));
    let cancelled = ChangeCancelled { target: reserve, authority: bob };
    assert_eq!(event::<ChangeCancelled>(&receipt), cancelled);
    let rent = i128::from(world.ledger().minimum_balance(QueuedReserveChange::LEN));
    let moved = [("admin lamports", rent), ("bob lamports", -FEE)];
    assert_eq!(before.to(&balances(&world)), moved.into(), "the rent goes to who paid it");
    let receipt = receipt_of(world.cancel_pool_change(Bob, Harbour));
    let cancelled = ChangeCancelled { target: pool, authority: bob };
    assert_eq!(event::<ChangeCancelled>(&receipt), cancelled);
    world.advance(DAY_S);
    refuses(&world, Admin, LendingError::WrongOwner, |world| {
        world.apply_reserve_change(Harbour, Weth)
    });
    assert_eq!(world.reserve(Harbour, Weth).config, base_config());
    queue(&mut world, looser());
}

/// A change that everybody has forgotten does not take effect all of a sudden.
#[test]
fn a_change_expires() {
    let mut world = governed();
    queue(&mut world, looser());
    world.advance(DAY_S + 14 * DAY_S);
    done(world.clone().apply_reserve_change(Harbour, Weth));
    world.advance(1);
    refuses(&world, Admin, LendingError::ChangeExpired, |world| {
        world.apply_reserve_change(Harbour, Weth)
    });
    done(world.cancel_reserve_change(Admin, (Harbour, Weth)));
}

/// Feeds are replaced by a queued change only, timelock or not.
#[test]
fn a_change_replaces_the_feeds() {
    let mut world = fresh();
    let reserve = reserve(&world, Harbour, Weth);
    let (feed, second_feed) = (world.feed(Wbtc), world.feed(Weth));
    let both = (second_feed, second_feed);
    refuses(&world, Admin, LendingError::DuplicateAccount, |world| {
        world.queue_reserve_change((Harbour, Weth), base_config(), both)
    });
    done(world.queue_reserve_change((Harbour, Weth), base_config(), (feed, second_feed)));
    let receipt = receipt_of(world.apply_reserve_change(Harbour, Weth));
    let changed = FeedsChanged { reserve, feed, second_feed };
    assert_eq!(event::<FeedsChanged>(&receipt), changed);
    let after = world.reserve(Harbour, Weth);
    assert_eq!((after.feed, after.second_feed), (feed, second_feed));
    done(world.queue_reserve_change((Harbour, Weth), base_config(), (feed, Address::default())));
    done(world.apply_reserve_change(Harbour, Weth));
    assert_eq!(world.reserve(Harbour, Weth).second_feed, Address::default());
}

/// What changed meanwhile is looked at again.
#[test]
fn a_change_is_checked_again_when_it_is_applied() {
    let mut world = governed();
    let lower = ReserveConfig {
        collateral_factor: Bps(6_000),
        liquidation_threshold: Bps(7_000),
        ..base_config()
    };
    refuses(&world, Admin, LendingError::RampTooShort, |world| {
        let feeds = feeds(world);
        world.queue_reserve_change((Harbour, Weth), lower, feeds)
    });
    // The threshold goes down to 6,000 within ten days; queued is 7,500, which it passes later.
    let lowest = ReserveConfig { liquidation_threshold: Bps(6_100), ..lower };
    done(world.ramp_reserve(Admin, (Harbour, Weth), lowest, 10 * RAMP_MIN_S));
    let between = ReserveConfig { liquidation_threshold: Bps(7_050), ..lower };
    queue(&mut world, between);
    world.advance(DAY_S);
    refuses(&world, Admin, LendingError::RampTooShort, |world| {
        world.apply_reserve_change(Harbour, Weth)
    });
    // 8,000 − 1,900 × 5 ÷ 10.
    world.advance(4 * DAY_S);
    assert_eq!(world.market(Harbour).reserves[0].state.liquidation_threshold(), Bps(7_050));
    done(world.apply_reserve_change(Harbour, Weth));
    let after = world.reserve(Harbour, Weth);
    assert_eq!((after.config, after.liquidation_threshold()), (between, Bps(7_050)));
}

/// Lamports sent to a closed change, even in the same transaction, revive nothing.
#[test]
fn a_closed_change_stays_closed() {
    let mut world = governed();
    queue(&mut world, looser());
    world.advance(DAY_S);
    let keys = world.keys(Harbour, Weth);
    let (admin, change) = (world.person(Admin), change_of(&world));
    let target = (&keys.pool, &keys.reserve);
    let apply = build::apply_reserve_change(&admin, target, &admin);
    let fund = solana_system_interface::instruction::transfer(&admin, &change, 10_000_000);
    let mut twice = world.clone();
    let result = twice.send(&[Admin], &[apply.clone(), fund.clone(), apply.clone()]);
    let refusal = result.expect_err("the change is applied once").lending();
    assert_eq!(refusal, Some(LendingError::WrongOwner));
    only_fee(&world, &twice, Admin);
    done(world.send(&[Admin], &[apply.clone(), fund]));
    let account = world.ledger().account(&change).expect("it holds lamports");
    assert_eq!((account.data.len(), account.lamports), (0, 10_000_000));
    assert_eq!(account.owner, cofferdam_host::cpi::SYSTEM_PROGRAM_ID);
    refuses(&world, Admin, LendingError::WrongOwner, |world| world.send(&[Admin], &[apply]));
    // The address can be used again.
    let looser = ReserveConfig { collateral_factor: Bps(8_100), ..looser() };
    queue(&mut world, looser);
}

#[test]
fn refusals() {
    let mut world = governed();
    let wrong = ReserveConfig { flash_fee: Bps(101), ..base_config() };
    refuses(&world, Admin, LendingError::InvalidConfig, |world| {
        let feeds = feeds(world);
        world.queue_reserve_change((Harbour, Weth), wrong, feeds)
    });
    let wrong = PoolConfig { grace_s: 14_401, ..governed_config(&world) };
    refuses(&world, Admin, LendingError::InvalidConfig, |world| {
        world.queue_pool_change(Harbour, wrong)
    });
    refuses(&world, Bob, LendingError::WrongAuthority, |world| {
        let (bob, keys, feed) = (world.person(Bob), world.keys(Harbour, Weth), world.feed(Weth));
        let (target, none) = ((&keys.pool, &keys.reserve), Address::default());
        let queue = build::queue_reserve_change(&bob, &bob, target, (&feed, &none), looser());
        world.send(&[Bob], &[queue])
    });
    queue(&mut world, looser());
    refuses(&world, Admin, LendingError::AlreadyInitialised, |world| {
        let feeds = feeds(world);
        world.queue_reserve_change((Harbour, Weth), base_config(), feeds)
    });
    world.advance(DAY_S);
    // Neither the guardian nor a stranger applies, and the rent goes nowhere else.
    refuses(&world, Bob, LendingError::WrongAuthority, |world| {
        let (bob, admin, keys) =
            (world.person(Bob), world.person(Admin), world.keys(Harbour, Weth));
        let apply = build::apply_reserve_change(&bob, (&keys.pool, &keys.reserve), &admin);
        world.send(&[Bob], &[apply])
    });
    refuses(&world, Admin, LendingError::WrongAddress, |world| {
        let (admin, mallory) = (world.person(Admin), world.person(Mallory));
        let keys = world.keys(Harbour, Weth);
        let apply = build::apply_reserve_change(&admin, (&keys.pool, &keys.reserve), &mallory);
        world.send(&[Admin], &[apply])
    });
}
