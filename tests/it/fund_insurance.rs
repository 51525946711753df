use cofferdam_lending_interface::{LendingError, event::InsuranceFunded};

use crate::common::*;

#[test]
fn moves_tokens_and_gives_no_shares() {
    let mut world = indebted();
    let receipt = moves(
        &mut world,
        Bob,
        |world| world.fund_insurance(Bob, Harbour, Usdc, Usdc.whole(500)),
        [
            ("bob USDC", -500_000_000),
            ("harbour USDC vault", 500_000_000),
            ("harbour USDC cash", 500_000_000),
            ("harbour USDC insurance", 500_000_000_000_000_000),
            ("harbour USDC insurance cash", 500_000_000_000_000_000),
            ("harbour USDC fund shares", 500_000_000_000_000),
        ],
    );
    let expected = InsuranceFunded {
        reserve: reserve(&world, Harbour, Usdc),
        funder: world.person(Bob),
        amount: Usdc.whole(500),
    };
    assert_eq!(event::<InsuranceFunded>(&receipt), expected);
}

#[test]
fn refusals() {
    let world = fresh();
    refuses(&world, Bob, LendingError::AmountTooSmall, |world| {
        world.fund_insurance(Bob, Harbour, Usdc, Amount(0))
    });
    let mut after = world.clone();
    let too_much = Amount(Usdc.funding().get() + 1);
    let error = after.fund_insurance(Bob, Harbour, Usdc, too_much).expect_err("more than Bob has");
    assert_eq!(error.lending(), None, "{error}");
    only_fee(&world, &after, Bob);
}
