//! The insurance fund and its stakes, what the protocol earns, and what comes back.

use cofferdam_lending_interface::{
    LendingError,
    instruction::ALL,
    math::{loss::LossSplit, shares::debt_shares_up},
    plan,
    state::{COOLDOWN_S, EXIT_WINDOW_S, LossPolicy, Mode, Reserve, Stake, VESTING_S},
    units::{Amount, Bps, DebtShares, FINE_PER_UNIT, Fine, Shares, WAD, Wad},
};
use proptest::prelude::*;

use crate::encoding::reserve;

const UNIT: u128 = FINE_PER_UNIT;
const DAY_S: i64 = 86_400;

/// 1,000,000 units supplied, of which 600,000 are lent; no interest.
fn lent() -> Reserve {
    let mut reserve = reserve();
    reserve.cash = Amount(400_000);
    reserve.debt_shares = DebtShares(600_000 * UNIT);
    reserve
}

fn stake() -> Stake {
    Stake {
        bump: 0,
        reserve: cofferdam_host::Address::default(),
        owner: cofferdam_host::Address::default(),
        shares: Shares::ZERO,
        epoch: 0,
        cooling: Shares::ZERO,
        cooling_from_s: 0,
    }
}

fn join(reserve: &mut Reserve, stake: &mut Stake, units: u64) {
    plan::stake(reserve, Amount(units)).unwrap().apply(reserve, stake).unwrap();
}

/// What a stake is worth.
fn worth(reserve: &Reserve, stake: &Stake) -> u128 {
    let mut settled = stake.clone();
    settled.settle(reserve.insurance_epoch);
    reserve.fund().assets_down(settled.shares).unwrap().get()
}

fn write_off(reserve: &mut Reserve, units: u128) -> LossSplit {
    reserve.write_off(DebtShares(units * UNIT)).unwrap()
}

#[test]
fn an_endowment_belongs_to_no_stake_and_moves_no_price() {
    let mut reserve = lent();
    let mut alice = stake();
    reserve.endow(Fine(500 * UNIT)).unwrap();
    assert_eq!(reserve.insurance_shares, Shares(500_000_000));
    join(&mut reserve, &mut alice, 1_000);
    assert_eq!(alice.shares, Shares(1_000_000_000));
    assert_eq!((reserve.insurance_staked, worth(&reserve, &alice)), (alice.shares, 1_000 * UNIT));
    reserve.endow(Fine(7_000 * UNIT)).unwrap();
    assert_eq!(worth(&reserve, &alice), 1_000 * UNIT);
    assert_eq!(reserve.fund().share_price_down(), Ok(Wad(WAD)));
}

/// Income belongs to all shares: of 300, two thirds to a stake of 1,000 beside 500 of the
/// protocol's, less what the virtual shares take.
#[test]
fn income_belongs_to_all_shares() {
    let mut reserve = lent();
    let mut alice = stake();
    reserve.endow(Fine(500 * UNIT)).unwrap();
    join(&mut reserve, &mut alice, 1_000);
    reserve.credit_insurance(Fine(300 * UNIT)).unwrap();
    // 1,000 × 1,801 ÷ 1,501.
    assert_eq!(worth(&reserve, &alice), 1_199_866_755_496);
    assert_eq!(reserve.insurance, Fine(1_800 * UNIT));
}

/// Without a stake, income is the protocol's and the price stays where it is, however small the
/// first drop was: a fund that grew by interest alone can be joined.
#[test]
fn income_before_the_first_stake_prices_nobody_out() {
    let mut reserve = lent();
    reserve.credit_insurance(Fine(1)).unwrap();
    reserve.credit_insurance(Fine(900_000_000 * UNIT)).unwrap();
    let mut alice = stake();
    join(&mut reserve, &mut alice, 10);
    let worth = worth(&reserve, &alice);
    assert!((9_999_999_000..=10 * UNIT).contains(&worth), "{worth}");
}

/// The first one in cannot price the second one out: tokens given to the fund stand for shares of
/// their own, so the attacker loses all of the gift and the second one not a fine unit beyond
/// rounding.
#[test]
fn the_first_stake_cannot_price_the_second_out() {
    let mut reserve = lent();
    let (mut mallory, mut alice) = (stake(), stake());
    join(&mut reserve, &mut mallory, 1);
    reserve.endow(Fine(1_000_000 * UNIT)).unwrap();
    join(&mut reserve, &mut alice, 999_999);
    assert!(worth(&reserve, &alice) >= 999_998 * UNIT);
    assert!(worth(&reserve, &mallory) <= UNIT);
}

