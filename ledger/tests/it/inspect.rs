//! What an inspector is told, and that being watched changes nothing.

use cofferdam_host::{Call, CallAccount, Host, ProgramError, ProgramResult, cpi};
use cofferdam_ledger::{
    Frame, Inspector, InstructionView, Invocation, Ledger, Program, Receipt, SubmitError,
};
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_system_interface::instruction::transfer;

use crate::support::*;

/// Everything an inspector can see, in words, in the order in which it was told.
#[derive(Debug, Default)]
struct Diary(Vec<String>);

impl Inspector for Diary {
    fn before(&mut self, instruction: &InstructionView<'_>) {
        self.0.push(format!("{} begins, {}", title(instruction), balances(instruction)));
    }

    fn after(&mut self, instruction: &InstructionView<'_>, frame: &Frame) {
        assert_eq!(frame.program_id, *instruction.program_id());
        let logs: Vec<&str> = frame.logs().collect();
        let end = format!("{:?}, {} units, logs {logs:?}", frame.result, frame.units_consumed);
        self.0.push(format!("{} ends {end}, {}", title(instruction), balances(instruction)));
    }
}

fn title(instruction: &InstructionView<'_>) -> String {
    let (index, depth) = (instruction.index(), instruction.depth());
    let (name, data) = (instruction.program_name(), instruction.data().first());
    format!("#{index} at {depth}: {name} {data:?}, {} units left", instruction.units_left())
}

/// Lamports and privileges of every account.
fn balances(instruction: &InstructionView<'_>) -> String {
    let account = |account: cofferdam_host::AccountView<'_>| {
        let signer = if account.is_signer { "s" } else { "" };
        let writable = if account.is_writable { "w" } else { "" };
        format!("{}{signer}{writable}", account.lamports)
    };
    instruction.accounts().map(account).collect::<Vec<_>>().join(" ")
}

/// Logs, pays 1,000 lamports by a call of the System program, and answers with its first byte.
fn payer(cx: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    cx.log(format_args!("paying"));
    let (from, to) = (*cx.account(0)?.address, *cx.account(1)?.address);
    cpi::transfer_lamports(cx, from, to, 1_000)?;
    match data[0] {
        0 => Ok(()),
        code => Err(ProgramError::Custom(code.into())),
    }
}

fn pay(code: u8) -> Instruction {
    let accounts = vec![
        AccountMeta::new(address("alice"), true),
        AccountMeta::new(address("bob"), false),
        AccountMeta::new_readonly(cpi::SYSTEM_PROGRAM_ID, false),
    ];
    Instruction { program_id: address("payer-program"), accounts, data: vec![code] }
}

fn arena() -> Ledger {
    world([Program::native(address("payer-program"), "payer", payer)], &["alice", "bob"])
}

fn inspected(
    ledger: &mut Ledger,
    ixs: &[Instruction],
) -> (Vec<String>, Result<Receipt, SubmitError>) {
    let transaction = transaction(ledger, &[&key("alice")], ixs);
    let mut diary = Diary::default();
    let answer = ledger.submit_inspected(&transaction, &mut diary);
    (diary.0, answer)
}

#[test]
fn an_inspector_is_told_every_instruction_and_call() {
    let mut ledger = arena();
    let ixs = [pay(0), transfer(&address("alice"), &address("bob"), 5)];
    let (diary, answer) = inspected(&mut ledger, &ixs);
    assert!(answer.is_ok());
    let (alice, bob) = (SOL - FEE, SOL);
    let system = ledger.lamports(&cpi::SYSTEM_PROGRAM_ID);
    let (paid, received) = (alice - 1_000, bob + 1_000);
    assert_eq!(
        diary,
        [
            // 150 units for the instruction are spent when it begins; then 106 for the log line and
            // 1,000 for the call and 5 for each of the two changes in it.
            format!("#0 at 1: payer Some(0), 1399850 units left begins, {alice}sw {bob}w {system}"),
            format!("#0 at 2: system Some(2), 1398594 units left begins, {alice}sw {bob}w"),
            format!(
                "#0 at 2: system Some(2), 1398584 units left ends Ok(()), 160 units, logs [], \
             {paid}sw {received}w"
            ),
            format!(
                "#0 at 1: payer Some(0), 1398584 units left ends Ok(()), 1416 units, \
             logs [\"paying\"], {paid}sw {received}w {system}"
            ),
            format!("#1 at 1: system Some(2), 1398434 units left begins, {paid}sw {received}w"),
            format!(
                "#1 at 1: system Some(2), 1398424 units left ends Ok(()), 160 units, logs [], \
             {}sw {}w",
                paid - 5,
                received + 5
            ),
        ]
    );
}

