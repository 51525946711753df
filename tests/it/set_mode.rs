//! Modes of pools and reserves: who sets them, what stays possible in each, and the grace after
//! a thaw.

use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    LendingError,
    event::ModeChanged,
    state::{COOLDOWN_S, Mode, Operation, PoolConfig},
    units::Shares,
};
use cofferdam_sdk::ClientError;
use cofferdam_tests::world::World;

use crate::common::*;

/// Dave supplies dollars and Alice owes some against ether; Carol has ether and owes nothing. Bob
/// is the guardian.
fn harbour() -> World {
    let mut world = indebted();
    done(world.deposit(Carol, Harbour, Weth, Weth.whole(5)));
    let guardian = world.person(Bob);
    done(world.update_pool(Harbour, PoolConfig { guardian, ..PoolConfig::default() }));
    world
}

#[test]
fn changes_the_mode_and_nothing_else() {
    let mut world = harbour();
    let (pool, bob) = (world.pool(Harbour), world.person(Bob));
    let before = world.client().pool(&pool).expect("the pool exists");
    let freeze = |world: &mut World| world.set_pool_mode(Bob, Harbour, Mode::Frozen);
    let receipt = moves(&mut world, Bob, freeze, []);
    let (was, is) = (Mode::Active, Mode::Frozen);
    let expected = ModeChanged { target: pool, authority: bob, before: was, after: is };
    assert_eq!(event::<ModeChanged>(&receipt), expected);
    let mut after = before;
    after.mode = Mode::Frozen;
    assert_eq!(world.client().pool(&pool).expect("the pool exists"), after);

    let (reserve, before) = (reserve(&world, Harbour, Weth), world.reserve(Harbour, Weth));
    let reduce = |world: &mut World| world.set_reserve_mode(Admin, (Harbour, Weth), Mode::Killed);
    let receipt = moves(&mut world, Admin, reduce, [("harbour WETH mode", 3)]);
    let (authority, is) = (world.person(Admin), Mode::Killed);
    let expected = ModeChanged { target: reserve, authority, before: was, after: is };
    assert_eq!(event::<ModeChanged>(&receipt), expected);
    let mut after = before;
    after.mode = Mode::Killed;
    assert_eq!(world.reserve(Harbour, Weth), after);
}

#[test]
fn the_guardian_only_makes_it_stricter() {
    let mut world = harbour();
    for mode in [Mode::Active, Mode::Killed] {
        refuses(&world, Bob, LendingError::ModeChangeForbidden, |world| {
            world.set_pool_mode(Bob, Harbour, mode)
        });
        refuses(&world, Bob, LendingError::ModeChangeForbidden, |world| {
            world.set_reserve_mode(Bob, (Harbour, Weth), mode)
        });
    }
    done(world.set_pool_mode(Bob, Harbour, Mode::ReduceOnly));
    done(world.set_pool_mode(Bob, Harbour, Mode::Frozen));
    done(world.set_reserve_mode(Bob, (Harbour, Weth), Mode::Frozen));
    refuses(&world, Bob, LendingError::ModeChangeForbidden, |world| {
        world.set_pool_mode(Bob, Harbour, Mode::ReduceOnly)
    });
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        world.set_pool_mode(Mallory, Harbour, Mode::Frozen)
    });
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        world.set_reserve_mode(Mallory, (Harbour, Weth), Mode::Frozen)
    });
    done(world.set_pool_mode(Admin, Harbour, Mode::Active));
    done(world.set_reserve_mode(Admin, (Harbour, Weth), Mode::Active));
}

#[test]
fn killed_is_for_good() {
    let mut world = harbour();
    done(world.set_pool_mode(Admin, Harbour, Mode::Killed));
    done(world.set_reserve_mode(Admin, (Harbour, Weth), Mode::Killed));
    for mode in Mode::ALL {
        refuses(&world, Admin, LendingError::ModeChangeForbidden, |world| {
            world.set_pool_mode(Admin, Harbour, mode)
        });
        refuses(&world, Admin, LendingError::ModeChangeForbidden, |world| {
            world.set_reserve_mode(Admin, (Harbour, Weth), mode)
        });
    }
}

type Try = fn(&mut World) -> Result<Receipt, ClientError>;

/// What the operations of the table are as transactions, in a reserve of ether.
const ATTEMPTS: [(Operation, Try); 14] = [
    (Operation::Deposit, |world| world.deposit(Carol, Harbour, Weth, Amount(1))),
    (Operation::DepositToSave, |world| world.deposit(Alice, Harbour, Weth, Amount(1))),
    (Operation::WithdrawDebtFree, |world| world.withdraw(Carol, Harbour, Weth, Amount(ALL))),
    (Operation::WithdrawWithDebt, |world| world.withdraw(Alice, Harbour, Weth, Amount(1))),
    (Operation::Borrow, |world| world.borrow(Dave, Harbour, Weth, Amount(1))),
    (Operation::Repay, |world| world.repay(Dave, (Harbour, Bob), Weth, Amount(1_000))),
    (Operation::Liquidate, |world| {
        price(world, Weth, 1_400);
        world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(10_000), Amount(0))
    }),
    (Operation::AbsorbBadDebt, |world| {
        price(world, Weth, 700);
        world.absorb(Harbour, Alice)
    }),
    (Operation::FlashBorrow, |world| world.flash(Carol, (Harbour, Weth), Amount(1_000), &[])),
    (Operation::FundInsurance, |world| world.fund_insurance(Admin, Harbour, Weth, Amount(1))),
    (Operation::StakeInsurance, |world| world.stake(Dave, Harbour, Weth, Amount(1_000))),
    (Operation::UnstakeInsurance, |world| world.unstake(Carol, Harbour, Weth, Shares(1_000_000))),
    (Operation::GiveNotice, |world| world.give_notice(Carol, Harbour, Weth, Shares(1))),
    (Operation::CollectFees, |world| world.collect_fees(Harbour, Weth, Amount(ALL))),
];

