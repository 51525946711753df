use cofferdam_lending_interface::{LendingError, event::Borrowed, units::DebtShares};

use crate::common::*;

#[test]
fn moves_tokens_and_debt() {
    let mut world = indebted();
    let receipt = moves(
        &mut world,
        Alice,
        |world| world.borrow(Alice, Harbour, Usdc, Usdc.whole(5_000)),
        [
            ("alice USDC", 5_000_000_000),
            ("harbour USDC vault", -5_000_000_000),
            ("harbour USDC cash", -5_000_000_000),
            ("harbour USDC debt shares", 5_000_000_000_000_000_000),
            ("alice@harbour USDC debt", 5_000_000_000_000_000_000),
        ],
    );
    let expected = Borrowed {
        position: world.position_address(Harbour, Alice),
        reserve: reserve(&world, Harbour, Usdc),
        amount: Usdc.whole(5_000),
        shares: DebtShares(5_000_000_000_000_000_000),
    };
    assert_eq!(event::<Borrowed>(&receipt), expected);
}

#[test]
fn refuses_beyond_the_limit() {
    // 50 ether at 2,000 and 75 %: 75,000, of which 60,000 are taken.
    let mut world = indebted();
    refuses(&world, Alice, LendingError::BorrowLimitExceeded, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(15_000_000_001))
    });
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(15_000)));
    refuses(&world, Alice, LendingError::BorrowLimitExceeded, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(1))
    });
}

#[test]
fn insurance_is_never_lent() {
    let mut world = fresh();
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(100)));
    done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(900)));
    refuses(&world, Alice, LendingError::InsufficientCash, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(100_000_001))
    });
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(100)));
}

#[test]
fn refusals() {
    let world = indebted();
    refuses(&world, Alice, LendingError::AmountTooSmall, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(0))
    });
    refuses(&world, Alice, LendingError::SameReserve, |world| {
        world.borrow(Alice, Harbour, Weth, Amount(1))
    });
    refuses(&world, Alice, LendingError::InsufficientCash, |world| {
        world.borrow(Alice, Harbour, Dai, Amount(1))
    });
    refuses(&world, Bob, LendingError::BorrowLimitExceeded, |world| {
        world.borrow(Bob, Harbour, Usdc, Amount(1))
    });
}

/// The log says whose price is to blame, whichever reserve of the position it is.
#[test]
fn the_refusal_names_the_price() {
    for asset in [Weth, Usdc] {
        let mut world = indebted();
        world.advance(4_000);
        let fresh = if asset == Weth { Usdc } else { Weth };
        done(world.publish(fresh, fresh.par()));
        let error = world.borrow(Alice, Harbour, Usdc, Amount(1)).expect_err("a stale price");
        assert_eq!(error.lending(), Some(LendingError::PriceStale), "{error}");
        let (text, reserve) = (format!("{error:?}"), reserve(&world, Harbour, asset));
        assert!(text.contains(&format!("of reserve {reserve}: price")), "{text}");
    }
}
