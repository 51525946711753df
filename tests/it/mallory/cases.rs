//! An honest instruction of each kind, with the names of its accounts.

use cofferdam_lending_interface::instruction::Liquidate;
use cofferdam_lending_interface::state::{FeedConfig, PoolConfig};
use cofferdam_lending_interface::units::Price;
use cofferdam_sdk::{Instruction, instruction as build, instruction::padded};
use cofferdam_tests::world::{Asset, World, base_config};

use crate::common::*;

/// What an account is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Signer,
    Pool,
    Reserve(Asset),
    Feed,
    Position,
    Vault(Asset),
    Tokens(Asset),
    Stake,
    Mint,
    New,
    ReserveChange,
    PoolChange,
    /// Is paid, and need not sign.
    Payee,
    Program,
}

/// An honest instruction and the names of its accounts, in their order.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) instruction: Instruction,
    pub(super) slots: Vec<(&'static str, Kind)>,
}

/// A lively world in which every instruction has something to do: ether fell to 1,000, Alice was
/// liquidated in part, so there are fees, and with a little less is insolvent again.
pub(super) fn world() -> World {
    let mut world = lively();
    super::fund_cases::prepare(&mut world);
    price(&mut world, Weth, 1_000);
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(1_000), Amount(0)));
    price(&mut world, Weth, 990);
    super::fund_cases::owe(&mut world);
    world
}

/// One case for each instruction.
pub(super) fn cases(world: &World) -> Vec<Case> {
    let mut cases = admin_cases(world);
    cases.extend(owner_cases(world));
    cases.extend(risk_cases(world));
    cases.extend(super::fund_cases::cases(world));
    cases
}

fn admin_cases(world: &World) -> Vec<Case> {
    use Kind::{Feed, Mint, New, Pool, Program, Reserve, Signer, Tokens, Vault};
    let [admin, bob, publisher] = [Admin, Bob, Publisher].map(|actor| world.person(actor));
    let (pool, weth) = (world.pool(Harbour), world.keys(Harbour, Weth));
    let name = padded("quay").expect("short enough");
    let symbol = padded("XAU").expect("short enough");
    let assets = (&world.mint(Wbtc), &world.feed(Wbtc));
    let now_s = world.now_s();
    let (payer, system) = (("payer", Signer), ("system_program", Program));
    let (owner, token) = (("admin", Signer), ("token_program", Program));
    let vault = ("vault", Vault(Weth));
    let (at_pool, at_reserve) = (("pool", Pool), ("reserve", Reserve(Weth)));
    vec![
        Case {
            name: "create_pool",
            instruction: build::create_pool(&bob, &admin, name, PoolConfig::default()),
            slots: vec![payer, owner, ("pool", New), system],
        },
        Case {
            name: "add_reserve",
            instruction: build::add_reserve(&bob, &admin, &pool, assets, base_config()),
            slots: vec![
                payer,
                owner,
                at_pool,
                ("mint", Mint),
                ("feed", Feed),
                ("reserve", New),
                ("vault", New),
                token,
                system,
            ],
        },
        Case {
            name: "update_reserve",
            instruction: build::update_reserve(&admin, &pool, &weth.reserve, base_config(), 0),
            slots: vec![owner, at_pool, at_reserve],
        },
        Case {
            name: "create_feed",
            instruction: build::create_feed(
                &bob,
                &publisher,
                symbol,
                FeedConfig::single(publisher),
            ),
            slots: vec![payer, ("authority", Signer), ("feed", New), system],
        },
        Case {
            name: "publish_price",
            instruction: build::publish_price(
                &publisher,
                &weth.feed,
                dollars(1_000),
                Price::ZERO,
                now_s,
            ),
            slots: vec![("authority", Signer), ("feed", Feed)],
        },
        Case {
            name: "fund_insurance",
            instruction: build::fund_insurance(&bob, &weth, Amount(1)),
            slots: vec![
                ("funder", Signer),
                at_pool,
                at_reserve,
                ("source", Tokens(Weth)),
                vault,
                token,
            ],
        },
        Case {
            name: "collect_fees",
            instruction: build::collect_fees(&admin, &weth, Amount(1)),
            slots: vec![owner, at_pool, at_reserve, vault, ("destination", Tokens(Weth)), token],
        },
    ]
}

fn owner_cases(world: &World) -> Vec<Case> {
    use Kind::{Feed, New, Pool, Position, Program, Reserve, Signer, Tokens, Vault};
    let [alice, bob, dave] = [Alice, Bob, Dave].map(|actor| world.person(actor));
    let (pool, weth) = (world.pool(Harbour), world.keys(Harbour, Weth));
    let at = |owner| world.position_address(Harbour, owner);
    let used = world.market(Harbour).used_by(&world.position(Harbour, Bob).state);
    let (owner, token) = (("owner", Signer), ("token_program", Program));
    let (at_pool, at_reserve) = (("pool", Pool), ("reserve", Reserve(Weth)));
    let (position, vault) = (("position", Position), ("vault", Vault(Weth)));
    let (source, destination) = (("source", Tokens(Weth)), ("destination", Tokens(Weth)));
    let outflow = [owner, at_pool, at_reserve, ("feed", Feed), position, vault, destination, token];
    let other = [("other_reserve", Reserve(Usdc)), ("other_feed", Feed)];
    vec![
        Case {
            name: "open_position",
            instruction: build::open_position(&bob, &alice, &pool, 9),
            slots: vec![
                ("payer", Signer),
                owner,
                at_pool,
                ("position", New),
                ("system_program", Program),
            ],
        },
        Case {
            name: "deposit",
            instruction: build::deposit(&alice, &at(Alice), &weth, Amount(1)),
            slots: vec![owner, at_pool, at_reserve, position, source, vault, token],
        },
        Case {
            name: "withdraw",
            instruction: build::withdraw(&dave, &at(Dave), &weth, &[], Amount(1)),
            slots: outflow.to_vec(),
        },
        Case {
            name: "borrow",
            instruction: build::borrow(&bob, &at(Bob), &weth, &used, Amount(1)),
            slots: outflow.into_iter().chain(other).collect(),
        },
        Case {
            name: "repay",
            instruction: build::repay(&dave, &at(Bob), &weth, Amount(1_000)),
            slots: vec![("payer", Signer), at_pool, at_reserve, position, source, vault, token],
        },
    ]
}

fn risk_cases(world: &World) -> Vec<Case> {
    use Kind::{Feed, Pool, Position, Program, Reserve, Signer, Tokens, Vault};
    let (weth, usdc) = (world.keys(Harbour, Weth), world.keys(Harbour, Usdc));
    let position = world.position(Harbour, Alice);
    let args = Liquidate { repay_max: Usdc.whole(1), collateral_min: Amount(0) };
    let (dave, receiver) = (world.person(Dave), world.position_address(Harbour, Dave));
    let (sides, at) = ((&usdc, &weth), &position.address);
    vec![
        Case {
            name: "liquidate",
            instruction: build::liquidate(&dave, at, sides, Some(&receiver), &[], args),
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
            ],
        },
        Case {
            name: "absorb_bad_debt",
            instruction: build::absorb_bad_debt(
                &world.pool(Harbour),
                &position.address,
                &[weth, usdc],
            ),
            slots: vec![
                ("pool", Pool),
                ("position", Position),
                ("collateral_reserve", Reserve(Weth)),
                ("collateral_feed", Feed),
                ("debt_reserve", Reserve(Usdc)),
                ("debt_feed", Feed),
            ],
        },
    ]
}
