//! A path, as `cofferdam hunt show --as code` prints it.

#![allow(unused_imports, reason = "which names a path needs depends on the path")]

use cofferdam_sdk::{
    Instruction, instruction as build,
    interface::{instruction::Liquidate, units::{Amount, Price, Shares}},
};
use cofferdam_tests::{
    action::Verb,
    hunt::{Checked, code::{TOKEN_PROGRAM_ID, address, bytes, meta}},
    world::{Actor::*, Asset::*, Options, PoolId::*, World},
};

/// The world that the path starts from.
fn start(options: &Options) -> World {
    panic!("build the world of {options:?} that `Ground::of` was given")
}

#[test]
#[should_panic(expected = "Ground::of")]
fn printed_gap() {
    let mut run = Checked::of(start(&Options::default()));
    let world = run.world().clone();

    // 1. absorb_bad_debt alice@harbour WETH by liquidator: refused, NoBadDebt
    let sent = vec![
        build::absorb_bad_debt(&world.pool(Harbour), &world.position_address(Harbour, Alice), &[world.keys(Harbour, Weth), world.keys(Harbour, Usdc)]),
    ];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);

    // 2. fund_insurance mallory@lagoon WETH 34968852996 by mallory: done
    let sent = vec![
        build::fund_insurance(&world.person(Mallory), &world.keys(Lagoon, Weth), Amount(34968852996)),
    ];
    run.send(Verb::FundInsurance, &[Mallory], sent);

    // 3. refresh mallory@harbour USDC by publisher: done
    let sent = vec![
        build::publish_price(&world.person(Publisher), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Usdc), Price(1000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Dai), Price(1000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Wbtc), Price(30000000000000000000000), Price(0), 1577836800),
    ];
    run.send(Verb::Refresh, &[Publisher], sent);
    run.finish();
}
