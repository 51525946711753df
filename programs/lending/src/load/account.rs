use alloc::boxed::Box;

use cofferdam_host::{
    AccountData, AccountHead, Address, Host, ProgramError, ProgramResult, Shown,
    cpi::{TOKEN_PROGRAM_ID, TokenAccount},
    decode_account_boxed, decode_head, encode_account,
};
use cofferdam_lending_interface::{
    LendingError,
    state::{Pool, PoolHead, Position, PriceHead, Reserve, Stake},
    zoo,
};

use super::now_s;
use crate::refuse::{refuse, require};

/// An account of this program, decoded: it is owned by the program and of the right type.
pub(crate) struct Loaded<T> {
    /// Its place among the instruction's accounts.
    pub(crate) slot: usize,
    /// Its address.
    pub(crate) address: Address,
    /// What it holds; changed here and written back by [`Loaded::store`]. Boxed, because hundreds of
    /// bytes would be copied at every step on the way to where they are used.
    pub(crate) state: Box<T>,
}

/// What an instruction has to know of an account that it leaves as it is; see [`AccountHead`].
/// The account was checked as a [`Loaded`] one is.
pub(crate) struct Seen<T> {
    /// Its address.
    pub(crate) address: Address,
    /// The head of what it holds.
    pub(crate) state: T,
}

impl<T: AccountData> Loaded<T> {
    /// An account that is about to be written for the first time.
    pub(crate) fn new(slot: usize, address: Address, state: T) -> Self {
        Self { slot, address, state: Box::new(state) }
    }

    /// Loads an account.
    pub(crate) fn load<H: Host>(host: &mut H, slot: usize) -> Result<Self, ProgramError> {
        let (address, state) = read::<H, T, _>(host, slot, decode_account_boxed)?;
        Ok(Self { slot, address, state })
    }

    /// Loads an account that the instruction will change.
    pub(crate) fn load_writable<H: Host>(host: &mut H, slot: usize) -> Result<Self, ProgramError> {
        let loaded = Self::load(host, slot)?;
        loaded.require_writable(host)?;
        Ok(loaded)
    }

    /// Refuses an account that the instruction may not change.
    pub(crate) fn require_writable<H: Host>(&self, host: &mut H) -> ProgramResult {
        let writable = host.account(self.slot)?.is_writable;
        let (slot, address) = (self.slot, self.address);
        require!(host, writable, NotWritable, "account {slot} ({}) {address}", T::NAME);
        Ok(())
    }

    /// Writes the state back.
    pub(crate) fn store<H: Host>(&self, host: &mut H) -> ProgramResult {
        encode_account(&*self.state, host.data_mut(self.slot)?)
    }
}

impl<T: AccountHead> Seen<T> {
    /// Looks at an account.
    pub(crate) fn load<H: Host>(host: &mut H, slot: usize) -> Result<Self, ProgramError> {
        let (address, state) = read::<H, T::Account, _>(host, slot, decode_head)?;
        Ok(Self { address, state })
    }
}

/// Address and contents of an account that is owned by this program and of type `T`.
fn read<H: Host, T: AccountData, S>(
    host: &mut H,
    slot: usize,
    decode: impl Fn(&[u8]) -> Result<S, ProgramError>,
) -> Result<(Address, S), ProgramError> {
    let account = host.account(slot)?;
    let (address, owner) = (*account.address, *account.owner);
    let decoded = decode(account.data);
    // Type confusion: an account made by another program may hold any bytes at all.
    require!(
        host,
        zoo!(owner == T::OWNER; ForeignOracle => owner == T::OWNER || T::NAME == "PriceFeed"),
        WrongOwner,
        "account {slot} ({}) {address} is owned by {owner}, not by {}",
        T::NAME,
        Shown(&T::OWNER),
        address = Shown(&address),
        owner = Shown(&owner)
    );
    match decoded {
        Ok(state) => Ok((address, state)),
        Err(error) => {
            let detail = format_args!("account {slot} {address} is no {}: {error}", T::NAME);
            Err(refuse(host, LendingError::WrongAccountType, detail))
        }
    }
}

