use cofferdam_lending_interface::{
    LendingError,
    event::PoolUpdated,
    state::PoolConfig,
    units::{Value, WAD},
};
use cofferdam_sdk::instruction as build;

use crate::common::*;

/// One parameter out of range each, with the documented range just missed.
pub(crate) fn faulty() -> [(&'static str, PoolConfig); 4] {
    let base = PoolConfig::default();
    [
        ("timelock", PoolConfig { timelock_s: 30 * 86_400 + 1, ..base }),
        ("notice", PoolConfig { withdrawal_notice_s: 14 * 86_400 + 1, ..base }),
        ("grace", PoolConfig { grace_s: 4 * 3_600 + 1, ..base }),
        ("least position", PoolConfig { min_position_value: Value(10_000 * WAD + 1), ..base }),
    ]
}

#[test]
fn replaces_the_parameters_and_nothing_else() {
    let mut world = indebted();
    let (pool, guardian) = (world.pool(Harbour), world.person(Bob));
    let before = world.client().pool(&pool).expect("the pool exists");
    let config = PoolConfig {
        guardian,
        timelock_s: 30 * 86_400,
        withdrawal_notice_s: 14 * 86_400,
        grace_s: 4 * 3_600,
        min_position_value: Value(10_000 * WAD),
    };
    let receipt = moves(&mut world, Admin, |world| world.update_pool(Harbour, config), []);
    let expected = PoolUpdated { pool, before: before.config, after: config };
    assert_eq!(event::<PoolUpdated>(&receipt), expected);
    let mut after = before;
    after.config = config;
    assert_eq!(world.client().pool(&pool).expect("the pool exists"), after);
}

/// The timelock guards itself and everything else that raises risk.
#[test]
fn what_raises_risk_has_to_wait() {
    let mut world = governed();
    let config = governed_config(&world);
    let raising = [
        PoolConfig { timelock_s: 86_399, ..config },
        PoolConfig { guardian: world.person(Carol), ..config },
        PoolConfig { withdrawal_notice_s: 1, ..config },
        PoolConfig { grace_s: config.grace_s + 1, ..config },
        PoolConfig { min_position_value: Value(1), ..config },
    ];
    for config in raising {
        refuses(&world, Admin, LendingError::TimelockRequired, |world| {
            world.update_pool(Harbour, config)
        });
    }
    let safer = PoolConfig { timelock_s: 2 * 86_400, grace_s: 0, ..config };
    done(world.update_pool(Harbour, safer));
}

#[test]
fn refusals() {
    let world = governed();
    for (what, config) in faulty() {
        println!("{what}");
        refuses(&world, Bob, LendingError::InvalidConfig, |world| {
            let bob = world.person(Bob);
            let create = build::create_pool(&bob, &bob, *NAME, config);
            world.send(&[Bob], &[create])
        });
        let config = PoolConfig { guardian: world.person(Bob), ..config };
        refuses(&fresh(), Admin, LendingError::InvalidConfig, |world| {
            world.update_pool(Harbour, config)
        });
    }
    for stranger in [Mallory, Bob] {
        refuses(&world, stranger, LendingError::WrongAuthority, |world| {
            let (person, config) = (world.person(stranger), governed_config(world));
            let update = build::update_pool(&person, &world.pool(Harbour), config);
            world.send(&[stranger], &[update])
        });
    }
}

const NAME: &[u8; 32] = b"quay\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
