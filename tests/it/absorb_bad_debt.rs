use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, LossRecovered, ReserveWipedOut},
    math::loss::LossSplit,
    state::Mode,
    units::{DebtShares, Fine, Price},
};
use cofferdam_tests::{
    balances::Balances,
    scene::Scene,
    world::{Actor, World},
};

use crate::common::*;

/// Ether at 1,000: Alice's 50 are worth 50,000 and recover 50,000 ÷ 1.08 = 46,296.296… of her
/// 60,000, so 13,703.703703703703703 dollars are bad.
const BAD: u128 = 13_703_703_703_703_703_703;

fn insolvent(insurance: u64) -> World {
    let mut world = indebted();
    if insurance > 0 {
        done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(insurance)));
    }
    price(&mut world, Weth, 1_000);
    world
}

#[test]
fn insurance_pays_before_suppliers() {
    let mut world = insolvent(500);
    let receipt = moves(
        &mut world,
        Liquidator,
        |world| world.absorb(Harbour, Alice),
        [
            ("harbour USDC insurance", -500_000_000_000_000_000),
            ("harbour USDC insurance cash", -500_000_000_000_000_000),
            ("harbour USDC fund shares", -500_000_000_000_000),
            ("harbour USDC fund epoch", 1),
            ("harbour USDC debt shares", -13_703_703_703_703_703_703),
            ("alice@harbour USDC debt", -13_703_703_703_703_703_703),
            ("harbour USDC lost", 13_703_703_703_703_703_703),
            ("alice@harbour USDC claim", 13_703_703_703_703_703_703),
        ],
    );
    assert_eq!(receipt.events::<ReserveWipedOut>().count(), 0, "suppliers keep most of it");
    let event = event::<BadDebtAbsorbed>(&receipt);
    let loss = LossSplit {
        recognised: Fine(BAD),
        fees: Fine(0),
        insurance: Fine(500_000_000_000_000_000),
        suppliers: Fine(13_203_703_703_703_703_703),
        deficit: Fine::ZERO,
    };
    assert_eq!((event.loss, event.shares), (loss, DebtShares(BAD)));
    // Suppliers own 200,000 dollars less what they paid: the share price falls by 6.6 %.
    assert_eq!(event.share_price_before.get(), 1_000_000_000_000_000_000);
    assert_eq!(event.share_price_after.get() / 1_000_000_000_000, 933_981);
    assert_eq!(world.reserve(Harbour, Usdc).losses, loss);
}

#[test]
fn insurance_that_covers_leaves_suppliers_whole() {
    let mut world = insolvent(20_000);
    let before = world.reserve(Harbour, Usdc).supply();
    let event = event::<BadDebtAbsorbed>(&receipt_of(world.absorb(Harbour, Alice)));
    assert_eq!((event.loss.insurance, event.loss.suppliers), (Fine(BAD), Fine(0)));
    assert_eq!(event.share_price_after, event.share_price_before);
    assert_eq!(world.reserve(Harbour, Usdc).supply(), before);
}

/// With interest of a day in the books there are fees, which pay first.
#[test]
fn walks_the_waterfall() {
    let mut world = indebted();
    done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(500)));
    world.advance(86_400);
    done(world.refresh());
    price(&mut world, Weth, 1_000);
    let accrued = Scene::of(&world).accrued[&reserve(&world, Harbour, Usdc)].clone();
    assert!(accrued.fees > Fine(0), "no fees to pay with");

    let event = event::<BadDebtAbsorbed>(&receipt_of(world.absorb(Harbour, Alice)));
    assert_eq!(event.loss.fees, accrued.fees);
    assert!(accrued.insurance > Fine(500_000_000_000_000_000), "the fund earned nothing");
    assert_eq!(event.loss.insurance, accrued.insurance);
    let paid = event.loss.fees.get() + event.loss.insurance.get();
    assert_eq!(event.loss.suppliers.get(), event.loss.recognised.get() - paid);
    let reserve = world.reserve(Harbour, Usdc);
    assert_eq!((reserve.fees, reserve.insurance), (Fine(0), Fine(0)));
}