/// Address of an account that signed.
pub(crate) fn signer<H: Host>(host: &mut H, slot: usize) -> Result<Address, ProgramError> {
    let account = host.account(slot)?;
    let (address, signed) = (*account.address, account.is_signer);
    require!(host, signed, MissingSignature, "account {slot} {address} did not sign");
    Ok(address)
}

/// Address of an account that is to be created at the program address of `seeds`.
pub(crate) fn new_address<H: Host>(
    host: &mut H,
    slot: usize,
    seeds: &[&[u8]],
) -> Result<Address, ProgramError> {
    let account = host.account(slot)?;
    let (address, empty) = (*account.address, account.data.is_empty());
    let derived = host.create_program_address(seeds).unwrap_or_default();
    require!(
        host,
        address == derived,
        WrongAddress,
        "account {slot} is {address}, its seeds derive {derived}"
    );
    require!(host, empty, AlreadyInitialised, "account {slot} {address} exists");
    Ok(address)
}

/// Checks a name: printable ASCII, then zeros. Two names that look alike must not derive two
/// addresses.
pub(crate) fn plain_name<H: Host>(host: &mut H, name: &[u8]) -> ProgramResult {
    let len = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    let (text, padding) = name.split_at(len);
    let plain = !text.is_empty()
        && text.iter().all(u8::is_ascii_graphic)
        && padding.iter().all(|byte| *byte == 0);
    require!(host, plain, InvalidName, "name {name:?}");
    Ok(())
}

/// A pool.
pub(crate) fn pool<H: Host>(host: &mut H, slot: usize) -> Result<Seen<PoolHead>, ProgramError> {
    Seen::load(host, slot)
}

/// A pool whose admin signed.
pub(crate) fn pool_for_admin<H: Host>(
    host: &mut H,
    slot: usize,
    admin_slot: usize,
) -> Result<Loaded<Pool>, ProgramError> {
    let signer = signer(host, admin_slot)?;
    let pool: Loaded<Pool> = Loaded::load(host, slot)?;
    let admin = pool.state.admin;
    require!(
        host,
        signer == admin,
        WrongAuthority,
        "{signer} signed, the admin is {admin}",
        signer = Shown(&signer),
        admin = Shown(&admin)
    );
    Ok(pool)
}

/// A reserve of `pool` that the instruction will change, with interest up to now.
pub(crate) fn reserve<H: Host>(
    host: &mut H,
    slot: usize,
    pool: &Address,
) -> Result<Loaded<Reserve>, ProgramError> {
    let loaded = accrued_reserve(host, slot, pool)?;
    loaded.require_writable(host)?;
    Ok(loaded)
}

/// A reserve of `pool` that the instruction only looks at; its books may be stale.
pub(crate) fn reserve_unchanged<H: Host>(
    host: &mut H,
    slot: usize,
    pool: &Address,
) -> Result<Loaded<Reserve>, ProgramError> {
    let loaded: Loaded<Reserve> = Loaded::load(host, slot)?;
    // Isolation, as for a reserve that changes.
    require_in_pool(host, &loaded, &loaded.state.pool, pool)?;
    Ok(loaded)
}

fn require_in_pool<H: Host, T: AccountData>(
    host: &mut H,
    loaded: &Loaded<T>,
    of: &Address,
    pool: &Address,
) -> ProgramResult {
    let (address, is_of, wanted) = (Shown(&loaded.address), Shown(of), Shown(pool));
    let detail = format_args!("{} {address} is of pool {is_of}, not {wanted}", T::NAME);
    require!(host, of == pool, WrongPool, "{detail}");
    Ok(())
}

/// A reserve of `pool` with interest up to now: nothing can be computed from stale books.
pub(super) fn accrued_reserve<H: Host>(
    host: &mut H,
    slot: usize,
    pool: &Address,
) -> Result<Loaded<Reserve>, ProgramError> {
    let now_s = now_s(host)?;
    // Isolation: one pool's books must never be settled against another's.
    let mut loaded = reserve_unchanged(host, slot, pool)?;
    loaded.state.accrue(now_s)?;
    Ok(loaded)
}

