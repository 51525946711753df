//! SPL Token accounts of people: one for each owner and mint, at an address anybody can derive.

pub use cofferdam_host::cpi::{MINT_LEN, TOKEN_ACCOUNT_LEN as ACCOUNT_LEN};
use cofferdam_host::cpi::{TOKEN_PROGRAM_ID, TokenAccount};
use cofferdam_lending_interface::units::Amount;
use sha2::{Digest, Sha256};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_system_interface::instruction as system;
use spl_token_interface::instruction as spl;

use crate::memo::{Key, Kind, once};

/// The seed under which `mint`'s token account stands beside its owner's address.
fn seed(mint: &Address) -> String {
    hex::encode(&Sha256::digest(mint.as_ref())[..16])
}

/// Address of `owner`'s token account of `mint`.
#[must_use]
pub fn account_address(owner: &Address, mint: &Address) -> Address {
    // A 32-byte seed and a program that is no program address: the derivation cannot fail.
    let derive = || Address::create_with_seed(owner, &seed(mint), &TOKEN_PROGRAM_ID);
    let key = Key::new(Kind::Wallet, owner.as_array(), mint.as_ref(), 0);
    once(key, || (derive().unwrap_or_default(), 0)).0
}

/// Creates a mint at `mint`, which signs, with `rent` lamports from `payer`.
#[must_use]
pub fn create_mint(
    payer: &Address,
    mint: &Address,
    authority: &Address,
    decimals: u8,
    rent: u64,
) -> [Instruction; 2] {
    let (len, program) = (MINT_LEN as u64, TOKEN_PROGRAM_ID);
    [
        system::create_account(payer, mint, rent, len, &program),
        expect(spl::initialize_mint2(&program, mint, authority, None, decimals)),
    ]
}

/// Creates `owner`'s token account of `mint` with `rent` lamports from `payer`; both sign.
#[must_use]
pub fn create_account(
    payer: &Address,
    owner: &Address,
    mint: &Address,
    rent: u64,
) -> [Instruction; 2] {
    let (address, seed) = (account_address(owner, mint), seed(mint));
    let (len, program) = (ACCOUNT_LEN as u64, TOKEN_PROGRAM_ID);
    [
        system::create_account_with_seed(payer, &address, owner, &seed, rent, len, &program),
        expect(spl::initialize_account3(&program, &address, mint, owner)),
    ]
}

/// Mints `amount` to `owner`'s token account; `authority` signs.
#[must_use]
pub fn mint_to(
    mint: &Address,
    owner: &Address,
    authority: &Address,
    amount: Amount,
) -> Instruction {
    let account = account_address(owner, mint);
    expect(spl::mint_to(&TOKEN_PROGRAM_ID, mint, &account, authority, &[], amount.get()))
}

/// Moves `amount` between two people's token accounts; `from` signs.
#[must_use]
pub fn transfer(mint: &Address, from: &Address, to: &Address, amount: Amount) -> Instruction {
    let (source, destination) = (account_address(from, mint), account_address(to, mint));
    expect(spl::transfer(&TOKEN_PROGRAM_ID, &source, &destination, from, &[], amount.get()))
}

/// Native units in a token account, from its bytes; nothing when they are no token account.
#[must_use]
pub fn balance(data: &[u8]) -> Amount {
    TokenAccount::decode(data).map_or(Amount::ZERO, |account| Amount(account.amount))
}

/// The token crate's builders fail only when handed the id of another program.
fn expect<E: core::fmt::Debug>(built: Result<Instruction, E>) -> Instruction {
    built.expect("the id is the token program's")
}
