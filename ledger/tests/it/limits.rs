//! Limits of a whole transaction: rent, what counts as a program, log and event bytes, panics.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult};
use cofferdam_ledger::{Genesis, Invocation, Ledger, Program, SubmitError};
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction, error::InstructionError};
use solana_transaction_error::TransactionError;

use crate::support::*;

fn run(
    genesis: Genesis,
    accounts: &[(Address, Account)],
    program: impl Fn(&mut Invocation<'_>) -> ProgramResult + Send + Sync + 'static,
) -> (Ledger, Ledger, Result<cofferdam_ledger::Receipt, SubmitError>) {
    let program = Program::native(address("program"), "program", move |cx, _| program(cx));
    let mut ledger = world_with(genesis, [program], &["alice"]);
    for (at, account) in accounts {
        ledger.cheat().set_account(at, account.clone()).unwrap();
    }
    let before = ledger.fork();
    let accounts = accounts.iter().map(|(at, _)| AccountMeta::new(*at, false)).collect();
    let ix = Instruction { program_id: address("program"), accounts, data: vec![] };
    let result = send(&mut ledger, &[&key("alice")], &[ix]);
    (before, ledger, result)
}

fn owned(name: &str, lamports: u64, len: usize) -> (Address, Account) {
    let data = vec![0; len];
    let owner = address("program");
    (address(name), Account { lamports, data, owner, ..Account::default() })
}

fn move_lamports(cx: &mut Invocation<'_>, lamports: u64) -> ProgramResult {
    let (from, to) = (cx.account(0)?.lamports, cx.account(1)?.lamports);
    cx.set_lamports(0, from - lamports)?;
    cx.set_lamports(1, to + lamports)
}

#[test]
fn an_account_may_not_fall_below_rent() {
    let rent = Genesis::default().minimum_balance(10);
    let accounts = [owned("a", rent, 10), owned("b", rent, 10)];
    let (before, after, result) = run(Genesis::default(), &accounts, |cx| move_lamports(cx, 1));
    let index = if address("a") < address("b") { 1 } else { 2 };
    let expected = TransactionError::InsufficientFundsForRent { account_index: index };
    assert_eq!(result.unwrap_err().transaction_error(), expected);
    assert_eq!(lamport_deltas(&before, &after), [(address("alice"), -i128::from(FEE))]);
}

#[test]
fn an_account_that_gives_everything_away_is_gone() {
    let rent = Genesis::default().minimum_balance(10);
    let accounts = [owned("a", rent, 10), owned("b", rent, 10)];
    let (before, after, result) =
        run(Genesis::default(), &accounts, move |cx| move_lamports(cx, rent));
    assert_eq!(result.unwrap().changes, before.diff(&after));
    assert!(after.account(&address("a")).is_none());
    let moved = i128::from(rent);
    let deltas =
        vec![(address("alice"), -i128::from(FEE)), (address("a"), -moved), (address("b"), moved)];
    assert_eq!(lamport_deltas(&before, &after), sorted(deltas));
}

#[test]
fn an_account_that_always_paid_rent_may_lose_lamports_but_not_gain_halfway() {
    let rent = Genesis::default().minimum_balance(10);
    let poor = [owned("a", 1_000, 10), owned("b", rent, 10)];
    let (_, _, result) = run(Genesis::default(), &poor, |cx| move_lamports(cx, 1));
    assert!(result.is_ok());
    let poor = [owned("a", 2 * rent, 10), owned("b", 1_000, 10)];
    let (_, _, result) = run(Genesis::default(), &poor, |cx| move_lamports(cx, 1));
    let error = result.unwrap_err().transaction_error();
    assert!(matches!(error, TransactionError::InsufficientFundsForRent { .. }), "{error}");
}

#[test]
fn growth_needs_rent_for_the_new_size() {
    let rent = Genesis::default().minimum_balance(10);
    let (_, after, result) =
        run(Genesis::default(), &[owned("a", rent, 10)], |cx| cx.resize(0, 11));
    let error = result.unwrap_err().transaction_error();
    assert_eq!(error, TransactionError::InsufficientFundsForRent { account_index: 1 });
    assert_eq!(after.account(&address("a")).unwrap().data.len(), 10);
}

#[test]
fn rent_is_checked_after_the_program_error() {
    let rent = Genesis::default().minimum_balance(10);
    let (_, _, result) = run(Genesis::default(), &[owned("a", rent, 10)], |cx| {
        cx.resize(0, 11)?;
        Err(ProgramError::Custom(77))
    });
    let custom = InstructionError::Custom(77);
    let expected = TransactionError::InstructionError(0, custom);
    assert_eq!(result.unwrap_err().transaction_error(), expected);
}

#[test]
fn what_is_not_a_program_does_not_run() {
    let mut ledger = world([], &["alice", "bob"]);
    let mut error = |program_id| {
        let before = ledger.fork();
        let ix = Instruction { program_id, accounts: vec![], data: vec![] };
        let error = send(&mut ledger, &[&key("alice")], &[ix]).unwrap_err();
        assert_eq!(lamport_deltas(&before, &ledger), [(address("alice"), -i128::from(FEE))]);
        error.transaction_error()
    };
    assert_eq!(error(address("nowhere")), TransactionError::ProgramAccountNotFound);
    assert_eq!(error(address("bob")), TransactionError::InvalidProgramForExecution);
    let (at, account) = owned("hollow", SOL, 4);
    let hollow = Account { executable: true, ..account };
    ledger.cheat().set_account(&at, hollow).unwrap();
    let ix = Instruction { program_id: at, accounts: vec![], data: vec![] };
    let error = send(&mut ledger, &[&key("alice")], &[ix]).unwrap_err().transaction_error();
    let unsupported = InstructionError::UnsupportedProgramId;
    assert_eq!(error, TransactionError::InstructionError(0, unsupported));
}

#[test]
fn a_long_log_is_cut_and_does_not_fail() {
    let genesis = Genesis { log_bytes_max: 25, ..Genesis::default() };
    let (_, _, result) = run(genesis, &[], |cx| {
        (0..5).for_each(|n| cx.log(format_args!("0123456789 {n}")));
        Ok(())
    });
    let receipt = result.unwrap();
    let lines: Vec<&str> = receipt.frames[0].logs().collect();
    assert_eq!(lines, ["0123456789 0", "0123456789 1", "Log truncated"]);
}

#[test]
fn events_and_return_data_are_limited() {
    let genesis = Genesis { event_bytes_max: 10, return_data_bytes_max: 4, ..Genesis::default() };
    let (_, _, result) = run(genesis, &[], |cx| {
        cx.emit(&[1; 10])?;
        assert_eq!(cx.emit(&[1]), Err(ProgramError::InvalidArgument));
        cx.set_return_data(&[2; 4])?;
        assert_eq!(cx.set_return_data(&[2; 5]), Err(ProgramError::InvalidArgument));
        Ok(())
    });
    let receipt = result.unwrap();
    assert_eq!(receipt.events.len(), 1);
    assert_eq!(receipt.return_data.unwrap().data, [2; 4]);
}

#[test]
fn a_panic_stays_inside_its_transaction() {
    let (before, mut after, result) = run(Genesis::default(), &[owned("a", SOL, 10)], |cx| {
        cx.data_mut(0)?.fill(9);
        panic!("out of {}", "luck");
    });
    let error = result.unwrap_err();
    let failed = InstructionError::ProgramFailedToComplete;
    assert_eq!(error.transaction_error(), TransactionError::InstructionError(0, failed));
    assert!(error.logs().contains(&"Program log: panicked: out of luck".to_owned()));
    assert_eq!(before.diff(&after).len(), 1);
    // The ledger goes on, and so does its journal.
    let pay =
        solana_system_interface::instruction::transfer(&address("alice"), &address("x"), SOL / 2);
    let _ = send(&mut after, &[&key("alice")], &[pay]).unwrap();
    assert_eq!(after.journal().unwrap().final_root(), after.state_root());
}

#[test]
fn a_panic_in_a_call_fails_the_caller_too() {
    let inner = Program::native(address("inner"), "inner", |_, _| panic!("inside"));
    let outer = Program::native(address("outer"), "outer", |cx, _| {
        let program_id = address("inner");
        let call = cofferdam_host::Call { program_id: &program_id, accounts: &[], data: &[] };
        let _ = cx.invoke(call);
        Ok(())
    });
    let mut ledger = world([inner, outer], &["alice"]);
    let accounts = vec![AccountMeta::new_readonly(address("inner"), false)];
    let ix = Instruction { program_id: address("outer"), accounts, data: vec![] };
    let error = send(&mut ledger, &[&key("alice")], &[ix]).unwrap_err();
    let failure = error.receipt().unwrap().failure.clone().unwrap();
    assert_eq!(failure.program_id, address("inner"));
    assert_eq!(failure.error, InstructionError::ProgramFailedToComplete);
}

#[test]
fn what_runs_as_a_program_is_read_only_whatever_the_message_says() {
    let program = Program::native(address("program"), "program", |cx, _| {
        assert_eq!(cx.account(0)?.address, cx.program_id());
        assert!(cx.account(0)?.executable && !cx.account(0)?.is_writable);
        Ok(())
    });
    let mut ledger = world([program], &["alice"]);
    let accounts = vec![AccountMeta::new(address("program"), false)];
    let ix = Instruction { program_id: address("program"), accounts, data: vec![] };
    let transaction = transaction(&ledger, &[&key("alice")], &[ix]);
    assert_eq!(transaction.message.header.num_readonly_unsigned_accounts, 0);
    let _ = ledger.submit(&transaction).unwrap();
}