/// Even when income that no share stood for before raised the price, somebody who joins is cheated
/// of no more than a unit.
#[test]
fn a_dear_share_costs_a_newcomer_a_unit_at_most() {
    let mut reserve = lent();
    let (mut mallory, alice) = (stake(), stake());
    join(&mut reserve, &mut mallory, 1);
    reserve.credit_insurance(Fine(1_000_000 * UNIT)).unwrap();
    for units in [2, 1_000, 999_999] {
        let (mut reserve, mut alice) = (reserve.clone(), alice.clone());
        join(&mut reserve, &mut alice, units);
        assert!(worth(&reserve, &alice) + UNIT > u128::from(units) * UNIT, "{units}");
    }
    let gone = plan::unstake(&reserve, &mallory, mallory.shares, 0);
    assert_eq!(gone, Err(LendingError::CooldownRequired));
}

#[test]
fn a_loss_falls_on_all_shares_alike_those_leaving_included() {
    let mut reserve = lent();
    let (mut alice, mut bob) = (stake(), stake());
    join(&mut reserve, &mut alice, 3_000);
    join(&mut reserve, &mut bob, 1_000);
    alice.cool(alice.shares, 1_000).unwrap();
    let split = write_off(&mut reserve, 1_000);
    assert_eq!(split.insurance, Fine(1_000 * UNIT));
    // 3,000 × 3,001 ÷ 4,001 and a third of it.
    assert_eq!(worth(&reserve, &alice), 2_250_187_453_136);
    assert_eq!(worth(&reserve, &bob), 750_062_484_378);
    assert_eq!((alice.shares, reserve.insurance_epoch), (Shares(3_000_000_000), 0));
}

#[test]
fn a_fund_that_is_used_up_begins_anew() {
    let mut reserve = lent();
    let (mut alice, mut bob) = (stake(), stake());
    join(&mut reserve, &mut alice, 1_000);
    alice.cool(alice.shares, 1_000).unwrap();
    write_off(&mut reserve, 1_000);
    assert_eq!((reserve.insurance, reserve.insurance_epoch), (Fine(0), 1));
    assert_eq!((reserve.insurance_shares, reserve.insurance_staked), (Shares(0), Shares(0)));
    let at_s = 1_000 + i64::from(COOLDOWN_S);
    let gone = plan::unstake(&reserve, &alice, alice.shares, at_s);
    assert_eq!(gone, Err(LendingError::InsufficientStake));
    join(&mut reserve, &mut bob, 500);
    assert_eq!((worth(&reserve, &alice), worth(&reserve, &bob)), (0, 500 * UNIT));
    // Whoever comes back begins with what they bring.
    join(&mut reserve, &mut alice, 100);
    assert_eq!(alice.shares, Shares(100_000_000));
    assert_eq!((alice.cooling, alice.epoch), (Shares(0), 1));
}

/// One unit left is a fund, less is none. What is left of it stays, as the protocol's own.
#[test]
fn the_least_fund_is_one_unit() {
    for (left, epoch) in [(UNIT, 0), (UNIT - 1, 1)] {
        let mut reserve = lent();
        let mut alice = stake();
        join(&mut reserve, &mut alice, 1_000);
        reserve.debt_shares = DebtShares(1_000 * UNIT - left);
        reserve.cash = Amount(2_000_000);
        reserve.write_off(reserve.debt_shares).unwrap();
        assert_eq!((reserve.insurance, reserve.insurance_epoch), (Fine(left), epoch), "{left}");
        assert_eq!(worth(&reserve, &alice) > 0, epoch == 0);
    }
}

