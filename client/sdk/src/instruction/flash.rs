use cofferdam_host::cpi::{INSTRUCTIONS_SYSVAR_ID, TOKEN_PROGRAM_ID};
use cofferdam_lending_interface::{
    instruction::{
        FlashBorrow, FlashBorrowAccounts, FlashRepay, FlashRepayAccounts, LendingInstruction,
    },
    units::Amount,
};
use solana_address::Address;
use solana_instruction::Instruction;

use super::{ReserveKeys, build};
use crate::token::account_address;

/// A flash loan and its repayment; `borrower` signs, receives and pays. What uses the loan goes
/// between the two, in the same transaction; both have to be the transaction's own instructions.
#[must_use]
pub fn flash_pair(
    borrower: &Address,
    reserve: &ReserveKeys,
    amount: Amount,
) -> (Instruction, Instruction) {
    (flash_borrow(borrower, reserve, amount), flash_repay(borrower, reserve))
}

/// Takes a flash loan; `borrower` signs and receives. The transaction needs a [`flash_repay`] of
/// the same reserve later on.
#[must_use]
pub fn flash_borrow(borrower: &Address, reserve: &ReserveKeys, amount: Amount) -> Instruction {
    let accounts = FlashBorrowAccounts {
        borrower: *borrower,
        pool: reserve.pool,
        reserve: reserve.reserve,
        vault: reserve.vault,
        destination: account_address(borrower, &reserve.mint),
        token_program: TOKEN_PROGRAM_ID,
        instructions: INSTRUCTIONS_SYSVAR_ID,
    };
    build(LendingInstruction::FlashBorrow(FlashBorrow { amount }), accounts.metas())
}

/// Pays a reserve's flash loan back with its fee; `payer` signs.
#[must_use]
pub fn flash_repay(payer: &Address, reserve: &ReserveKeys) -> Instruction {
    let accounts = FlashRepayAccounts {
        payer: *payer,
        pool: reserve.pool,
        reserve: reserve.reserve,
        source: account_address(payer, &reserve.mint),
        vault: reserve.vault,
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::FlashRepay(FlashRepay {}), accounts.metas())
}
