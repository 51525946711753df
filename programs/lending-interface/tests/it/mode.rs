//! Modes: the table of what each allows, who may set them, and the grace after a thaw.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    state::{Authority, GRACE_REST_S, Mode, Operation, Pool, PoolConfig},
    units::Bps,
};

use crate::encoding::reserve;

const MATH: &str = include_str!("../../../../docs/MATH.md");

fn pool(config: PoolConfig) -> Pool {
    Pool::new(0, Address::new_from_array([1; 32]), [0; 32], config)
}

#[test]
fn the_document_has_the_table_of_the_code() {
    let row = |operation: &Operation| {
        let cell = |mode: Mode| if mode.allows(*operation) { "yes" } else { "no" };
        let cells: Vec<&str> = Mode::ALL.map(cell).into();
        format!("| `{operation:?}` | {} |\n", cells.join(" | "))
    };
    let table: String = Operation::ALL.iter().map(row).collect();
    assert!(MATH.contains(&table), "docs/MATH.md should have:\n{table}");
}

/// Whoever sets the modes can trap nobody and keep no loss off the books.
#[test]
fn what_lets_people_out_is_always_allowed() {
    for mode in Mode::ALL {
        for operation in [
            Operation::Repay,
            Operation::Liquidate,
            Operation::WithdrawDebtFree,
            Operation::AbsorbBadDebt,
            Operation::UnstakeInsurance,
            Operation::FlashRepay,
        ] {
            assert!(mode.allows(operation), "{operation:?} in {mode:?}");
        }
    }
    assert!(Mode::ReduceOnly.allows(Operation::DepositToSave));
    assert!(!Mode::ReduceOnly.allows(Operation::Deposit));
    assert!(!Mode::Frozen.allows(Operation::DepositToSave));
}

#[test]
fn the_stricter_of_two_modes_holds() {
    let (mut pool, mut reserve) = (pool(PoolConfig::default()), reserve());
    for whole in Mode::ALL {
        for own in Mode::ALL {
            (pool.mode, reserve.mode) = (whole, own);
            for operation in Operation::ALL {
                let allowed = whole.allows(operation) && own.allows(operation);
                let expected = if allowed { Ok(()) } else { Err(LendingError::ModeForbids) };
                assert_eq!(pool.head().require_mode(&reserve, operation), expected);
            }
        }
    }
}

#[test]
fn who_may_set_which_mode() {
    use Mode::{Active, Frozen, Killed, ReduceOnly};
    let guardian = [(Active, ReduceOnly), (Active, Frozen), (ReduceOnly, Frozen)];
    for before in Mode::ALL {
        for after in Mode::ALL {
            assert_eq!(before.may_become(after, Authority::Admin), before != Killed);
            let may = guardian.contains(&(before, after));
            assert_eq!(before.may_become(after, Authority::Guardian), may, "{before:?} {after:?}");
        }
    }
}

#[test]
fn roles_are_by_address_and_nobody_has_one_by_zero() {
    let (admin, guardian) = (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]));
    let mut pool = pool(PoolConfig { guardian, ..PoolConfig::default() });
    assert_eq!(pool.role_of(&admin), Some(Authority::Admin));
    assert_eq!(pool.role_of(&guardian), Some(Authority::Guardian));
    assert_eq!(pool.role_of(&Address::new_from_array([3; 32])), None);
    pool.config.guardian = Address::default();
    assert_eq!(pool.role_of(&Address::default()), None);
    pool.config.guardian = admin;
    assert_eq!(pool.role_of(&admin), Some(Authority::Admin), "the wider role counts");
}

#[test]
fn a_thaw_begins_a_grace_at_most_once_a_day() {
    let mut pool = pool(PoolConfig { grace_s: 600, ..PoolConfig::default() });
    let start_s = 1_700_000_000;
    let mut set = |mode, now_s| {
        pool.set_mode(mode, Authority::Admin, now_s).unwrap();
        pool.grace_until_s
    };
    assert_eq!(set(Mode::Frozen, start_s), 0);
    assert_eq!(set(Mode::ReduceOnly, start_s), start_s + 600);
    assert_eq!(set(Mode::Active, start_s + 1), start_s + 600, "it thawed before");
    assert_eq!(set(Mode::Frozen, start_s + 2), start_s + 600);
    assert_eq!(set(Mode::Active, start_s + 3), start_s + 600, "no second grace while one runs");
    let rested_s = start_s + 600 + i64::from(GRACE_REST_S);
    assert_eq!(set(Mode::Frozen, rested_s - 2), start_s + 600);
    assert_eq!(set(Mode::Active, rested_s - 1), start_s + 600, "nor within a day after");
    assert_eq!(set(Mode::Frozen, rested_s), start_s + 600);
    assert_eq!(set(Mode::Active, rested_s), rested_s + 600);
    assert_eq!(set(Mode::Killed, rested_s), rested_s + 600);
    let back = pool.set_mode(Mode::Active, Authority::Admin, rested_s);
    assert_eq!(back, Err(LendingError::ModeChangeForbidden));
    assert_eq!(pool.mode, Mode::Killed);
    assert!(pool.head().is_in_grace(rested_s + 599));
    assert!(!pool.head().is_in_grace(rested_s + 600));
}

/// Otherwise what is wrong with an asset is turned into a loan of another one.
#[test]
fn nothing_is_lent_against_a_reserve_that_is_not_active() {
    let mut reserve = reserve();
    for mode in Mode::ALL {
        reserve.mode = mode;
        let expected = if mode == Mode::Active { Bps(7_500) } else { Bps::ZERO };
        assert_eq!(reserve.factors().collateral_factor, expected);
        assert_eq!(reserve.factors().liquidation_threshold, Bps(8_000), "nobody is liquidated");
    }
}