#[test]
fn cooled_shares_leave_within_their_window_only() {
    let mut reserve = lent();
    let mut alice = stake();
    join(&mut reserve, &mut alice, 1_000);
    let half = Shares(alice.shares.get() / 2);
    let (ready_s, window_s) = (1_000 + i64::from(COOLDOWN_S), i64::from(EXIT_WINDOW_S));
    let out = |stake: &Stake, shares, at_s| plan::unstake(&reserve, stake, shares, at_s).map(drop);
    assert_eq!(out(&alice, half, ready_s), Err(LendingError::CooldownRequired));
    let too_much = Shares(alice.shares.get() + 1);
    assert_eq!(alice.cool(too_much, 1_000), Err(LendingError::InsufficientStake));
    alice.cool(half, 1_000).unwrap();
    assert_eq!(alice.ready_at_s(), Ok(ready_s));
    for (at_s, end) in [
        (ready_s - 1, Err(LendingError::CooldownRequired)),
        (ready_s, Ok(())),
        (ready_s + window_s, Ok(())),
        (ready_s + window_s + 1, Err(LendingError::CooldownRequired)),
    ] {
        assert_eq!(out(&alice, half, at_s), end, "{at_s}");
    }
    let more = Shares(half.get() + 1);
    assert_eq!(out(&alice, more, ready_s), Err(LendingError::CooldownRequired));
    assert_eq!(out(&alice, too_much, ready_s), Err(LendingError::InsufficientStake));
    assert_eq!(out(&alice, Shares(0), ready_s), Err(LendingError::AmountTooSmall));
    // Setting out again starts the clock again.
    alice.cool(half, ready_s).unwrap();
    assert_eq!(out(&alice, half, ready_s), Err(LendingError::CooldownRequired));
    alice.cool(Shares(0), ready_s).unwrap();
    assert_eq!(alice.cooling, Shares(0));
}

/// The debtor stakes nine times what a loss left of the fund and repays the claim: were that income
/// of all shares, he would have nine tenths of it back.
#[test]
fn nobody_stakes_to_repay_himself() {
    let mut reserve = lent();
    reserve.config.loss_policy = LossPolicy::InsuranceThenHaircut;
    let (mut alice, mut debtor) = (stake(), stake());
    join(&mut reserve, &mut alice, 1_000);
    write_off(&mut reserve, 900);
    join(&mut reserve, &mut debtor, 900);
    let before = (worth(&reserve, &alice), worth(&reserve, &debtor));
    reserve.cash = reserve.cash.plus(Amount(900)).unwrap();
    let split = reserve.recover(Fine(900 * UNIT)).unwrap();
    assert_eq!(split.insurance, Fine(900 * UNIT));
    let after = (worth(&reserve, &alice), worth(&reserve, &debtor));
    assert!(after.0.abs_diff(before.0) <= UNIT && after.1.abs_diff(before.1) <= UNIT);
    assert_eq!(reserve.insurance, Fine(1_900 * UNIT));
    assert_eq!(reserve.insurance_cash, reserve.insurance);
}

#[test]
fn leaving_needs_cash() {
    let mut reserve = lent();
    let mut alice = stake();
    join(&mut reserve, &mut alice, 1_000);
    alice.cool(alice.shares, 0).unwrap();
    let at_s = i64::from(COOLDOWN_S);
    reserve.cash = Amount(999);
    let dry = plan::unstake(&reserve, &alice, alice.shares, at_s);
    assert_eq!(dry, Err(LendingError::InsufficientCash));
    reserve.cash = Amount(1_000);
    let out = plan::unstake(&reserve, &alice, alice.shares, at_s).unwrap();
    out.apply(&mut reserve, &mut alice).unwrap();
    assert_eq!((reserve.cash, reserve.insurance), (Amount(0), Fine(0)));
    assert_eq!((alice.shares, alice.cooling), (Shares(0), Shares(0)));
    assert_eq!((reserve.insurance_shares, reserve.insurance_staked), (Shares(0), Shares(0)));
}

#[test]
fn what_the_protocol_earns_pays_the_deficit_first() {
    let mut reserve = lent();
    reserve.config.loss_policy = LossPolicy::Deficit;
    write_off(&mut reserve, 100);
    let supply = reserve.supply().unwrap();
    assert_eq!((reserve.deficit, supply.assets), (Fine(100 * UNIT), Fine(1_000_000 * UNIT)));
    reserve.credit_protocol(Fine(60 * UNIT)).unwrap();
    assert_eq!((reserve.deficit, reserve.covered), (Fine(40 * UNIT), Fine(60 * UNIT)));
    assert_eq!((reserve.fees, reserve.insurance), (Fine(0), Fine(0)));
    // 40 to the deficit; of 61 and 4 fine a fifth, rounded down, to the fund.
    reserve.credit_protocol(Fine(101 * UNIT + 4)).unwrap();
    assert_eq!((reserve.deficit, reserve.covered), (Fine(0), Fine(100 * UNIT)));
    assert_eq!(reserve.insurance, Fine(12_200_000_000));
    assert_eq!(reserve.fees, Fine(48_800_000_004));
}