/// A loss that insurance alone could pay takes the fees first all the same.
#[test]
fn fees_pay_before_insurance() {
    let mut world = indebted();
    done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(20_000)));
    world.advance(86_400);
    done(world.refresh());
    price(&mut world, Weth, 1_000);
    let accrued = Scene::of(&world).accrued[&reserve(&world, Harbour, Usdc)].clone();
    let event = event::<BadDebtAbsorbed>(&receipt_of(world.absorb(Harbour, Alice)));
    assert!(accrued.fees > Fine(0), "no fees to pay with");
    assert_eq!((event.loss.fees, event.loss.suppliers), (accrued.fees, Fine(0)));
    assert_eq!(event.loss.insurance.get(), event.loss.recognised.get() - accrued.fees.get());
}

/// Paying the reduced debt is not enough to get the collateral of a written-off one.
#[test]
fn borrower_cannot_walk_away() {
    let mut world = insolvent(0);
    done(world.absorb(Harbour, Alice));
    // The price was a wick.
    price(&mut world, Weth, 2_000);
    let claim = LendingError::ClaimOutstanding;
    refuses(&world, Alice, claim, |w| w.withdraw(Alice, Harbour, Weth, Amount(1)));
    refuses(&world, Alice, claim, |w| w.borrow(Alice, Harbour, Usdc, Amount(1)));

    // 46,296.296296296296297 are owed; up to there nothing of the claim is paid.
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(46_296_296_297)));
    let entry = world.position(Harbour, Alice).state.entry(&reserve(&world, Harbour, Usdc));
    assert_eq!((entry.debt, entry.claim), (DebtShares(0), Fine(BAD)));
    refuses(&world, Alice, claim, |w| w.withdraw(Alice, Harbour, Weth, Amount(ALL)));
    refuses(&world, Alice, LendingError::SameReserve, |w| {
        w.deposit(Alice, Harbour, Usdc, Amount(1))
    });

    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    done(world.withdraw(Alice, Harbour, Weth, Amount(ALL)));
    assert_eq!(world.position(Harbour, Alice).state.used().count(), 0);
}

/// What comes back goes to suppliers first, then to insurance.
#[test]
fn claim_flows_back() {
    let mut world = insolvent(500);
    done(world.absorb(Harbour, Alice));
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(46_296_296_297)));
    let part = receipt_of(world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(13_000)));
    let to_suppliers = LossSplit {
        recognised: Fine(13_000_000_000_000_000_000),
        suppliers: Fine(13_000_000_000_000_000_000),
        ..LossSplit::default()
    };
    assert_eq!(event::<LossRecovered>(&part).split, to_suppliers);

    // 703.703703703703703 are left: 203.703703703703703 of suppliers, 500 of insurance.
    let receipt = moves(
        &mut world,
        Bob,
        |world| world.repay(Bob, (Harbour, Alice), Usdc, Amount(ALL)),
        [
            ("bob USDC", -703_703_704),
            ("harbour USDC vault", 703_703_704),
            ("harbour USDC cash", 703_703_704),
            ("harbour USDC insurance", 500_000_000_000_000_000),
            ("harbour USDC insurance cash", 500_000_000_000_000_000),
            ("harbour USDC fund shares", 500_000_000_000_000),
            ("harbour USDC vesting", 203_703_703_703_703_703),
            ("harbour USDC recovered", 703_703_703_703_703_703),
            ("alice@harbour USDC claim", -703_703_703_703_703_703),
        ],
    );
    let split = event::<LossRecovered>(&receipt).split;
    assert_eq!(split.suppliers, Fine(203_703_703_703_703_703));
    assert_eq!(split.insurance, Fine(500_000_000_000_000_000));
}

/// Ether halved for an hour and is back at 2,000. Its average is not, and at that Alice's debt would
/// be bad: suppliers would pay for a loss that never was, and she would owe without interest.
#[test]
fn a_spike_that_is_over_makes_no_debt_bad() {
    let mut world = indebted();
    price(&mut world, Weth, 1_000);
    for _ in 0..24 {
        world.advance(3_600);
        done(world.refresh());
    }
    done(world.clone().absorb(Harbour, Alice));
    price(&mut world, Weth, 2_000);
    let health = world.market(Harbour).health(&world.position(Harbour, Alice)).expect("priced");
    assert!(!health.liquidatable);
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
}

#[test]
fn refuses_without_bad_debt() {
    refuses(&indebted(), Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
    refuses(&fresh(), Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Bob));
    // At 1,296 the ether recovers exactly 60,000: liquidation can still end it.
    let mut world = indebted();
    price(&mut world, Weth, 1_296);
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
}

