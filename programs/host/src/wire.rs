//! How typed things become bytes: accounts and events carry an 8-byte discriminator, errors a
//! number. The traits stand here so that a runtime can decode a program's types without knowing
//! the program.

use alloc::{boxed::Box, vec::Vec};

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{Address, ProgramError, ProgramResult};

/// Bytes of the discriminator that opens every account and event.
const DISCRIMINATOR_LEN: usize = 8;

/// Bytes of an event that is encoded on the stack.
const EVENT_BUFFER_LEN: usize = 256;

/// A typed account.
pub trait AccountData: BorshSerialize + BorshDeserialize {
    /// First 8 bytes of sha256 of `account:NAME`; tells two account types of one owner apart.
    const DISCRIMINATOR: [u8; 8];
    /// Name of the type, as in logs and error messages.
    const NAME: &'static str;
    /// Program that owns accounts of this type.
    const OWNER: Address;
    /// Bytes of the account, discriminator included; fixed, so that it never has to grow.
    const LEN: usize;

    /// The value whose Borsh is `bytes`, which has the length of the fields; `None` when it is the
    /// Borsh of none. A type may know a faster way to the same answer.
    fn decode_fields(bytes: &[u8]) -> Option<Self> {
        Self::try_from_slice(bytes).ok()
    }

    /// Writes the Borsh of the value over `bytes`; `None` when they are too few.
    fn encode_fields(&self, mut bytes: &mut [u8]) -> Option<()> {
        self.serialize(&mut bytes).ok()
    }
}

/// The few fields of a typed account that most of its readers need.
///
/// Reading a whole account costs as much as everything that is done with a price, and hundreds of
/// its bytes may be lists that only those look at who change it. A head is refused where the whole
/// account is: another type and another length are never taken for it.
pub trait AccountHead: Sized {
    /// The whole account.
    type Account: AccountData;

    /// What stands in `bytes`, which has the length of the whole account's fields; `None` when
    /// that is no value of the head.
    fn decode_fields(bytes: &[u8]) -> Option<Self>;
}

/// A typed event.
pub trait Event: BorshSerialize + BorshDeserialize {
    /// First 8 bytes of sha256 of `event:NAME`.
    const DISCRIMINATOR: [u8; 8];
    /// Name of the type.
    const NAME: &'static str;
}

/// A program's own error enum, numbered.
pub trait ErrorCode: Sized + Copy {
    /// Program whose `Custom(code)` this decodes.
    const PROGRAM_ID: Address;
    /// The error with that number.
    fn from_code(code: u32) -> Option<Self>;
}

/// Reads a typed account from its bytes.
///
/// # Errors
/// [`ProgramError::UninitializedAccount`] when the bytes are empty or all zero up to the
/// discriminator; [`ProgramError::InvalidAccountData`] for another type, a wrong length or
/// fields that do not decode.
pub fn decode_account<T: AccountData>(data: &[u8]) -> Result<T, ProgramError> {
    T::decode_fields(fields_of::<T>(data)?).ok_or(ProgramError::InvalidAccountData)
}

/// [`decode_account`] for a large account, which is copied once less on its way.
///
/// # Errors
/// Those of [`decode_account`].
pub fn decode_account_boxed<T: AccountData>(data: &[u8]) -> Result<Box<T>, ProgramError> {
    let state = T::decode_fields(fields_of::<T>(data)?).map(Box::new);
    state.ok_or(ProgramError::InvalidAccountData)
}

/// Reads the head of a typed account from the bytes of the whole account.
///
/// # Errors
/// Those of [`decode_account`] of the whole account, except that fields outside the head are not
/// looked at.
pub fn decode_head<T: AccountHead>(data: &[u8]) -> Result<T, ProgramError> {
    T::decode_fields(fields_of::<T::Account>(data)?).ok_or(ProgramError::InvalidAccountData)
}

/// The bytes behind the discriminator of an account that is of type `T` and as long as one.
fn fields_of<T: AccountData>(data: &[u8]) -> Result<&[u8], ProgramError> {
    let Some((tag, fields)) = data.split_at_checked(DISCRIMINATOR_LEN) else {
        return Err(ProgramError::UninitializedAccount);
    };
    if tag == [0; DISCRIMINATOR_LEN] {
        return Err(ProgramError::UninitializedAccount);
    }
    if tag != T::DISCRIMINATOR || data.len() != T::LEN {
        return Err(ProgramError::InvalidAccountData);
    }
    Ok(fields)
}

/// Writes a typed account over its bytes.
///
/// # Errors
/// [`ProgramError::AccountDataTooSmall`] when `data` is shorter than [`AccountData::LEN`].
pub fn encode_account<T: AccountData>(value: &T, data: &mut [u8]) -> Result<(), ProgramError> {
    let bytes = data.get_mut(..T::LEN).ok_or(ProgramError::AccountDataTooSmall)?;
    let (tag, fields) = bytes.split_at_mut(DISCRIMINATOR_LEN);
    tag.copy_from_slice(&T::DISCRIMINATOR);
    value.encode_fields(fields).ok_or(ProgramError::AccountDataTooSmall)
}

/// Hands the bytes of an event, as [`encode_event`] makes them, to `emit`. An event of an ordinary
/// size needs no memory of its own.
///
/// # Errors
/// Those of [`encode_event`] and of `emit`.
pub fn with_encoded_event<E: Event>(
    event: &E,
    emit: impl FnOnce(&[u8]) -> ProgramResult,
) -> ProgramResult {
    let mut buffer = [0; EVENT_BUFFER_LEN];
    let (tag, fields) = buffer.split_at_mut(DISCRIMINATOR_LEN);
    tag.copy_from_slice(&E::DISCRIMINATOR);
    let mut rest = fields;
    if event.serialize(&mut rest).is_err() {
        return emit(&encode_event(event)?);
    }
    let len = EVENT_BUFFER_LEN - rest.len();
    emit(&buffer[..len])
}

/// The bytes of an event: its discriminator, then its fields in Borsh.
///
/// # Errors
/// [`ProgramError::BorshIoError`] when a field refuses to be encoded.
pub fn encode_event<E: Event>(event: &E) -> Result<Vec<u8>, ProgramError> {
    let mut bytes = Vec::with_capacity(128);
    bytes.extend_from_slice(&E::DISCRIMINATOR);
    event.serialize(&mut bytes).map_err(|_| ProgramError::BorshIoError)?;
    Ok(bytes)
}
