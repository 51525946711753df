//! Honest instructions of those who run a pool.

use cofferdam_host::Address;
use cofferdam_lending_interface::state::{Mode, PoolConfig};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::world::{PoolId, World, base_config};

use super::cases::{Case, Kind};
use crate::common::*;

/// A world in which changes of both pools, and of ether and DAI in them, are ready, and Bob was
/// proposed as Harbour's admin. Nothing waits for the dollar.
pub(super) fn waiting() -> World {
    let mut world = lively();
    for pool in PoolId::ALL {
        done(world.queue_pool_change(pool, PoolConfig::default()));
        for asset in [Weth, Dai] {
            let feeds = (world.feed(asset), Address::default());
            done(world.queue_reserve_change((pool, asset), base_config(), feeds));
        }
    }
    let (admin, bob) = (world.person(Admin), world.person(Bob));
    let propose = build::propose_admin(&admin, &world.pool(Harbour), &bob);
    done(world.send(&[Admin], &[propose]));
    world
}

/// One case for each instruction that finds a waiting pool.
pub(super) fn governance_cases(world: &World) -> Vec<Case> {
    let mut cases = authority_cases(world);
    cases.extend(change_cases(world));
    cases
}

/// One case for each that needs a pool where nothing waits.
pub(super) fn queue_cases(world: &World) -> Vec<Case> {
    let [admin, bob] = [Admin, Bob].map(|actor| world.person(actor));
    let pool = world.pool(Harbour);
    let queue = build::queue_pool_change(&bob, &admin, &pool, PoolConfig::default());
    vec![Case {
        name: "queue_pool_change",
        instruction: queue,
        slots: vec![
            ("payer", Kind::Signer),
            ("admin", Kind::Signer),
            ("pool", Kind::Pool),
            ("change", Kind::New),
            ("system_program", Kind::Program),
        ],
    }]
}

fn authority_cases(world: &World) -> Vec<Case> {
    use Kind::{Pool, Reserve, Signer};
    let [admin, bob] = [Admin, Bob].map(|actor| world.person(actor));
    let keys = world.keys(Harbour, Weth);
    let (pool, reserve) = (&keys.pool, &keys.reserve);
    let (at_pool, authority) = (("pool", Pool), ("authority", Signer));
    vec![
        Case {
            name: "update_pool",
            instruction: build::update_pool(&admin, pool, PoolConfig::default()),
            slots: vec![("admin", Signer), at_pool],
        },
        Case {
            name: "propose_admin",
            instruction: build::propose_admin(&admin, pool, &admin),
            slots: vec![("admin", Signer), at_pool],
        },
        Case {
            name: "accept_admin",
            instruction: build::accept_admin(&bob, pool),
            slots: vec![("proposed", Signer), at_pool],
        },
        Case {
            name: "set_pool_mode",
            instruction: build::set_pool_mode(&admin, pool, Mode::Frozen),
            slots: vec![authority, at_pool],
        },
        Case {
            name: "set_reserve_mode",
            instruction: build::set_reserve_mode(&admin, pool, reserve, Mode::Frozen),
            slots: vec![authority, at_pool, ("reserve", Reserve(Weth))],
        },
    ]
}

fn change_cases(world: &World) -> Vec<Case> {
    use Kind::{Feed, New, Payee, Pool, PoolChange, Program, Reserve, ReserveChange, Signer};
    let [admin, bob] = [Admin, Bob].map(|actor| world.person(actor));
    let (weth, usdc) = (world.keys(Harbour, Weth), world.keys(Harbour, Usdc));
    let (pool, target) = (&weth.pool, (&weth.pool, &weth.reserve));
    let free = (&usdc.pool, &usdc.reserve);
    let feeds = (&usdc.feed, &weth.feed);
    let (at_pool, payee) = (("pool", Pool), ("payer", Payee));
    let (owner, authority) = (("admin", Signer), ("authority", Signer));
    let reserve_change = ("change", ReserveChange);
    let pool_change = ("change", PoolChange);
    vec![
        Case {
            name: "queue_reserve_change",
            instruction: build::queue_reserve_change(&bob, &admin, free, feeds, base_config()),
            slots: vec![
                ("payer", Signer),
                owner,
                at_pool,
                ("reserve", Reserve(Usdc)),
                ("feed", Feed),
                ("change", New),
                ("system_program", Program),
                ("second_feed", Feed),
            ],
        },
        Case {
            name: "apply_reserve_change",
            instruction: build::apply_reserve_change(&admin, target, &admin),
            slots: vec![owner, at_pool, ("reserve", Reserve(Weth)), reserve_change, payee],
        },
        Case {
            name: "cancel_reserve_change",
            instruction: build::cancel_reserve_change(&admin, target, &admin),
            slots: vec![authority, at_pool, reserve_change, payee],
        },
        Case {
            name: "apply_pool_change",
            instruction: build::apply_pool_change(&admin, pool, &admin),
            slots: vec![owner, at_pool, pool_change, payee],
        },
        Case {
            name: "cancel_pool_change",
            instruction: build::cancel_pool_change(&admin, pool, &admin),
            slots: vec![authority, at_pool, pool_change, payee],
        },
    ]
}