#[test]
fn an_inspector_sees_what_a_failed_instruction_did() {
    let mut ledger = arena();
    let (diary, answer) = inspected(&mut ledger, &[pay(7), pay(0)]);
    assert!(matches!(answer, Err(SubmitError::Failed { .. })));
    // The second instruction never began, and the ledger took back what the diary saw.
    assert_eq!(diary.len(), 4);
    let end = diary.last().unwrap();
    let paid = format!("{}sw {}w", SOL - FEE - 1_000, SOL + 1_000);
    assert!(end.contains("ends Err(Custom(7))") && end.contains(&paid), "{end}");
    assert_eq!(ledger.lamports(&address("alice")), SOL - FEE);
    assert_eq!(ledger.lamports(&address("bob")), SOL);
}

#[test]
fn an_inspector_is_not_told_what_never_ran() {
    let mut ledger = arena();
    // Bob has to sign, and nobody signed for him.
    let mut forged = transaction(&ledger, &[&key("bob")], &[pay_from("bob")]);
    forged.signatures[0] = [1; 64].into();
    let mut diary = Diary::default();
    let answer = ledger.submit_inspected(&forged, &mut diary);
    assert!(matches!(answer, Err(SubmitError::Rejected(_))));
    assert_eq!(diary.0, [""; 0]);
}

fn pay_from(name: &str) -> Instruction {
    transfer(&address(name), &address("carol"), SOL / 2)
}

/// A call that reads a missing account fails in the caller, which alone was entered.
#[test]
fn a_call_that_is_refused_is_not_entered() {
    let caller = Program::native(address("payer-program"), "payer", |cx, _| {
        let accounts = [CallAccount::writable(address("stranger"))];
        let program_id = &cpi::SYSTEM_PROGRAM_ID;
        cx.invoke(Call { program_id, accounts: &accounts, data: &[2] })
    });
    let mut ledger = world([caller], &["alice", "bob"]);
    let (diary, answer) = inspected(&mut ledger, &[pay(0)]);
    assert!(answer.is_err());
    assert_eq!(diary.len(), 2);
    assert!(diary[1].contains("ends Err(MissingAccount)"), "{}", diary[1]);
}

#[test]
fn being_watched_changes_nothing() {
    let (mut watched, mut alone) = (arena(), arena());
    let account = Account { lamports: SOL, data: vec![1], ..Account::default() };
    for ledger in [&mut watched, &mut alone] {
        ledger.cheat().set_account(&address("data"), account.clone()).unwrap();
    }
    for ixs in [vec![pay(0)], vec![pay(1)], vec![pay_from("alice"), pay(0)], vec![pay(0)]] {
        let (_, answer) = inspected(&mut watched, &ixs);
        match (answer, send(&mut alone, &[&key("alice")], &ixs)) {
            (Ok(a), Ok(b)) => assert_eq!(a, b),
            (Err(a), Err(b)) => {
                assert_eq!((a.to_string(), a.receipt()), (b.to_string(), b.receipt()));
            }
            (a, b) => panic!("watched {a:?}, alone {b:?}"),
        }
    }
    assert_eq!(watched.journal(), alone.journal());
    assert_eq!(watched.state_root(), alone.state_root());
}
