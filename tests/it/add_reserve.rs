use cofferdam_lending_interface::{
    LendingError,
    event::ReserveAdded,
    math::value::Quote,
    state::ReserveConfig,
    units::{Amount as Units, Bps, Index, Shares},
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{balances::Balances, world::base_config};

use crate::common::*;

#[test]
fn makes_a_reserve_and_its_vault() {
    let mut world = fresh();
    let before = Balances::of(&world);
    let receipt = receipt_of(world.add_reserve(Harbour, Wbtc, base_config()));
    let moved = before.to(&Balances::of(&world));

    let (keys, reserve) = (world.keys(Harbour, Wbtc), world.reserve(Harbour, Wbtc));
    assert_eq!((reserve.pool, reserve.mint, reserve.vault), (keys.pool, keys.mint, keys.vault));
    assert_eq!((reserve.feed, reserve.decimals), (world.feed(Wbtc), 8));
    assert_eq!((reserve.cash, reserve.supply_shares), (Units(0), Shares(0)));
    assert_eq!((reserve.index, reserve.accrued_at_s), (Index::ONE, world.now_s()));
    assert_eq!(reserve.config, base_config());
    let pool = world.client().pool(&keys.pool).expect("the pool exists");
    assert_eq!(pool.reserves().last(), Some(&keys.reserve));
    let config = base_config();
    let expected = ReserveAdded { pool: keys.pool, reserve: keys.reserve, mint: keys.mint, config };
    assert_eq!(event::<ReserveAdded>(&receipt), expected);

    let lamports = |address| i128::from(world.ledger().lamports(address));
    let rent = lamports(&keys.reserve) + lamports(&keys.vault);
    let index = i128::try_from(Index::ONE.get()).expect("small");
    assert_eq!(moved, [("admin lamports", -FEE - rent), ("harbour WBTC index", index)].into());
}

#[test]
fn takes_a_second_feed() {
    let mut world = fresh();
    let (admin, pool) = (world.person(Admin), world.pool(Harbour));
    let (mint, feed, second) = (world.mint(Wbtc), world.feed(Wbtc), world.feed(Weth));
    let add = |second: cofferdam_host::Address| {
        let assets = (&mint, &feed, &second);
        build::add_reserve_with_second_feed(&admin, &admin, &pool, assets, base_config())
    };
    for (second, error) in [
        // The first again: it would agree with itself whatever it says.
        (feed, LendingError::DuplicateAccount),
        (world.pool(Harbour), LendingError::WrongAccountType),
        (world.wallet(Admin, Wbtc), LendingError::WrongOwner),
    ] {
        let add = add(second);
        refuses(&world, Admin, error, |world| world.send(&[Admin], &[add]));
    }
    done(world.send(&[Admin], &[add(second)]));
    let reserve = world.reserve(Harbour, Wbtc);
    assert_eq!((reserve.feed, reserve.second_feed), (feed, second));
}

/// One parameter out of range each, with the documented range just missed.
pub(crate) fn faulty() -> [(&'static str, ReserveConfig); 11] {
    let base = base_config();
    let mut curve = base.curve;
    curve.points[0].utilisation = Bps(1);
    [
        ("factor above threshold", ReserveConfig { collateral_factor: Bps(8_001), ..base }),
        ("bonus not covered", ReserveConfig { liquidation_threshold: Bps(9_260), ..base }),
        ("target health below one", ReserveConfig { target_health: Bps(9_999), ..base }),
        ("target health too high", ReserveConfig { target_health: Bps(15_001), ..base }),
        ("full close above one", ReserveConfig { full_close_health: Bps(10_001), ..base }),
        ("insolvent bonus above bonus", ReserveConfig { insolvent_bonus: Bps(801), ..base }),
        ("no insolvent bonus", ReserveConfig { insolvent_bonus: Bps(9), ..base }),
        ("liquidation fee", ReserveConfig { liquidation_protocol_fee: Bps(5_001), ..base }),
        ("reserve factor", ReserveConfig { reserve_factor: Bps(5_001), ..base }),
        ("price age", ReserveConfig { max_price_age_s: 604_801, ..base }),
        ("curve", ReserveConfig { curve, ..base }),
    ]
}

/// Otherwise a new reserve would be a way around the timelock.
#[test]
fn behind_a_timelock_a_reserve_begins_unused() {
    let mut world = governed();
    let unused =
        ReserveConfig { collateral_factor: Bps(0), liquidation_threshold: Bps(0), ..base_config() };
    let barely = ReserveConfig { liquidation_threshold: Bps(1), ..unused };
    for config in [base_config(), barely] {
        refuses(&world, Admin, LendingError::TimelockRequired, |world| {
            world.add_reserve(Harbour, Wbtc, config)
        });
    }
    done(world.add_reserve(Harbour, Wbtc, unused));
    refuses(&world, Admin, LendingError::TimelockRequired, |world| {
        world.update_reserve(Harbour, Wbtc, base_config())
    });
}

#[test]
fn refusals() {
    let world = fresh();
    for (what, config) in faulty() {
        println!("{what}");
        refuses(&world, Admin, LendingError::InvalidConfig, |world| {
            world.add_reserve(Harbour, Wbtc, config)
        });
    }
    refuses(&world, Admin, LendingError::AlreadyInitialised, |world| {
        world.add_reserve(Harbour, Weth, base_config())
    });
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        let (mallory, pool) = (world.person(Mallory), world.pool(Harbour));
        let assets = (&world.mint(Wbtc), &world.feed(Wbtc));
        let add = build::add_reserve(&mallory, &mallory, &pool, assets, base_config());
        world.send(&[Mallory], &[add])
    });
}

/// An asset of more decimals has units too small for the prices the program counts in.
#[test]
fn a_mint_of_too_many_decimals_is_refused() {
    let with_decimals = |decimals| {
        let (mut world, mint) = (fresh(), fresh().mint(Wbtc));
        let mut account = world.ledger().account(&mint).expect("it exists").clone();
        account.data[44] = decimals;
        let put = world.client_mut().backend_mut().cheat().set_account(&mint, account).map(drop);
        put.expect("any account can be set");
        world
    };
    let most = Quote::DECIMALS_MAX;
    done(with_decimals(most).add_reserve(Harbour, Wbtc, base_config()));
    for decimals in [most + 1, u8::MAX] {
        refuses(&with_decimals(decimals), Admin, LendingError::UnsupportedMint, |world| {
            world.add_reserve(Harbour, Wbtc, base_config())
        });
    }
}