/// Whatever the mode of the pool and of the reserve, the table decides, and what lets people out
/// works: repaying, liquidating, leaving without debt.
#[test]
fn the_table_holds_on_chain() {
    let mut open = harbour();
    done(open.deposit(Bob, Harbour, Usdc, Usdc.whole(10_000)));
    done(open.borrow(Bob, Harbour, Weth, Weth.whole(1)));
    // Carol's stake has cooled down; Dave has opened one.
    done(open.open_stake(Carol, Harbour, Weth));
    done(open.open_stake(Dave, Harbour, Weth));
    done(open.stake(Carol, Harbour, Weth, Weth.whole(1)));
    done(open.cool(Carol, Harbour, Weth, Shares(1_000_000)));
    open.advance(u64::from(COOLDOWN_S));
    done(open.refresh());
    for whole in Mode::ALL {
        for own in Mode::ALL {
            let mut world = open.clone();
            done(world.set_pool_mode(Admin, Harbour, whole));
            done(world.set_reserve_mode(Admin, (Harbour, Weth), own));
            for (operation, attempt) in ATTEMPTS {
                // Against a reserve that is not active nothing is lent, so that withdrawing from
                // it with debt may fail by the limit too; the mode is looked at first.
                let result = attempt(&mut world.clone());
                let allowed = whole.max(own).allows(operation);
                let refusal = result.as_ref().err().map(ClientError::lending);
                let expected = (!allowed).then_some(Some(LendingError::ModeForbids));
                assert_eq!(refusal, expected, "{operation:?} in {whole:?} and {own:?}");
            }
        }
    }
}

#[test]
fn nothing_is_lent_against_a_reserve_that_is_not_active() {
    let mut world = harbour();
    done(world.set_reserve_mode(Bob, (Harbour, Weth), Mode::ReduceOnly));
    refuses(&world, Carol, LendingError::BorrowLimitExceeded, |world| {
        world.borrow(Carol, Harbour, Usdc, Amount(1))
    });
    // Nobody is liquidated by it.
    refuses(&world, Liquidator, LendingError::NotLiquidatable, |world| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0))
    });
    done(world.set_reserve_mode(Admin, (Harbour, Weth), Mode::Active));
    done(world.borrow(Carol, Harbour, Usdc, Usdc.whole(7_500)));
}

/// 60,000 owed against 50 ether: liquidatable below 1,500, at the full-close level at 1,425.
#[test]
fn the_grace_after_a_thaw_spares_who_can_still_be_saved() {
    let mut world = harbour();
    let config = PoolConfig { grace_s: 600, ..world.market(Harbour).pool.config };
    done(world.update_pool(Harbour, config));
    done(world.set_pool_mode(Bob, Harbour, Mode::Frozen));
    price(&mut world, Weth, 1_450);
    let liquidate = |world: &mut World| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(10_000), Amount(0))
    };
    done(liquidate(&mut world.clone()));
    done(world.set_pool_mode(Admin, Harbour, Mode::Active));
    assert_eq!(world.market(Harbour).pool.grace_until_s, world.now_s() + 600);
    refuses(&world, Liquidator, LendingError::GracePeriod, liquidate);
    let mut falling = world.clone();
    price(&mut falling, Weth, 1_425);
    done(liquidate(&mut falling));
    done(world.deposit(Alice, Harbour, Weth, Amount(1)));
    world.advance(599);
    done(world.refresh());
    refuses(&world, Liquidator, LendingError::GracePeriod, liquidate);
    world.advance(1);
    done(liquidate(&mut world));
}

/// An admin who freezes and thaws in turn cannot put liquidations off.
#[test]
fn a_second_grace_needs_a_days_rest() {
    let mut world = harbour();
    let config = PoolConfig { grace_s: 600, ..world.market(Harbour).pool.config };
    done(world.update_pool(Harbour, config));
    let thaw = |world: &mut World| {
        done(world.set_pool_mode(Admin, Harbour, Mode::Frozen));
        done(world.set_pool_mode(Admin, Harbour, Mode::ReduceOnly));
        world.market(Harbour).pool.grace_until_s
    };
    let first = thaw(&mut world);
    assert_eq!(first, world.now_s() + 600);
    world.advance(600 + 86_399);
    assert_eq!(thaw(&mut world), first);
    world.advance(1);
    assert_eq!(thaw(&mut world), world.now_s() + 600);
}

#[test]
fn a_thawed_reserve_begins_no_grace() {
    let mut world = harbour();
    let config = PoolConfig { grace_s: 600, ..world.market(Harbour).pool.config };
    done(world.update_pool(Harbour, config));
    done(world.set_reserve_mode(Bob, (Harbour, Weth), Mode::Frozen));
    done(world.set_reserve_mode(Admin, (Harbour, Weth), Mode::Active));
    assert_eq!(world.market(Harbour).pool.grace_until_s, 0);
}
