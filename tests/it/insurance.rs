//! Joining a reserve's insurance fund, paying for losses with it, and leaving it.

use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, CooldownStarted, StakeOpened, Staked, Unstaked},
    state::{COOLDOWN_S, EXIT_WINDOW_S},
    units::Shares,
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::world::World;

use crate::common::*;

/// Alice owes 60,000 dollars, and Bob has staked 1,000 in their insurance.
fn staked() -> World {
    let mut world = indebted();
    done(world.open_stake(Bob, Harbour, Usdc));
    done(world.stake(Bob, Harbour, Usdc, Usdc.whole(1_000)));
    world
}

/// Ether at 1,000: 13,703.703703703703703 dollars of Alice's debt are bad.
fn crash(world: &mut World) {
    done(world.refresh());
    price(world, Weth, 1_000);
}

#[test]
fn opens_an_empty_stake_once() {
    let mut world = fresh();
    let receipt = receipt_of(world.open_stake(Bob, Harbour, Usdc));
    let stake = world.stake_address(Bob, Harbour, Usdc);
    let (reserve, owner) = (reserve(&world, Harbour, Usdc), world.person(Bob));
    assert_eq!(event::<StakeOpened>(&receipt), StakeOpened { reserve, stake, owner });
    let state = world.stake_state(Bob, Harbour, Usdc);
    assert_eq!((state.reserve, state.owner), (reserve, owner));
    assert_eq!((state.shares, state.cooling, state.epoch), (Shares(0), Shares(0), 0));
    refuses(&world, Bob, LendingError::AlreadyInitialised, |w| w.open_stake(Bob, Harbour, Usdc));
}

#[test]
fn stake_moves_tokens_and_shares() {
    let mut world = indebted();
    done(world.open_stake(Bob, Harbour, Usdc));
    let receipt = moves(
        &mut world,
        Bob,
        |world| world.stake(Bob, Harbour, Usdc, Usdc.whole(1_000)),
        [
            ("bob USDC", -1_000_000_000),
            ("harbour USDC vault", 1_000_000_000),
            ("harbour USDC cash", 1_000_000_000),
            ("harbour USDC insurance", 1_000_000_000_000_000_000),
            ("harbour USDC insurance cash", 1_000_000_000_000_000_000),
            ("harbour USDC fund shares", 1_000_000_000_000_000),
            ("harbour USDC fund staked", 1_000_000_000_000_000),
            ("bob@harbour USDC stake", 1_000_000_000_000_000),
        ],
    );
    let expected = Staked {
        stake: world.stake_address(Bob, Harbour, Usdc),
        reserve: reserve(&world, Harbour, Usdc),
        amount: Usdc.whole(1_000),
        shares: Shares(1_000_000_000_000_000),
    };
    assert_eq!(event::<Staked>(&receipt), expected);
    refuses(&world, Bob, LendingError::AmountTooSmall, |w| w.stake(Bob, Harbour, Usdc, Amount(0)));
}

/// Suppliers can neither borrow nor withdraw what is staked.
#[test]
fn staked_tokens_are_not_lent() {
    let mut world = staked();
    let room = world.reserve(Harbour, Usdc).available();
    assert_eq!(room, Ok(Usdc.whole(140_000)));
    done(world.deposit(Bob, Harbour, Weth, Weth.whole(1_000)));
    refuses(&world, Bob, LendingError::InsufficientCash, |w| {
        w.borrow(Bob, Harbour, Usdc, Amount(140_000_000_001))
    });
}

#[test]
fn a_stake_pays_before_the_suppliers() {
    let mut world = staked();
    crash(&mut world);
    let receipt = moves(
        &mut world,
        Liquidator,
        |world| world.absorb(Harbour, Alice),
        [
            ("harbour USDC insurance", -1_000_000_000_000_000_000),
            ("harbour USDC insurance cash", -1_000_000_000_000_000_000),
            ("harbour USDC fund shares", -1_000_000_000_000_000),
            ("harbour USDC fund staked", -1_000_000_000_000_000),
            ("harbour USDC fund epoch", 1),
            ("harbour USDC debt shares", -13_703_703_703_703_703_703),
            ("alice@harbour USDC debt", -13_703_703_703_703_703_703),
            ("harbour USDC lost", 13_703_703_703_703_703_703),
            ("alice@harbour USDC claim", 13_703_703_703_703_703_703),
        ],
    );
    let loss = event::<BadDebtAbsorbed>(&receipt).loss;
    assert_eq!(loss.insurance, Usdc.whole(1_000).fine());
    // The fund was used up: Bob's shares are of an epoch that is over, and worth nothing.
    let shares = world.stake_state(Bob, Harbour, Usdc).shares;
    refuses(&world, Bob, LendingError::InsufficientStake, |w| w.cool(Bob, Harbour, Usdc, shares));
    done(world.stake(Bob, Harbour, Usdc, Usdc.whole(1)));
    let stake = world.stake_state(Bob, Harbour, Usdc);
    assert_eq!((stake.shares, stake.epoch), (Shares(1_000_000_000_000), 1));
}

