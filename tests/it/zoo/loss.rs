//! Bad debt, insurance, and who pays.

use cofferdam_lending_interface::{
    state::{COOLDOWN_S, LossPolicy, ReserveConfig},
    units::Shares,
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{
    action::Verb,
    world::{Actor, Asset, World, base_config},
};

use super::Stage;
use crate::common::*;

fn cover(stage: &mut Stage, asset: Asset, tokens: u64) {
    let fund = |world: &mut World| world.fund_insurance(Admin, Harbour, asset, asset.whole(tokens));
    assert!(stage.act(Verb::FundInsurance, &[Admin], fund));
}

/// Ether at 1,000: 13,703 of Alice's 60,000 dollars are bad.
fn crash(stage: &mut Stage) {
    stage.wait(0);
    stage.price(Weth, 1_000);
}

fn absorb(stage: &mut Stage) -> bool {
    stage.act(Verb::AbsorbBadDebt, &[Liquidator], |world| world.absorb(Harbour, Alice))
}

fn insolvent() -> Stage {
    let mut stage = Stage::new(indebted());
    crash(&mut stage);
    stage
}

/// Who leaves after the loss is paid as if there had been none.
pub(super) fn absorb_stale_share_price() -> (Stage, bool) {
    let mut stage = insolvent();
    assert!(absorb(&mut stage));
    let cheap = stage.withdraws_too_cheaply(Dave, Usdc, Usdc.whole(1_000));
    (stage, cheap)
}

pub(super) fn insurance_double_count() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    cover(&mut stage, Usdc, 500);
    crash(&mut stage);
    let done = absorb(&mut stage);
    let kept = !stage.reserve(Harbour, Usdc).insurance.is_zero();
    (stage, done && kept)
}

/// All of the debt is written off, and the ether stays.
pub(super) fn absorb_with_collateral() -> (Stage, bool) {
    let mut stage = insolvent();
    stage.finish();
    let done = absorb(&mut stage);
    let free = stage.entry(Harbour, Alice, Usdc).debt.is_zero();
    (stage, done && free)
}

pub(super) fn absorb_keeps_debt() -> (Stage, bool) {
    let mut stage = insolvent();
    let before = stage.entry(Harbour, Alice, Usdc).debt;
    let done = absorb(&mut stage);
    let kept = stage.entry(Harbour, Alice, Usdc).debt == before;
    (stage, done && kept)
}

pub(super) fn claim_forgotten() -> (Stage, bool) {
    let mut stage = insolvent();
    let done = absorb(&mut stage);
    let forgotten = stage.entry(Harbour, Alice, Usdc).claim.is_zero();
    (stage, done && forgotten)
}

/// The collateral is gone, 10,495 dollars are owed, and the loss is on nobody's books.
pub(super) fn first_out() -> (Stage, bool) {
    let mut stage = insolvent();
    stage.finish();
    let take =
        |world: &mut World| world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0));
    let done = stage.act(Verb::Liquidate, &[Liquidator], take);
    let owes = !stage.entry(Harbour, Alice, Usdc).debt.is_zero();
    let bare = stage.entry(Harbour, Alice, Weth).supply.is_zero();
    (stage, done && owes && bare)
}

fn join(stage: &mut Stage, who: Actor, asset: Asset, tokens: u64) {
    let verb = Verb::FundInsurance;
    assert!(stage.act(verb, &[who], |world| world.open_stake(who, Harbour, asset)));
    let put = |world: &mut World| world.stake(who, Harbour, asset, asset.whole(tokens));
    assert!(stage.act(verb, &[who], put));
}

fn cool(stage: &mut Stage, who: Actor, asset: Asset, shares: Shares) -> bool {
    let cool = |world: &mut World| world.cool(who, Harbour, asset, shares);
    stage.act(Verb::FundInsurance, &[who], cool)
}

