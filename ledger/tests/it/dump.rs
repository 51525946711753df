//! Ledgers and single accounts as files.

use cofferdam_host::{Address, Host, ProgramError};
use cofferdam_ledger::{
    Action, Dump, FixtureError, Genesis, Ledger, LoadError, Program, Recording, Rejection,
    SubmitError, Warp, fixture, replay,
};
use proptest::prelude::*;
use serde_json::Value;
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_system_interface::instruction::transfer;
use solana_transaction::Transaction;

use crate::support::*;

/// A file of the first version. It must be readable for ever: never write it anew.
const V1: &str = include_str!("../data/dump-v1.json");
const V1_STATE_ROOT: &str = "0c77f75d02e53cea2bc54e2e3acb186de8dfc835b3d57092e195436833d557a7";

/// Adds one to a counter; refuses odd data.
fn counter() -> Program {
    Program::native(address("counter-program"), "counter", |cx, data| {
        if data.first().is_some_and(|byte| byte % 2 == 1) {
            return Err(ProgramError::Custom(7));
        }
        let count = &mut cx.data_mut(0)?[0];
        *count = count.checked_add(1).ok_or(ProgramError::ArithmeticOverflow)?;
        Ok(())
    })
}

fn count(data: u8) -> Instruction {
    let accounts = vec![AccountMeta::new(address("count"), false)];
    Instruction { program_id: address("counter-program"), accounts, data: vec![data] }
}

fn new_ledger(genesis: Genesis) -> Ledger {
    let mut ledger = world_with(genesis, [counter()], &CAST);
    let owner = address("counter-program");
    let counting = Account { lamports: SOL, data: vec![0; 3], owner, ..Account::default() };
    ledger.cheat().set_account(&address("count"), counting).unwrap();
    ledger
}

/// The ledger of `V1`: every kind of thing happened to it, and a warp ended within a second.
fn eventful() -> Ledger {
    let seed = [3; 32];
    let mut ledger = new_ledger(Genesis { seed, ..Genesis::default() });
    let pay = transfer(&address("alice"), &address("dave"), SOL / 4);
    let _ = send(&mut ledger, &[&key("alice")], &[pay, count(0)]).unwrap();
    ledger.cheat().expire_blockhashes().unwrap();
    ledger.warp(Warp::Seconds(61)).unwrap();
    let failed = send(&mut ledger, &[&key("bob")], &[count(1)]);
    assert!(matches!(failed, Err(SubmitError::Failed { .. })));
    ledger.warp(Warp::ToSlot(157)).unwrap();
    let pay = transfer(&address("bob"), &address("carol"), 7);
    let _ = send(&mut ledger, &[&key("carol"), &key("bob")], &[pay, count(2)]).unwrap();
    ledger.warp(Warp::Slots(1)).unwrap();
    ledger
}

fn reloaded(ledger: &Ledger) -> Ledger {
    let text = ledger.dump().to_json();
    Ledger::load(Dump::from_json(&text).unwrap(), [counter()]).unwrap()
}

/// Everything that can be asked of a ledger without changing it.
fn assert_same(ours: &Ledger, theirs: &Ledger) {
    assert_eq!(ours.state_root(), theirs.state_root());
    assert_eq!(ours.accounts_root(), theirs.accounts_root());
    assert_eq!(ours.diff(theirs), []);
    assert_eq!(ours.clock(), theirs.clock());
    assert_eq!(ours.genesis(), theirs.genesis());
    assert_eq!(ours.latest_blockhash(), theirs.latest_blockhash());
    assert_eq!(ours.recording(), theirs.recording());
    assert_eq!(ours.journal(), theirs.journal());
    assert_eq!(ours.tail(), theirs.tail());
    assert_eq!(ours.dump().to_json(), theirs.dump().to_json());
}

const CAST: [&str; 3] = ["alice", "bob", "carol"];

/// Something that may happen to a ledger.
#[derive(Clone, Debug)]
enum Step {
    Airdrop(usize, u64),
    Pay { from: usize, to: usize, lamports: u64 },
    Count(u8),
    Again(prop::sample::Index),
    Warp(Warp),
    Set(u8, Account),
    Expire,
    Record(Recording),
}