#[test]
fn cooled_shares_leave_at_their_price() {
    let mut world = staked();
    let half = Shares(500_000_000_000_000);
    let receipt = moves(
        &mut world,
        Bob,
        |world| world.cool(Bob, Harbour, Usdc, half),
        [("bob@harbour USDC cooling", 500_000_000_000_000)],
    );
    let ready_at_s = world.now_s() + i64::from(COOLDOWN_S);
    let stake = world.stake_address(Bob, Harbour, Usdc);
    let expected = CooldownStarted { stake, shares: half, ready_at_s };
    assert_eq!(event::<CooldownStarted>(&receipt), expected);

    // No interest, so that the price stays what it is.
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    world.advance(u64::from(COOLDOWN_S));
    let receipt = moves(
        &mut world,
        Bob,
        |world| world.unstake(Bob, Harbour, Usdc, half),
        [
            ("bob USDC", 500_000_000),
            ("harbour USDC vault", -500_000_000),
            ("harbour USDC cash", -500_000_000),
            ("harbour USDC insurance", -500_000_000_000_000_000),
            ("harbour USDC insurance cash", -500_000_000_000_000_000),
            ("harbour USDC fund shares", -500_000_000_000_000),
            ("harbour USDC fund staked", -500_000_000_000_000),
            ("bob@harbour USDC stake", -500_000_000_000_000),
            ("bob@harbour USDC cooling", -500_000_000_000_000),
        ],
    );
    let reserve = reserve(&world, Harbour, Usdc);
    let expected = Unstaked { stake, reserve, amount: Usdc.whole(500), shares: half };
    assert_eq!(event::<Unstaked>(&receipt), expected);
}

#[test]
fn leaves_within_the_window_only() {
    let mut world = staked();
    let half = Shares(500_000_000_000_000);
    let early = LendingError::CooldownRequired;
    refuses(&world, Bob, early, |w| w.unstake(Bob, Harbour, Usdc, half));
    done(world.cool(Bob, Harbour, Usdc, half));
    world.advance(u64::from(COOLDOWN_S) - 1);
    refuses(&world, Bob, early, |w| w.unstake(Bob, Harbour, Usdc, half));
    world.advance(1);
    refuses(&world, Bob, early, |w| w.unstake(Bob, Harbour, Usdc, Shares(half.get() + 1)));
    done(world.clone().unstake(Bob, Harbour, Usdc, half));
    world.advance(u64::from(EXIT_WINDOW_S));
    done(world.clone().unstake(Bob, Harbour, Usdc, half));
    world.advance(1);
    refuses(&world, Bob, early, |w| w.unstake(Bob, Harbour, Usdc, half));
}

/// Whoever set out pays like everybody else until they have left.
#[test]
fn shares_that_cool_down_bear_the_loss() {
    let mut world = staked();
    done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(19_000)));
    done(world.cool(Bob, Harbour, Usdc, Shares(1_000_000_000_000_000)));
    // The day before Bob may leave.
    world.advance(u64::from(COOLDOWN_S) - 86_400);
    crash(&mut world);
    done(world.absorb(Harbour, Alice));
    world.advance(86_400);
    let before = world.ledger().clone();
    let receipt = receipt_of(world.unstake(Bob, Harbour, Usdc, Shares(1_000_000_000_000_000)));
    // The loss takes 13,7xx of 20,0xx dollars, interest of ten days included on both sides.
    let amount = event::<Unstaked>(&receipt).amount.get();
    assert!((312_000_000..318_000_000).contains(&amount), "{amount}");
    drop(before);
}

