//! A supplier who sees everything, the loss that is coming included, in a pool that asks for
//! notice; beside a twin who sleeps.

use std::sync::LazyLock;

use cofferdam_lending_interface::{
    math::wide::mul_div_up,
    state::{NOTICE_WINDOW_S, PoolConfig},
    units::{FINE_PER_UNIT, Shares},
};
use cofferdam_tests::world::{Actor, Options, World};
use proptest::{prelude::*, test_runner::TestRunner};

use super::config;
use crate::common::*;

const NOTICE_S: u32 = 3 * 86_400;
const RUNNER: Actor = Mallory;
const TWIN: Actor = Dave;

/// Runner and twin lend 100,000 dollars each, of which Alice owes 60,000.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let pool = PoolConfig { withdrawal_notice_s: NOTICE_S, ..PoolConfig::default() };
    let mut world = World::new(&Options { pool, ..Options::fast() });
    for lender in [RUNNER, TWIN] {
        done(world.deposit(lender, Harbour, Usdc, Usdc.whole(100_000)));
    }
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    world
});

/// What the runner may think of.
#[derive(Clone, Copy, Debug)]
enum Dodge {
    /// Announces so many 255ths of the shares.
    Announce(u8),
    /// Withdraws what was announced, or so many 255ths of the shares.
    Leave(u8),
    /// Supplies so many dollars.
    Add(u16),
    /// Borrows so many 255ths of 50,000 dollars of ether against the shares and repays it.
    Pledge(u8),
}

fn dodges() -> impl Strategy<Value = Vec<(u32, Dodge)>> {
    let what = prop_oneof![
        2 => any::<u8>().prop_map(Dodge::Announce),
        8 => any::<u8>().prop_map(Dodge::Leave),
        1 => (1..u16::MAX).prop_map(Dodge::Add),
        1 => any::<u8>().prop_map(Dodge::Pledge),
    ];
    prop::collection::vec((1..NOTICE_S * 2 / 3, what), 1..16)
}

/// What the runner did until the loss.
#[derive(Clone, Copy, Debug, Default)]
struct Flight {
    /// Last announcement: when, and shares that may still leave by it.
    announced: Option<(i64, u128)>,
    paid_in: u128,
    paid_out: u128,
    /// The twin's claim right before the loss.
    twin_had: u128,
}

fn shares(world: &World, owner: Actor) -> u128 {
    world.position(Harbour, owner).state.entry(&reserve(world, Harbour, Usdc)).supply.get()
}

/// What the owner could claim now, in 10⁻⁹ units.
fn claim(world: &World, owner: Actor) -> u128 {
    worth(world, shares(world, owner))
}

/// What shares are worth now, in 10⁻⁹ units.
fn worth(world: &World, shares: u128) -> u128 {
    let market = world.market(Harbour);
    let state = &market.reserve_of(&world.mint(Usdc)).expect("listed").state;
    let supply = state.supply().expect("it fits");
    supply.assets_down(Shares(shares)).expect("it fits").get()
}

fn wallet(world: &World) -> u64 {
    let account = world.ledger().account(&world.wallet(RUNNER, Usdc));
    account.map_or(0, |account| cofferdam_sdk::token::balance(&account.data).get())
}

