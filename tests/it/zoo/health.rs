//! Health checks that are missing, bypassed or made at the wrong moment.

use cofferdam_lending_interface::{state::ReserveConfig, units::Bps};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{action::Verb, world::base_config};

use super::Stage;
use crate::common::*;

/// All of the collateral leaves while 60,000 dollars are owed.
pub(super) fn donate_no_health() -> (Stage, bool) {
    withdraws(Amount(ALL))
}

/// Nearly all of it.
pub(super) fn withdraw_no_health() -> (Stage, bool) {
    withdraws(Weth.whole(49))
}

fn withdraws(amount: Amount) -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let done =
        stage.act(Verb::Withdraw, &[Alice], |world| world.withdraw(Alice, Harbour, Weth, amount));
    (stage, done)
}

/// Two loans, one repayment: the loan of dollars never comes back.
pub(super) fn flash_transfer_escape() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let (dollars, _) = stage.world().flash_pair(Carol, (Harbour, Usdc), Usdc.whole(100_000));
    let (ether, repaid) = stage.world().flash_pair(Carol, (Harbour, Weth), Amount(1_000));
    let done = stage.send(Verb::Borrow, Carol, &[dollars, ether, repaid]);
    (stage, done)
}

/// The lent dollars are deposited, and that repays them.
pub(super) fn flash_repay_by_balance() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let (lent, repaid) = stage.world().flash_pair(Carol, (Harbour, Usdc), Usdc.whole(100_000));
    let (position, keys) =
        (stage.world().position_address(Harbour, Carol), stage.world().keys(Harbour, Usdc));
    let person = stage.world().person(Carol);
    let deposit = build::deposit(&person, &position, &keys, Usdc.whole(100_000));
    let before = stage.wallet(Carol, Usdc);
    let done = stage.send(Verb::Deposit, Carol, &[lent, deposit, repaid]);
    let paid = before - stage.wallet(Carol, Usdc);
    (stage, done && paid < Usdc.whole(100_000).get())
}

/// 80,000 dollars of debt with a limit of 75,000.
pub(super) fn stale_snapshot_health() -> (Stage, bool) {
    borrows(Usdc.whole(20_000))
}

/// As many units too much as the division loses.
pub(super) fn rate_floor_zero() -> (Stage, bool) {
    borrows(Amount(15_000_000_001))
}

fn borrows(amount: Amount) -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let done =
        stage.act(Verb::Borrow, &[Alice], |world| world.borrow(Alice, Harbour, Usdc, amount));
    (stage, done)
}

/// A loan at its limit can be liquidated in the same second.
pub(super) fn thr_above_unchecked() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let config = ReserveConfig { collateral_factor: Bps(8_500), ..base_config() };
    let set = stage
        .act(Verb::UpdateReserve, &[Admin], |world| world.update_reserve(Harbour, Weth, config));
    let lent = stage.act(Verb::Borrow, &[Alice], |world| {
        world.borrow(Alice, Harbour, Usdc, Usdc.whole(24_000))
    });
    (stage, set && lent)
}