/// What a fund is given stands for shares of its own: nobody who has a stake gains by it.
#[test]
fn an_endowment_is_no_gift_to_stakes() {
    let mut world = staked();
    done(world.fund_insurance(Dave, Harbour, Usdc, Usdc.whole(5_000)));
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    done(world.cool(Bob, Harbour, Usdc, Shares(1_000_000_000_000_000)));
    world.advance(u64::from(COOLDOWN_S));
    let out = receipt_of(world.unstake(Bob, Harbour, Usdc, Shares(1_000_000_000_000_000)));
    assert_eq!(event::<Unstaked>(&out).amount, Usdc.whole(1_000));
    let reserve = world.reserve(Harbour, Usdc);
    assert_eq!(reserve.insurance, Usdc.whole(5_000).fine());
    assert_eq!(
        (reserve.insurance_staked, reserve.insurance_shares.get()),
        (Shares(0), 5_000_000_000_000_000)
    );
}

/// A stake earns the fund's part of interest; a year of Alice's loan.
#[test]
fn a_stake_earns_interest() {
    let mut world = staked();
    world.advance(31_536_000);
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    let reserve = world.reserve(Harbour, Usdc);
    let earned = reserve.insurance.get() - Usdc.whole(1_000).fine().get();
    assert_eq!(earned, (reserve.fees.get() + earned) / 5);
    assert!(earned > 0, "no interest");
    let stake = world.stake_state(Bob, Harbour, Usdc);
    let worth = reserve.fund().assets_down(stake.shares).expect("it fits");
    // The virtual shares take a thousandth of a millionth.
    assert!(worth.get() * 1_000_000_000 >= reserve.insurance.get() * 999_999_998);
}

/// Interest that nobody has paid yet gives the fund no claim on the cash that comes in: in a reserve
/// that is lent out, suppliers would wait until the fund had all it earned.
#[test]
fn what_the_fund_earned_keeps_no_supplier_waiting() {
    let mut world = staked();
    let room = world.reserve(Harbour, Usdc).available().expect("it fits");
    done(world.withdraw(Dave, Harbour, Usdc, room));
    world.advance(31_536_000);
    done(world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(100)));
    let reserve = world.reserve(Harbour, Usdc);
    let earned = reserve.insurance.get() - Usdc.whole(1_000).fine().get();
    assert!(earned > Usdc.whole(100).fine().get(), "earned {earned}");
    assert_eq!(reserve.insurance_cash, Usdc.whole(1_000).fine());
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(100)));
    let after = world.reserve(Harbour, Usdc);
    assert_eq!((after.cash, after.insurance), (Usdc.whole(1_000), reserve.insurance));
    refuses(&world, Dave, LendingError::InsufficientCash, |w| {
        w.withdraw(Dave, Harbour, Usdc, Amount(1))
    });
}

/// A staker who wants out cannot take what is not there.
#[test]
fn leaving_waits_for_cash() {
    let mut world = staked();
    done(world.cool(Bob, Harbour, Usdc, Shares(1_000_000_000_000_000)));
    world.advance(u64::from(COOLDOWN_S));
    done(world.refresh());
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(139_000)));
    let reserve = world.reserve(Harbour, Usdc);
    let room = reserve.available().expect("it fits");
    done(world.deposit(Bob, Harbour, Weth, Weth.whole(1_000)));
    done(world.borrow(Bob, Harbour, Usdc, room));
    // All that is left is what was paid in, and the fund may take it; what it earned has to wait.
    assert_eq!(world.reserve(Harbour, Usdc).cash, Usdc.whole(1_000));
    let all = Shares(1_000_000_000_000_000);
    refuses(&world, Bob, LendingError::InsufficientCash, |w| w.unstake(Bob, Harbour, Usdc, all));
    done(world.unstake(Bob, Harbour, Usdc, Shares(999_000_000_000_000)));
    assert!(world.reserve(Harbour, Usdc).insurance_cash < Usdc.whole(1).fine());
}

#[test]
fn nobody_touches_anothers_stake() {
    let world = staked();
    let keys = world.keys(Harbour, Usdc);
    let stake = world.stake_address(Bob, Harbour, Usdc);
    let wrong = LendingError::WrongAuthority;
    refuses(&world, Mallory, wrong, |world| {
        let mut cool = build::start_cooldown(&world.person(Mallory), &keys, Shares(1));
        cool.accounts[3].pubkey = stake;
        world.send(&[Mallory], &[cool])
    });
    let mut world = world;
    done(world.open_stake(Mallory, Harbour, Usdc));
    refuses(&world, Mallory, LendingError::InsufficientStake, |world| {
        world.cool(Mallory, Harbour, Usdc, Shares(1))
    });
}
