//! What mallory, a hostile program, cannot do. Every row is tried three ways: as the
//! top-level program, with the refusal swallowed and `Ok` answered, and called by another
//! program that hands over all it has. Each time the exact error has to come out and nothing
//! may have changed but the fee payer's balance.

use cofferdam_host::{
    Address, Call, CallAccount, Host, ProgramError, ProgramResult,
    cpi::{self, SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID},
};
use cofferdam_ledger::{Genesis, Invocation, Ledger, Program, SubmitError};
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction, error::InstructionError};
use solana_signer::Signer;
use solana_transaction_error::TransactionError;

use crate::support::*;

type Attempt = fn(&mut Invocation<'_>) -> ProgramResult;

// Positions in mallory's instruction.
const PAYER: usize = 0;
const BOB: usize = 1;
const VAULT: usize = 2;
const BOOK: usize = 3;
const TOKENS: usize = 4;
const FOREIGN: usize = 5;
const SYSTEM: usize = 6;
const NEW: usize = 7;

const VAULT_LEN: usize = 100;
const GROWTH: usize = 10 * 1024;

fn mallory() -> Address {
    address("mallory")
}

fn accomplice() -> Address {
    address("accomplice")
}

fn new_account() -> (Address, u8) {
    Address::find_program_address(&[b"new"], &mallory())
}

/// An address of the accomplice, with a bump that also derives an address of mallory: so what
/// is refused is the wrong program and not the seeds.
fn treasury() -> (Address, u8) {
    let derive = |bump, of| Address::create_program_address(&[b"treasury", &[bump]], &of);
    let bump = (0..=u8::MAX)
        .find(|bump| derive(*bump, mallory()).is_ok() && derive(*bump, accomplice()).is_ok());
    (derive(bump.unwrap(), accomplice()).unwrap(), bump.unwrap())
}

const TABLE: &[(&str, Attempt, InstructionError)] = &[
    ("spend a wallet", |cx| take(cx, BOB), InstructionError::ExternalAccountLamportSpend),
    (
        "spend even the wallet that signed, except through its owner",
        |cx| take(cx, PAYER),
        InstructionError::ExternalAccountLamportSpend,
    ),
    (
        "spend an account of another program",
        |cx| take(cx, TOKENS),
        InstructionError::ExternalAccountLamportSpend,
    ),
    (
        "spend a read-only account of another program",
        |cx| take(cx, FOREIGN),
        InstructionError::ExternalAccountLamportSpend,
    ),
    (
        "spend its own read-only account",
        |cx| take(cx, BOOK),
        InstructionError::ReadonlyLamportChange,
    ),
    (
        "fund its own read-only account",
        |cx| give(cx, BOOK),
        InstructionError::ReadonlyLamportChange,
    ),
    (
        "fund a read-only account of another program",
        |cx| give(cx, FOREIGN),
        InstructionError::ReadonlyLamportChange,
    ),
    ("fund a program", |cx| give(cx, SYSTEM), InstructionError::ExecutableLamportChange),
    ("make lamports", |cx| give(cx, VAULT), InstructionError::UnbalancedInstruction),
    ("make lamports in a wallet", |cx| give(cx, BOB), InstructionError::UnbalancedInstruction),
    ("burn lamports", |cx| take(cx, VAULT), InstructionError::UnbalancedInstruction),
    (
        "make lamports and hand them to a call that balances by itself",
        |cx| {
            give(cx, VAULT)?;
            cpi::transfer_lamports(cx, address("alice"), address("bob"), 1)
        },
        InstructionError::UnbalancedInstruction,
    ),
    ("write token balances", |cx| write(cx, TOKENS), InstructionError::ExternalAccountDataModified),
    (
        "write a wallet",
        |cx| cx.data_mut(BOB).map(|_| ()),
        InstructionError::ExternalAccountDataModified,
    ),
    (
        "write its own read-only account",
        |cx| write(cx, BOOK),
        InstructionError::ReadonlyDataModified,
    ),
    (
        "write a read-only account of another program",
        |cx| write(cx, FOREIGN),
        InstructionError::ReadonlyDataModified,
    ),
    ("write a program", |cx| write(cx, SYSTEM), InstructionError::ExecutableDataModified),
    ("take over a wallet", |cx| cx.set_owner(BOB, &mallory()), InstructionError::ModifiedProgramId),
    (
        "take over an account of another program",
        |cx| cx.set_owner(TOKENS, &mallory()),
        InstructionError::ModifiedProgramId,
    ),
    (
        "give away an account with forged state in it",
        |cx| cx.set_owner(VAULT, &TOKEN_PROGRAM_ID),
        InstructionError::ModifiedProgramId,
    ),
    (
        "give away its own read-only account",
        |cx| cx.set_owner(BOOK, &TOKEN_PROGRAM_ID),
        InstructionError::ModifiedProgramId,
    ),
    (
        "take over a program",
        |cx| cx.set_owner(SYSTEM, &mallory()),
        InstructionError::ModifiedProgramId,
    ),
    (
        "give an account away and write it afterwards",
        |cx| {
            cx.data_mut(VAULT)?.fill(0);
            cx.set_owner(VAULT, &TOKEN_PROGRAM_ID)?;
            write(cx, VAULT)
        },
        InstructionError::ExternalAccountDataModified,
    ),
    (
        "truncate token balances",
        |cx| cx.resize(TOKENS, 0),
        InstructionError::AccountDataSizeChanged,
    ),
    ("allocate in a wallet", |cx| cx.resize(BOB, 1), InstructionError::AccountDataSizeChanged),
    (
        "resize its own read-only account",
        |cx| cx.resize(BOOK, 0),
        InstructionError::ReadonlyDataModified,
    ),
    (
        "grow an account by more than 10 KiB",
        |cx| cx.resize(VAULT, VAULT_LEN + GROWTH + 1),
        InstructionError::InvalidRealloc,
    ),
    (
        "grow an account by more than 10 KiB in steps",
        |cx| {
            cx.resize(VAULT, VAULT_LEN + GROWTH)?;
            cx.resize(VAULT, VAULT_LEN + GROWTH + 1)
        },
        InstructionError::InvalidRealloc,
    ),
    (
        "have the System program grow an account by more than 10 KiB",
        |cx| {
            let (new, bump) = new_account();
            let space = (GROWTH + 1) as u64;
            let terms = (SOL / 2, space);
            cpi::create_account(cx, address("alice"), new, terms, &mallory(), &[b"new", &[bump]])
        },
        InstructionError::InvalidRealloc,
    ),
    (
        "move 20 MiB of memory by growing and shrinking",
        |cx| {
            for _ in 0..=2048 {
                cx.resize(VAULT, VAULT_LEN + GROWTH)?;
                cx.resize(VAULT, VAULT_LEN)?;
            }
            Ok(())
        },
        InstructionError::MaxAccountsDataAllocationsExceeded,
    ),
    (
        "sign for a wallet",
        |cx| cpi::transfer_lamports(cx, address("bob"), address("alice"), 1),
        InstructionError::PrivilegeEscalation,
    ),
    (
        "sign for an address of another program",
        |cx| {
            let (treasury, bump) = treasury();
            cpi::assign(cx, treasury, &mallory(), &[b"treasury", &[bump]])
        },
        InstructionError::PrivilegeEscalation,
    ),
    (
        "have a read-only account written by another program",
        |cx| {
            let accounts = [CallAccount::writable(address("book"))];
            invoke(cx, &accomplice(), &accounts, &[0])
        },
        InstructionError::PrivilegeEscalation,
    ),
    (
        "sign with a seed of 33 bytes",
        |cx| cpi::assign(cx, new_account().0, &mallory(), &[&[0; 33]]),
        InstructionError::MaxSeedLengthExceeded,
    ),
    (
        "sign with 17 seeds",
        |cx| cpi::assign(cx, new_account().0, &mallory(), &[&[0_u8] as &[u8]; 17]),
        InstructionError::MaxSeedLengthExceeded,
    ),
    (
        "sign for an address that could have a private key",
        |cx| {
            let on_curve = |bump: &u8| cx.create_program_address(&[&[*bump]]).is_err();
            let bump = (0..=u8::MAX).find(on_curve).unwrap();
            cpi::assign(cx, new_account().0, &mallory(), &[&[bump]])
        },
        InstructionError::InvalidSeeds,
    ),
    (
        "call with an account it was not given",
        |cx| invoke(cx, &accomplice(), &[CallAccount::readonly(address("carol"))], &[0]),
        InstructionError::MissingAccount,
    ),
    (
        "call a program it was not given",
        |cx| invoke(cx, &address("nowhere"), &[], &[0]),
        InstructionError::MissingAccount,
    ),
    (
        "call a wallet",
        |cx| invoke(cx, &address("bob"), &[], &[0]),
        InstructionError::AccountNotExecutable,
    ),
    (
        "be called back in the middle of its own instruction",
        |cx| invoke(cx, &accomplice(), &[CallAccount::readonly(mallory())], &[1]),
        InstructionError::ReentrancyNotAllowed,
    ),
    (
        "call itself without end",
        |cx| invoke(cx, &mallory(), &[CallAccount::readonly(mallory())], &[]),
        InstructionError::CallDepth,
    ),
    (
        "make calls without end",
        |cx| {
            loop {
                invoke(cx, &accomplice(), &[], &[0])?;
            }
        },
        InstructionError::MaxInstructionTraceLengthExceeded,
    ),
    (
        "spend more than its budget",
        |cx| cx.consume(u64::MAX),
        InstructionError::ComputationalBudgetExceeded,
    ),
    (
        "read the clock without end",
        |cx| {
            loop {
                cx.clock()?;
            }
        },
        InstructionError::ComputationalBudgetExceeded,
    ),
    (
        "write its own account without end",
        |cx| {
            loop {
                cx.data_mut(VAULT)?;
            }
        },
        InstructionError::ComputationalBudgetExceeded,
    ),
    (
        "go on after a call failed",
        |cx| {
            let _ = cpi::transfer_lamports(cx, address("alice"), address("bob"), u64::MAX);
            Ok(())
        },
        InstructionError::Custom(1),
    ),
    ("take the process down", |_| panic!("boom"), InstructionError::ProgramFailedToComplete),
];

fn take(cx: &mut Invocation<'_>, index: usize) -> ProgramResult {
    let lamports = cx.account(index)?.lamports;
    cx.set_lamports(index, lamports - 1)
}

fn give(cx: &mut Invocation<'_>, index: usize) -> ProgramResult {
    let lamports = cx.account(index)?.lamports;
    cx.set_lamports(index, lamports + 1)
}

fn write(cx: &mut Invocation<'_>, index: usize) -> ProgramResult {
    cx.data_mut(index)?[0] ^= 1;
    Ok(())
}

fn invoke(
    cx: &mut Invocation<'_>,
    program_id: &Address,
    accounts: &[CallAccount],
    data: &[u8],
) -> ProgramResult {
    cx.invoke(Call { program_id, accounts, data })
}

/// Called back with `[1]`, the accomplice calls mallory; with `[0]` it does nothing.
fn be_accomplice(cx: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    if data == [1] { invoke(cx, &mallory(), &[], &[]) } else { Ok(()) }
}

/// Hands everything it has to mallory.
fn be_middleman(cx: &mut Invocation<'_>, _: &[u8]) -> ProgramResult {
    let all: Result<Vec<_>, ProgramError> = (0..cx.account_count())
        .map(|index| {
            let account = cx.account(index)?;
            let (is_signer, is_writable) = (account.is_signer, account.is_writable);
            Ok(CallAccount { address: *account.address, is_signer, is_writable })
        })
        .collect();
    invoke(cx, &mallory(), &all?, &[])
}

fn metas() -> Vec<AccountMeta> {
    vec![
        AccountMeta::new(address("alice"), true),
        AccountMeta::new(address("bob"), false),
        AccountMeta::new(address("vault"), false),
        AccountMeta::new_readonly(address("book"), false),
        AccountMeta::new(address("tokens"), false),
        AccountMeta::new_readonly(address("foreign"), false),
        AccountMeta::new_readonly(SYSTEM_PROGRAM_ID, false),
        AccountMeta::new(new_account().0, false),
        AccountMeta::new(treasury().0, false),
        AccountMeta::new_readonly(accomplice(), false),
        AccountMeta::new_readonly(mallory(), false),
    ]
}

/// A world in which mallory has an account to write, one to read, and others to covet.
fn arena(attempt: impl Fn(&mut Invocation<'_>) -> ProgramResult + Send + Sync + 'static) -> Ledger {
    let programs = [
        Program::native(mallory(), "mallory", move |cx, _| attempt(cx)),
        Program::native(accomplice(), "accomplice", be_accomplice),
        Program::native(address("middleman"), "middleman", be_middleman),
    ];
    let mut ledger = world_with(Genesis::default(), programs, &["alice", "bob", "carol"]);
    let owned = [
        ("vault", mallory(), VAULT_LEN),
        ("book", mallory(), VAULT_LEN),
        ("tokens", TOKEN_PROGRAM_ID, cpi::TOKEN_ACCOUNT_LEN),
        ("foreign", accomplice(), 8),
    ];
    for (name, owner, len) in owned {
        let data = vec![7; len];
        let account = Account { lamports: SOL, data, owner, ..Account::default() };
        ledger.cheat().set_account(&address(name), account).unwrap();
    }
    ledger
}

/// Runs the instruction and demands that it fails like that and costs the fee alone.
fn assert_refused(mut ledger: Ledger, program: Address, name: &str, expected: &InstructionError) {
    let before = ledger.fork();
    let ix = Instruction { program_id: program, accounts: metas(), data: vec![] };
    let error = send(&mut ledger, &[&key("alice")], &[ix]).expect_err(name);
    let SubmitError::Failed { error, receipt } = error else { panic!("{name}: {error}") };
    assert_eq!(error, TransactionError::InstructionError(0, expected.clone()), "{name}");
    assert!(receipt.events.is_empty() && receipt.return_data.is_none(), "{name}");
    let fee = [(key("alice").pubkey(), -i128::from(FEE))];
    assert_eq!(lamport_deltas(&before, &ledger), fee, "{name}");
    assert_eq!(before.diff(&ledger).len(), 1, "{name}: nothing else changes");
    assert_eq!(receipt.changes, before.diff(&ledger), "{name}");
}

#[test]
fn mallory_cannot() {
    for (name, attempt, expected) in TABLE {
        assert_refused(arena(*attempt), mallory(), name, expected);
    }
    assert!(TABLE.len() >= 25);
}

#[test]
fn mallory_cannot_hide_a_refusal() {
    for (name, attempt, expected) in TABLE {
        let swallowing = move |cx: &mut Invocation<'_>| {
            let _ = attempt(cx);
            Ok(())
        };
        assert_refused(arena(swallowing), mallory(), name, expected);
    }
}

#[test]
fn mallory_cannot_through_a_call() {
    for (name, attempt, expected) in TABLE {
        assert_refused(arena(*attempt), address("middleman"), name, expected);
    }
}

#[test]
fn what_mallory_may_do_is_done_completely() {
    let allowed: Attempt = |cx| {
        let (new, bump) = new_account();
        let terms = (2_000_000, 10);
        cpi::create_account(cx, address("alice"), new, terms, &mallory(), &[b"new", &[bump]])?;
        cx.data_mut(NEW)?[9] = 1;
        cx.data_mut(VAULT)?.fill(3);
        take(cx, VAULT)?;
        give(cx, BOB)
    };
    for program in [mallory(), address("middleman")] {
        let mut ledger = arena(allowed);
        let before = ledger.fork();
        let ix = Instruction { program_id: program, accounts: metas(), data: vec![] };
        let receipt = send(&mut ledger, &[&key("alice")], &[ix]).unwrap();
        let moved = vec![
            (address("alice"), -i128::from(FEE) - 2_000_000),
            (address("bob"), 1),
            (address("vault"), -1),
            (new_account().0, 2_000_000),
        ];
        assert_eq!(lamport_deltas(&before, &ledger), sorted(moved));
        assert_eq!(receipt.changes, before.diff(&ledger));
        assert_eq!(receipt.changes.len(), 4);
        assert_eq!(ledger.account(&address("vault")).unwrap().data, [3; VAULT_LEN]);
        let new = ledger.account(&new_account().0).unwrap();
        assert_eq!(
            (new.owner, new.data.as_slice()),
            (mallory(), &[0, 0, 0, 0, 0, 0, 0, 0, 0, 1][..])
        );
    }
}

#[test]
fn the_failing_program_is_the_one_that_broke_the_rule() {
    let mut ledger = arena(|cx| take(cx, BOB));
    let ix = Instruction { program_id: address("middleman"), accounts: metas(), data: vec![] };
    let error = send(&mut ledger, &[&key("alice")], &[ix]).unwrap_err();
    let failure = error.receipt().unwrap().failure.clone().unwrap();
    assert_eq!((failure.program_id, &*failure.program_name), (mallory(), "mallory"));
    let bob = address("bob");
    let logs = error.logs().join("\n");
    assert!(logs.contains(&format!("account {bob}: ")), "the log names the account:\n{logs}");
}

#[test]
fn a_position_listed_twice_is_one_account() {
    // Debit at one place, credit at the other: a program that trusted stale copies would mint.
    let mut ledger = arena(|cx| {
        take(cx, 0)?;
        give(cx, 1)
    });
    let before = ledger.fork();
    let vault = AccountMeta::new(address("vault"), false);
    let accounts = vec![vault.clone(), vault];
    let ix = Instruction { program_id: mallory(), accounts, data: vec![] };
    let _ = send(&mut ledger, &[&key("alice")], &[ix]).unwrap();
    assert_eq!(lamport_deltas(&before, &ledger), [(address("alice"), -i128::from(FEE))]);
    assert_eq!(before.diff(&ledger).len(), 1);
}

#[test]
fn a_second_instruction_that_fails_undoes_the_first() {
    let mut ledger =
        arena(|cx| if cx.instruction_index()? == 0 { write(cx, VAULT) } else { take(cx, BOB) });
    let before = ledger.fork();
    let ix = Instruction { program_id: mallory(), accounts: metas(), data: vec![] };
    let error = send(&mut ledger, &[&key("alice")], &[ix.clone(), ix]).unwrap_err();
    let spend = InstructionError::ExternalAccountLamportSpend;
    assert_eq!(error.transaction_error(), TransactionError::InstructionError(1, spend));
    assert_eq!(before.diff(&ledger).len(), 1);
    assert_eq!(lamport_deltas(&before, &ledger), [(address("alice"), -i128::from(FEE))]);
}

#[test]
fn an_account_listed_twice_in_a_call_has_the_same_privileges_at_both_places() {
    let inner = Program::native(address("inner"), "inner", |cx, _| {
        assert!(cx.account(0)?.is_writable && cx.account(1)?.is_writable);
        write(cx, 0)?;
        write(cx, 1)
    });
    let outer = Program::native(address("outer"), "outer", |cx, _| {
        let vault = address("vault");
        let twice = [CallAccount::readonly(vault), CallAccount::writable(vault)];
        invoke(cx, &address("inner"), &twice, &[])
    });
    let mut ledger = world([inner, outer], &["alice"]);
    let (data, owner) = (vec![7; 8], address("inner"));
    let vault = Account { lamports: SOL, data, owner, ..Account::default() };
    ledger.cheat().set_account(&address("vault"), vault).unwrap();
    let before = ledger.fork();
    let accounts = vec![
        AccountMeta::new(address("vault"), false),
        AccountMeta::new_readonly(address("inner"), false),
    ];
    let ix = Instruction { program_id: address("outer"), accounts, data: vec![] };
    let _ = send(&mut ledger, &[&key("alice")], &[ix]).unwrap();
    // Both writes flipped the same bit of the same account.
    assert_eq!(before.diff(&ledger).len(), 1);
}
