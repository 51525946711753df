//! A batch on several threads against the same transactions one by one.

use std::num::NonZeroUsize;

use cofferdam_host::{Host, ProgramError};
use cofferdam_ledger::{
    Genesis, Ledger, Program, Receipt, Recording, Rejection, SubmitError, Warp,
};
use proptest::prelude::*;
use solana_account::Account;
use solana_hash::Hash;
use solana_instruction::{AccountMeta, Instruction};
use solana_signature::Signature;
use solana_system_interface::instruction::transfer;
use solana_transaction::Transaction;

use crate::support::*;

/// Members of the cast that pay; the last one has no account.
const PAYERS: [&str; 5] = ["alice", "bob", "carol", "poor", "nobody"];
const COUNTERS: [&str; 3] = ["count-0", "count-1", "count-2"];
/// One signature's fee and nothing more: who holds this pays once.
const POOR: u64 = FEE;
/// First byte of the instruction that ends a counter.
const CLOSE: u8 = 255;

/// What a transaction of a batch tries.
#[derive(Clone, Debug)]
enum Step {
    /// A transfer; far more than anybody has when `lamports` is large.
    Pay { from: usize, to: usize, lamports: u64 },
    /// Adds the bytes of the second counter to the first one. Odd data fails it, `3` panics.
    Count { payer: usize, to: usize, from: usize, data: u8 },
    /// Takes all lamports out of a counter, which ends it.
    Close { payer: usize, counter: usize },
    /// An earlier transaction of the batch, by its number, once more.
    Again(usize),
    /// An earlier transaction with a broken signature: whether that matters depends on whether
    /// signatures are checked, and on whether the original was processed.
    Forge(usize),
    /// An earlier transaction under a blockhash that nobody knows.
    Stale(usize),
    /// An earlier transaction with a header that does not fit.
    Malform(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (payer, counter) = (0..PAYERS.len(), 0..COUNTERS.len());
    let lamports = prop_oneof![1..2_000_u64, Just(POOR), Just(SOL), Just(u64::MAX)];
    prop_oneof![
        3 => (payer.clone(), payer.clone(), lamports)
            .prop_map(|(from, to, lamports)| Step::Pay { from, to, lamports }),
        4 => (payer.clone(), counter.clone(), counter.clone(), 0..8_u8)
            .prop_map(|(payer, to, from, data)| Step::Count { payer, to, from, data }),
        1 => (payer, counter).prop_map(|(payer, counter)| Step::Close { payer, counter }),
        1 => (0..14_usize).prop_map(Step::Again),
        1 => (0..14_usize).prop_map(Step::Forge),
        1 => (0..14_usize).prop_map(Step::Stale),
        1 => (0..14_usize).prop_map(Step::Malform),
    ]
}

/// A program whose result depends on everything it may depend on.
fn counter() -> Program {
    Program::native(address("counter-program"), "counter", |cx, data| {
        let [code, nonce @ ..] = data else { return Err(ProgramError::InvalidInstructionData) };
        if *code == CLOSE {
            let (held, payer) = (cx.account(0)?.lamports, cx.account(1)?.lamports);
            cx.set_lamports(0, 0)?;
            return cx.set_lamports(1, payer + held);
        }
        let read = cx.account(1)?.data.iter().fold(7_u8, |sum, byte| sum.wrapping_add(*byte));
        let slot = cx.clock()?.slot.to_le_bytes()[0];
        cx.log(format_args!("read {read} at {slot}"));
        cx.emit(&[*code; 9])?;
        cx.set_return_data(nonce)?;
        let count = cx.data_mut(0)?.first_mut().ok_or(ProgramError::InvalidAccountData)?;
        *count = count.wrapping_mul(3).wrapping_add(read).wrapping_add(slot);
        assert_ne!(*code, 3, "asked to panic");
        if code % 2 == 1 { Err(ProgramError::Custom(u32::from(read))) } else { Ok(()) }
    })
}

fn count(payer: usize, to: usize, from: usize, number: u64, code: u8) -> Instruction {
    let second = match code {
        CLOSE => AccountMeta::new(address(PAYERS[payer]), false),
        _ => AccountMeta::new_readonly(address(COUNTERS[from]), false),
    };
    let accounts = vec![AccountMeta::new(address(COUNTERS[to]), false), second];
    let data = [&[code][..], &number.to_le_bytes()].concat();
    Instruction { program_id: address("counter-program"), accounts, data }
}

/// A ledger for the batches. Everybody who pays has a SOL, but for the poor and nobody.
fn arena(genesis: Genesis, recording: Recording) -> Ledger {
    let mut ledger = world_with(genesis, [counter()], &PAYERS[..3]);
    ledger.cheat().airdrop(&address("poor"), POOR).unwrap();
    for name in COUNTERS {
        let owner = address("counter-program");
        let account = Account { lamports: SOL, data: vec![1; 4], owner, ..Account::default() };
        ledger.cheat().set_account(&address(name), account).unwrap();
    }
    ledger.warp(Warp::Slots(3)).unwrap();
    ledger.set_recording(recording);
    ledger
}

/// The transactions of `steps`, signed. No two have the same message by accident: each carries
/// its number somewhere, so that copies are copies on purpose.
fn batch(ledger: &Ledger, steps: &[Step]) -> Vec<Transaction> {
    let mut batch: Vec<Transaction> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let number = u64::try_from(number).unwrap();
        let built = match step {
            Step::Pay { from, to, lamports } => {
                let (payer, to) = (key(PAYERS[*from]), address(PAYERS[*to]));
                let lamports = lamports.saturating_add(number);
                transaction(ledger, &[&payer], &[transfer(&address(PAYERS[*from]), &to, lamports)])
            }
            Step::Count { payer, to, from, data } => {
                let ix = count(*payer, *to, *from, number, *data);
                transaction(ledger, &[&key(PAYERS[*payer])], &[ix])
            }
            Step::Close { payer, counter } => {
                let ix = count(*payer, *counter, *counter, number, CLOSE);
                transaction(ledger, &[&key(PAYERS[*payer])], &[ix])
            }
            Step::Again(of) | Step::Forge(of) | Step::Stale(of) | Step::Malform(of)
                if !batch.is_empty() =>
            {
                altered(step, batch[of % batch.len()].clone())
            }
            _ => continue,
        };
        batch.push(built);
    }
    batch
}

