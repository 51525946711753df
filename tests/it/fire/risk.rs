//! Health, liquidations and prices.

use cofferdam_lending_interface::{
    event::Liquidated,
    state::PriceFeed,
    units::{Bps, DebtShares, Fine, Shares, Value, WAD, Wad},
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::world::World;

use super::{
    Row,
    case::{Case, pretend},
};
use crate::common::*;

pub(super) const ROWS: &[Row] = &[
    ("HEALTH-1", || {
        let case = Case::borrow(indebted());
        case.reserve_both(Weth, |reserve| reserve.config.collateral_factor = Bps(1))
    }),
    ("HEALTH-2", || {
        let world = indebted();
        let (at, keys) = (world.position_address(Harbour, Alice), world.keys(Harbour, Weth));
        let deposit = build::deposit(&world.person(Alice), &at, &keys, Amount(1));
        let case = Case::sent(world, &[Alice], vec![deposit]);
        case.feed_both(|feed| feed.price = dollars(1_450)).seen(move |scene| {
            pretend(scene, at, |position| {
                for entry in &mut position.entries {
                    entry.debt = DebtShares(entry.debt.get() / 2);
                }
            });
        })
    }),
    ("HEALTH-3", || {
        let case = Case::borrow(indebted());
        case.reserve_both(Weth, |reserve| {
            reserve.config.collateral_factor = Bps(10_000);
            reserve.config.liquidation_threshold = Bps(1);
        })
    }),
    ("DUST-1", || {
        let case = Case::borrow(indebted());
        case.pool_both(|pool| pool.config.min_position_value = Value(1_000_000 * WAD))
    }),
    ("CLAIM-3", || {
        let case = Case::borrow(indebted());
        let at = case.after().position_address(Harbour, Alice);
        case.seen(move |scene| {
            pretend(scene, at, |position| {
                let owing = position.entries.iter_mut().find(|entry| !entry.debt.is_zero());
                owing.expect("a debt").claim = Fine(1);
            });
        })
    }),
    ("ENTRY-1", || {
        Case::deposit(indebted()).position_is(Carol, |position| {
            position.entries[0].noticed = Shares(position.entries[0].supply.get() + 1);
        })
    }),
    ("LIQ-1", || Case::liquidate(fallen()).feed_both(|feed| feed.price = dollars(2_000))),
    ("LIQ-2", || {
        let case = Case::liquidate(fallen()).reserve_both(Weth, |reserve| {
            reserve.config.collateral_factor = Bps(4_000);
            reserve.config.liquidation_threshold = Bps(5_000);
        });
        let at = case.after().position_address(Harbour, Alice);
        case.seen(move |scene| {
            pretend(scene, at, |position| {
                for entry in &mut position.entries {
                    entry.debt = DebtShares(entry.debt.get() / 3 * 2);
                }
            });
        })
    }),
    ("LIQ-3", || Case::liquidate(fallen()).told::<Liquidated>(|event| event.bonus = Wad(0))),
    ("LIQ-4", || {
        let case = Case::liquidate(fallen());
        case.reserve_both(Weth, |reserve| reserve.config.target_health = Bps(10_000))
    }),
    ("LIQ-5", || {
        let mut world = indebted();
        done(world.deposit(Alice, Harbour, Dai, Dai.whole(10)));
        price(&mut world, Weth, 1_450);
        Case::liquidate(world).reserve_both(Dai, |reserve| {
            reserve.config.collateral_factor = Bps(6_000);
            reserve.config.liquidation_threshold = Bps(7_000);
        })
    }),
    ("LIQ-6", || {
        let case = Case::liquidate(fallen());
        case.pool_both(|pool| pool.config.min_position_value = Value(40_000 * WAD))
    }),
    ("LIQ-7", || {
        Case::liquidate(fallen())
            .told::<Liquidated>(|event| event.protocol_fee = Amount(event.protocol_fee.get() + 1))
    }),
    ("LIQ-8", || {
        let case = Case::liquidate(fallen());
        let at = case.after().position_address(Harbour, Alice);
        case.seen(move |scene| {
            pretend(scene, at, |position| {
                for entry in &mut position.entries {
                    entry.debt = DebtShares(entry.debt.get() / 1_000 * 1_001);
                }
            });
        })
    }),
    ("GRACE-1", || Case::liquidate(fallen()).pool_both(|pool| pool.grace_until_s = i64::MAX)),
    ("ORACLE-1", || Case::borrow(indebted()).feed_both(|feed| feed.observed_at_s -= 10_000)),
    ("FEED-1", || {
        let case = Case::publish(indebted());
        let at = case.after().feed(Weth);
        case.is::<PriceFeed>(at, |feed| feed.price = dollars(1_901))
    }),
    ("FEED-2", || {
        let case = Case::publish(indebted());
        let at = case.after().feed(Weth);
        case.is::<PriceFeed>(at, |feed| feed.ema = dollars(1_901))
    }),
    ("FEED-3", || {
        let case = Case::publish(indebted());
        let at = case.after().feed(Weth);
        case.is::<PriceFeed>(at, |feed| feed.sequence += 1)
    }),
];

/// Ether at 1,450: Alice's health factor is 0.967.
fn fallen() -> World {
    let mut world = indebted();
    price(&mut world, Weth, 1_450);
    world
}