/// Bob's stake in the dollars' fund is paid out of the ether's.
pub(super) fn cross_pool_bleed() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    join(&mut stage, Bob, Dai, 1_000);
    join(&mut stage, Carol, Weth, 10);
    let shares = Shares(1_000_000_000_000_000);
    assert!(cool(&mut stage, Bob, Dai, shares));
    stage.wait(u64::from(COOLDOWN_S));
    let (person, keys) = (stage.world().person(Bob), stage.world().keys(Harbour, Weth));
    let mut leave = build::unstake_insurance(&person, &keys, shares);
    let (own, other) = (
        stage.world().stake_address(Bob, Harbour, Weth),
        stage.world().stake_address(Bob, Harbour, Dai),
    );
    let accounts = leave.accounts.iter_mut().filter(|account| account.pubkey == own);
    accounts.for_each(|account| account.pubkey = other);
    let done = stage.send(Verb::FundInsurance, Bob, &[leave]);
    (stage, done)
}

/// Ten days too early.
pub(super) fn cooldown_skipped() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    join(&mut stage, Bob, Usdc, 1_000);
    let shares = Shares(1_000_000_000);
    assert!(cool(&mut stage, Bob, Usdc, shares));
    let leave = |world: &mut World| world.unstake(Bob, Harbour, Usdc, shares);
    let done = stage.act(Verb::FundInsurance, &[Bob], leave);
    (stage, done)
}

/// Bob's fund paid for a loss and ended; what Carol brings to the next one goes to him.
pub(super) fn stale_epoch() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    join(&mut stage, Bob, Usdc, 1_000);
    crash(&mut stage);
    assert!(absorb(&mut stage));
    join(&mut stage, Carol, Usdc, 1_000);
    let shares = Shares(1_000_000_000);
    let cooling = cool(&mut stage, Bob, Usdc, shares);
    stage.wait(u64::from(COOLDOWN_S));
    let leave = |world: &mut World| world.unstake(Bob, Harbour, Usdc, shares);
    let done = stage.act(Verb::FundInsurance, &[Bob], leave);
    (stage, cooling && done)
}

/// Alice repays what was written off.
fn repaid() -> Stage {
    let mut stage = insolvent();
    assert!(absorb(&mut stage));
    let repay = |world: &mut World| world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL));
    assert!(stage.act(Verb::Repay, &[Alice], repay));
    stage
}

pub(super) fn recovery_to_fees() -> (Stage, bool) {
    let stage = repaid();
    let recovered = stage.reserve(Harbour, Usdc).recovered;
    (stage, recovered.suppliers.is_zero() && !recovered.fees.is_zero())
}

pub(super) fn vesting_skipped() -> (Stage, bool) {
    let stage = repaid();
    let reserve = stage.reserve(Harbour, Usdc);
    (stage, reserve.vesting.is_zero() && !reserve.recovered.suppliers.is_zero())
}

/// A deficit is paid down and nobody knows by how much.
pub(super) fn deficit_uncounted() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let config = ReserveConfig { loss_policy: LossPolicy::Deficit, ..base_config() };
    let set = |world: &mut World| world.update_reserve(Harbour, Usdc, config);
    assert!(stage.act(Verb::UpdateReserve, &[Admin], set));
    crash(&mut stage);
    assert!(absorb(&mut stage));
    let pay = |world: &mut World| world.cover_deficit(Carol, Harbour, Usdc, Usdc.whole(100));
    let done = stage.act(Verb::FundInsurance, &[Carol], pay);
    let uncounted = stage.reserve(Harbour, Usdc).covered.is_zero();
    (stage, done && uncounted)
}

/// The fund's 500 dollars are lent with the rest.
pub(super) fn fund_is_lent() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    cover(&mut stage, Usdc, 500);
    let deposit = |world: &mut World| world.deposit(Alice, Harbour, Weth, Weth.whole(500));
    assert!(stage.act(Verb::Deposit, &[Alice], deposit));
    let borrow = |world: &mut World| world.borrow(Alice, Harbour, Usdc, Usdc.whole(140_500));
    let done = stage.act(Verb::Borrow, &[Alice], borrow);
    (stage, done)
}

/// A loan of 1,999 units pays nothing.
pub(super) fn flash_fee_floor() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let before = stage.wallet(Carol, Usdc);
    let flash = |world: &mut World| world.flash(Carol, (Harbour, Usdc), Amount(1_999), &[]);
    let done = stage.act(Verb::Borrow, &[Carol], flash);
    let free = stage.wallet(Carol, Usdc) == before;
    (stage, done && free)
}
