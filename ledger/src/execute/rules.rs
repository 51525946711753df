//! The account rules: what a program may do to an account.
//!
//! Each rule is checked twice, by different code paths: when a program asks for a change
//! ([`may_set_lamports`] and its neighbours) and when its instruction, or a call it makes,
//! is over ([`verify`], which looks only at the account before and after).

use cofferdam_host::Address;
use solana_account::Account;
use solana_instruction_error::InstructionError;

use crate::{genesis::Genesis, program::Growth};

type Verdict = Result<(), InstructionError>;

/// Who changes an account, and with which privilege.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actor<'a> {
    pub(crate) program_id: &'a Address,
    pub(crate) is_writable: bool,
}

impl Actor<'_> {
    fn owns(self, account: &Account) -> bool {
        account.owner == *self.program_id
    }
}

/// How large an account's data may become.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizeLimit {
    /// Largest length in bytes.
    pub(crate) len_max: usize,
}

impl SizeLimit {
    /// The limit for an account that had `entry_len` bytes when the instruction began.
    pub(crate) fn new(genesis: &Genesis, growth: Growth, entry_len: usize) -> Self {
        let grown = match growth {
            Growth::Unlimited => None,
            Growth::Limited => entry_len.checked_add(genesis.growth_per_instruction_max),
        };
        Self { len_max: grown.unwrap_or(usize::MAX).min(genesis.data_len_max) }
    }
}

/// Only the owner may debit, and nobody changes the balance of a read-only account.
pub(crate) fn may_set_lamports(actor: Actor<'_>, account: &Account, to: u64) -> Verdict {
    if to == account.lamports {
        return Ok(());
    }
    if account.executable {
        return Err(InstructionError::ExecutableLamportChange);
    }
    if to < account.lamports && !actor.owns(account) {
        return Err(InstructionError::ExternalAccountLamportSpend);
    }
    if !actor.is_writable {
        return Err(InstructionError::ReadonlyLamportChange);
    }
    Ok(())
}

/// Only the owner may change the bytes, and only of a writable account.
pub(crate) fn may_change_data(actor: Actor<'_>, account: &Account) -> Verdict {
    if account.executable {
        return Err(InstructionError::ExecutableDataModified);
    }
    if !actor.is_writable {
        return Err(InstructionError::ReadonlyDataModified);
    }
    if !actor.owns(account) {
        return Err(InstructionError::ExternalAccountDataModified);
    }
    Ok(())
}

/// Only the owner may change the length, and only within the limits.
pub(crate) fn may_resize(
    actor: Actor<'_>,
    account: &Account,
    len: usize,
    limit: SizeLimit,
) -> Verdict {
    if len == account.data.len() {
        return Ok(());
    }
    if !actor.owns(account) {
        return Err(InstructionError::AccountDataSizeChanged);
    }
    may_change_data(actor, account)?;
    check_len(account.data.len(), len, limit)
}

/// Only the owner may give an account away, and only with its bytes wiped: otherwise it could
/// hand forged state to the next owner.
pub(crate) fn may_set_owner(actor: Actor<'_>, account: &Account, to: &Address) -> Verdict {
    if account.owner == *to {
        return Ok(());
    }
    give_away(actor, account, &account.data)
}

fn give_away(actor: Actor<'_>, account: &Account, handed_over: &[u8]) -> Verdict {
    let wiped = handed_over.iter().all(|byte| *byte == 0);
    if actor.owns(account) && actor.is_writable && !account.executable && wiped {
        return Ok(());
    }
    Err(InstructionError::ModifiedProgramId)
}

/// Judges a whole change by the account before and after alone.
pub(crate) fn verify(
    actor: Actor<'_>,
    before: &Account,
    after: &Account,
    limit: SizeLimit,
) -> Verdict {
    if before.owner != after.owner {
        give_away(actor, before, &after.data)?;
    }
    may_set_lamports(actor, before, after.lamports)?;
    if before.data.len() != after.data.len() {
        may_resize(actor, before, after.data.len(), limit)?;
    } else if before.data != after.data {
        may_change_data(actor, before)?;
    }
    if before.executable != after.executable {
        return Err(InstructionError::ExecutableModified);
    }
    if before.rent_epoch != after.rent_epoch {
        return Err(InstructionError::RentEpochModified);
    }
    Ok(())
}

/// Growth is limited, shrinking is not.
pub(crate) fn check_len(before: usize, after: usize, limit: SizeLimit) -> Verdict {
    if after > before && after > limit.len_max {
        return Err(InstructionError::InvalidRealloc);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
