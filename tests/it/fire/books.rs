//! What is held, owned and owed, and losses.

use cofferdam_lending_interface::{
    event::{BadDebtAbsorbed, Borrowed, CollateralSeized, Deposited, LossRecovered},
    state::{LossPolicy, Mode, PoolConfig, PriceFeed, Reserve, ReserveConfig, Stake},
    units::{DebtShares, Fine, Price, Shares, Value, WAD},
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{
    action::Verb,
    scene::Scene,
    world::{Options, World, base_config},
};

use super::{Row, case::Case};
use crate::common::*;

const YEAR_S: u64 = 31_536_000;
/// A dollar's thousandth, in 10⁻⁹ units of its native unit.
const BIT: u128 = 1_000_000_000_000;

pub(super) const ROWS: &[Row] = &[
    ("CONS-1", || {
        let case = Case::deposit(indebted());
        case.reserve_is(Usdc, |reserve| reserve.cash = Amount(reserve.cash.get() + 1))
    }),
    ("CONS-2", || {
        let case = Case::deposit(indebted());
        let wallet = case.after().wallet(Carol, Usdc);
        case.tokens_are(wallet, 1)
    }),
    ("SHARE-1", || {
        let case = Case::deposit(indebted());
        case.reserve_is(Usdc, |r| r.supply_shares = Shares(r.supply_shares.get() + 1))
    }),
    ("SHARE-2", || {
        let case = Case::deposit(indebted());
        case.reserve_is(Usdc, |r| r.debt_shares = DebtShares(r.debt_shares.get() + 1))
    }),
    ("SHARE-3", || {
        let case = Case::deposit(indebted());
        case.told::<Deposited>(|event| event.shares = Shares(event.shares.get() + 1))
    }),
    ("SHARE-4", || {
        let case = Case::borrow(indebted());
        case.told::<Borrowed>(|event| event.shares = DebtShares(event.shares.get() - 1))
    }),
    ("SHARE-5", || Case::deposit(indebted()).told::<Deposited>(|event| event.shares = Shares(0))),
    ("PRICE-1", || {
        let case = Case::deposit(indebted());
        case.reserve_is(Usdc, |reserve| reserve.fees = Fine(reserve.fees.get() + BIT))
    }),
    ("PRICE-2", || {
        let world = indebted();
        let donation = world.donation(Carol, Harbour, Usdc, Amount(5));
        let case = Case::tried(world, Verb::Donate, &[Carol], vec![donation]);
        case.reserve_is(Usdc, |reserve| reserve.vesting_until_s += 1)
    }),
    ("PRICE-3", || {
        staked_case().reserve_is(Usdc, |reserve| {
            reserve.insurance = Fine(reserve.insurance.get() - BIT);
            reserve.fees = Fine(reserve.fees.get() + BIT);
        })
    }),
    ("GAIN-1", || {
        let case = Case::deposit(earning());
        case.reserve_is(Usdc, |reserve| reserve.fees = Fine(reserve.fees.get() - BIT))
    }),
    ("GAIN-2", || {
        let case = Case::borrow(earning());
        let more = |reserve: &mut Reserve| reserve.deficit = Usdc.whole(1_000).fine();
        seen(case.reserve_is(Usdc, more), more)
    }),
    ("SOLV-1", || {
        let case = Case::deposit(indebted());
        case.reserve_is(Usdc, |reserve| reserve.insurance = Usdc.whole(1_000_000).fine())
    }),
    ("SOLV-2", || {
        seen(Case::borrow(indebted()), |r| r.insurance_cash = Usdc.whole(140_000).fine())
    }),
    ("FLASH-1", || {
        let case = Case::deposit(indebted());
        case.reserve_is(Usdc, |reserve| {
            reserve.flash_loan = Amount(5);
            reserve.fees = Fine(reserve.fees.get() + Amount(5).fine().get());
        })
    }),
    ("ACCR-1", || Case::deposit(indebted()).reserve_is(Usdc, |r| r.accrued_at_s += 10)),
    ("ACCR-2", || Case::deposit(indebted()).reserve_is(Usdc, |r| r.rate_at_target = 1)),
    ("ACCR-3", || {
        let case = Case::deposit(earning());
        let more = |reserve: &mut Reserve| reserve.fees = Fine(reserve.fees.get() + BIT);
        seen(case.reserve_is(Usdc, more), more)
    }),
    ("ACCR-4", || {
        let more = |reserve: &mut Reserve| reserve.index.0 += reserve.index.0 / 2;
        seen(Case::borrow(untaxed()).reserve_is(Usdc, more), more)
    }),
    ("VEST-1", || {
        let case = Case::deposit(earning());
        case.reserve_is(Usdc, |reserve| {
            reserve.vesting = Fine(BIT);
            reserve.fees = Fine(reserve.fees.get() - BIT);
        })
    }),
    ("LOSS-1", || {
        let case = Case::absorb(crashed());
        case.told::<BadDebtAbsorbed>(|event| event.loss.fees = Fine(event.loss.fees.get() + 1))
    }),
    ("LOSS-2", || {
        let case = Case::absorb(crashed());
        case.told::<BadDebtAbsorbed>(|event| {
            event.loss.suppliers = Fine(event.loss.suppliers.get() - 1);
            event.loss.insurance = Fine(event.loss.insurance.get() + 1);
        })
    }),
    ("LOSS-3", || {
        let case = Case::absorb(crashed());
        case.feed_both(|feed| (feed.price, feed.ema) = (dollars(2_000), dollars(2_000)))
    }),
    ("LOSS-4", || {
        let case = Case::absorb(twice_indebted());
        case.told::<BadDebtAbsorbed>(|event| event.shares = DebtShares(event.shares.get() / 2))
    }),
    ("LOSS-5", || {
        let case = Case::absorb(dusty());
        case.told::<CollateralSeized>(|event| event.amount = Fine(event.amount.get() - 1))
    }),
    ("LOSS-6", || {
        let case = Case::deposit(indebted());
        let at = reserve(case.after(), Harbour, Usdc);
        case.was::<Reserve>(at, |reserve| reserve.mode = Mode::Killed)
    }),
    ("LOSS-7", || {
        let case = Case::liquidate(doubtful());
        let at = case.after().feed(Usdc);
        case.both::<PriceFeed>(at, |feed| feed.confidence = Price::ZERO)
    }),
    ("CLAIM-1", || {
        let case = Case::absorb(crashed());
        case.position_is(Alice, |position| {
            let owing = position.entries.iter_mut().find(|entry| !entry.claim.is_zero());
            let entry = owing.expect("a claim");
            entry.claim = Fine(entry.claim.get() + 1);
        })
    }),
    ("CLAIM-2", || {
        Case::repay(claimed()).told::<LossRecovered>(|event| {
            event.split.suppliers = Fine(event.split.suppliers.get() - 1);
            event.split.fees = Fine(event.split.fees.get() + 1);
        })
    }),
    ("DEFICIT-1", || {
        let case = Case::deposit(indebted());
        case.reserve_is(Usdc, |reserve| {
            reserve.deficit = Fine(1);
            reserve.fees = Fine(reserve.fees.get() + 1);
        })
    }),
    ("STAKE-1", || {
        staked_case().reserve_is(Usdc, |reserve| {
            reserve.insurance_staked = Shares(reserve.insurance_staked.get() - 1);
        })
    }),
    ("STAKE-2", || {
        let case = unstaked();
        let at = case.after().stake_address(Bob, Harbour, Usdc);
        case.both::<Stake>(at, |stake| stake.cooling_from_s += 86_400)
    }),
    ("NOTICE-1", || {
        Case::withdraw(indebted()).pool_both(|pool| pool.config.withdrawal_notice_s = 1_000)
    }),
    ("OUT-1", || {
        let case = Case::borrow(indebted());
        case.reserve_both(Usdc, |reserve| reserve.config.outflow_hour_max = Amount(1))
    }),
];

/// The checks saw dollars with interest as if it had been something else.
fn seen(case: Case, change: impl Fn(&mut Reserve) + 'static) -> Case {
    let at = reserve(case.after(), Harbour, Usdc);
    case.seen(move |scene: &mut Scene| {
        let mut reserve = scene.accrued[&at].clone();
        change(&mut reserve);
        scene.accrued.pretend(at, reserve);
    })
}

/// A year of interest, and prices of today.
fn earning() -> World {
    let mut world = indebted();
    world.advance(YEAR_S);
    done(world.refresh());
    world
}

/// The same where all interest is the suppliers'.
fn untaxed() -> World {
    let config = ReserveConfig {
        reserve_factor: cofferdam_lending_interface::units::Bps(0),
        ..base_config()
    };
    let mut world = indebted();
    done(world.update_reserve(Harbour, Usdc, config));
    world.advance(YEAR_S);
    done(world.refresh());
    world
}

fn crashed() -> World {
    let mut world = indebted();
    price(&mut world, Weth, 1_000);
    world
}

/// The same while nobody is sure what a dollar is worth, so that no loss is recognised.
fn doubtful() -> World {
    let mut world = crashed();
    done(world.publish_around(Usdc, dollars(1), Price(WAD / 10)));
    world
}

/// Alice owes both kinds of dollars, and ether has fallen.
fn twice_indebted() -> World {
    let mut world = indebted();
    done(world.deposit(Dave, Harbour, Dai, Dai.whole(100_000)));
    done(world.borrow(Alice, Harbour, Dai, Dai.whole(10_000)));
    price(&mut world, Weth, 1_000);
    world
}

/// Alice owes 600 dollars against what became dust.
fn dusty() -> World {
    let pool = PoolConfig { min_position_value: Value(100 * WAD), ..PoolConfig::default() };
    let mut world = World::new(&Options { pool, ..options() });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Weth, Amount(500_000_000)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(600)));
    price(&mut world, Weth, 150);
    world
}

