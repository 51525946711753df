use cofferdam_host::CallAccount;
use cofferdam_host::cpi::SYSTEM_PROGRAM_ID;
use cofferdam_lending_interface::{
    instruction::{
        AcceptAdmin, AcceptAdminAccounts, ApplyPoolChange, ApplyPoolChangeAccounts,
        ApplyReserveChange, ApplyReserveChangeAccounts, CancelChangeAccounts, CancelPoolChange,
        CancelReserveChange, LendingInstruction, PoolAdminAccounts, ProposeAdmin, QueuePoolChange,
        QueuePoolChangeAccounts, QueueReserveChange, QueueReserveChangeAccounts, SetPoolMode,
        SetPoolModeAccounts, SetReserveMode, SetReserveModeAccounts, UpdatePool,
    },
    state::{Mode, PoolConfig, ReserveConfig},
};
use solana_address::Address;
use solana_instruction::Instruction;

use super::build;
use crate::address;

/// Replaces a pool's own parameters at once; `admin` signs.
#[must_use]
pub fn update_pool(admin: &Address, pool: &Address, config: PoolConfig) -> Instruction {
    let accounts = PoolAdminAccounts { admin: *admin, pool: *pool };
    build(LendingInstruction::UpdatePool(UpdatePool { config }), accounts.metas())
}

/// Proposes `next` as a pool's admin, or takes a proposal back with the zero address; `admin`
/// signs.
#[must_use]
pub fn propose_admin(admin: &Address, pool: &Address, next: &Address) -> Instruction {
    let accounts = PoolAdminAccounts { admin: *admin, pool: *pool };
    let args = ProposeAdmin { admin: *next };
    build(LendingInstruction::ProposeAdmin(args), accounts.metas())
}

/// Accepts to be a pool's admin; `proposed` signs.
#[must_use]
pub fn accept_admin(proposed: &Address, pool: &Address) -> Instruction {
    let accounts = AcceptAdminAccounts { proposed: *proposed, pool: *pool };
    build(LendingInstruction::AcceptAdmin(AcceptAdmin {}), accounts.metas())
}

/// Sets a pool's mode; `authority`, the admin or the guardian, signs.
#[must_use]
pub fn set_pool_mode(authority: &Address, pool: &Address, mode: Mode) -> Instruction {
    let accounts = SetPoolModeAccounts { authority: *authority, pool: *pool };
    build(LendingInstruction::SetPoolMode(SetPoolMode { mode }), accounts.metas())
}

/// Sets a reserve's mode; `authority`, the admin or the guardian, signs.
#[must_use]
pub fn set_reserve_mode(
    authority: &Address,
    pool: &Address,
    reserve: &Address,
    mode: Mode,
) -> Instruction {
    let accounts = SetReserveModeAccounts { authority: *authority, pool: *pool, reserve: *reserve };
    build(LendingInstruction::SetReserveMode(SetReserveMode { mode }), accounts.metas())
}

/// Lets a change to a reserve begin to wait: its next parameters, feed and, unless zero, second
/// feed; `payer` and `admin` sign.
#[must_use]
pub fn queue_reserve_change(
    payer: &Address,
    admin: &Address,
    (pool, reserve): (&Address, &Address),
    (feed, second_feed): (&Address, &Address),
    config: ReserveConfig,
) -> Instruction {
    let (change, bump) = address::change(reserve);
    let accounts = QueueReserveChangeAccounts {
        payer: *payer,
        admin: *admin,
        pool: *pool,
        reserve: *reserve,
        feed: *feed,
        change,
        system_program: SYSTEM_PROGRAM_ID,
    };
    let mut metas = accounts.metas();
    if *second_feed != Address::default() {
        metas.push(CallAccount::readonly(*second_feed));
    }
    build(LendingInstruction::QueueReserveChange(QueueReserveChange { config, bump }), metas)
}

/// Applies a reserve's change; `admin` signs and `payer`, who paid its rent, gets it back.
#[must_use]
pub fn apply_reserve_change(
    admin: &Address,
    (pool, reserve): (&Address, &Address),
    payer: &Address,
) -> Instruction {
    let accounts = ApplyReserveChangeAccounts {
        admin: *admin,
        pool: *pool,
        reserve: *reserve,
        change: address::change(reserve).0,
        payer: *payer,
    };
    build(LendingInstruction::ApplyReserveChange(ApplyReserveChange {}), accounts.metas())
}

/// Withdraws a reserve's change; `authority`, the admin or the guardian, signs.
#[must_use]
pub fn cancel_reserve_change(
    authority: &Address,
    (pool, reserve): (&Address, &Address),
    payer: &Address,
) -> Instruction {
    let accounts = cancel(authority, pool, reserve, payer);
    build(LendingInstruction::CancelReserveChange(CancelReserveChange {}), accounts.metas())
}

/// Lets a change to a pool's parameters begin to wait; `payer` and `admin` sign.
#[must_use]
pub fn queue_pool_change(
    payer: &Address,
    admin: &Address,
    pool: &Address,
    config: PoolConfig,
) -> Instruction {
    let (change, bump) = address::change(pool);
    let accounts = QueuePoolChangeAccounts {
        payer: *payer,
        admin: *admin,
        pool: *pool,
        change,
        system_program: SYSTEM_PROGRAM_ID,
    };
    let args = QueuePoolChange { config, bump };
    build(LendingInstruction::QueuePoolChange(args), accounts.metas())
}

/// Applies a pool's change; `admin` signs and `payer`, who paid its rent, gets it back.
#[must_use]
pub fn apply_pool_change(admin: &Address, pool: &Address, payer: &Address) -> Instruction {
    let change = address::change(pool).0;
    let accounts = ApplyPoolChangeAccounts { admin: *admin, pool: *pool, change, payer: *payer };
    build(LendingInstruction::ApplyPoolChange(ApplyPoolChange {}), accounts.metas())
}

/// Withdraws a pool's change; `authority`, the admin or the guardian, signs.
#[must_use]
pub fn cancel_pool_change(authority: &Address, pool: &Address, payer: &Address) -> Instruction {
    let accounts = cancel(authority, pool, pool, payer);
    build(LendingInstruction::CancelPoolChange(CancelPoolChange {}), accounts.metas())
}

fn cancel(
    authority: &Address,
    pool: &Address,
    target: &Address,
    payer: &Address,
) -> CancelChangeAccounts {
    let change = address::change(target).0;
    CancelChangeAccounts { authority: *authority, pool: *pool, change, payer: *payer }
}
