//! Interest and the index.

use cofferdam_tests::{action::Verb, world::World};

use super::Stage;
use crate::common::*;

const DAY_S: u64 = 86_400;

pub(super) fn liq_skips_accrue() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.wait(DAY_S);
    stage.price(Weth, 1_450);
    let take = |world: &mut World| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(100), Amount(0))
    };
    let done = stage.act(Verb::Liquidate, &[Liquidator], take);
    let stale = stage.reserve(Harbour, Usdc).accrued_at_s < stage.world().now_s();
    (stage, done && stale)
}

/// A thousand dollars clear what they would have cleared a month ago.
pub(super) fn repay_stale_index() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.wait(30 * DAY_S);
    let cheap = stage.repays_too_cheaply(Alice, Usdc, Usdc.whole(1_000));
    (stage, cheap)
}

/// Everything is lent out and the protocol has a claim: the rate is undefined, and nobody can
/// touch the reserve any more.
pub(super) fn util_over_100() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.wait(30 * DAY_S);
    let deposit = |world: &mut World| world.deposit(Alice, Harbour, Weth, Weth.whole(500));
    assert!(stage.act(Verb::Deposit, &[Alice], deposit));
    let all = stage.accrued(Harbour, Usdc).available().expect("in range");
    let borrow = |world: &mut World| world.borrow(Alice, Harbour, Usdc, all);
    assert!(stage.act(Verb::Borrow, &[Alice], borrow));
    stage.wait(1);
    let repay = |world: &mut World| world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(1));
    let stuck = !stage.act(Verb::Repay, &[Alice], repay);
    stage.finish();
    (stage, stuck)
}

/// Suppliers take out what the protocol earned.
pub(super) fn fee_double_count() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.wait(30 * DAY_S);
    let cheap = stage.withdraws_too_cheaply(Dave, Usdc, Usdc.whole(100));
    (stage, cheap)
}

/// The same day's interest is charged again by whoever comes by.
pub(super) fn accrues_twice() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    stage.wait(DAY_S);
    for _ in 0..2 {
        let deposit = |world: &mut World| world.deposit(Dave, Harbour, Usdc, Usdc.whole(1));
        assert!(stage.act(Verb::Deposit, &[Dave], deposit));
    }
    let again = stage.reserve(Harbour, Usdc).accrued_at_s < stage.world().now_s();
    (stage, again)
}