fn any_warp() -> impl Strategy<Value = Warp> {
    prop_oneof![
        (0..200_u64).prop_map(Warp::Slots),
        (0..100_u64).prop_map(Warp::Seconds),
        any::<u64>().prop_map(Warp::ToSlot),
        any::<i64>().prop_map(Warp::ToTimestamp),
    ]
}

fn any_account() -> impl Strategy<Value = Account> {
    let data = prop::collection::vec(any::<u8>(), 0..9);
    (any::<u64>(), data, any::<[u8; 32]>(), any::<bool>(), any::<u64>()).prop_map(
        |(lamports, data, owner, executable, rent_epoch)| {
            let owner = Address::new_from_array(owner);
            Account { lamports, data, owner, executable, rent_epoch }
        },
    )
}

fn any_recording() -> impl Strategy<Value = Recording> {
    prop_oneof![
        Just(Recording::Journal),
        (0..9_usize).prop_map(Recording::Tail),
        Just(Recording::Roots),
        Just(Recording::SlotRoots),
        Just(Recording::Nothing),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let who = || 0..CAST.len();
    prop_oneof![
        2 => (who(), any::<u64>()).prop_map(|(who, lamports)| Step::Airdrop(who, lamports)),
        6 => (who(), who(), 0..SOL)
            .prop_map(|(from, to, lamports)| Step::Pay { from, to, lamports }),
        6 => any::<u8>().prop_map(Step::Count),
        4 => any::<prop::sample::Index>().prop_map(Step::Again),
        6 => any_warp().prop_map(Step::Warp),
        3 => (any::<u8>(), any_account()).prop_map(|(at, account)| Step::Set(at, account)),
        1 => Just(Step::Expire),
        1 => any_recording().prop_map(Step::Record),
    ]
}

/// Takes the step and says in words what the ledger answered.
fn take(ledger: &mut Ledger, sent: &mut Vec<Transaction>, step: &Step) -> String {
    let mut submit = |ledger: &mut Ledger, from: &str, ix| {
        let transaction = transaction(ledger, &[&key(from)], &[ix]);
        sent.push(transaction.clone());
        format!("{:?}", ledger.submit(&transaction))
    };
    match step {
        Step::Airdrop(who, lamports) => {
            format!("{:?}", ledger.cheat().airdrop(&address(CAST[*who]), *lamports).err())
        }
        Step::Pay { from, to, lamports } => {
            let (from, to) = (CAST[*from], CAST[*to]);
            submit(ledger, from, transfer(&address(from), &address(to), *lamports))
        }
        Step::Count(data) => submit(ledger, "alice", count(*data)),
        Step::Again(index) if sent.is_empty() => format!("nothing sent, {index:?}"),
        Step::Again(index) => format!("{:?}", ledger.submit(index.get(sent))),
        Step::Warp(warp) => format!("{:?}", ledger.warp(*warp)),
        Step::Set(at, account) => {
            let address = Address::new_from_array([*at; 32]);
            format!("{:?}", ledger.cheat().set_account(&address, account.clone()).err())
        }
        Step::Expire => format!("{:?}", ledger.cheat().expire_blockhashes().err()),
        Step::Record(recording) => format!("{:?}", ledger.set_recording(*recording)),
    }
}

proptest! {
    #[test]
    fn a_loaded_ledger_goes_on_as_the_dumped_one(
        seed: [u8; 32],
        before in prop::collection::vec(any_step(), 0..25),
        after in prop::collection::vec(any_step(), 0..15),
    ) {
        let mut ours = new_ledger(Genesis { seed, ..Genesis::default() });
        let mut sent = vec![];
        for step in &before {
            take(&mut ours, &mut sent, step);
        }
        let mut theirs = reloaded(&ours);
        assert_same(&ours, &theirs);
        // What was processed stays processed, and what was not does not become so.
        for transaction in &sent {
            let answers = (ours.simulate(transaction), theirs.simulate(transaction));
            prop_assert_eq!(format!("{:?}", answers.0), format!("{:?}", answers.1));
        }
        let mut sent_theirs = sent.clone();
        for step in &after {
            let answers = (take(&mut ours, &mut sent, step), take(&mut theirs, &mut sent_theirs, step));
            prop_assert_eq!(answers.0, answers.1);
            assert_same(&ours, &theirs);
        }
        prop_assert_eq!(sent, sent_theirs);
    }
}

/// A dump's file as a JSON value to be tampered with.
fn tampered(change: impl FnOnce(&mut Value)) -> Result<Dump, LoadError> {
    let mut json: Value = serde_json::from_str(V1).unwrap();
    change(&mut json);
    Dump::from_json(&json.to_string())
}

fn refusal(change: impl FnOnce(&mut Value)) -> LoadError {
    let error = tampered(change).map(|dump| dump.to_json()).unwrap_err();
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    error
}

/// Where the objects of a document are, as JSON pointers.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            found.push(at.to_owned());
            fields.iter().map(|(name, child)| (name.clone(), child)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
        }
        _ => vec![],
    };
    for (name, child) in children {
        objects(child, &format!("{at}/{name}"), found);
    }
}

