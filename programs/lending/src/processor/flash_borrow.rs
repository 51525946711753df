//! Lends tokens that have to come back in the same transaction.
//!
//! The program sees by introspection that they will: the repayment stands later in the same
//! transaction as an instruction of its own, so it runs, or the whole transaction fails. Both
//! facts need the loan itself to be called directly. Called by another program, "later" would be
//! later than the caller, and one repayment could be promised to two loans.

use borsh::BorshDeserialize;
use cofferdam_host::{Address, Host, OwnedCall, ProgramError, ProgramResult, cpi};
use cofferdam_lending_interface::{
    LendingError,
    event::FlashLoanTaken,
    instruction::{FlashBorrow, FlashBorrowAccounts, FlashRepayAccounts, LendingInstruction},
    plan,
    state::{Operation, Reserve},
    zoo,
};

use super::emit;
use crate::{
    load::{Loaded, pool, require_mode, reserve, signer},
    refuse::{planned, refuse, require},
    token::{TokenSlots, push},
};

const SLOTS: FlashBorrowAccounts<usize> = FlashBorrowAccounts::SLOTS;
const REPAY_SLOTS: FlashRepayAccounts<usize> = FlashRepayAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };

pub(crate) fn process<H: Host>(host: &mut H, args: &FlashBorrow) -> ProgramResult {
    let borrower = signer(host, SLOTS.borrower)?;
    let pool = pool(host, SLOTS.pool)?;
    let mut reserve = reserve(host, SLOTS.reserve, &pool.address)?;
    require_mode(host, &pool.state, &reserve, Operation::FlashBorrow)?;
    let index = require_direct(host)?;
    zoo!(require_no_loan(host, index)?; FlashTransferEscape => ());
    require_repayment(host, index, &reserve)?;
    let (amount, address) = (args.amount, reserve.address);
    let (available, out) = (reserve.state.available()?, reserve.state.flash_loan);
    let detail = format_args!(
        "flash loan of {amount} from reserve {address}: available {available}, already out {out}"
    );
    let plan = planned(host, plan::flash_borrow(&reserve.state, amount), detail)?;

    plan.apply(&mut reserve.state)?;
    reserve.store(host)?;
    emit(host, &FlashLoanTaken { reserve: address, borrower, amount })?;
    push(host, &reserve, TOKENS, amount)
}

/// Place of this instruction in its transaction; refuses unless the transaction itself lists it.
fn require_direct<H: Host>(host: &mut H) -> Result<usize, ProgramError> {
    let sysvar = *host.account(SLOTS.instructions)?.address;
    let expected = cpi::INSTRUCTIONS_SYSVAR_ID;
    require!(
        host,
        sysvar == expected,
        WrongAddress,
        "account {} is {sysvar}, the instructions sysvar is {expected}",
        SLOTS.instructions
    );
    let index = host.instruction_index()?;
    let Some(top) = host.sibling(index)? else {
        return Err(refuse(host, LendingError::FlashLoanUnpaid, format_args!("no instruction")));
    };
    // No program that this one calls calls back, so its being the transaction's own instruction
    // means that nothing stands between.
    let caller = top.program_id;
    require!(host, caller == *host.program_id(), FlashLoanUnpaid, "called by program {caller}");
    Ok(index)
}

/// Refuses while another loan is out, of whatever reserve or pool. Of this transaction's own loans
/// and repayments the last one says: a loan goes out only with its repayment after it, so none is
/// paid back before its time.
fn require_no_loan<H: Host>(host: &mut H, index: usize) -> ProgramResult {
    for earlier in (0..index).rev() {
        let Some(call) = host.sibling(earlier)? else { break };
        match flash(&call, host.program_id()) {
            Some(LendingInstruction::FlashRepay(_)) => break,
            Some(_) => {
                let detail = format_args!("the loan of instruction {earlier} is out");
                return Err(refuse(host, LendingError::FlashLoanActive, detail));
            }
            None => {}
        }
    }
    Ok(())
}

/// Refuses unless a later instruction pays this very reserve's loan back.
fn require_repayment<H: Host>(
    host: &mut H,
    index: usize,
    reserve: &Loaded<Reserve>,
) -> ProgramResult {
    let (pool, address) = (reserve.state.pool, reserve.address);
    let mut next = index + 1;
    while let Some(call) = host.sibling(next)? {
        if repays(&call, host.program_id(), &pool, &address) {
            return Ok(());
        }
        next += 1;
    }
    let detail = format_args!("no repayment of reserve {address} after instruction {index}");
    Err(refuse(host, LendingError::FlashLoanUnpaid, detail))
}

/// Whether `call` is a repayment of the reserve's loan. Another reserve's or pool's is none.
fn repays(call: &OwnedCall, program: &Address, pool: &Address, reserve: &Address) -> bool {
    let at = |slot: usize, address: &Address| {
        call.accounts.get(slot).is_some_and(|account| account.address == *address)
    };
    at(REPAY_SLOTS.pool, pool)
        && zoo!(at(REPAY_SLOTS.reserve, reserve); FlashTransferEscape => true)
        && matches!(flash(call, program), Some(LendingInstruction::FlashRepay(_)))
}

/// The loan or the repayment that `call` is. Decoded as the program will decode it: bytes it would
/// refuse promise nothing.
fn flash(call: &OwnedCall, program: &Address) -> Option<LendingInstruction> {
    let own = call.program_id == *program;
    let decoded = own.then(|| LendingInstruction::try_from_slice(&call.data))?.ok()?;
    let flash =
        matches!(decoded, LendingInstruction::FlashBorrow(_) | LendingInstruction::FlashRepay(_));
    flash.then_some(decoded)
}