/// The log says whose price is to blame, collateral as well as debt.
#[test]
fn the_refusal_names_the_price() {
    for asset in [Weth, Usdc] {
        let mut world = insolvent(0);
        let par = if asset == Weth { dollars(1_000) } else { asset.par() };
        done(world.publish_around(asset, par, Price(par.get() / 10)));
        let error = world.clone().absorb(Harbour, Alice).expect_err("an uncertain price");
        assert_eq!(error.lending(), Some(LendingError::PriceUncertain), "{error}");
        let (text, reserve) = (format!("{error:?}"), reserve(&world, Harbour, asset));
        assert!(text.contains(&format!("of reserve {reserve}: price")), "{text}");
        refuses(&world, Liquidator, LendingError::PriceUncertain, |w| w.absorb(Harbour, Alice));
    }
}

#[test]
fn a_second_recognition_finds_nothing() {
    let mut world = insolvent(0);
    done(world.absorb(Harbour, Alice));
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
}

/// Suppliers whose reserve was wiped out: shares worth nothing can be cleared, and new money is
/// refused as long as somebody holds such shares.
#[test]
fn a_wiped_out_reserve_takes_no_supply() {
    let mut world = fresh();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(60_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    // A price of 10⁻¹⁸ leaves collateral that recovers nothing a loan is counted in.
    done(world.publish(Weth, cofferdam_lending_interface::units::Price(1)));
    let receipt = receipt_of(world.absorb(Harbour, Alice));
    let wiped_out = ReserveWipedOut { reserve: reserve(&world, Harbour, Usdc) };
    assert_eq!(event::<ReserveWipedOut>(&receipt), wiped_out);
    assert_eq!(world.reserve(Harbour, Usdc).mode, Mode::Killed);
    let supply = world.reserve(Harbour, Usdc).supply();
    assert!(supply.is_ok_and(|supply| supply.assets < Fine(1_000_000_000)), "{supply:?}");
    let deposit = world.deposit(Bob, Harbour, Usdc, Usdc.whole(1));
    let refusal = deposit.expect_err("a reserve that lost everything").lending();
    assert_eq!(refusal, Some(LendingError::ModeForbids));
    let before = Balances::of(&world);
    done(world.withdraw(Dave, Harbour, Usdc, Amount(ALL)));
    let moved = before.to(&Balances::of(&world));
    assert_eq!((moved.get("dave USDC"), moved.get("harbour USDC vault")), (0, 0));
    assert_eq!(world.reserve(Harbour, Usdc).mode, Mode::Killed, "for good");
}

/// After a loss, interest of `seconds` and repaid debts, Dave takes everything he can.
fn left_after(seconds: u64) -> World {
    let mut world = indebted();
    done(world.deposit(Bob, Harbour, Weth, Weth.whole(100)));
    done(world.borrow(Bob, Harbour, Usdc, Usdc.whole(10_000)));
    price(&mut world, Weth, 500);
    done(world.absorb(Harbour, Alice));
    world.advance(seconds);
    done(world.repay(Liquidator, (Harbour, Bob), Usdc, Amount(ALL)));
    let position = world.position_address(Harbour, Alice);
    let address = reserve(&world, Harbour, Usdc);
    let claim = world.position(Harbour, Alice).state.entry(&address).claim;
    let claim = claim.units_up().expect("the claim fits a token account");
    let owed = Scene::of(&world).owed(&position, &address).minus(claim);
    let owed = owed.expect("what is owed includes the claim");
    done(world.repay(Liquidator, (Harbour, Alice), Usdc, owed));
    done(world.withdraw(Dave, Harbour, Usdc, Amount(ALL)));
    world
}

/// The virtual share takes part in a loss, so the last supplier's claim may round up into the
/// fees. That must never leave books whose claims exceed their assets.
#[test]
fn suppliers_can_leave_after_a_loss() {
    for seconds in 1..40 {
        let mut world = left_after(seconds);
        let reserve = world.reserve(Harbour, Usdc);
        assert!(reserve.supply().is_ok(), "after {seconds} s: {reserve:?}");
        let newcomer: Actor = Mallory;
        done(world.deposit(newcomer, Harbour, Usdc, Usdc.whole(1)));
    }
}
