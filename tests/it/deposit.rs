use cofferdam_lending_interface::{
    LendingError,
    event::Deposited,
    units::{Shares, WAD, Wad},
};

use crate::common::*;

#[test]
fn moves_tokens_and_shares() {
    let mut world = fresh();
    // A new reserve gives a million shares for a native unit.
    let receipt = moves(
        &mut world,
        Alice,
        |world| world.deposit(Alice, Harbour, Weth, Weth.whole(10)),
        [
            ("alice WETH", -10_000_000_000),
            ("harbour WETH vault", 10_000_000_000),
            ("harbour WETH cash", 10_000_000_000),
            ("harbour WETH supply shares", 10_000_000_000_000_000),
            ("alice@harbour WETH supply", 10_000_000_000_000_000),
        ],
    );
    let expected = Deposited {
        position: world.position_address(Harbour, Alice),
        reserve: reserve(&world, Harbour, Weth),
        amount: Weth.whole(10),
        shares: Shares(10_000_000_000_000_000),
    };
    assert_eq!(event::<Deposited>(&receipt), expected);
}

#[test]
fn the_second_supplier_pays_the_same_price() {
    let mut world = fresh();
    done(world.deposit(Alice, Harbour, Usdc, Amount(1)));
    let _receipt = moves(
        &mut world,
        Bob,
        |world| world.deposit(Bob, Harbour, Usdc, Amount(7)),
        [
            ("bob USDC", -7),
            ("harbour USDC vault", 7),
            ("harbour USDC cash", 7),
            ("harbour USDC supply shares", 7_000_000),
            ("bob@harbour USDC supply", 7_000_000),
        ],
    );
}

#[test]
fn donation_moves_no_share_price() {
    let mut world = fresh();
    done(world.deposit(Alice, Harbour, Usdc, Amount(1)));
    let _receipt = moves(
        &mut world,
        Mallory,
        |world| world.donate(Mallory, Harbour, Usdc, Usdc.whole(1_000)),
        [("mallory USDC", -1_000_000_000), ("harbour USDC vault", 1_000_000_000)],
    );
    let price = world.reserve(Harbour, Usdc).supply().and_then(|supply| supply.share_price_down());
    assert_eq!(price, Ok(Wad(WAD)));
    done(world.deposit(Bob, Harbour, Usdc, Amount(3)));
    let held = world.position(Harbour, Bob).state.entry(&reserve(&world, Harbour, Usdc)).supply;
    assert_eq!(held, Shares(3_000_000), "the donation made no share dearer");
}

#[test]
fn refusals() {
    let world = indebted();
    refuses(&world, Alice, LendingError::AmountTooSmall, |world| {
        world.deposit(Alice, Harbour, Weth, Amount(0))
    });
    refuses(&world, Alice, LendingError::SameReserve, |world| {
        world.deposit(Alice, Harbour, Usdc, Amount(1))
    });
    refuses(&world, Alice, LendingError::MathOverflow, |world| {
        world.deposit(Alice, Harbour, Weth, Amount(ALL))
    });
}

#[test]
fn a_deposit_beyond_the_wallet_fails_in_the_token_program() {
    let world = fresh();
    let mut after = world.clone();
    let too_much = Amount(Weth.funding().get() + 1);
    let error = after.deposit(Alice, Harbour, Weth, too_much).expect_err("the wallet is too small");
    assert_eq!(error.lending(), None, "{error}");
    only_fee(&world, &after, Alice);
}
