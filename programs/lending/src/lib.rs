//! The lending program. One verb, one file under `processor`, always the same beats:
//!
//! **load** (the only door to accounts: loading validates and accrues) → **plan** (a pure
//! function of the interface crate) → **check** → **apply** → **emit** → **transfer** →
//! **post-condition**.
//!
//! The books are written before any token moves, and after every movement the vault is compared
//! with them. The program is generic over [`Host`] and does not know which chain runs it.
#![no_std]

extern crate alloc;

mod load;
mod processor;
mod refuse;
mod token;
#[cfg(zoo)]
mod zoo;

use borsh::BorshDeserialize;
use cofferdam_host::{ErrorCode, Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{LendingError, instruction::LendingInstruction};

pub use cofferdam_lending_interface::ID;

/// Name under which logs show the program.
pub const NAME: &str = "cofferdam-lending";

/// Runs one instruction.
///
/// # Errors
/// `Custom(code)` with the number of a [`LendingError`], whose values and advice are in the log;
/// or whatever the System or Token program failed with.
pub fn process<H: Host>(host: &mut H, data: &[u8]) -> ProgramResult {
    #[cfg(zoo)]
    let _running = cofferdam_lending_interface::zoo::Running::begin();
    let result = dispatch(host, data);
    if let Err(ProgramError::Custom(code)) = result
        && let Some(error) = LendingError::from_code(code)
    {
        host.log(format_args!("error {code} {}: {error}", error.name()));
    }
    result
}

fn dispatch<H: Host>(host: &mut H, data: &[u8]) -> ProgramResult {
    let instruction = LendingInstruction::try_from_slice(data)
        .map_err(|_| ProgramError::from(LendingError::InvalidInstruction))?;
    match &instruction {
        LendingInstruction::CreatePool(args) => processor::create_pool::process(host, args),
        LendingInstruction::AddReserve(args) => processor::add_reserve::process(host, args),
        LendingInstruction::UpdateReserve(args) => processor::update_reserve::process(host, args),
        LendingInstruction::CreateFeed(args) => processor::create_feed::process(host, args),
        LendingInstruction::PublishPrice(args) => processor::publish_price::process(host, args),
        LendingInstruction::OpenPosition(args) => processor::open_position::process(host, args),
        LendingInstruction::Deposit(args) => processor::deposit::process(host, args),
        LendingInstruction::Withdraw(args) => processor::withdraw::process(host, args),
        LendingInstruction::Borrow(args) => processor::borrow::process(host, args),
        LendingInstruction::Repay(args) => processor::repay::process(host, args),
        LendingInstruction::FundInsurance(args) => processor::fund_insurance::process(host, args),
        LendingInstruction::Liquidate(args) => processor::liquidate::process(host, args),
        LendingInstruction::AbsorbBadDebt(args) => processor::absorb_bad_debt::process(host, args),
        LendingInstruction::CollectFees(args) => processor::collect_fees::process(host, args),
        LendingInstruction::UpdatePool(args) => processor::update_pool::process(host, args),
        LendingInstruction::ProposeAdmin(args) => processor::propose_admin::process(host, args),
        LendingInstruction::AcceptAdmin(args) => processor::accept_admin::process(host, args),
        LendingInstruction::SetPoolMode(args) => processor::set_pool_mode::process(host, args),
        LendingInstruction::SetReserveMode(args) => {
            processor::set_reserve_mode::process(host, args)
        }
        LendingInstruction::QueueReserveChange(args) => {
            processor::queue_reserve_change::process(host, args)
        }
        LendingInstruction::ApplyReserveChange(args) => {
            processor::apply_reserve_change::process(host, args)
        }
        LendingInstruction::CancelReserveChange(args) => {
            processor::cancel_reserve_change::process(host, args)
        }
        LendingInstruction::QueuePoolChange(args) => {
            processor::queue_pool_change::process(host, args)
        }
        LendingInstruction::ApplyPoolChange(args) => {
            processor::apply_pool_change::process(host, args)
        }
        LendingInstruction::CancelPoolChange(args) => {
            processor::cancel_pool_change::process(host, args)
        }
        LendingInstruction::CoverDeficit(args) => processor::cover_deficit::process(host, args),
        LendingInstruction::OpenStake(args) => processor::open_stake::process(host, args),
        LendingInstruction::StakeInsurance(args) => processor::stake_insurance::process(host, args),
        LendingInstruction::StartCooldown(args) => processor::start_cooldown::process(host, args),
        LendingInstruction::UnstakeInsurance(args) => {
            processor::unstake_insurance::process(host, args)
        }
        LendingInstruction::GiveNotice(args) => processor::give_notice::process(host, args),
        LendingInstruction::FlashBorrow(args) => processor::flash_borrow::process(host, args),
        LendingInstruction::FlashRepay(args) => processor::flash_repay::process(host, args),
    }
}
