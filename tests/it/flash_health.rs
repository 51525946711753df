//! What a flash loan is for: leverage, other collateral and other debt in one transaction. Each ends
//! in a healthy state, and each is refused whole when it would not.

use cofferdam_lending_interface::LendingError;
use cofferdam_sdk::{ClientError, Instruction, instruction as build, token};
use cofferdam_tests::world::{Actor, Asset, World};

use crate::common::*;

/// Alice owes 60,000 dollars against 50 ether at 2,000, and there is something of everything.
fn market() -> World {
    let mut world = indebted();
    done(world.deposit(Dave, Harbour, Weth, Weth.whole(100)));
    done(world.deposit(Dave, Harbour, Dai, Dai.whole(200_000)));
    world
}

/// `from` hands `amount` of `asset` to `to`: the two legs of a trade outside the pool.
fn give(world: &World, (from, to): (Actor, Actor), asset: Asset, amount: Amount) -> Instruction {
    token::transfer(&world.mint(asset), &world.person(from), &world.person(to), amount)
}

/// Sends what must be refused with `error`, whole: the payer pays the fee of two signatures.
#[track_caller]
fn refused(world: &World, signers: [Actor; 2], error: LendingError, all: &[Instruction]) {
    let mut after = world.clone();
    let sent = after.send(&signers, all);
    assert_eq!(sent.err().as_ref().and_then(ClientError::lending), Some(error));
    let changes = world.ledger().diff(after.ledger());
    let changed: Vec<_> = changes.iter().map(|change| change.address).collect();
    assert_eq!(changed, [world.person(signers[0])]);
}

/// Bob, with 10 ether, buys 10 more on credit and supplies all 20.
fn leverage(world: &World, dollars: u64) -> Vec<Instruction> {
    let (weth, usdc) = (world.keys(Harbour, Weth), world.keys(Harbour, Usdc));
    let (bob, at) = (world.person(Bob), world.position_address(Harbour, Bob));
    let (borrow, repay) = world.flash_pair(Bob, (Harbour, Weth), Weth.whole(10));
    let dollars = Usdc.whole(dollars);
    vec![
        borrow,
        build::deposit(&bob, &at, &weth, Weth.whole(20)),
        build::borrow(&bob, &at, &usdc, &[usdc, weth], dollars),
        give(world, (Bob, Dave), Usdc, dollars),
        // What 20,020 dollars buy: the loan and more than its fee.
        give(world, (Dave, Bob), Weth, Amount(10_010_000_000)),
        repay,
    ]
}

#[test]
fn leverage_in_one_transaction() {
    let mut world = market();
    // 20 ether let him borrow 30,000.
    let too_much = LendingError::BorrowLimitExceeded;
    refused(&world, [Bob, Dave], too_much, &leverage(&world, 30_001));
    let all = leverage(&world, 20_020);
    done(world.send(&[Bob, Dave], &all));
    let health = world.market(Harbour).health(&world.position(Harbour, Bob)).expect("priced");
    assert!(!health.liquidatable && health.debt + health.debt > health.collateral);
}

/// Alice sells her ether for another stablecoin, which she supplies before she takes the ether out.
fn other_collateral(world: &World, dai: u64) -> Vec<Instruction> {
    let (weth, dai_keys) = (world.keys(Harbour, Weth), world.keys(Harbour, Dai));
    let usdc = world.keys(Harbour, Usdc);
    let (alice, at) = (world.person(Alice), world.position_address(Harbour, Alice));
    let (borrow, repay) = world.flash_pair(Alice, (Harbour, Dai), Dai.whole(dai));
    vec![
        borrow,
        build::deposit(&alice, &at, &dai_keys, Dai.whole(dai)),
        build::withdraw(&alice, &at, &weth, &[weth, dai_keys, usdc], Amount(ALL)),
        give(world, (Alice, Dave), Weth, Weth.whole(50)),
        give(world, (Dave, Alice), Dai, Dai.whole(100_000)),
        repay,
    ]
}

#[test]
fn another_collateral_in_one_transaction() {
    let mut world = market();
    // 60,000 need 80,000 at three quarters.
    let too_little = LendingError::BorrowLimitExceeded;
    refused(&world, [Alice, Dave], too_little, &other_collateral(&world, 79_999));
    let all = other_collateral(&world, 99_000);
    done(world.send(&[Alice, Dave], &all));
    let state = world.position(Harbour, Alice).state;
    assert!(state.entry(&world.keys(Harbour, Weth).reserve).supply.is_zero());
    assert!(!state.entry(&world.keys(Harbour, Dai).reserve).supply.is_zero());
    assert!(state.has_debt());
}

/// Alice repays her dollars with a loan of dollars, and that with another debt.
fn other_debt(world: &World, dai: u64) -> Vec<Instruction> {
    let (weth, usdc) = (world.keys(Harbour, Weth), world.keys(Harbour, Usdc));
    let dai_keys = world.keys(Harbour, Dai);
    let (alice, at) = (world.person(Alice), world.position_address(Harbour, Alice));
    let (borrow, repay) = world.flash_pair(Alice, (Harbour, Usdc), Usdc.whole(60_000));
    vec![
        borrow,
        build::repay(&alice, &at, &usdc, Amount(ALL)),
        build::borrow(&alice, &at, &dai_keys, &[dai_keys, weth], Dai.whole(dai)),
        give(world, (Alice, Dave), Dai, Dai.whole(dai)),
        give(world, (Dave, Alice), Usdc, Usdc.whole(60_100)),
        repay,
    ]
}

#[test]
fn another_debt_in_one_transaction() {
    let mut world = market();
    // 50 ether let her borrow 75,000.
    let too_much = LendingError::BorrowLimitExceeded;
    refused(&world, [Alice, Dave], too_much, &other_debt(&world, 75_001));
    let all = other_debt(&world, 60_100);
    done(world.send(&[Alice, Dave], &all));
    let state = world.position(Harbour, Alice).state;
    assert!(state.entry(&world.keys(Harbour, Usdc).reserve).debt.is_zero());
    assert!(!state.entry(&world.keys(Harbour, Dai).reserve).debt.is_zero());
}

/// A loan changes nothing about who may be liquidated.
#[test]
fn a_flash_liquidation_of_the_healthy_is_refused() {
    let world = market();
    refuses(&world, Carol, LendingError::NotLiquidatable, |world| {
        let seize = world.liquidation(Carol, (Harbour, Alice), (Usdc, Weth), Amount(ALL), None);
        world.flash(Carol, (Harbour, Usdc), Usdc.whole(60_000), &[seize])
    });
}
