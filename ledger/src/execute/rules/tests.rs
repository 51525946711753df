//! `verify` alone, since the checks before it hide it from any program: what it says about an
//! account before and after, whoever changed it and however.

use super::*;

const MALLORY: Address = Address::new_from_array([1; 32]);
const OTHER: Address = Address::new_from_array([2; 32]);
const LIMIT: SizeLimit = SizeLimit { len_max: 8 };

type Change = fn(&mut Account);

/// Name, owner before, whether it is writable, the change, and the verdict.
type Row = (&'static str, Address, bool, Change, Verdict);

const TABLE: &[Row] = &[
    ("read anything", OTHER, false, |_| {}, Ok(())),
    ("debit its own", MALLORY, true, |a| a.lamports -= 1, Ok(())),
    (
        "debit another's",
        OTHER,
        true,
        |a| a.lamports -= 1,
        Err(InstructionError::ExternalAccountLamportSpend),
    ),
    ("credit another's", OTHER, true, |a| a.lamports += 1, Ok(())),
    (
        "credit what is read-only",
        OTHER,
        false,
        |a| a.lamports += 1,
        Err(InstructionError::ReadonlyLamportChange),
    ),
    (
        "debit its own read-only",
        MALLORY,
        false,
        |a| a.lamports -= 1,
        Err(InstructionError::ReadonlyLamportChange),
    ),
    ("write its own", MALLORY, true, |a| a.data[0] = 9, Ok(())),
    (
        "write another's",
        OTHER,
        true,
        |a| a.data[0] = 9,
        Err(InstructionError::ExternalAccountDataModified),
    ),
    (
        "write its own read-only",
        MALLORY,
        false,
        |a| a.data[0] = 9,
        Err(InstructionError::ReadonlyDataModified),
    ),
    ("grow its own", MALLORY, true, |a| a.data.resize(8, 0), Ok(())),
    (
        "grow beyond the limit",
        MALLORY,
        true,
        |a| a.data.resize(9, 0),
        Err(InstructionError::InvalidRealloc),
    ),
    (
        "resize another's",
        OTHER,
        true,
        |a| a.data.clear(),
        Err(InstructionError::AccountDataSizeChanged),
    ),
    (
        "give away its own, wiped",
        MALLORY,
        true,
        |a| {
            a.data.fill(0);
            a.owner = OTHER;
        },
        Ok(()),
    ),
    (
        "give away forged data",
        MALLORY,
        true,
        |a| a.owner = OTHER,
        Err(InstructionError::ModifiedProgramId),
    ),
    (
        "take another's",
        OTHER,
        true,
        |a| {
            a.data.fill(0);
            a.owner = MALLORY;
        },
        Err(InstructionError::ModifiedProgramId),
    ),
    (
        "give away its own read-only",
        MALLORY,
        false,
        |a| {
            a.data.fill(0);
            a.owner = OTHER;
        },
        Err(InstructionError::ModifiedProgramId),
    ),
    (
        "make a program",
        MALLORY,
        true,
        |a| a.executable = true,
        Err(InstructionError::ExecutableModified),
    ),
    (
        "change the rent epoch",
        MALLORY,
        true,
        |a| a.rent_epoch = 9,
        Err(InstructionError::RentEpochModified),
    ),
];

fn judge(owner: Address, is_writable: bool, executable: bool, change: Change) -> Verdict {
    let before = Account { lamports: 5, data: vec![1, 2, 3], owner, executable, rent_epoch: 0 };
    let mut after = before.clone();
    change(&mut after);
    verify(Actor { program_id: &MALLORY, is_writable }, &before, &after, LIMIT)
}

#[test]
fn verdicts() {
    for (name, owner, is_writable, change, expected) in TABLE {
        assert_eq!(judge(*owner, *is_writable, false, *change), *expected, "{name}");
    }
}

#[test]
fn a_program_account_is_untouchable_even_for_its_owner() {
    let verdict = |change| judge(MALLORY, true, true, change);
    assert_eq!(verdict(|a| a.lamports += 1), Err(InstructionError::ExecutableLamportChange));
    assert_eq!(verdict(|a| a.data[0] = 9), Err(InstructionError::ExecutableDataModified));
    assert_eq!(verdict(|a| a.executable = false), Err(InstructionError::ExecutableModified));
    let give_away: Change = |a| {
        a.data.fill(0);
        a.owner = OTHER;
    };
    assert_eq!(verdict(give_away), Err(InstructionError::ModifiedProgramId));
}