fn v1_objects() -> Vec<String> {
    let mut found = vec![];
    objects(&serde_json::from_str(V1).unwrap(), "", &mut found);
    assert!(found.len() > 40, "{found:?}");
    found
}

#[test]
fn the_first_version_is_read_for_ever() {
    let dump = Dump::from_json(V1).unwrap();
    assert_eq!(hex::encode(dump.state_root()), V1_STATE_ROOT);
    let names: Vec<&str> = dump.programs().iter().map(|program| program.name.as_str()).collect();
    assert_eq!(names, ["system", "token", "counter"]);
    assert_eq!(dump.genesis().seed, [3; 32]);
    let mut ledger = Ledger::load(dump, [counter()]).unwrap();
    let clock = (ledger.clock().slot, ledger.clock().unix_timestamp);
    assert_eq!(clock, (158, 1_577_836_863));
    assert_eq!(ledger.account(&address("count")).unwrap().data, [2, 0, 0]);
    assert_eq!(ledger.lamports(&address("dave")), SOL / 4);
    assert_eq!(ledger.journal().unwrap().len(), 11);
    // The blockhash of slot 152 is six slots old, and what was sent under it was processed.
    let sent = |ledger: &Ledger, index| match &ledger.journal().unwrap().get(index).unwrap().action
    {
        Action::Transaction { wire, .. } => Transaction::clone(wire),
        other => panic!("{other:?}"),
    };
    let (first, failed) = (sent(&ledger, 4), sent(&ledger, 7));
    let rejection = |error| match error {
        SubmitError::Rejected(rejection) => rejection,
        failed @ SubmitError::Failed { .. } => panic!("{failed}"),
    };
    let expired = Rejection::BlockhashNotFound(first.message.recent_blockhash);
    assert_eq!(rejection(ledger.submit(&first).unwrap_err()), expired);
    let processed = Rejection::AlreadyProcessed(failed.signatures[0]);
    assert_eq!(rejection(ledger.submit(&failed).unwrap_err()), processed);
    // Half a slot and 400 ms were left over: 100 ms on, at 63.5 s, it is still slot 158.
    ledger.warp(Warp::Seconds(1)).unwrap();
    assert_eq!((ledger.clock().slot, ledger.clock().unix_timestamp), (161, 1_577_836_864));
    let _ = send(&mut ledger, &[&key("alice")], &[count(0)]).unwrap();
    let again = replay(ledger.journal().unwrap(), [counter()]).unwrap();
    assert_same(&ledger, &again);
}

#[test]
fn a_dump_is_the_ledger_as_it_was() {
    let mut ledger = eventful();
    let (dump, root) = (ledger.dump(), ledger.state_root());
    ledger.warp(Warp::Slots(1)).unwrap();
    assert_eq!(dump.state_root(), root);
    assert_eq!(Ledger::load(dump, [counter()]).unwrap().state_root(), root);
}

