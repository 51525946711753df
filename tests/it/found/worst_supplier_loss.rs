//! Economic path: Every rule is kept, and supplier_loss reaches $801,173.18.

#![allow(unused_imports, reason = "which names a path needs depends on the path")]

use cofferdam_sdk::{
    Instruction, instruction as build,
    interface::{
        instruction::Liquidate,
        units::{Amount, Price, Shares},
    },
};
use cofferdam_tests::{
    action::Verb,
    hunt::{
        Checked,
        code::{address, bytes, meta},
    },
    world::{Actor::*, Asset::*, PoolId::*},
};

#[test]
fn worst_supplier_loss() {
    let mut run = Checked::wild();
    let world = run.world().clone();

    // 1. publish_price alice@harbour USDC 1000000000000000000000 ± 0 observed 0 s ago by publisher: done
    let sent = vec![build::publish_price(
        &world.person(Publisher),
        &world.feed(Usdc),
        Price(1000000000000000000000),
        Price(0),
        1577836800,
    )];
    run.send(Verb::PublishPrice, &[Publisher], sent);

    // 2. advance 12 s: done
    run.advance(12);

    // 3. borrow bob@harbour WETH 137638931274 by bob: done
    let sent = vec![build::borrow(
        &world.person(Bob),
        &world.position_address(Harbour, Bob),
        &world.keys(Harbour, Weth),
        &[world.keys(Harbour, Weth), world.keys(Harbour, Usdc)],
        Amount(137638931274),
    )];
    run.send(Verb::Borrow, &[Bob], sent);

    // 4. advance 31536000 s: done
    run.advance(31536000);

    // 5. advance 31536000 s: done
    run.advance(31536000);

    // 6. publish_price alice@harbour WETH 2000000000000000000000 ± 0 observed 0 s ago by publisher: done
    let sent = vec![
        build::publish_price(
            &world.person(Publisher),
            &world.feed(Weth),
            Price(2000000000000000000000),
            Price(0),
            1640908812,
        ),
        build::publish_price(
            &world.person(Admin),
            &world.feed(Weth),
            Price(2000000000000000000000),
            Price(0),
            1640908812,
        ),
        build::publish_price(
            &world.person(Liquidator),
            &world.feed(Weth),
            Price(2000000000000000000000),
            Price(0),
            1640908812,
        ),
        build::publish_price(
            &world.person(Carol),
            &world.feed(Weth),
            Price(2000000000000000000000),
            Price(0),
            1640908812,
        ),
        build::publish_price(
            &world.person(Dave),
            &world.feed(Weth),
            Price(2000000000000000000000),
            Price(0),
            1640908812,
        ),
    ];
    run.send(Verb::PublishPrice, &[Publisher, Admin, Liquidator, Carol, Dave], sent);

    // 7. absorb_bad_debt bob@harbour WETH by liquidator: done
    let sent = vec![build::absorb_bad_debt(
        &world.pool(Harbour),
        &world.position_address(Harbour, Bob),
        &[world.keys(Harbour, Weth), world.keys(Harbour, Usdc)],
    )];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);
    run.finish();
}
