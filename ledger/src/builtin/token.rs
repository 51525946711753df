//! The SPL Token program: its instruction format, its state, its error codes and the order in
//! which it finds fault.
//!
//! Left out are the two conversions to and from decimal text, which are a client's business.

mod authority;
mod setup;
mod state;
mod supply;
mod transfer;

use cofferdam_host::{Host, ProgramResult};
use spl_token_interface::{error::TokenError, instruction::TokenInstruction};

use self::{
    setup::{MintTerms, Owner},
    transfer::Expected,
};

pub(super) fn process<H: Host>(host: &mut H, data: &[u8]) -> ProgramResult {
    use TokenInstruction as I;
    match TokenInstruction::unpack(data)? {
        I::Transfer { amount } => transfer::transfer(host, amount, Expected::Anything),
        I::TransferChecked { amount, decimals } => {
            transfer::transfer(host, amount, Expected::Decimals(decimals))
        }
        I::Approve { amount } => transfer::approve(host, amount, Expected::Anything),
        I::ApproveChecked { amount, decimals } => {
            transfer::approve(host, amount, Expected::Decimals(decimals))
        }
        I::Revoke => transfer::revoke(host),
        I::MintTo { amount } => supply::mint_to(host, amount, Expected::Anything),
        I::MintToChecked { amount, decimals } => {
            supply::mint_to(host, amount, Expected::Decimals(decimals))
        }
        I::Burn { amount } => supply::burn(host, amount, Expected::Anything),
        I::BurnChecked { amount, decimals } => {
            supply::burn(host, amount, Expected::Decimals(decimals))
        }
        I::InitializeMint { mint_authority, freeze_authority, decimals } => {
            setup::require_rent_sysvar(host, 1)?;
            setup::initialize_mint(host, MintTerms { decimals, mint_authority, freeze_authority })
        }
        I::InitializeMint2 { mint_authority, freeze_authority, decimals } => {
            setup::initialize_mint(host, MintTerms { decimals, mint_authority, freeze_authority })
        }
        I::InitializeAccount => {
            setup::require_rent_sysvar(host, 3)?;
            setup::initialize_account(host, Owner::Account(2))
        }
        I::InitializeAccount2 { owner } => {
            setup::require_rent_sysvar(host, 2)?;
            setup::initialize_account(host, Owner::Address(owner))
        }
        I::InitializeAccount3 { owner } => setup::initialize_account(host, Owner::Address(owner)),
        I::InitializeMultisig { m } => {
            setup::require_rent_sysvar(host, 1)?;
            setup::initialize_multisig(host, m, 2)
        }
        I::InitializeMultisig2 { m } => setup::initialize_multisig(host, m, 1),
        I::InitializeImmutableOwner => setup::initialize_immutable_owner(host),
        I::GetAccountDataSize => setup::account_data_size(host),
        I::SetAuthority { authority_type, new_authority } => {
            authority::set_authority(host, &authority_type, new_authority)
        }
        I::CloseAccount => authority::close_account(host),
        I::FreezeAccount => authority::freeze(host),
        I::ThawAccount => authority::thaw(host),
        I::SyncNative => supply::sync_native(host),
        I::AmountToUiAmount { .. } | I::UiAmountToAmount { .. } => {
            Err(TokenError::InvalidInstruction.into())
        }
    }
}