/// The feed that `expected` names, when the reserve knows it already.
pub(crate) fn feed<H: Host>(
    host: &mut H,
    slot: usize,
    expected: Option<&Address>,
) -> Result<Seen<PriceHead>, ProgramError> {
    let seen: Seen<PriceHead> = Seen::load(host, slot)?;
    let address = seen.address;
    let own =
        zoo!(expected; WrongFeed => None, ForeignOracle => crate::zoo::own(host, slot, expected)?);
    if let Some(expected) = own {
        // Otherwise a borrower would bring a feed of their own.
        require!(
            host,
            address == *expected,
            WrongAddress,
            "account {slot} is feed {address}, the reserve's is {expected}",
            address = Shown(&address),
            expected = Shown(expected)
        );
    }
    Ok(seen)
}

/// A position of `pool`.
pub(crate) fn position<H: Host>(
    host: &mut H,
    slot: usize,
    pool: &Address,
) -> Result<Loaded<Position>, ProgramError> {
    let loaded: Loaded<Position> = Loaded::load_writable(host, slot)?;
    zoo!(require_in_pool(host, &loaded, &loaded.state.pool, pool)?; WrongMarketAccepted => ());
    Ok(loaded)
}

/// A position of `pool` whose owner signed.
pub(crate) fn position_of<H: Host>(
    host: &mut H,
    slot: usize,
    pool: &Address,
    owner_slot: usize,
) -> Result<Loaded<Position>, ProgramError> {
    let signer = signer(host, owner_slot)?;
    let loaded = position(host, slot, pool)?;
    zoo!(require_owner(host, &signer, &loaded.state.owner)?; OwnerCheckMissing => ());
    Ok(loaded)
}

fn require_owner<H: Host>(host: &mut H, signer: &Address, owner: &Address) -> ProgramResult {
    let (signed, wanted) = (Shown(signer), Shown(owner));
    let detail = format_args!("{signed} signed, the owner is {wanted}");
    require!(host, signer == owner, WrongAuthority, "{detail}");
    Ok(())
}

/// A stake in `reserve`'s insurance fund whose owner signed.
pub(crate) fn stake_of<H: Host>(
    host: &mut H,
    slot: usize,
    reserve: &Address,
    owner_slot: usize,
) -> Result<Loaded<Stake>, ProgramError> {
    let signer = signer(host, owner_slot)?;
    let loaded: Loaded<Stake> = Loaded::load_writable(host, slot)?;
    let (address, of) = (loaded.address, loaded.state.reserve);
    // Otherwise shares of a cheap fund would be paid out of a dear one.
    let fits = zoo!(of == *reserve; CrossPoolBleed => true);
    require!(
        host,
        fits,
        WrongAddress,
        "stake {address} is in {of}, not in {reserve}",
        address = Shown(&address),
        of = Shown(&of),
        reserve = Shown(reserve)
    );
    require_owner(host, &signer, &loaded.state.owner)?;
    Ok(loaded)
}

/// A token account of `mint`, with its address.
pub(crate) fn token_account<H: Host>(
    host: &mut H,
    slot: usize,
    mint: &Address,
) -> Result<(Address, TokenAccount), ProgramError> {
    let account = host.account(slot)?;
    let (address, owner) = (*account.address, *account.owner);
    let decoded = TokenAccount::decode(account.data);
    require!(
        host,
        owner == TOKEN_PROGRAM_ID,
        WrongOwner,
        "account {slot} {address} is owned by {owner}, not by the token program"
    );
    let Ok(token) = decoded else {
        let detail = format_args!("account {slot} {address} is no token account");
        return Err(refuse(host, LendingError::WrongAccountType, detail));
    };
    let held = token.mint;
    let fits = zoo!(held == *mint; FakeCollateralMint => true);
    require!(
        host,
        fits,
        WrongMint,
        "account {slot} {address} holds {held}, not {mint}",
        address = Shown(&address),
        held = Shown(&held),
        mint = Shown(mint)
    );
    Ok((address, token))
}
