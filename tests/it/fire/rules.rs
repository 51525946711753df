//! Modes, limits, authority, and what holds of every transaction.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    ID,
    event::ReserveUpdated,
    state::{Mode, Pool, Reserve, ReserveConfig},
    units::Bps,
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{action::Verb, world::base_config};
use solana_account::Account;

use super::{Row, case::Case};
use crate::common::*;

pub(super) const ROWS: &[Row] = &[
    ("MODE-1", || Case::borrow(indebted()).reserve_both(Usdc, |r| r.mode = Mode::Frozen)),
    ("CAP-1", || {
        let case = Case::borrow(indebted());
        case.reserve_both(Usdc, |reserve| reserve.config.borrow_cap = Amount(1))
    }),
    ("PARAM-1", || {
        let case = Case::deposit(indebted());
        case.reserve_both(Usdc, |reserve| reserve.config.collateral_factor = Bps(9_000))
    }),
    ("LOCK-1", || {
        let world = governed();
        let (admin, keys) = (world.person(Admin), world.keys(Harbour, Usdc));
        let config = ReserveConfig { supply_cap: Amount(1 << 50), ..base_config() };
        let update = build::update_reserve(&admin, &keys.pool, &keys.reserve, config, 0);
        Case::sent(world, &[Admin], vec![update])
            .told::<ReserveUpdated>(|event| event.after.borrow_factor = Bps(20_000))
    }),
    ("AUTH-2", || freeze().signed_by(Mallory)),
    ("AUTH-3", || {
        let case = freeze();
        let (at, mallory) = (case.after().pool(Harbour), case.after().person(Mallory));
        case.is::<Pool>(at, |pool| pool.admin = mallory)
    }),
    ("IDENT-1", || Case::deposit(indebted()).reserve_is(Usdc, |reserve| reserve.decimals += 1)),
    ("RAMP-1", || {
        Case::deposit(indebted()).reserve_is(Usdc, |reserve| {
            reserve.config.collateral_factor = Bps(100);
            reserve.config.liquidation_threshold = Bps(200);
        })
    }),
    ("ISO-1", || {
        let case = Case::deposit(indebted());
        let at = reserve(case.after(), Lagoon, Usdc);
        case.is::<Reserve>(at, |reserve| reserve.vesting_until_s += 1)
    }),
    ("ISO-2", || Case::deposit(indebted()).reserve_is(Weth, |r| r.vesting_until_s += 1)),
    ("AUTH-1", || Case::withdraw(indebted()).signed_by(Mallory)),
    ("FAIL-1", || {
        let world = indebted();
        let (at, keys) = (world.position_address(Harbour, Bob), world.keys(Harbour, Usdc));
        let withdraw = build::withdraw(&world.person(Bob), &at, &keys, &[], Amount(1));
        Case::tried(world, Verb::Withdraw, &[Bob], vec![withdraw]).gift(Mallory, 1)
    }),
    ("EVENT-1", || Case::deposit(indebted()).position_is(Carol, |p| p.entries[0].noticed_at_s = 5)),
    ("STATE-1", || {
        let mut case = Case::deposit(indebted());
        let data = vec![1; 100];
        let at = Address::new_from_array([7; 32]);
        case.put(at, Account { lamports: 1, data, owner: ID, ..Account::default() });
        case
    }),
    ("LAMP-1", || Case::deposit(indebted()).gift(Mallory, 1)),
];

/// The admin freezes the pool.
fn freeze() -> Case {
    let world = indebted();
    let freeze = build::set_pool_mode(&world.person(Admin), &world.pool(Harbour), Mode::Frozen);
    Case::sent(world, &[Admin], vec![freeze])
}
