//! Accounts, identity and authority.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    state::{Mode, PoolConfig, ReserveConfig},
    units::Bps,
};
use cofferdam_sdk::{Instruction, instruction as build};
use cofferdam_tests::{
    action::Verb,
    world::{Actor, World, base_config},
};

use super::Stage;
use crate::common::*;

fn swap(instruction: &mut Instruction, from: &Address, to: Address) {
    let accounts = instruction.accounts.iter_mut().filter(|account| account.pubkey == *from);
    accounts.for_each(|account| account.pubkey = to);
}

/// Mallory withdraws from Dave's position.
pub(super) fn owner_check_missing() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let (person, keys) = (stage.world().person(Mallory), stage.world().keys(Harbour, Usdc));
    let position = stage.world().position_address(Harbour, Dave);
    let take = build::withdraw(&person, &position, &keys, &[], Usdc.whole(1_000));
    let done = stage.send(Verb::Withdraw, Mallory, &[take]);
    (stage, done)
}

/// One pool's tokens on a position of another pool.
pub(super) fn wrong_market_accepted() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let (person, keys) = (stage.world().person(Carol), stage.world().keys(Harbour, Usdc));
    let position = stage.world().position_address(Lagoon, Carol);
    let deposit = build::deposit(&person, &position, &keys, Usdc.whole(1_000));
    let done = stage.send(Verb::Deposit, Carol, &[deposit]);
    (stage, done)
}

/// The tokens go to Carol's wallet and are booked as a deposit.
pub(super) fn fake_collateral_mint() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let (person, keys) = (stage.world().person(Mallory), stage.world().keys(Harbour, Usdc));
    let position = stage.world().position_address(Harbour, Mallory);
    let mut deposit = build::deposit(&person, &position, &keys, Usdc.whole(1_000));
    swap(&mut deposit, &keys.vault, stage.world().wallet(Carol, Usdc));
    let done = stage.send(Verb::Deposit, Mallory, &[deposit]);
    (stage, done)
}

/// A withdrawal into the vault it comes from.
pub(super) fn vault_both_sides() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let (person, keys) = (stage.world().person(Dave), stage.world().keys(Harbour, Usdc));
    let position = stage.world().position_address(Harbour, Dave);
    let mut take = build::withdraw(&person, &position, &keys, &[], Usdc.whole(1_000));
    swap(&mut take, &stage.world().wallet(Dave, Usdc), keys.vault);
    let done = stage.send(Verb::Withdraw, Dave, &[take]);
    (stage, done)
}

fn looser() -> ReserveConfig {
    ReserveConfig { collateral_factor: Bps(7_900), ..base_config() }
}

fn loosens(mut stage: Stage, who: Actor) -> (Stage, bool) {
    let set = |world: &mut World| world.ramp_reserve(who, (Harbour, Weth), looser(), 0);
    let done = stage.act(Verb::UpdateReserve, &[who], set);
    (stage, done)
}

/// A stranger lets everybody borrow more.
pub(super) fn config_unauth() -> (Stage, bool) {
    loosens(Stage::new(indebted()), Mallory)
}

/// The guardian does.
pub(super) fn guardian_raises() -> (Stage, bool) {
    loosens(Stage::new(governed()), Bob)
}

/// 60,000 of the 200,000 dollars are lent, so 60,000 beyond the cap fit.
pub(super) fn cap_by_mint_only() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let config = ReserveConfig { supply_cap: Usdc.whole(210_000), ..base_config() };
    let set = |world: &mut World| world.update_reserve(Harbour, Usdc, config);
    assert!(stage.act(Verb::UpdateReserve, &[Admin], set));
    let deposit = |world: &mut World| world.deposit(Dave, Harbour, Usdc, Usdc.whole(50_000));
    let done = stage.act(Verb::Deposit, &[Dave], deposit);
    (stage, done)
}

/// Without having given notice.
pub(super) fn notice_skipped() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let config = PoolConfig { withdrawal_notice_s: 86_400, ..PoolConfig::default() };
    let set = |world: &mut World| world.update_pool(Harbour, config);
    assert!(stage.act(Verb::UpdatePool, &[Admin], set));
    let take = |world: &mut World| world.withdraw(Dave, Harbour, Usdc, Usdc.whole(1_000));
    let done = stage.act(Verb::Withdraw, &[Dave], take);
    (stage, done)
}

/// A change is applied in the second in which it was queued.
pub(super) fn timelock_skipped() -> (Stage, bool) {
    let mut stage = Stage::new(governed());
    let feeds = (stage.world().feed(Weth), Address::default());
    let queue = |world: &mut World| world.queue_reserve_change((Harbour, Weth), looser(), feeds);
    assert!(stage.act(Verb::UpdateReserve, &[Admin], queue));
    let apply = |world: &mut World| world.apply_reserve_change(Harbour, Weth);
    let done = stage.act(Verb::UpdateReserve, &[Admin], apply);
    (stage, done)
}

/// A loan from a frozen reserve.
pub(super) fn mode_ignored() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let freeze = |world: &mut World| world.set_reserve_mode(Admin, (Harbour, Usdc), Mode::Frozen);
    assert!(stage.act(Verb::SetReserveMode, &[Admin], freeze));
    let borrow = |world: &mut World| world.borrow(Alice, Harbour, Usdc, Usdc.whole(1_000));
    let done = stage.act(Verb::Borrow, &[Alice], borrow);
    (stage, done)
}

/// An old invitation is still good.
pub(super) fn invitation_kept() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let (admin, bob) = (stage.world().person(Admin), stage.world().person(Bob));
    let pool = stage.world().pool(Harbour);
    let propose = build::propose_admin(&admin, &pool, &bob);
    assert!(stage.send(Verb::UpdatePool, Admin, &[propose]));
    let accept = build::accept_admin(&bob, &pool);
    assert!(stage.send(Verb::UpdatePool, Bob, &[accept]));
    let kept =
        stage.world().client().pool(&pool).expect("a pool").pending_admin != Address::default();
    (stage, kept)
}
