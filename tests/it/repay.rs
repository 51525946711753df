use cofferdam_lending_interface::{
    LendingError,
    event::Repaid,
    units::{DebtShares, Fine, Index},
};
use cofferdam_tests::balances::Balances;

use crate::common::*;

/// Seconds of a year, to which rates refer.
const YEAR_S: u64 = 31_536_000;

#[test]
fn moves_tokens_and_debt() {
    let mut world = indebted();
    let receipt = moves(
        &mut world,
        Alice,
        |world| world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(20_000)),
        [
            ("alice USDC", -20_000_000_000),
            ("harbour USDC vault", 20_000_000_000),
            ("harbour USDC cash", 20_000_000_000),
            ("harbour USDC debt shares", -20_000_000_000_000_000_000),
            ("alice@harbour USDC debt", -20_000_000_000_000_000_000),
        ],
    );
    let expected = Repaid {
        position: world.position_address(Harbour, Alice),
        reserve: reserve(&world, Harbour, Usdc),
        payer: world.person(Alice),
        amount: Usdc.whole(20_000),
        shares: DebtShares(20_000_000_000_000_000_000),
    };
    assert_eq!(event::<Repaid>(&receipt), expected);
}

#[test]
fn anybody_may_repay_and_never_more_than_owed() {
    let mut world = indebted();
    let _receipt = moves(
        &mut world,
        Bob,
        |world| world.repay(Bob, (Harbour, Alice), Usdc, Amount(ALL)),
        [
            ("bob USDC", -60_000_000_000),
            ("harbour USDC vault", 60_000_000_000),
            ("harbour USDC cash", 60_000_000_000),
            ("harbour USDC debt shares", -60_000_000_000_000_000_000),
            ("alice@harbour USDC debt", -60_000_000_000_000_000_000),
        ],
    );
}

/// 90,000 of 100,000 lent are a utilisation of 90 %, which costs 4 % a year: after a year
/// 90,000 · e^0.04 = 93,672.969677314940408 are owed. A tenth of the interest are fees. The index
/// is at most 300 of its units (10⁻²⁷) above e^0.04, which no unit below shows.
#[test]
fn interest_is_continuous() {
    let mut world = fresh();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(100_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(100)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(90_000)));
    world.advance(YEAR_S);

    let before = Balances::of(&world);
    let receipt = receipt_of(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    let moved = before.to(&Balances::of(&world));
    assert_eq!(event::<Repaid>(&receipt).amount, Amount(93_672_969_678));
    let grown = moved.get("harbour USDC index");
    assert!(
        (40_810_774_192_388_226_757_044_757..=40_810_774_192_388_226_757_045_057).contains(&grown)
    );
    let expected = [
        ("alice USDC", -93_672_969_678),
        ("alice lamports", -FEE),
        ("alice@harbour USDC debt", -90_000_000_000_000_000_000),
        ("harbour USDC cash", 93_672_969_678),
        ("harbour USDC debt shares", -90_000_000_000_000_000_000),
        ("harbour USDC fees", 367_296_967_731_494_040),
        ("harbour USDC index", grown),
        ("harbour USDC vault", 93_672_969_678),
    ];
    assert_eq!(moved, expected.into());
}

#[test]
fn accruing_often_costs_no_less_than_once() {
    let mut world = indebted();
    let mut often = world.clone();
    world.advance(3_600);
    for _ in 0..60 {
        often.advance(60);
        // Anything that loads the reserve accrues.
        done(often.deposit(Dave, Harbour, Usdc, Amount(1)));
    }
    done(world.deposit(Dave, Harbour, Usdc, Amount(60)));
    let index = |world: &cofferdam_tests::world::World| world.reserve(Harbour, Usdc).index;
    let (once, often) = (index(&world), index(&often));
    assert!(once > Index::ONE, "no interest at all");
    // Deposits change utilisation by less than 10⁻⁹, and rounding is up each time.
    let gap = once.get().abs_diff(often.get());
    assert!(gap <= (once.get() - Index::ONE.get()) / 1_000_000, "{once} and {often}");
}

#[test]
fn refusals() {
    let world = indebted();
    refuses(&world, Bob, LendingError::NoDebt, |world| {
        world.repay(Bob, (Harbour, Bob), Usdc, Amount(1))
    });
    refuses(&world, Alice, LendingError::NoDebt, |world| {
        world.repay(Alice, (Harbour, Alice), Weth, Amount(1))
    });
    refuses(&world, Alice, LendingError::AmountTooSmall, |world| {
        world.repay(Alice, (Harbour, Alice), Usdc, Amount(0))
    });
    assert_eq!(world.reserve(Harbour, Usdc).fees, Fine::ZERO);
}
