//! Economic path: Every rule is kept, and loss_per_shock reaches $1,064,687.01.

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
fn worst_loss_per_shock() {
    let mut run = Checked::wild();
    let world = run.world().clone();

    // 1. advance 2592000 s: done
    run.advance(2592000);

    // 2. publish_price alice@harbour USDC 1000000000000000000 ± 0 observed 0 s ago by publisher: done
    let sent = vec![build::publish_price(
        &world.person(Publisher),
        &world.feed(Usdc),
        Price(1000000000000000000),
        Price(0),
        1580428800,
    )];
    run.send(Verb::PublishPrice, &[Publisher], sent);

    // 3. advance 1 s: done
    run.advance(1);

    // 4. absorb_bad_debt alice@harbour WETH by liquidator: done
    let sent = vec![build::absorb_bad_debt(
        &world.pool(Harbour),
        &world.position_address(Harbour, Alice),
        &[world.keys(Harbour, Weth), world.keys(Harbour, Usdc)],
    )];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);

    // 5. absorb_bad_debt alice@lagoon USDC by liquidator: done
    let sent = vec![build::absorb_bad_debt(
        &world.pool(Lagoon),
        &world.position_address(Lagoon, Alice),
        &[world.keys(Lagoon, Weth), world.keys(Lagoon, Usdc)],
    )];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);
    run.finish();
}
