//! Rounding and share accounting.

use cofferdam_tests::{action::Verb, world::World};

use super::Stage;
use crate::common::*;

const DAY_S: u64 = 86_400;

/// A day of interest, so that no index and no share price is a round number.
fn aged() -> Stage {
    let mut stage = Stage::new(indebted());
    stage.wait(DAY_S);
    stage
}

pub(super) fn borrow_share_floor() -> (Stage, bool) {
    let mut stage = aged();
    let amounts = [1_000_003, 1_000_019, 1_000_033, 1_000_037];
    let cheap = amounts.map(|units| stage.borrows_too_cheaply(Alice, Usdc, Amount(units)));
    (stage, cheap.contains(&true))
}

pub(super) fn withdraw_round_user() -> (Stage, bool) {
    withdraws()
}

pub(super) fn redeem_trunc_empty() -> (Stage, bool) {
    withdraws()
}

/// A thousand units of supply, and a fee of one unit for them to share.
pub(super) fn no_virtual_shares() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let deposit = |world: &mut World| world.deposit(Carol, Harbour, Dai, Amount(1_000));
    assert!(stage.act(Verb::Deposit, &[Carol], deposit));
    let flash = |world: &mut World| world.flash(Bob, (Harbour, Dai), Amount(1_000), &[]);
    assert!(stage.act(Verb::Borrow, &[Bob], flash));
    let cheap = stage.withdraws_too_cheaply(Carol, Dai, Amount(500));
    (stage, cheap)
}

pub(super) fn index_inflate_flashfee() -> (Stage, bool) {
    withdraws()
}

fn withdraws() -> (Stage, bool) {
    let mut stage = aged();
    let cheap = stage.withdraws_too_cheaply(Dave, Usdc, Amount(1_000_003));
    (stage, cheap)
}

pub(super) fn part_base_skew() -> (Stage, bool) {
    let mut stage = aged();
    let amounts = [1_000_003, 1_000_019, 1_000_033, 1_000_037];
    let cheap = amounts.map(|units| stage.repays_too_cheaply(Alice, Usdc, Amount(units)));
    (stage, cheap.contains(&true))
}

/// What was given to the vault becomes the suppliers'.
pub(super) fn donation_is_cash() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let give = |world: &mut World| world.donate(Mallory, Harbour, Usdc, Usdc.whole(1_000));
    let given = stage.act(Verb::Donate, &[Mallory], give);
    let deposit = |world: &mut World| world.deposit(Dave, Harbour, Usdc, Usdc.whole(1));
    let done = stage.act(Verb::Deposit, &[Dave], deposit);
    let booked = stage.reserve(Harbour, Usdc).cash == Usdc.whole(141_001);
    (stage, given && done && booked)
}

/// Nothing for nothing, booked as a deposit.
pub(super) fn zero_share_deposit() -> (Stage, bool) {
    let mut stage = Stage::new(indebted());
    let done =
        stage.act(Verb::Deposit, &[Carol], |world| world.deposit(Carol, Harbour, Usdc, Amount(0)));
    (stage, done)
}
