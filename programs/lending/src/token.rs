//! Moving tokens, and comparing the vault with the books afterwards.

use cofferdam_host::{
    Address, Host, ProgramError, ProgramResult,
    cpi::{TOKEN_PROGRAM_ID, TokenTransfer, transfer_tokens},
};
use cofferdam_lending_interface::{address::RESERVE, state::Reserve, units::Amount, zoo};

use crate::{
    load::{Loaded, token_account},
    refuse::require,
};

/// Places of the accounts a movement of tokens needs.
#[derive(Clone, Copy)]
pub(crate) struct TokenSlots {
    /// The reserve's vault.
    pub(crate) vault: usize,
    /// The token account on the other side.
    pub(crate) outside: usize,
    /// The token program.
    pub(crate) program: usize,
}

/// Takes `amount` into the reserve's vault; `authority` owns the paying account and signed.
pub(crate) fn pull<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    slots: TokenSlots,
    authority: Address,
    amount: Amount,
) -> ProgramResult {
    let (before, source) = prepare(host, reserve, slots)?;
    let vault = reserve.state.vault;
    let destination = zoo!(vault; FakeCollateralMint => *host.account(slots.vault)?.address);
    let transfer = TokenTransfer { source, destination, authority, amount: amount.get() };
    transfer_tokens(host, transfer, &[])?;
    settle(host, reserve, slots.vault, before.plus(amount)?)
}

/// Pays `amount` out of the reserve's vault; the reserve's address signs.
pub(crate) fn push<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    slots: TokenSlots,
    amount: Amount,
) -> ProgramResult {
    let (before, destination) = prepare(host, reserve, slots)?;
    let state = &reserve.state;
    let seeds = [RESERVE, state.pool.as_ref(), state.mint.as_ref(), &[state.bump]];
    let (source, authority) = (state.vault, reserve.address);
    let transfer = TokenTransfer { source, destination, authority, amount: amount.get() };
    transfer_tokens(host, transfer, &[&seeds])?;
    settle(host, reserve, slots.vault, before.minus(amount)?)
}

/// The vault's balance now, and the account on the other side.
fn prepare<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    slots: TokenSlots,
) -> Result<(Amount, Address), ProgramError> {
    let program = *host.account(slots.program)?.address;
    require!(
        host,
        program == TOKEN_PROGRAM_ID,
        WrongAddress,
        "account {} is {program}, not the token program",
        slots.program
    );
    let before = vault_amount(host, reserve, slots.vault)?;
    let (outside, _) = token_account(host, slots.outside, &reserve.state.mint)?;
    // A vault on both sides would move nothing and still be booked.
    require!(
        host,
        zoo!(outside != reserve.state.vault; VaultBothSides => true),
        DuplicateAccount,
        "account {} is the reserve's own vault",
        slots.outside
    );
    Ok((before, outside))
}

/// Balance of the reserve's vault.
fn vault_amount<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    slot: usize,
) -> Result<Amount, ProgramError> {
    let (address, token) = token_account(host, slot, &reserve.state.mint)?;
    let vault = reserve.state.vault;
    // Otherwise tokens would be booked that went to somebody else's account.
    require!(
        host,
        zoo!(address == vault; FakeCollateralMint => true),
        WrongAddress,
        "account {slot} is {address}, the reserve's vault is {vault}"
    );
    Ok(Amount(token.amount))
}

/// Post-condition: the vault moved by what was booked, and covers the cash in the books.
fn settle<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    vault_slot: usize,
    expected: Amount,
) -> ProgramResult {
    let after = vault_amount(host, reserve, vault_slot)?;
    let cash = reserve.state.cash;
    require!(
        host,
        zoo!(after == expected && after >= cash; VaultBothSides => true),
        VaultMismatch,
        "vault holds {after}, expected {expected}, books say {cash}"
    );
    Ok(())
}
