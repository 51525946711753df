use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, DeficitCovered},
    state::{LossPolicy, ReserveConfig},
    units::Fine,
};
use cofferdam_tests::world::{World, base_config};

use crate::common::*;

/// 13,703.703703703703703 dollars of Alice's debt: see `absorb_bad_debt`.
const BAD: u128 = 13_703_703_703_703_703_703;

/// Alice's bad debt in a reserve that books a deficit.
fn in_deficit() -> World {
    let mut world = indebted();
    let config = ReserveConfig { loss_policy: LossPolicy::Deficit, ..base_config() };
    done(world.update_reserve(Harbour, Usdc, config));
    price(&mut world, Weth, 1_000);
    let loss = event::<BadDebtAbsorbed>(&receipt_of(world.absorb(Harbour, Alice))).loss;
    assert_eq!((loss.recognised, loss.deficit), (Fine(BAD), Fine(BAD)));
    world
}

#[test]
fn moves_tokens_and_nothing_else() {
    let mut world = in_deficit();
    let receipt = moves(
        &mut world,
        Bob,
        |world| world.cover_deficit(Bob, Harbour, Usdc, Usdc.whole(3_000)),
        [
            ("bob USDC", -3_000_000_000),
            ("harbour USDC vault", 3_000_000_000),
            ("harbour USDC cash", 3_000_000_000),
            ("harbour USDC deficit", -3_000_000_000_000_000_000),
            ("harbour USDC covered", 3_000_000_000_000_000_000),
        ],
    );
    let expected = DeficitCovered {
        reserve: reserve(&world, Harbour, Usdc),
        payer: world.person(Bob),
        amount: Usdc.whole(3_000).fine(),
        left: Fine(BAD - 3_000_000_000_000_000_000),
    };
    assert_eq!(event::<DeficitCovered>(&receipt), expected);
}

#[test]
fn takes_at_most_the_deficit() {
    let mut world = in_deficit();
    let _receipt = moves(
        &mut world,
        Bob,
        |world| world.cover_deficit(Bob, Harbour, Usdc, Usdc.whole(9_000_000)),
        [
            ("bob USDC", -13_703_703_704),
            ("harbour USDC vault", 13_703_703_704),
            ("harbour USDC cash", 13_703_703_704),
            ("harbour USDC deficit", -13_703_703_703_703_703_703),
            ("harbour USDC covered", 13_703_703_703_703_703_703),
        ],
    );
    refuses(&world, Bob, LendingError::NoDeficit, |w| {
        w.cover_deficit(Bob, Harbour, Usdc, Amount(ALL))
    });
}

#[test]
fn refusals() {
    let world = in_deficit();
    refuses(&world, Bob, LendingError::AmountTooSmall, |w| {
        w.cover_deficit(Bob, Harbour, Usdc, Amount(0))
    });
    refuses(&world, Bob, LendingError::NoDeficit, |w| {
        w.cover_deficit(Bob, Harbour, Weth, Amount(1))
    });
}

/// Interest of Bob's loan pays the deficit before anybody earns a fee.
#[test]
fn fees_pay_the_deficit_down() {
    let mut world = in_deficit();
    done(world.deposit(Bob, Harbour, Weth, Weth.whole(1_000)));
    done(world.borrow(Bob, Harbour, Usdc, Usdc.whole(100_000)));
    world.advance(31_536_000);
    done(world.deposit(Dave, Harbour, Usdc, Amount(1)));
    let reserve = world.reserve(Harbour, Usdc);
    assert!(reserve.covered > Fine::ZERO, "no fees at all");
    assert_eq!(reserve.deficit.get() + reserve.covered.get(), BAD);
    assert_eq!((reserve.fees, reserve.insurance), (Fine::ZERO, Fine::ZERO));
}

/// A repaid claim fills the deficit first. Of one that was covered meanwhile it is the protocol's.
#[test]
fn a_repaid_claim_fills_the_deficit() {
    let mut world = in_deficit();
    done(world.cover_deficit(Bob, Harbour, Usdc, Usdc.whole(3_000)));
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(46_296_296_297)));
    let _receipt = moves(
        &mut world,
        Alice,
        |world| world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)),
        [
            ("alice USDC", -13_703_703_704),
            ("harbour USDC vault", 13_703_703_704),
            ("harbour USDC cash", 13_703_703_704),
            ("harbour USDC deficit", -10_703_703_703_703_703_703),
            ("harbour USDC fees", 3_000_000_000_000_000_000),
            ("harbour USDC recovered", 13_703_703_703_703_703_703),
            ("alice@harbour USDC claim", -13_703_703_703_703_703_703),
        ],
    );
}
