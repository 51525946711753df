//! Second feeds: everything that takes one, in a world where ether has one.

use cofferdam_lending_interface::instruction::Liquidate;
use cofferdam_sdk::instruction as build;
use cofferdam_tests::world::{Options, World, base_config};

use super::cases::{Case, Kind};
use crate::common::*;

/// A lively world in which ether has a second feed and fell to 1,000: Alice is bad debt.
pub(super) fn paired() -> World {
    let mut world = World::lively(&Options { second_feeds: [Weth].into(), ..options() });
    price(&mut world, Weth, 1_000);
    world
}

/// One case for each instruction that takes a second feed.
pub(super) fn cases(world: &World) -> Vec<Case> {
    let mut cases = vec![added(world), borrowed(world)];
    cases.extend(failing(world));
    cases
}

fn added(world: &World) -> Case {
    use Kind::{Feed, Mint, New, Pool, Program, Signer};
    let [admin, bob] = [Admin, Bob].map(|actor| world.person(actor));
    let second = world.second_feed(Weth).expect("the world has one");
    let assets = (&world.mint(Wbtc), &world.feed(Wbtc), &second);
    let pool = world.pool(Harbour);
    Case {
        name: "add_reserve_with_second_feed",
        instruction: build::add_reserve_with_second_feed(
            &bob,
            &admin,
            &pool,
            assets,
            base_config(),
        ),
        slots: vec![
            ("payer", Signer),
            ("admin", Signer),
            ("pool", Pool),
            ("mint", Mint),
            ("feed", Feed),
            ("reserve", New),
            ("vault", New),
            ("token_program", Program),
            ("system_program", Program),
            ("second_feed", Feed),
        ],
    }
}

fn borrowed(world: &World) -> Case {
    use Kind::{Feed, Pool, Position, Program, Reserve, Signer, Tokens, Vault};
    let (bob, weth) = (world.person(Bob), world.keys(Harbour, Weth));
    let position = world.position(Harbour, Bob);
    let used = world.market(Harbour).used_by(&position.state);
    Case {
        name: "borrow_with_second_feed",
        instruction: build::borrow(&bob, &position.address, &weth, &used, Amount(1)),
        slots: vec![
            ("owner", Signer),
            ("pool", Pool),
            ("reserve", Reserve(Weth)),
            ("feed", Feed),
            ("position", Position),
            ("vault", Vault(Weth)),
            ("destination", Tokens(Weth)),
            ("token_program", Program),
            ("second_feed", Feed),
            ("other_reserve", Reserve(Usdc)),
            ("other_feed", Feed),
        ],
    }
}

fn failing(world: &World) -> Vec<Case> {
    use Kind::{Feed, Pool, Position, Program, Reserve, Signer, Tokens, Vault};
    let (weth, usdc) = (world.keys(Harbour, Weth), world.keys(Harbour, Usdc));
    let position = world.position_address(Harbour, Alice);
    let args = Liquidate { repay_max: Usdc.whole(1), collateral_min: Amount(0) };
    let (liquidator, sides) = (world.person(Liquidator), (&usdc, &weth));
    vec![
        Case {
            name: "liquidate_with_second_feed",
            instruction: build::liquidate(&liquidator, &position, sides, None, &[], args),
            slots: vec![
                ("liquidator", Signer),
                ("pool", Pool),
                ("position", Position),
                ("debt_reserve", Reserve(Usdc)),
                ("debt_feed", Feed),
                ("collateral_reserve", Reserve(Weth)),
                ("collateral_feed", Feed),
                ("source", Tokens(Usdc)),
                ("debt_vault", Vault(Usdc)),
                ("destination", Tokens(Weth)),
                ("collateral_vault", Vault(Weth)),
                ("receiver", Position),
                ("token_program", Program),
                ("second_feed", Feed),
            ],
        },
        Case {
            name: "absorb_with_second_feed",
            instruction: build::absorb_bad_debt(&world.pool(Harbour), &position, &[weth, usdc]),
            slots: vec![
                ("pool", Pool),
                ("position", Position),
                ("collateral_reserve", Reserve(Weth)),
                ("collateral_feed", Feed),
                ("second_feed", Feed),
                ("debt_reserve", Reserve(Usdc)),
                ("debt_feed", Feed),
            ],
        },
    ]
}
