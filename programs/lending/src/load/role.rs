//! Who may change what in a pool, and what its modes allow.

use cofferdam_host::{
    AccountData, Address, Host, ProgramError, ProgramResult, Shown, cpi::SYSTEM_PROGRAM_ID,
};
use cofferdam_lending_interface::{
    LendingError,
    state::{Authority, Operation, Pool, PoolHead, Reserve},
    zoo,
};

use super::{Loaded, account::accrued_reserve, feed, signer};
use crate::refuse::{planned, refuse, require};

/// A pool, and whoever signed with a say in it.
pub(crate) struct Governed {
    pub(crate) pool: Loaded<Pool>,
    pub(crate) signer: Address,
    pub(crate) authority: Authority,
}

/// A pool whose admin or guardian signed.
pub(crate) fn pool_for_authority<H: Host>(
    host: &mut H,
    slot: usize,
    authority_slot: usize,
) -> Result<Governed, ProgramError> {
    let signer = signer(host, authority_slot)?;
    let pool: Loaded<Pool> = Loaded::load(host, slot)?;
    let role = pool.state.role_of(&signer);
    let Some(authority) = zoo!(role; ConfigUnauth => role.or(Some(Authority::Admin))) else {
        let (admin, guardian) = (pool.state.admin, pool.state.config.guardian);
        let detail = format_args!(
            "{signer} signed, the admin is {admin} and the guardian {guardian}",
            signer = Shown(&signer),
            admin = Shown(&admin),
            guardian = Shown(&guardian)
        );
        return Err(refuse(host, LendingError::WrongAuthority, detail));
    };
    Ok(Governed { pool, signer, authority })
}

/// A reserve of `pool` that the instruction only reads, with interest up to now.
pub(crate) fn reserve_readonly<H: Host>(
    host: &mut H,
    slot: usize,
    pool: &Address,
) -> Result<Loaded<Reserve>, ProgramError> {
    accrued_reserve(host, slot, pool)
}

/// Refuses `operation` when the mode of the pool or of the reserve does not allow it.
pub(crate) fn require_mode<H: Host>(
    host: &mut H,
    pool: &PoolHead,
    reserve: &Loaded<Reserve>,
    operation: Operation,
) -> ProgramResult {
    let (whole, own) = (pool.mode, reserve.state.mode);
    let detail = format_args!(
        "{operation:?}: the pool is {whole:?}, reserve {} {own:?}",
        Shown(&reserve.address)
    );
    planned(host, pool.require_mode(&reserve.state, operation), detail)
}

/// Address of the second feed that stands at `slot`, zero when there is no such account. It has to
/// be another than the first: a feed always agrees with itself.
pub(crate) fn second_feed<H: Host>(
    host: &mut H,
    slot: usize,
    first: &Address,
) -> Result<Address, ProgramError> {
    if slot >= host.account_count() {
        return Ok(Address::default());
    }
    let address = feed(host, slot, None)?.address;
    require!(host, address != *first, DuplicateAccount, "feed {address} is both feeds");
    Ok(address)
}

impl<T: AccountData> Loaded<T> {
    /// Closes the account and pays its lamports to `expected`, which must stand at `payer_slot`.
    ///
    /// Emptied, without lamports and given back to the System program, the account leaves nothing
    /// that could be revived: lamports sent to it later in the same transaction make an empty
    /// wallet of it, which no loader takes for what it was.
    pub(crate) fn close<H: Host>(
        self,
        host: &mut H,
        payer_slot: usize,
        expected: &Address,
    ) -> ProgramResult {
        let payer = host.account(payer_slot)?;
        let (address, held) = (*payer.address, payer.lamports);
        require!(
            host,
            address == *expected,
            WrongAddress,
            "account {payer_slot} is {address}, the rent was paid by {expected}"
        );
        let rent = host.account(self.slot)?.lamports;
        let sum = held.checked_add(rent).ok_or(LendingError::MathOverflow)?;
        host.set_lamports(self.slot, 0)?;
        host.set_lamports(payer_slot, sum)?;
        host.resize(self.slot, 0)?;
        host.set_owner(self.slot, &SYSTEM_PROGRAM_ID)
    }
}