fn altered(step: &Step, mut transaction: Transaction) -> Transaction {
    match step {
        Step::Forge(_) => transaction.signatures[0] = Signature::from([9; 64]),
        Step::Stale(_) => transaction.message.recent_blockhash = Hash::new_from_array([9; 32]),
        Step::Malform(_) => transaction.message.header.num_readonly_unsigned_accounts = 200,
        _ => {}
    }
    transaction
}

fn assert_same_answer(
    at: usize,
    one_by_one: &Result<Receipt, SubmitError>,
    parallel: &Result<Receipt, SubmitError>,
) {
    use SubmitError::{Failed, Rejected};
    match (one_by_one, parallel) {
        (Ok(a), Ok(b)) => assert_eq!(a, b, "transaction {at}"),
        (Err(Rejected(a)), Err(Rejected(b))) => assert_eq!(a, b, "transaction {at}"),
        (Err(Failed { error: a, receipt: x }), Err(Failed { error: b, receipt: y })) => {
            assert_eq!((a, x), (b, y), "transaction {at}");
        }
        (a, b) => panic!("transaction {at}: one by one {a:?}, in parallel {b:?}"),
    }
}

fn assert_same_ledger(one_by_one: &Ledger, parallel: &Ledger) {
    assert_eq!(one_by_one.diff(parallel), []);
    assert_eq!(one_by_one.state_root(), parallel.state_root());
    assert_eq!(one_by_one.journal(), parallel.journal());
    assert_eq!(one_by_one.account_count(), parallel.account_count());
    assert_eq!(one_by_one.latest_blockhash(), parallel.latest_blockhash());
}

/// Runs a batch in both ways; returns both ledgers and the answers.
fn both(
    ledger: &Ledger,
    threads: usize,
    batch: &[Transaction],
) -> (Ledger, Ledger, Vec<Result<Receipt, SubmitError>>) {
    let (mut one_by_one, mut parallel) = (ledger.fork(), ledger.fork());
    let expected: Vec<_> = batch.iter().map(|tx| one_by_one.submit(tx)).collect();
    let answers = parallel.submit_parallel_on(NonZeroUsize::new(threads).unwrap(), batch);
    assert_eq!(answers.len(), batch.len());
    for (at, (expected, answer)) in expected.iter().zip(&answers).enumerate() {
        assert_same_answer(at, expected, answer);
    }
    assert_same_ledger(&one_by_one, &parallel);
    (one_by_one, parallel, answers)
}

