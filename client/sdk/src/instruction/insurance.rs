use cofferdam_host::cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID};
use cofferdam_lending_interface::{
    instruction::{
        CoverDeficit, CoverDeficitAccounts, GiveNotice, GiveNoticeAccounts, LendingInstruction,
        OpenStake, OpenStakeAccounts, StakeInsurance, StakeInsuranceAccounts, StartCooldown,
        StartCooldownAccounts, UnstakeInsurance, UnstakeInsuranceAccounts,
    },
    units::{Amount, Shares},
};
use solana_address::Address;
use solana_instruction::Instruction;

use super::{ReserveKeys, build};
use crate::{address, token::account_address};

/// Opens a stake in a reserve's insurance fund; `payer` and `owner` sign.
#[must_use]
pub fn open_stake(payer: &Address, owner: &Address, reserve: &ReserveKeys) -> Instruction {
    let (stake, bump) = address::stake(&reserve.reserve, owner);
    let accounts = OpenStakeAccounts {
        payer: *payer,
        owner: *owner,
        pool: reserve.pool,
        reserve: reserve.reserve,
        stake,
        system_program: SYSTEM_PROGRAM_ID,
    };
    build(LendingInstruction::OpenStake(OpenStake { bump }), accounts.metas())
}

/// Adds to a stake; `owner` signs and pays.
#[must_use]
pub fn stake_insurance(owner: &Address, reserve: &ReserveKeys, amount: Amount) -> Instruction {
    let accounts = StakeInsuranceAccounts {
        owner: *owner,
        pool: reserve.pool,
        reserve: reserve.reserve,
        stake: address::stake(&reserve.reserve, owner).0,
        source: account_address(owner, &reserve.mint),
        vault: reserve.vault,
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::StakeInsurance(StakeInsurance { amount }), accounts.metas())
}

/// Lets `shares` of a stake begin to cool down, in place of what was cooling before; `owner` signs.
#[must_use]
pub fn start_cooldown(owner: &Address, reserve: &ReserveKeys, shares: Shares) -> Instruction {
    let accounts = StartCooldownAccounts {
        owner: *owner,
        pool: reserve.pool,
        reserve: reserve.reserve,
        stake: address::stake(&reserve.reserve, owner).0,
    };
    build(LendingInstruction::StartCooldown(StartCooldown { shares }), accounts.metas())
}

/// Takes cooled-down shares out; `owner` signs and receives.
#[must_use]
pub fn unstake_insurance(owner: &Address, reserve: &ReserveKeys, shares: Shares) -> Instruction {
    let accounts = UnstakeInsuranceAccounts {
        owner: *owner,
        pool: reserve.pool,
        reserve: reserve.reserve,
        stake: address::stake(&reserve.reserve, owner).0,
        vault: reserve.vault,
        destination: account_address(owner, &reserve.mint),
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::UnstakeInsurance(UnstakeInsurance { shares }), accounts.metas())
}

/// Pays a reserve's deficit down; `payer` signs and pays.
#[must_use]
pub fn cover_deficit(payer: &Address, reserve: &ReserveKeys, amount: Amount) -> Instruction {
    let accounts = CoverDeficitAccounts {
        payer: *payer,
        pool: reserve.pool,
        reserve: reserve.reserve,
        source: account_address(payer, &reserve.mint),
        vault: reserve.vault,
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::CoverDeficit(CoverDeficit { amount }), accounts.metas())
}

/// Announces a withdrawal of `shares`, in place of what was announced before; `owner` signs.
#[must_use]
pub fn give_notice(
    owner: &Address,
    position: &Address,
    reserve: &ReserveKeys,
    shares: Shares,
) -> Instruction {
    let accounts = GiveNoticeAccounts {
        owner: *owner,
        pool: reserve.pool,
        reserve: reserve.reserve,
        position: *position,
    };
    build(LendingInstruction::GiveNotice(GiveNotice { shares }), accounts.metas())
}
