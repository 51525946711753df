//! Takes a flash loan back, with its fee. Anybody may pay, in every mode. How the instruction was
//! called does not matter: the loan is cleared once, and a transaction that promised a later
//! repayment fails when that one finds nothing to repay.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::FlashLoanRepaid,
    instruction::{FlashRepay, FlashRepayAccounts},
    plan, zoo,
};

use super::emit;
use crate::{
    load::{pool, reserve, signer},
    refuse::planned,
    token::{TokenSlots, pull},
};

const SLOTS: FlashRepayAccounts<usize> = FlashRepayAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };

pub(crate) fn process<H: Host>(host: &mut H, _args: &FlashRepay) -> ProgramResult {
    let payer = signer(host, SLOTS.payer)?;
    let pool = pool(host, SLOTS.pool)?.address;
    let mut reserve = reserve(host, SLOTS.reserve, &pool)?;
    let address = reserve.address;
    let detail = format_args!("reserve {address}");
    let plan = planned(host, plan::flash_repay(&reserve.state), detail)?;

    plan.apply(&mut reserve.state)?;
    let total = plan.total()?;
    let due =
        zoo!(total; FlashRepayByBalance => crate::zoo::less_deposits(host, &mut reserve, total)?);
    reserve.store(host)?;
    let (amount, fee) = (plan.amount, plan.fee);
    emit(host, &FlashLoanRepaid { reserve: address, payer, amount, fee })?;
    pull(host, &reserve, TOKENS, payer, due)
}
