//! Announcing a withdrawal, in a pool that asks for three days of notice.

use std::sync::LazyLock;

use cofferdam_lending_interface::{
    LendingError,
    event::NoticeGiven,
    state::{NOTICE_WINDOW_S, PoolConfig},
    units::Shares,
};
use cofferdam_tests::world::{Options, World};

use crate::common::*;

const NOTICE_S: u32 = 3 * 86_400;

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let pool = PoolConfig { withdrawal_notice_s: NOTICE_S, ..PoolConfig::default() };
    World::new(&Options { pool, ..options() })
});

/// Dave lends 200,000 dollars with notice.
fn supplied() -> World {
    let mut world = WORLD.clone();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    world
}

/// Shares of so many dollars at the first price.
fn shares(dollars: u128) -> Shares {
    Shares(dollars * 1_000_000_000_000)
}

#[test]
fn remembers_the_shares_and_the_time() {
    let mut world = supplied();
    let receipt = moves(
        &mut world,
        Dave,
        |world| world.give_notice(Dave, Harbour, Usdc, shares(1_000)),
        [("dave@harbour USDC noticed", 1_000_000_000_000_000)],
    );
    let expected = NoticeGiven {
        position: world.position_address(Harbour, Dave),
        reserve: reserve(&world, Harbour, Usdc),
        shares: shares(1_000),
        ready_at_s: world.now_s() + i64::from(NOTICE_S),
    };
    assert_eq!(event::<NoticeGiven>(&receipt), expected);
    refuses(&world, Dave, LendingError::InsufficientSupply, |w| {
        w.give_notice(Dave, Harbour, Usdc, Shares(shares(200_000).get() + 1))
    });
    done(world.give_notice(Dave, Harbour, Usdc, Shares(0)));
    let entry = world.position(Harbour, Dave).state.entry(&reserve(&world, Harbour, Usdc));
    assert_eq!((entry.noticed, entry.supply), (Shares(0), shares(200_000)));
}

#[test]
fn supply_leaves_within_its_window_only() {
    let mut world = supplied();
    let required = LendingError::NoticeRequired;
    let take =
        |world: &mut World, dollars| world.withdraw(Dave, Harbour, Usdc, Usdc.whole(dollars));
    refuses(&world, Dave, required, |w| take(w, 1));
    done(world.give_notice(Dave, Harbour, Usdc, shares(1_000)));
    world.advance(u64::from(NOTICE_S) - 1);
    refuses(&world, Dave, required, |w| take(w, 1_000));
    world.advance(1);
    refuses(&world, Dave, required, |w| take(w, 1_001));
    refuses(&world, Dave, required, |w| w.withdraw(Dave, Harbour, Usdc, Amount(ALL)));
    let _receipt = moves(
        &mut world,
        Dave,
        |world| take(world, 400),
        [
            ("dave USDC", 400_000_000),
            ("harbour USDC vault", -400_000_000),
            ("harbour USDC cash", -400_000_000),
            ("harbour USDC supply shares", -400_000_000_000_000),
            ("dave@harbour USDC supply", -400_000_000_000_000),
            ("dave@harbour USDC noticed", -400_000_000_000_000),
        ],
    );
    refuses(&world, Dave, required, |w| take(w, 601));
    world.advance(u64::from(NOTICE_WINDOW_S));
    done(take(&mut world.clone(), 600));
    world.advance(1);
    refuses(&world, Dave, required, |w| take(w, 600));
}

/// A deposit neither shortens nor covers a notice.
#[test]
fn new_supply_needs_its_own_notice() {
    let mut world = supplied();
    done(world.give_notice(Dave, Harbour, Usdc, shares(200_000)));
    world.advance(u64::from(NOTICE_S));
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(50)));
    refuses(&world, Dave, LendingError::NoticeRequired, |w| {
        w.withdraw(Dave, Harbour, Usdc, Amount(ALL))
    });
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(200_000)));
}

/// Announced shares lose what the others lose.
#[test]
fn noticed_shares_bear_the_loss() {
    let mut world = supplied();
    done(world.deposit(Bob, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    done(world.give_notice(Dave, Harbour, Usdc, shares(200_000)));
    price(&mut world, Weth, 1_000);
    done(world.absorb(Harbour, Alice));
    let market = world.market(Harbour);
    let [dave, bob] = [Dave, Bob].map(|owner| {
        let address = reserve(&world, Harbour, Usdc);
        let shares = world.position(Harbour, owner).state.entry(&address).supply;
        let state = &market.reserve_of(&world.mint(Usdc)).expect("listed").state;
        state.supply().and_then(|supply| supply.assets_down(shares)).expect("it fits")
    });
    assert_eq!(dave, bob);
    // Each pays half of 13,703.703703703703703.
    assert_eq!(dave.get() / 1_000_000_000_000_000, 193_148);
}

/// A liquidation takes collateral without notice, and what is left of a notice fits what is left.
#[test]
fn a_liquidation_ignores_notice() {
    let mut world = supplied();
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    done(world.give_notice(Alice, Harbour, Weth, Shares(50_000_000_000_000_000)));
    price(&mut world, Weth, 1_000);
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(20_000), Amount(0)));
    let entry = world.position(Harbour, Alice).state.entry(&reserve(&world, Harbour, Weth));
    assert!(entry.supply < Shares(50_000_000_000_000_000));
    assert_eq!(entry.noticed, entry.supply);
}

#[test]
fn only_the_owner_gives_notice() {
    let world = supplied();
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        let (keys, position) = (world.keys(Harbour, Usdc), world.position_address(Harbour, Dave));
        let person = world.person(Mallory);
        let notice = cofferdam_sdk::instruction::give_notice(&person, &position, &keys, Shares(1));
        world.send(&[Mallory], &[notice])
    });
}