#[test]
fn snapshots_stay_behind() {
    let mut ledger = eventful();
    let id = ledger.snapshot();
    assert!(reloaded(&ledger).revert_to(id).is_err());
    assert!(ledger.revert_to(id).is_ok());
}

#[test]
fn white_space_means_nothing() {
    let compact = tampered(|_| {}).unwrap();
    assert_eq!(compact.to_json(), V1);
}

#[test]
fn the_wrong_kind_of_file_is_named() {
    let journal = eventful().journal().unwrap().to_json();
    let error = Dump::from_json(&journal).unwrap_err();
    assert!(matches!(error, LoadError::Damaged { .. } | LoadError::Format(_)), "{error}");
    let error = refusal(|json| json["format"] = "solana\nledger".into());
    assert_eq!(error, LoadError::Format("solana\nledger".into()));
    // A newer version is told by its number although nothing else of it can be read.
    let newer = Dump::from_json(r#"{"format":"cofferdam-ledger","version":2,"news":[]}"#);
    let newer = newer.unwrap_err();
    assert_eq!(newer, LoadError::Version { found: 2, known: 1 });
    assert_eq!(
        newer.to_string(),
        "version 2 of the format is unknown, this is version 1: read it with the version that \
         wrote it"
    );
}

#[test]
fn a_missing_field_is_named() {
    for object in v1_objects() {
        let json: Value = serde_json::from_str(V1).unwrap();
        let fields = json.pointer(&object).unwrap().as_object().unwrap();
        for name in fields.keys() {
            let error = refusal(|json| {
                json.pointer_mut(&object).unwrap().as_object_mut().unwrap().shift_remove(name);
            });
            assert!(matches!(error, LoadError::Damaged { .. }), "{object}/{name}: {error}");
            // An enum without its variant has no name to tell.
            let is_variant = fields.len() == 1;
            assert!(is_variant || error.to_string().contains(name), "{object}/{name}: {error}");
        }
    }
}

#[test]
fn an_unknown_field_is_named() {
    for object in v1_objects() {
        let error = refusal(|json| json.pointer_mut(&object).unwrap()["colour"] = "red".into());
        let LoadError::Damaged { field, problem } = &error else { panic!("{object}: {error}") };
        // Where an enum is, serde speaks of the value and not of the field.
        let named = field.contains("colour") || problem.contains("colour");
        assert!(named || problem.contains("expected"), "{object}: {error}");
    }
}

#[test]
fn a_changed_value_shows_in_the_state_root() {
    let changes: [(&str, Value); 5] = [
        ("/accounts/3/account/lamports", 1.into()),
        ("/accounts/3/account/rent_epoch", 1.into()),
        ("/accounts/3/address", address("erin").to_string().into()),
        ("/history", "00".repeat(32).into()),
        ("/state_root", "00".repeat(32).into()),
    ];
    for (at, value) in changes {
        let error = refusal(|json| *json.pointer_mut(at).unwrap() = value);
        assert!(matches!(error, LoadError::Root { .. }), "{at}: {error}");
    }
    let error = refusal(|json| json["state_root"] = "00".repeat(32).into());
    let expected = format!(
        "state root differs: recorded {}, its values make {V1_STATE_ROOT}: restore the file",
        "00".repeat(32)
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_the_state_root_does_not_hash_is_in_the_checksum() {
    let seen = "/blockhashes/0/seen_messages";
    let changes: [(&str, Value); 6] = [
        (seen, Value::Array(vec![])),
        ("/blockhashes/0/hash", Address::new_from_array([9; 32]).to_string().into()),
        ("/genesis/compute_units_max", 1.into()),
        ("/programs/2/name", "another".into()),
        ("/recording/journal/genesis_root", "00".repeat(32).into()),
        ("/recording/journal/entries/4/action/transaction/outcome", "fine".into()),
    ];
    for (at, value) in changes {
        let error = refusal(|json| *json.pointer_mut(at).unwrap() = value);
        assert!(matches!(error, LoadError::Checksum { .. }), "{at}: {error}");
    }
}

#[test]
fn what_reading_would_put_right_is_refused_with_its_line() {
    let line = |mark: &str| 1 + V1.lines().position(|line| line.contains(mark)).unwrap();
    let refuse = |from: &str, to: &str, mark: &str| {
        assert!(V1.contains(from), "{from}");
        let error = Dump::from_json(&V1.replacen(from, to, 1)).map(|dump| dump.to_json());
        assert_eq!(error, Err(LoadError::Form { line: line(mark) }), "{from}");
    };
    refuse("\"slot\": 158", "\"slot\": 157", "\"slot\": 158");
    refuse("1577836863", "1577836864", "1577836863");
    refuse("6d231fe86b7cd", "6D231FE86B7CD", "6d231fe86b7cd");
    let format = "\"format\": \"cofferdam-ledger\",";
    let version = "\"version\": 1,";
    let (ours, swapped) = (format!("{format}\n  {version}"), format!("{version}\n  {format}"));
    refuse(&ours, &swapped, format);
    let form = |change: fn(&mut Vec<Value>)| {
        let error = refusal(|json| change(json["accounts"].as_array_mut().unwrap()));
        assert!(matches!(error, LoadError::Form { .. }), "{error}");
    };
    form(|accounts| accounts.swap(0, 1));
    form(|accounts| accounts.insert(1, accounts[0].clone()));
    let error = refusal(|json| {
        let seen = json["blockhashes"][0]["seen_messages"].as_array_mut().unwrap();
        seen.push(seen[0].clone());
    });
    assert!(matches!(error, LoadError::Form { .. }), "{error}");
}

#[test]
fn damage_is_told_with_its_place() {
    let changes: [(&str, Value, &str, &str); 6] = [
        ("/accounts/2/account/data", "a!".into(), "accounts[2].account.data", "Invalid"),
        ("/accounts/2/account/lamports", (-1).into(), "accounts[2].account.lamports", "-1"),
        ("/accounts/2/address", "mallory".into(), "accounts[2].address", ""),
        ("/blockhashes/1/slot", 158.into(), "blockhashes", "rise"),
        ("/clock/elapsed_ms", (-1).into(), "clock.elapsed_ms", "no clock"),
        ("/recording/journal/entries", Value::Array(vec![]), "recording", "last root"),
    ];
    for (at, value, place, problem) in changes {
        let error = refusal(|json| *json.pointer_mut(at).unwrap() = value);
        let LoadError::Damaged { field, problem: told } = &error else { panic!("{at}: {error}") };
        assert_eq!(field, place, "{error}");
        assert!(told.contains(problem), "{error}");
    }
}

#[test]
fn other_programs_are_refused_by_name() {
    let dump = || Dump::from_json(V1).unwrap();
    let error = Ledger::load(dump(), []).unwrap_err();
    assert!(matches!(error, LoadError::Programs { .. }), "{error}");
    assert!(error.to_string().contains(&format!("counter {}", address("counter-program"))));
    let renamed = Program::native(address("counter-program"), "count\ner", |_, _| Ok(()));
    let error = Ledger::load(dump(), [renamed]).unwrap_err();
    assert!(matches!(error, LoadError::Programs { .. }), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
}

#[test]
fn every_cut_file_is_refused() {
    for end in (0..V1.len() - 1).step_by(37).chain([V1.len() - 2]) {
        assert!(Dump::from_json(&V1[..end]).is_err(), "cut at {end}");
    }
    assert!(Dump::from_json(&format!("{V1}{{}}")).is_err());
}

proptest! {
    /// A changed byte is refused, unless it was white space and still is.
    #[test]
    fn no_changed_byte_changes_the_ledger(at: prop::sample::Index, to in any::<u8>()) {
        let mut bytes = V1.as_bytes().to_vec();
        bytes[at.index(V1.len())] = to;
        if let Ok(dump) = str::from_utf8(&bytes).map_err(|_| ()).and_then(|text| {
            Dump::from_json(text).map_err(|error| assert_eq!(error.to_string().lines().count(), 1))
        }) {
            prop_assert_eq!(dump.to_json(), V1);
        }
    }

    #[test]
    fn a_fixture_brings_back_its_account(at: [u8; 32], mut account in any_account()) {
        account.lamports = account.lamports.max(1);
        let at = Address::new_from_array(at);
        let mut ledger = world([], &["alice"]);
        let before = ledger.fork();
        let mut expected = ledger.fork();
        expected.cheat().set_account(&at, account.clone()).unwrap();
        let text = fixture(&at, &account);
        prop_assert_eq!(ledger.cheat().load_fixture(&text), Ok(at));
        prop_assert_eq!(ledger.account(&at), Some(&account));
        prop_assert_eq!(ledger.state_root(), expected.state_root());
        prop_assert_eq!(before.diff(&ledger).len(), 1);
        prop_assert_eq!(ledger.journal(), expected.journal());
    }
}

/// What `solana account --output json` writes for a token mint.
const FIXTURE: &str = r#"{
  "pubkey": "So11111111111111111111111111111111111111112",
  "account": {
    "lamports": 1141440,
    "data": [
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
      "base64"
    ],
    "owner": "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
    "executable": false,
    "rentEpoch": 18446744073709551615,
    "space": 82
  }
}
"#;

#[test]
fn an_account_of_a_public_cluster_can_be_used() {
    let mut ledger = world([], &["alice"]);
    let mint = ledger.cheat().load_fixture(FIXTURE).unwrap();
    assert_eq!(mint.to_string(), "So11111111111111111111111111111111111111112");
    let account = ledger.account(&mint).unwrap().clone();
    assert_eq!((account.lamports, account.rent_epoch), (1_141_440, u64::MAX));
    assert_eq!(fixture(&mint, &account).split_whitespace().collect::<Vec<_>>(), {
        FIXTURE.split_whitespace().collect::<Vec<_>>()
    });
    let held = create_token_account(&mut ledger, "alice-wrapped", &mint, "alice");
    assert_eq!(token_balances(&ledger), [(held, 0)]);
}

#[test]
fn a_fixture_that_is_not_one_changes_nothing() {
    let mut ledger = world([], &[]);
    let root = ledger.state_root();
    let mut refuse = |from: &str, to: &str| {
        let text = FIXTURE.replacen(from, to, 1);
        assert_ne!(text, FIXTURE);
        let error = ledger.cheat().load_fixture(&text).unwrap_err();
        assert_eq!(ledger.state_root(), root);
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
        error
    };
    let mint = "So11111111111111111111111111111111111111112".parse().unwrap();
    let encoding = FixtureError::Encoding { address: mint, found: "base64+zstd".into() };
    assert_eq!(refuse("\"base64\"", "\"base64+zstd\""), encoding);
    let cut = FixtureError::Cut { address: mint, space: 83, found: 82 };
    assert_eq!(refuse("82", "83"), cut);
    assert_eq!(refuse("1141440", "0"), FixtureError::NoLamports(mint));
    let place = |error| match error {
        FixtureError::Damaged { field, .. } => field,
        other => panic!("{other}"),
    };
    assert_eq!(place(refuse("rentEpoch", "rent_epoch")), "account.rent_epoch");
    assert_eq!(place(refuse("1141440", "-1")), "account.lamports");
    assert_eq!(place(refuse("AJAQA", "!")), "account.data[0]");
    assert_eq!(place(refuse("So111", "So0")), "pubkey");
    assert_eq!(place(refuse("}\n}\n", "}\n")), "the top level");
    assert_eq!(place(refuse("}\n}\n", "}\n}}\n")), "the end");
}

#[test]
fn an_older_fixture_without_space_is_taken() {
    let text = FIXTURE.replacen(",\n    \"space\": 82", "", 1);
    assert_ne!(text, FIXTURE);
    let mut ledger = world([], &[]);
    let mint = ledger.cheat().load_fixture(&text).unwrap();
    assert_eq!(ledger.account(&mint).unwrap().data.len(), 82);
}
