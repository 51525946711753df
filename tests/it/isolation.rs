//! What happens in one pool leaves the other's accounts as they are, to the byte.

use std::collections::BTreeMap;

use cofferdam_host::Address;
use cofferdam_tests::world::{Asset, World};
use solana_account::Account;

use crate::common::*;

/// Every account of the lagoon: pool, reserves, vaults and positions.
fn lagoon(world: &World) -> BTreeMap<Address, Account> {
    let mut addresses = vec![world.pool(Lagoon)];
    for asset in Asset::LISTED {
        let keys = world.keys(Lagoon, asset);
        addresses.extend([keys.reserve, keys.vault]);
    }
    let positions = world.client().positions(&world.pool(Lagoon));
    addresses.extend(positions.iter().map(|position| position.address));
    let account = |address: &Address| world.ledger().account(address).cloned();
    addresses.iter().map(|at| (*at, account(at).expect("it exists"))).collect()
}

#[test]
fn neighbour_stays_dry() {
    let mut world = lively();
    let before = lagoon(&world);
    assert_eq!(before.len(), 1 + 2 * 3 + 5);
    // A crash in the harbour: liquidation, bad debt, a run.
    world.advance(60);
    done(world.refresh());
    price(&mut world, Weth, 900);
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(10_000), Amount(0)));
    price(&mut world, Weth, 880);
    done(world.absorb(Harbour, Alice));
    done(world.collect_fees(Harbour, Weth, Amount(ALL)));
    done(world.withdraw(Dave, Harbour, Weth, Weth.whole(10)));
    done(world.repay(Bob, (Harbour, Bob), Weth, Amount(ALL)));
    assert!(!world.reserve(Harbour, Usdc).losses.recognised.is_zero(), "nothing was lost");
    assert_eq!(lagoon(&world), before);
}
