//! What a receipt tells.

use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::{
    AccountData, Address, Call, CallAccount, ErrorCode, Event, Host, ProgramError, ProgramResult,
    encode_account, encode_event,
};
use cofferdam_ledger::{Frame, Invocation, Program, ReadError, Step, SubmitError};
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};

use crate::support::*;

#[derive(Debug, PartialEq, BorshSerialize, BorshDeserialize)]
struct Ping {
    depth: u8,
}

impl Event for Ping {
    const DISCRIMINATOR: [u8; 8] = *b"ping----";
    const NAME: &'static str = "Ping";
}

#[derive(Debug, PartialEq, BorshSerialize, BorshDeserialize)]
struct Pong {
    depth: u8,
}

impl Event for Pong {
    const DISCRIMINATOR: [u8; 8] = *b"pong----";
    const NAME: &'static str = "Pong";
}

const OUTER: Address = Address::new_from_array([21; 32]);
const INNER: Address = Address::new_from_array([22; 32]);

#[derive(Clone, Copy, Debug, PartialEq)]
struct OuterError(u32);

impl ErrorCode for OuterError {
    const PROGRAM_ID: Address = OUTER;
    fn from_code(code: u32) -> Option<Self> {
        (code < 100).then_some(Self(code))
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct InnerError(u32);

impl ErrorCode for InnerError {
    const PROGRAM_ID: Address = INNER;
    fn from_code(code: u32) -> Option<Self> {
        Some(Self(code))
    }
}

/// Logs, calls the inner program with its data, logs again.
fn outer(cx: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    cx.log(format_args!("before"));
    cx.emit(&encode_event(&Ping { depth: 1 })?)?;
    if data == [9] {
        return Err(ProgramError::Custom(9));
    }
    let accounts = [CallAccount::readonly(INNER)];
    cx.invoke(Call { program_id: &INNER, accounts: &accounts, data })?;
    assert_eq!(cx.return_data(), Some((INNER, vec![5])));
    cx.log(format_args!("after"));
    Ok(())
}

fn inner(cx: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    cx.log(format_args!("inside"));
    cx.emit(&encode_event(&Pong { depth: 2 })?)?;
    cx.emit(&encode_event(&Ping { depth: 2 })?)?;
    cx.set_return_data(&[5])?;
    match data.first() {
        Some(code) => Err(ProgramError::Custom((*code).into())),
        None => Ok(()),
    }
}

fn run(data: &[u8]) -> Result<cofferdam_ledger::Receipt, cofferdam_ledger::SubmitError> {
    let programs = [Program::native(OUTER, "outer", outer), Program::native(INNER, "inner", inner)];
    let mut ledger = world(programs, &["alice"]);
    let accounts = vec![AccountMeta::new_readonly(INNER, false)];
    let ix = Instruction { program_id: OUTER, accounts, data: data.to_vec() };
    send(&mut ledger, &[&key("alice")], &[ix])
}

#[test]
fn the_call_tree_carries_the_logs() {
    let receipt = run(&[]).unwrap();
    let [frame] = receipt.frames.as_slice() else { panic!("one instruction") };
    assert_eq!(frame.logs().collect::<Vec<_>>(), ["before", "after"]);
    let call = frame.calls().next().unwrap();
    assert_eq!(call.logs().collect::<Vec<_>>(), ["inside"]);
    assert!(matches!(frame.steps[1], Step::Call(_)), "the call stands between the lines");
    assert!(frame.units_consumed > call.units_consumed && call.units_consumed > 0);
    assert_eq!(receipt.units_consumed, frame.units_consumed);
    let expected = [
        "Program outer invoke [1]".to_owned(),
        "Program log: before".to_owned(),
        "Program inner invoke [2]".to_owned(),
        "Program log: inside".to_owned(),
        format!("Program inner success, {} units", call.units_consumed),
        "Program log: after".to_owned(),
        format!("Program outer success, {} units", frame.units_consumed),
    ];
    assert_eq!(receipt.logs(), expected);
}

#[test]
fn events_are_typed_and_in_order() {
    let receipt = run(&[]).unwrap();
    assert_eq!(
        receipt.events::<Ping>().collect::<Vec<_>>(),
        [Ping { depth: 1 }, Ping { depth: 2 }]
    );
    assert_eq!(receipt.events::<Pong>().collect::<Vec<_>>(), [Pong { depth: 2 }]);
    let by: Vec<Address> = receipt.events.iter().map(|event| event.program_id).collect();
    assert_eq!(by, [OUTER, INNER, INNER]);
    let mut cut = receipt.events[0].clone();
    cut.data.push(0);
    assert_eq!(cut.decode::<Ping>(), None, "a longer event is not that event");
}

#[test]
fn an_error_is_decoded_for_the_program_that_raised_it() {
    let error = run(&[9]).unwrap_err();
    assert_eq!(error.decode::<OuterError>(), Some(OuterError(9)));
    assert_eq!(error.decode::<InnerError>(), None);
    let error = run(&[7]).unwrap_err();
    assert_eq!(error.decode::<OuterError>(), None, "the code is the inner program's");
    assert_eq!(error.decode::<InnerError>(), Some(InnerError(7)));
    let receipt = error.receipt().unwrap();
    assert!(receipt.events.is_empty() && receipt.return_data.is_none());
    let logs = error.logs();
    assert!(logs.contains(&"Program log: inside".to_owned()), "logs stay: {logs:?}");
    assert!(!logs.contains(&"Program log: after".to_owned()));
    let text = error.to_string();
    assert!(text.contains("in program inner") && text.contains("inside"), "{text}");
}

#[derive(Debug, PartialEq, BorshSerialize, BorshDeserialize)]
struct Counter {
    count: u64,
}

impl AccountData for Counter {
    const DISCRIMINATOR: [u8; 8] = *b"counter-";
    const NAME: &'static str = "Counter";
    const OWNER: Address = OUTER;
    const LEN: usize = 16;
}

#[test]
fn typed_reads_tell_what_is_wrong() {
    let mut ledger = world([], &["alice"]);
    let at = address("counter");
    let name = Counter::NAME;
    let read = ledger.get::<Counter>(&at);
    assert_eq!(read, Err(ReadError::NotFound { name, address: at }));
    let mut data = vec![0; Counter::LEN];
    encode_account(&Counter { count: 3 }, &mut data).unwrap();
    let mut put = |owner, data: &[u8]| {
        let account = Account { lamports: SOL, owner, data: data.to_vec(), ..Account::default() };
        ledger.cheat().set_account(&at, account).unwrap();
        ledger.get::<Counter>(&at)
    };
    assert_eq!(put(OUTER, &data), Ok(Counter { count: 3 }));
    let wrong = ReadError::WrongOwner { name, address: at, expected: OUTER, actual: INNER };
    assert_eq!(put(INNER, &data), Err(wrong));
    let error = ProgramError::InvalidAccountData;
    assert_eq!(put(OUTER, &data[..15]), Err(ReadError::Decode { name, address: at, error }));
}

#[test]
fn introspection_shows_the_siblings_as_they_are() {
    let program = Program::native(OUTER, "outer", |cx, _| {
        assert_eq!(cx.instruction_index()?, 1);
        let first = cx.sibling(0)?.unwrap();
        assert_eq!(
            (first.program_id, first.data.len()),
            (cofferdam_host::cpi::SYSTEM_PROGRAM_ID, 12)
        );
        let alice = CallAccount::writable(address("alice")).signed();
        assert_eq!(first.accounts, [alice, CallAccount::writable(address("bob"))]);
        assert_eq!(cx.sibling(2)?, None);
        Ok(())
    });
    let mut ledger = world([program], &["alice", "bob"]);
    let pay = solana_system_interface::instruction::transfer(&address("alice"), &address("bob"), 1);
    let look = Instruction { program_id: OUTER, accounts: vec![], data: vec![] };
    let _ = send(&mut ledger, &[&key("alice")], &[pay, look]).unwrap();
}

/// What a program refuses has the program's name for it; what the ledger refuses has the account.
#[test]
fn a_failure_names_its_error_or_its_account() {
    let taker = Program::native(OUTER, "outer", |cx, data| {
        let lamports = cx.account(0)?.lamports;
        match data {
            [] => cx.set_lamports(0, lamports - 1),
            [code, ..] => Err(ProgramError::Custom((*code).into())),
        }
    });
    let taker = taker.naming_errors(|code| (code == 7).then(|| "Seventh".to_owned()));
    let mut ledger = world([taker], &["alice", "bob"]);
    let mut failed = |instruction: Instruction| {
        let error = send(&mut ledger, &[&key("alice")], &[instruction]).unwrap_err();
        let SubmitError::Failed { receipt, .. } = &error else { panic!("{error}") };
        let failure = receipt.failure.clone().unwrap();
        (failure.error_name, failure.account, error.to_string())
    };
    let take = |data: &[u8]| Instruction {
        program_id: OUTER,
        accounts: vec![AccountMeta::new(address("bob"), false)],
        data: data.to_vec(),
    };
    let (name, account, text) = failed(take(&[]));
    assert_eq!((name, account), (None, Some(address("bob"))));
    assert!(text.contains(&format!("(in program outer, {OUTER}, account {})", address("bob"))));
    let (name, account, text) = failed(take(&[7]));
    assert_eq!((name.as_deref(), account), (Some("Seventh"), None));
    assert!(text.contains(&format!(": Seventh (in program outer, {OUTER})")), "{text}");
    assert_eq!(failed(take(&[8])).0, None);
    let alice = address("alice");
    let broke = solana_system_interface::instruction::transfer(&alice, &address("bob"), 1 << 60);
    assert_eq!(failed(broke).0.as_deref(), Some("ResultWithNegativeLamports"));
    let program_id = cofferdam_host::cpi::TOKEN_PROGRAM_ID;
    let unknown = Instruction { program_id, accounts: vec![], data: vec![255] };
    assert_eq!(failed(unknown).0.as_deref(), Some("InvalidInstruction"));
}

#[test]
fn a_missing_account_is_named() {
    let mut ledger = world([], &["alice", "bob"]);
    let mut pay =
        solana_system_interface::instruction::transfer(&address("alice"), &address("bob"), 5);
    pay.accounts.truncate(1);
    let error = send(&mut ledger, &[&key("alice")], &[pay]).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("in program system"), "{text}");
    assert!(text.contains("account 1 is missing: instruction 0 lists 1 accounts"), "{text}");
}

#[test]
fn a_missing_account_of_a_call_is_named() {
    // Calls the System program for a transfer with one account less than it needs.
    let caller = Program::native(OUTER, "outer", |cx, _| {
        let pay = solana_system_interface::instruction::transfer(&OUTER, &OUTER, 5);
        let accounts = [CallAccount::writable(*cx.account(0)?.address).signed()];
        let program_id = &cofferdam_host::cpi::SYSTEM_PROGRAM_ID;
        cx.invoke(Call { program_id, accounts: &accounts, data: &pay.data })
    });
    let mut ledger = world([caller], &["alice", "bob"]);
    let metas = vec![
        AccountMeta::new(address("alice"), true),
        AccountMeta::new(address("bob"), false),
        AccountMeta::new_readonly(cofferdam_host::cpi::SYSTEM_PROGRAM_ID, false),
    ];
    let call = Instruction { program_id: OUTER, accounts: metas, data: vec![] };
    let error = send(&mut ledger, &[&key("alice")], &[call]).unwrap_err();
    let SubmitError::Failed { receipt, .. } = &error else { panic!("{error}") };
    let failure = receipt.failure.as_ref().unwrap();
    assert_eq!((failure.instruction, &*failure.program_name), (0, "system"));
    let line = "account 1 is missing: the call of system by outer lists 1 accounts";
    let [outer] = &receipt.frames[..] else { panic!("{:?}", receipt.frames) };
    // The caller hands the error on; its own three accounts are not to blame.
    assert_eq!(outer.logs().count(), 0, "{error}");
    let called: Vec<&str> = outer.calls().flat_map(Frame::logs).collect();
    assert_eq!(called, [line]);
    assert!(error.to_string().contains(line), "{error}");
}
