//! Liquidations.

use cofferdam_lending_interface::{state::ReserveConfig, units::Bps};
use cofferdam_tests::{
    action::Verb,
    world::{Actor, World, base_config},
};

use super::Stage;
use crate::common::*;

/// Alice's 60,000 dollars against 50 ether at `dollars`, with a hundred more in the reserve.
fn at(dollars: u128) -> Stage {
    let mut stage = Stage::new(indebted());
    let deposit = |world: &mut World| world.deposit(Dave, Harbour, Weth, Weth.whole(100));
    assert!(stage.act(Verb::Deposit, &[Dave], deposit));
    stage.price(Weth, dollars);
    stage
}

fn liquidate(stage: &mut Stage, amount: Amount) -> bool {
    let take =
        |world: &mut World| world.liquidate((Harbour, Alice), (Usdc, Weth), amount, Amount(0));
    stage.act(Verb::Liquidate, &[Liquidator], take)
}

/// 60,000 dollars buy 60.6 ether of somebody who has 50.
pub(super) fn bonus_beyond_collateral() -> (Stage, bool) {
    let mut stage = at(1_000);
    let before = stage.wallet(Liquidator, Weth);
    let done = liquidate(&mut stage, Amount(ALL));
    let got = stage.wallet(Liquidator, Weth) - before;
    (stage, done && got > Weth.whole(50).get())
}

/// An offer to repay more than is owed takes all the collateral.
pub(super) fn overpay_drains() -> (Stage, bool) {
    let mut stage = at(1_450);
    let done = liquidate(&mut stage, Amount(ALL));
    let drained = stage.entry(Harbour, Alice, Weth).supply.is_zero();
    (stage, done && drained)
}

/// Alice liquidates herself at a bonus beyond what her collateral is worth; the rest is bad debt.
pub(super) fn self_liquidation() -> (Stage, bool) {
    let mut stage = at(1_230);
    let sides = (Usdc, Weth);
    let take = stage.world().liquidation(Alice, (Harbour, Alice), sides, Amount(ALL), None);
    let done = stage.send(Verb::Liquidate, Alice, &[take]);
    let lost = !stage.reserve(Harbour, Usdc).losses.recognised.is_zero();
    (stage, done && lost)
}

/// Health 1.03.
pub(super) fn healthy_liquidated() -> (Stage, bool) {
    let mut stage = at(1_550);
    let done = liquidate(&mut stage, Amount(ALL));
    (stage, done)
}

/// Two fifths of the debt would have restored the position.
pub(super) fn close_factor_ignored() -> (Stage, bool) {
    let mut stage = at(1_450);
    stage.finish();
    let done = liquidate(&mut stage, Amount(ALL));
    let closed = stage.entry(Harbour, Alice, Usdc).debt.is_zero();
    (stage, done && closed)
}

/// A debt of 60 dollars is left alone.
pub(super) fn dust_unliquidatable() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let deposit = |world: &mut World| world.deposit(Carol, Harbour, Weth, Amount(50_000_000));
    assert!(stage.act(Verb::Deposit, &[Carol], deposit));
    let borrow = |world: &mut World| world.borrow(Carol, Harbour, Usdc, Usdc.whole(60));
    assert!(stage.act(Verb::Borrow, &[Carol], borrow));
    stage.price(Weth, 1_450);
    stage.finish();
    let take =
        |world: &mut World| world.liquidate((Harbour, Carol), (Usdc, Weth), Amount(ALL), Amount(0));
    let refused = !stage.act(Verb::Liquidate, &[Liquidator], take);
    (stage, refused)
}

/// Bob pays with a debt of his own, which nothing stands behind.
pub(super) fn liquidator_unchecked() -> (Stage, bool) {
    let mut stage = at(1_450);
    let amount = Usdc.whole(10_000);
    let take = stage.world().liquidation(Bob, (Harbour, Alice), (Usdc, Weth), amount, Some(Bob));
    let done = stage.send(Verb::Liquidate, Bob, &[take]);
    let owes = !stage.entry(Harbour, Bob, Usdc).debt.is_zero();
    (stage, done && owes)
}

/// The ether is lent out, so shares are paid, to the very position they are taken from: it is
/// written back as it was before it paid anything.
pub(super) fn duplicate_mut_accounts() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let deposit = |world: &mut World| world.deposit(Bob, Harbour, Usdc, Usdc.whole(130_000));
    assert!(stage.act(Verb::Deposit, &[Bob], deposit));
    let borrow = |world: &mut World| world.borrow(Bob, Harbour, Weth, Weth.whole(45));
    assert!(stage.act(Verb::Borrow, &[Bob], borrow));
    stage.price(Weth, 1_450);
    let done = liquidate(&mut stage, Amount(ALL));
    (stage, done)
}

/// The threshold is to fall within a day, and falls at once.
pub(super) fn ramp_at_once() -> (Stage, bool) {
    let mut stage = at(1_600);
    let config = ReserveConfig {
        collateral_factor: Bps(6_500),
        liquidation_threshold: Bps(7_000),
        ..base_config()
    };
    let lower = |world: &mut World| world.ramp_reserve(Admin, (Harbour, Weth), config, 86_400);
    assert!(stage.act(Verb::UpdateReserve, &[Admin], lower));
    let done = liquidate(&mut stage, Amount(ALL));
    (stage, done)
}

/// Right after a thaw, at a health of 0.967.
pub(super) fn grace_ignored() -> (Stage, bool) {
    use cofferdam_lending_interface::state::Mode;

    let mut stage = Stage::new(governed());
    for mode in [Mode::Frozen, Mode::Active] {
        let set = |world: &mut World| world.set_pool_mode(Actor::Admin, Harbour, mode);
        assert!(stage.act(Verb::SetPoolMode, &[Admin], set));
    }
    stage.price(Weth, 1_450);
    let done = liquidate(&mut stage, Amount(ALL));
    (stage, done)
}

/// Ether goes before the weaker dollars of another kind.
pub(super) fn order_ignored() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let config = ReserveConfig {
        collateral_factor: Bps(6_500),
        liquidation_threshold: Bps(7_000),
        ..base_config()
    };
    let lower = |world: &mut World| world.ramp_reserve(Admin, (Harbour, Dai), config, 86_400);
    assert!(stage.act(Verb::UpdateReserve, &[Admin], lower));
    let deposit = |world: &mut World| world.deposit(Alice, Harbour, Dai, Dai.whole(1_000));
    assert!(stage.act(Verb::Deposit, &[Alice], deposit));
    stage.wait(2 * 86_400);
    stage.price(Weth, 1_400);
    let done = liquidate(&mut stage, Usdc.whole(10_000));
    (stage, done)
}