/// Tries one thing; refusals are the point of it.
fn dodge(world: &mut World, flight: &mut Flight, what: Dodge) -> Result<(), TestCaseError> {
    let held = shares(world, RUNNER);
    let before = wallet(world);
    match what {
        Dodge::Announce(part) => {
            let some = held * u128::from(part) / 255;
            if world.give_notice(RUNNER, Harbour, Usdc, Shares(some)).is_ok() {
                flight.announced = Some((world.now_s(), some));
            }
        }
        Dodge::Leave(part) => {
            // Half of the time what was announced, to the last unit that it is worth.
            let (_, announced) = flight.announced.unwrap_or_default();
            let some = if part % 2 == 0 { announced } else { held * u128::from(part) / 255 };
            let amount = worth(world, some) / FINE_PER_UNIT;
            let amount = Amount(u64::try_from(amount).expect("it fits"));
            if world.withdraw(RUNNER, Harbour, Usdc, amount).is_ok() {
                let (at_s, left) = flight.announced.expect("an announcement");
                let gone = held - shares(world, RUNNER);
                let since_s = world.now_s() - at_s;
                prop_assert!(since_s >= i64::from(NOTICE_S), "left {since_s} s after notice");
                prop_assert!(since_s <= i64::from(NOTICE_S + NOTICE_WINDOW_S));
                prop_assert!(gone <= left, "{gone} of {left} announced");
                flight.announced = Some((at_s, left - gone));
            }
        }
        Dodge::Add(dollars) => {
            let amount = Usdc.whole(u64::from(dollars));
            done(world.deposit(RUNNER, Harbour, Usdc, amount));
        }
        Dodge::Pledge(part) => {
            done(world.refresh());
            let ether = Amount(Weth.whole(25).get() / 255 * u64::from(part));
            if world.borrow(RUNNER, Harbour, Weth, ether).is_ok() {
                done(world.repay(RUNNER, (Harbour, RUNNER), Weth, Amount(ALL)));
            }
        }
    }
    let after = wallet(world);
    flight.paid_out += u128::from(after.saturating_sub(before)) * FINE_PER_UNIT;
    flight.paid_in += u128::from(before.saturating_sub(after)) * FINE_PER_UNIT;
    Ok(())
}

/// Runs the dodges until `loss_s`, then ether falls and the loss is recognised.
fn flee(dodges: &[(u32, Dodge)], loss_s: i64) -> Result<(World, Flight), TestCaseError> {
    let (mut world, mut flight) = (WORLD.clone(), Flight::default());
    let start_s = world.now_s();
    for (wait_s, what) in dodges {
        if world.now_s() + i64::from(*wait_s) - start_s >= loss_s {
            break;
        }
        world.advance(u64::from(*wait_s));
        dodge(&mut world, &mut flight, *what)?;
    }
    let rest_s = loss_s - (world.now_s() - start_s);
    world.advance(u64::try_from(rest_s).expect("the loss is yet to come"));
    done(world.refresh());
    flight.twin_had = claim(&world, TWIN);
    price(&mut world, Weth, 1_000);
    done(world.absorb(Harbour, Alice));
    Ok((world, flight))
}

/// Who learns of a loss within the notice before it does no better than the twin.
#[test]
fn nobody_runs_ahead_of_a_loss() {
    let mut runner = TestRunner::new(config());
    let cases = (dodges(), 1..i64::from(NOTICE_S));
    let result = runner.run(&cases, |(dodges, loss_s)| {
        let (world, flight) = flee(&dodges, loss_s)?;
        prop_assert_eq!(flight.paid_out, 0, "left ahead of the loss");
        let (ran, slept) = (claim(&world, RUNNER), claim(&world, TWIN));
        prop_assert!(slept < Usdc.whole(100_000).fine().get(), "nothing was lost");
        prop_assert!(ran <= slept + flight.paid_in + FINE_PER_UNIT, "{ran} against {slept}");
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Who had announced before saves at most the loss on what was announced.
#[test]
fn running_saves_what_the_notice_allows_and_no_more() {
    let mut runner = TestRunner::new(config());
    let cases = (dodges(), i64::from(NOTICE_S)..i64::from(4 * NOTICE_S));
    let left = std::cell::Cell::new(0_u32);
    let result = runner.run(&cases, |(dodges, loss_s)| {
        let (world, flight) = flee(&dodges, loss_s)?;
        left.set(left.get() + u32::from(flight.paid_out > 0));
        let slept = claim(&world, TWIN);
        let ran = claim(&world, RUNNER) + flight.paid_out;
        // What left keeps its value, what stayed shares the twin's loss: at most the loss on what
        // left is saved, and of what was added besides nothing is gained.
        let lost = flight.twin_had - slept;
        let saved = mul_div_up(flight.paid_out, lost, flight.twin_had).expect("it fits");
        let most = slept + flight.paid_in + saved + 2 * FINE_PER_UNIT;
        prop_assert!(ran <= most, "{ran} against {most}");
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(left.get() >= 3, "only {} of the runners ever left", left.get());
}