#[test]
fn a_cover_takes_what_is_missing_and_no_more() {
    let mut reserve = lent();
    assert_eq!(plan::cover_deficit(&reserve, Amount(1)).err(), Some(LendingError::NoDeficit));
    reserve.config.loss_policy = LossPolicy::Deficit;
    reserve.write_off(DebtShares(100 * UNIT + 1)).unwrap();
    let zero = plan::cover_deficit(&reserve, Amount(0)).err();
    assert_eq!(zero, Some(LendingError::AmountTooSmall));
    let part = plan::cover_deficit(&reserve, Amount(30)).unwrap();
    assert_eq!((part.amount, part.covered), (Amount(30), Fine(30 * UNIT)));
    for asked in [101, 5_000, ALL] {
        let all = plan::cover_deficit(&reserve, Amount(asked)).unwrap();
        assert_eq!((all.amount, all.covered), (Amount(101), Fine(100 * UNIT + 1)), "{asked}");
    }
    let assets = reserve.supply().unwrap().assets;
    plan::cover_deficit(&reserve, Amount(ALL)).unwrap().apply(&mut reserve).unwrap();
    assert_eq!((reserve.deficit, reserve.covered), (Fine(0), Fine(100 * UNIT + 1)));
    // The rest of the unit is the suppliers'.
    assert_eq!(reserve.supply().unwrap().assets, Fine(assets.get() + UNIT - 1));
}

/// Deficit, suppliers, insurance, fees; and for a deficit that was covered meanwhile, fees.
#[test]
fn what_comes_back_goes_in_reverse_order() {
    let mut reserve = lent();
    reserve.fees = Fine(10 * UNIT);
    reserve.endow(Fine(20 * UNIT)).unwrap();
    reserve.cash = Amount(400_030);
    write_off(&mut reserve, 100);
    reserve.config.loss_policy = LossPolicy::Deficit;
    write_off(&mut reserve, 50);
    reserve.pay_deficit(Fine(15 * UNIT)).unwrap();
    let mut back = |units: u128| {
        reserve.cash = reserve.cash.plus(Amount(u64::try_from(units).unwrap())).unwrap();
        let split = reserve.recover(Fine(units * UNIT)).unwrap();
        [split.deficit, split.suppliers, split.insurance, split.fees].map(|fine| fine.get() / UNIT)
    };
    assert_eq!(back(20), [20, 0, 0, 0]);
    assert_eq!(back(16), [15, 1, 0, 0]);
    assert_eq!(back(80), [0, 69, 11, 0]);
    assert_eq!(back(34), [0, 0, 9, 25]);
    assert_eq!(reserve.recover(Fine(1)), Err(LendingError::LossMismatch));
}

/// A borrower who supplies a fortune, repays what was written off and withdraws in the same
/// second gets nothing of it back; a day later a seventh of it has vested.
#[test]
fn repaying_oneself_does_not_pay() {
    let mut reserve = lent();
    write_off(&mut reserve, 100_000);
    let before = reserve.supply().unwrap();
    let mut entry = cofferdam_lending_interface::state::Entry::default();
    let fortune = Amount(1_000_000_000);
    plan::deposit(&reserve, fortune).unwrap().apply(&mut reserve, &mut entry).unwrap();
    reserve.cash = reserve.cash.plus(Amount(100_000)).unwrap();
    reserve.recover(Fine(100_000 * UNIT)).unwrap();
    let held = reserve.supply().unwrap().assets_down(entry.supply).unwrap();
    assert!(held <= fortune.fine(), "{held}");
    let out = plan::withdraw(&reserve, &entry, Amount(ALL)).unwrap();
    out.apply(&mut reserve, &mut entry).unwrap();
    assert!(reserve.supply().unwrap().assets.get() - before.assets.get() <= UNIT);
    assert_eq!(reserve.vesting, Fine(100_000 * UNIT));

    reserve.debt_shares = DebtShares::ZERO;
    reserve.accrue(1_000 + DAY_S).unwrap();
    assert_eq!(reserve.vesting, Fine(600_000 * UNIT / 7 + 1));
    reserve.accrue(1_000 + 7 * DAY_S - 1).unwrap();
    assert!(!reserve.vesting.is_zero());
    reserve.accrue(1_000 + 7 * DAY_S).unwrap();
    assert_eq!(reserve.vesting, Fine::ZERO);
}

