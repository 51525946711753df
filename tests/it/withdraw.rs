use cofferdam_lending_interface::{LendingError, event::Withdrawn, units::Shares};

use crate::common::*;

#[test]
fn moves_tokens_and_shares() {
    let mut world = indebted();
    let receipt = moves(
        &mut world,
        Dave,
        |world| world.withdraw(Dave, Harbour, Usdc, Usdc.whole(50_000)),
        [
            ("dave USDC", 50_000_000_000),
            ("harbour USDC vault", -50_000_000_000),
            ("harbour USDC cash", -50_000_000_000),
            ("harbour USDC supply shares", -50_000_000_000_000_000),
            ("dave@harbour USDC supply", -50_000_000_000_000_000),
        ],
    );
    let expected = Withdrawn {
        position: world.position_address(Harbour, Dave),
        reserve: reserve(&world, Harbour, Usdc),
        amount: Usdc.whole(50_000),
        shares: Shares(50_000_000_000_000_000),
    };
    assert_eq!(event::<Withdrawn>(&receipt), expected);
}

#[test]
fn everything_leaves_an_empty_entry() {
    let mut world = fresh();
    done(world.deposit(Alice, Harbour, Dai, Amount(12_345)));
    let _receipt = moves(
        &mut world,
        Alice,
        |world| world.withdraw(Alice, Harbour, Dai, Amount(ALL)),
        [
            ("alice DAI", 12_345),
            ("harbour DAI vault", -12_345),
            ("harbour DAI cash", -12_345),
            ("harbour DAI supply shares", -12_345_000_000),
            ("alice@harbour DAI supply", -12_345_000_000),
        ],
    );
    assert_eq!(world.position(Harbour, Alice).state.used().count(), 0);
}

#[test]
fn with_debt_up_to_the_borrow_limit() {
    // 60,000 owed need 80,000 of collateral at 75 %: 40 ether at 2,000.
    let mut world = indebted();
    refuses(&world, Alice, LendingError::BorrowLimitExceeded, |world| {
        world.withdraw(Alice, Harbour, Weth, Amount(10_000_000_001))
    });
    let _receipt = moves(
        &mut world,
        Alice,
        |world| world.withdraw(Alice, Harbour, Weth, Weth.whole(10)),
        [
            ("alice WETH", 10_000_000_000),
            ("harbour WETH vault", -10_000_000_000),
            ("harbour WETH cash", -10_000_000_000),
            ("harbour WETH supply shares", -10_000_000_000_000_000),
            ("alice@harbour WETH supply", -10_000_000_000_000_000),
        ],
    );
    refuses(&world, Alice, LendingError::BorrowLimitExceeded, |world| {
        world.withdraw(Alice, Harbour, Weth, Amount(1))
    });
}

#[test]
fn refusals() {
    let mut world = indebted();
    refuses(&world, Dave, LendingError::AmountTooSmall, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(0))
    });
    refuses(&world, Dave, LendingError::InsufficientSupply, |world| {
        world.withdraw(Dave, Harbour, Weth, Amount(1))
    });
    refuses(&world, Dave, LendingError::InsufficientSupply, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(200_000_000_001))
    });
    refuses(&world, Dave, LendingError::InsufficientCash, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(140_000_000_001))
    });
    // Insurance is in the vault and belongs to nobody who supplies.
    done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(500)));
    refuses(&world, Dave, LendingError::InsufficientCash, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(140_000_000_001))
    });
    refuses(&world, Alice, LendingError::InsufficientSupply, |world| {
        world.withdraw(Alice, Harbour, Usdc, Amount(1))
    });
}
