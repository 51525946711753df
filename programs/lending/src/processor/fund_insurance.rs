//! Pays into a reserve's insurance fund, for good. The tokens stay in the vault, set apart: they
//! are never lent and suppliers cannot withdraw them. Shares that no stake holds stand for them,
//! so a payment is no gift to those who have a stake and moves no price.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    event::InsuranceFunded,
    instruction::{FundInsurance, FundInsuranceAccounts},
};

use super::emit;
use crate::{
    load::{pool, reserve, signer},
    token::{TokenSlots, pull},
};

const SLOTS: FundInsuranceAccounts<usize> = FundInsuranceAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };

pub(crate) fn process<H: Host>(host: &mut H, args: &FundInsurance) -> ProgramResult {
    let funder = signer(host, SLOTS.funder)?;
    let pool = pool(host, SLOTS.pool)?.address;
    let mut reserve = reserve(host, SLOTS.reserve, &pool)?;
    let amount = args.amount;
    if amount.is_zero() {
        return Err(LendingError::AmountTooSmall.into());
    }

    reserve.state.cash = reserve.state.cash.plus(amount)?;
    reserve.state.endow(amount.fine())?;
    reserve.state.keep_for_fund(amount.fine())?;
    reserve.store(host)?;
    emit(host, &InsuranceFunded { reserve: reserve.address, funder, amount })?;
    pull(host, &reserve, TOKENS, funder, amount)
}