/// A stream of tiny repayments cannot hold a large one back.
#[test]
fn dust_does_not_prolong_the_vesting() {
    let mut reserve = lent();
    write_off(&mut reserve, 300_000);
    reserve.cash = Amount(700_000);
    reserve.debt_shares = DebtShares::ZERO;
    reserve.recover(Fine(100_000 * UNIT)).unwrap();
    let end_s = reserve.vesting_until_s;
    assert_eq!(end_s, 1_000 + i64::from(VESTING_S));
    for day in 1..=6 {
        reserve.accrue(1_000 + day * DAY_S).unwrap();
        reserve.recover(Fine(UNIT)).unwrap();
    }
    assert!(reserve.vesting_until_s - end_s <= 90, "{}", reserve.vesting_until_s - end_s);
    // As much again as is left moves the end half of the way.
    let mut again = reserve.clone();
    again.recover(again.vesting).unwrap();
    let moved = again.vesting_until_s - reserve.vesting_until_s;
    let most = 1_000 + 13 * DAY_S - reserve.vesting_until_s;
    assert!((moved * 2 - most).abs() <= 2, "{moved} of {most}");
}

/// What vests is the suppliers': it pays for the next loss once they have nothing else.
#[test]
fn what_vests_can_be_lost_again() {
    let mut reserve = lent();
    write_off(&mut reserve, 500_000);
    reserve.cash = Amount(500_000);
    reserve.recover(Fine(100_000 * UNIT)).unwrap();
    assert_eq!(reserve.supply().unwrap().assets, Fine(500_000 * UNIT));
    reserve.cash = Amount(0);
    reserve.debt_shares = DebtShares(600_000 * UNIT);
    let split = write_off(&mut reserve, 550_000);
    assert_eq!(split.suppliers, Fine(550_000 * UNIT));
    assert_eq!((reserve.supply().unwrap().assets, reserve.vesting), (Fine(0), Fine(50_000 * UNIT)));
    // What vests does not keep a reserve alive: whoever supplied at the price of nothing would get it.
    assert_eq!(reserve.mode, Mode::Killed);
}

#[test]
fn a_wiped_out_reserve_is_killed() {
    let mut reserve = reserve();
    reserve.supply_shares = Shares(10_000_000_000_000);
    reserve.cash = Amount(0);
    reserve.debt_shares = DebtShares(10_000_000 * UNIT);
    let mut alive = reserve.clone();
    write_off(&mut alive, 9_999_000);
    assert_eq!(alive.mode, Mode::Active);
    write_off(&mut reserve, 10_000_000);
    assert_eq!(reserve.mode, Mode::Killed);
}

/// A receivable counts as lent, a deficit does not.
#[test]
fn only_a_receivable_keeps_utilisation_up() {
    for (policy, percent) in
        [(LossPolicy::Receivable, 60), (LossPolicy::Deficit, 20), (LossPolicy::Haircut, 20)]
    {
        let mut reserve = lent();
        reserve.config.loss_policy = policy;
        write_off(&mut reserve, 500_000);
        reserve.cash = Amount(400_000);
        let used =
            reserve.utilisation_down().unwrap() / (cofferdam_lending_interface::units::RAY / 100);
        assert_eq!(used, percent, "{policy:?}");
    }
}

/// What somebody does who sees the loss coming.
#[derive(Clone, Copy, Debug)]
enum Dodge {
    Cool(u8),
    Leave(u8),
    Add(u16),
}

fn dodge() -> impl Strategy<Value = (u32, Dodge)> {
    let what = prop_oneof![
        any::<u8>().prop_map(Dodge::Cool),
        any::<u8>().prop_map(Dodge::Leave),
        (1..u16::MAX).prop_map(Dodge::Add),
    ];
    (1..COOLDOWN_S / 4, what)
}

fn part(shares: Shares, of_255: u8) -> Shares {
    Shares(shares.get() * u128::from(of_255) / 255)
}