/// Alice owes a claim for which suppliers paid.
fn claimed() -> World {
    let config = ReserveConfig { loss_policy: LossPolicy::Haircut, ..base_config() };
    let mut world = indebted();
    done(world.update_reserve(Harbour, Usdc, config));
    price(&mut world, Weth, 1_000);
    done(world.absorb(Harbour, Alice));
    world
}

/// Bob stakes 1,000 dollars beside 1,000 of the protocol's.
fn staked_case() -> Case {
    let mut world = indebted();
    done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(1_000)));
    done(world.open_stake(Bob, Harbour, Usdc));
    let keys = world.keys(Harbour, Usdc);
    let stake = build::stake_insurance(&world.person(Bob), &keys, Usdc.whole(1_000));
    Case::sent(world, &[Bob], vec![stake])
}

/// Bob's stake leaves on the day it may.
fn unstaked() -> Case {
    let mut world = indebted();
    done(world.open_stake(Bob, Harbour, Usdc));
    done(world.stake(Bob, Harbour, Usdc, Usdc.whole(1_000)));
    let shares = world.stake_state(Bob, Harbour, Usdc).shares;
    done(world.cool(Bob, Harbour, Usdc, shares));
    world.advance(10 * 86_400);
    let unstake = build::unstake_insurance(&world.person(Bob), &world.keys(Harbour, Usdc), shares);
    Case::sent(world, &[Bob], vec![unstake])
}