proptest! {
    // Ten thousand in every run: a race that shows once in a thousand batches must not pass.
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_batch_gives_what_its_transactions_give_one_by_one(
        steps in prop::collection::vec(step(), 0..14),
        threads in 1_usize..5,
        checked in prop::bool::weighted(0.1),
        recording in prop_oneof![
            Just(Recording::Journal), Just(Recording::Roots), Just(Recording::Nothing),
        ],
    ) {
        let genesis = Genesis { verify_signatures: checked, ..Genesis::default() };
        let ledger = arena(genesis, recording);
        let batch = batch(&ledger, &steps);
        let (mut one_by_one, mut parallel, _) = both(&ledger, threads, &batch);
        // What was processed is remembered alike: the same batch again has the same answers too.
        for (at, transaction) in batch.iter().enumerate() {
            let (a, b) = (one_by_one.submit(transaction), parallel.submit(transaction));
            assert_same_answer(at, &a, &b);
        }
        assert_same_ledger(&one_by_one, &parallel);
    }
}

/// The random batches above reach what they are meant to reach.
#[test]
fn a_batch_with_everything_in_it() {
    let steps = [
        Step::Pay { from: 0, to: 1, lamports: 1_000 },
        Step::Count { payer: 1, to: 0, from: 1, data: 0 },
        Step::Count { payer: 2, to: 1, from: 0, data: 0 },
        Step::Count { payer: 2, to: 2, from: 0, data: 1 },
        Step::Count { payer: 0, to: 2, from: 2, data: 3 },
        Step::Pay { from: 3, to: 0, lamports: 1 },
        Step::Pay { from: 3, to: 0, lamports: 1 },
        Step::Pay { from: 4, to: 0, lamports: 1 },
        Step::Close { payer: 1, counter: 1 },
        Step::Count { payer: 1, to: 1, from: 0, data: 0 },
        Step::Again(1),
        Step::Forge(2),
        Step::Stale(0),
        Step::Malform(0),
    ];
    let ledger = arena(Genesis::default(), Recording::Journal);
    let batch = batch(&ledger, &steps);
    let (.., answers) = both(&ledger, 4, &batch);
    let outcomes: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Ok(_) => "ok".to_owned(),
            Err(error) => format!("{:?}", error.transaction_error()),
        })
        .collect();
    let expected = [
        "ok",
        "ok",
        "ok",
        // 7 and the four bytes of the first counter: 1 × 3 + 11 + 3 = 17, and three ones.
        "InstructionError(0, Custom(27))",
        "InstructionError(0, ProgramFailedToComplete)",
        "InstructionError(0, Custom(1))",
        "AccountNotFound",
        "AccountNotFound",
        "ok",
        "InstructionError(0, ExternalAccountDataModified)",
        "AlreadyProcessed",
        "AlreadyProcessed",
        "BlockhashNotFound",
        "SanitizeFailure",
    ];
    assert_eq!(outcomes, expected);
}

/// Long enough for several windows, with copies of early transactions in later ones.
#[test]
fn a_long_batch() {
    let genesis = Genesis { verify_signatures: false, ..Genesis::default() };
    let ledger = arena(genesis, Recording::Journal);
    let step = |at: usize| match at % 5 {
        0 | 1 => Step::Pay { from: at % 3, to: (at + 1) % 3, lamports: 1 },
        2 => Step::Count { payer: at % 3, to: at % 2, from: 2, data: 0 },
        3 => {
            Step::Count { payer: at % 3, to: 2, from: at % 2, data: u8::from(at.is_multiple_of(7)) }
        }
        _ => Step::Again(at / 2),
    };
    let steps: Vec<Step> = (0..2_500).map(step).collect();
    let batch = batch(&ledger, &steps);
    let (.., answers) = both(&ledger, 3, &batch);
    let copies = answers.iter().filter(|answer| {
        matches!(answer, Err(SubmitError::Rejected(Rejection::AlreadyProcessed(_))))
    });
    assert_eq!(copies.count(), 500);
}