proptest! {
    /// Whoever learns of a loss less than the cooldown before it, and knows everything from then
    /// on, does no better than a twin who sleeps.
    #[test]
    fn nobody_leaves_ahead_of_a_loss(
        ours in 1_u64..1_000_000,
        others in 0_u64..1_000_000,
        loss in 1_u128..400_000,
        dodges in prop::collection::vec(dodge(), 0..12),
    ) {
        let mut reserve = lent();
        let (mut runner, mut twin, mut rest) = (stake(), stake(), stake());
        join(&mut reserve, &mut runner, ours);
        join(&mut reserve, &mut twin, ours);
        if others > 0 {
            join(&mut reserve, &mut rest, others);
        }
        let (mut paid_in, mut paid_out, mut at_s) = (0_u128, 0_u128, 0_i64);
        for (wait_s, dodge) in dodges {
            at_s += i64::from(wait_s);
            // The loss comes before anything that set out after it was seen can leave.
            if at_s >= i64::from(COOLDOWN_S) {
                break;
            }
            match dodge {
                Dodge::Cool(share) => runner.cool(part(runner.shares, share), at_s).unwrap(),
                Dodge::Leave(share) => {
                    let shares = part(runner.shares, share);
                    if let Ok(out) = plan::unstake(&reserve, &runner, shares, at_s) {
                        out.apply(&mut reserve, &mut runner).unwrap();
                        paid_out += out.amount.fine().get();
                    }
                }
                Dodge::Add(units) => {
                    join(&mut reserve, &mut runner, u64::from(units));
                    paid_in += u128::from(units) * UNIT;
                }
            }
        }
        write_off(&mut reserve, loss);
        let (ours, slept) = (worth(&reserve, &runner) + paid_out, worth(&reserve, &twin));
        prop_assert!(ours <= slept + paid_in + UNIT, "{ours} against {slept} and {paid_in}");
    }

    /// Whatever happens, claims are covered, deficits are accounted for and stakes are paid.
    #[test]
    fn books_stay_whole(
        policy in prop::sample::select(LossPolicy::ALL.to_vec()),
        steps in prop::collection::vec((0_u8..8, 1_u64..50_000), 1..40),
    ) {
        let mut reserve = lent();
        reserve.config.loss_policy = policy;
        reserve.config.reserve_factor = Bps(2_000);
        let (mut alice, mut now_s, mut claimed) = (stake(), 1_000, 0_u128);
        for (what, size) in steps {
            match what {
                0 => {
                    let shares = debt_shares_up(Amount(size).fine(), reserve.index).unwrap();
                    claimed += reserve.write_off(shares.min(reserve.debt_shares)).unwrap().recognised.get();
                }
                1 => {
                    let back = Amount(size).fine().get().min(claimed);
                    reserve.cash = reserve.cash.plus(Fine(back).units_up().unwrap()).unwrap();
                    reserve.recover(Fine(back)).unwrap();
                    claimed -= back;
                }
                2 => if let Ok(plan) = plan::cover_deficit(&reserve, Amount(size)) {
                    plan.apply(&mut reserve).unwrap();
                },
                3 => join(&mut reserve, &mut alice, size),
                4 => {
                    alice.settle(reserve.insurance_epoch);
                    alice.cool(alice.shares, now_s).unwrap();
                }
                5 => if let Ok(out) = plan::unstake(&reserve, &alice, alice.cooling, now_s) {
                    out.apply(&mut reserve, &mut alice).unwrap();
                },
                6 => {
                    reserve.cash = reserve.cash.plus(Amount(size)).unwrap();
                    reserve.endow(Amount(size).fine()).unwrap();
                }
                _ => {
                    now_s += i64::try_from(size).unwrap() * 60;
                    reserve.accrue(now_s).unwrap();
                }
            }
            prop_assert!(reserve.supply().is_ok(), "claims exceed assets");
            prop_assert!(reserve.losses.is_exact() && reserve.recovered.is_exact());
            let gone = reserve.recovered.deficit.get() + reserve.covered.get();
            prop_assert_eq!(reserve.deficit.get() + gone, reserve.losses.deficit.get());
            prop_assert!(worth(&reserve, &alice) <= reserve.insurance.get());
            prop_assert!(reserve.insurance_staked <= reserve.insurance_shares);
        }
    }
}
