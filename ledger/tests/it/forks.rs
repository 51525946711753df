//! Forks, snapshots, simulation and diffs.

use cofferdam_host::Address;
use cofferdam_ledger::{Ledger, Recording, SubmitError, Warp};
use solana_account::Account;
use solana_instruction::Instruction;
use solana_system_interface::instruction::transfer;
use solana_transaction::Transaction;

use crate::support::*;

fn pay(ledger: &Ledger, lamports: u64) -> Transaction {
    let ix = transfer(&address("alice"), &address("bob"), lamports);
    transaction(ledger, &[&key("alice")], &[ix])
}

#[test]
fn a_fork_and_its_origin_do_not_see_each_other() {
    let mut origin = world([], &["alice", "bob"]);
    let root = origin.state_root();
    let mut fork = origin.fork();
    let _ = fork.submit(&pay(&fork, 5)).unwrap();
    fork.warp(Warp::Slots(9)).unwrap();
    assert_eq!(origin.state_root(), root);
    assert_eq!((origin.lamports(&address("bob")), origin.clock().slot), (SOL, 0));
    // What the fork processed is fresh on the origin.
    let _ = origin.submit(&pay(&origin, 5)).unwrap();
    assert_eq!(origin.accounts_root(), fork.accounts_root());
    assert_ne!(origin.state_root(), fork.state_root(), "the clocks differ");
}

#[test]
fn reverting_takes_back_everything() {
    let mut ledger = world([], &["alice", "bob"]);
    let payment = pay(&ledger, 5);
    let (root, blockhash) = (ledger.state_root(), ledger.latest_blockhash());
    let id = ledger.snapshot();
    let _ = ledger.submit(&payment).unwrap();
    ledger.warp(Warp::Seconds(1_000)).unwrap();
    let later = ledger.snapshot();
    ledger.revert_to(id).unwrap();
    assert_eq!((ledger.state_root(), ledger.latest_blockhash()), (root, blockhash));
    assert_eq!((ledger.clock().slot, ledger.journal().unwrap().len()), (0, 2));
    // The transaction was never seen, the later snapshot never taken.
    assert!(ledger.submit(&payment).is_ok());
    let unknown = ledger.revert_to(later).unwrap_err();
    assert!(unknown.to_string().contains("unknown"));
    ledger.revert_to(id).unwrap();
    assert_eq!(ledger.state_root(), root, "one can go back more than once");
    let newer = ledger.snapshot();
    assert_ne!(newer, later, "an id is never used again");
}

/// Both have taken as many snapshots; each knows its own, and those from before they parted.
#[test]
fn a_snapshot_of_a_fork_is_not_ones_own() {
    let mut ledger = world([], &["alice", "bob"]);
    let shared = ledger.snapshot();
    let mut fork = ledger.fork();
    ledger.warp(Warp::Slots(1)).unwrap();
    fork.warp(Warp::Slots(2)).unwrap();
    let (own, foreign) = (ledger.snapshot(), fork.snapshot());
    let root = ledger.state_root();
    let unknown = ledger.revert_to(foreign).unwrap_err();
    assert!(unknown.to_string().starts_with("snapshot 1 is unknown"), "{unknown}");
    assert_eq!(ledger.state_root(), root);
    ledger.revert_to(own).unwrap();
    fork.revert_to(shared).unwrap();
    ledger.revert_to(shared).unwrap();
    assert_eq!(ledger.state_root(), fork.state_root());
}

#[test]
fn simulation_answers_like_submission_and_changes_nothing() {
    let mut ledger = world([], &["alice", "bob"]);
    let broke = pay(&ledger, 2 * SOL);
    let stale = pay(&ledger, 1);
    ledger.cheat().expire_blockhashes().unwrap();
    for transaction in [pay(&ledger, 5), broke, stale, pay(&ledger, 3 * SOL)] {
        let root = ledger.state_root();
        let entries = ledger.journal().unwrap().len();
        let simulated = format!("{:?}", ledger.simulate(&transaction));
        assert_eq!((ledger.state_root(), ledger.journal().unwrap().len()), (root, entries));
        assert_eq!(simulated, format!("{:?}", ledger.submit(&transaction)));
    }
}

#[test]
fn a_diff_lists_every_account_that_differs_once() {
    let before = world([], &["alice", "bob"]);
    let mut after = before.fork();
    assert_eq!(before.diff(&after), []);
    let made = Account { lamports: 1, data: vec![1], ..Account::default() };
    let gone = Account::default();
    after.cheat().set_account(&address("carol"), made.clone()).unwrap();
    after.cheat().set_account(&address("bob"), gone).unwrap();
    after
        .cheat()
        .set_account(&address("alice"), before.account(&address("alice")).unwrap().clone())
        .unwrap();
    let seen: Vec<(Address, bool, bool)> = before
        .diff(&after)
        .iter()
        .map(|change| (change.address, change.before.is_some(), change.after.is_some()))
        .collect();
    let expected = vec![(address("carol"), false, true), (address("bob"), true, false)];
    assert_eq!(seen, sorted(expected));
}

#[test]
fn recording_less_leads_to_the_same_state() {
    let run = |recording| {
        let mut ledger = world([], &["alice", "bob"]);
        assert_eq!(ledger.set_recording(recording), recording);
        let receipt = ledger.submit(&pay(&ledger, 5)).unwrap();
        ledger.warp(Warp::Slots(3)).unwrap();
        let broke = transfer(&address("alice"), &address("bob"), SOL);
        let failed = send(&mut ledger, &[&key("alice")], &[broke]);
        assert!(matches!(failed, Err(SubmitError::Failed { .. })));
        (ledger.state_root(), receipt.state_root.is_some(), ledger.journal().is_some())
    };
    let (root, ..) = run(Recording::Journal);
    assert_eq!(run(Recording::Journal), (root, true, true));
    assert_eq!(run(Recording::Roots), (root, true, false));
    assert_eq!(run(Recording::SlotRoots), (root, false, false));
    assert_eq!(run(Recording::Nothing), (root, false, false));
}

#[test]
fn a_journal_given_up_does_not_come_back_with_a_gap() {
    let mut ledger = Ledger::new(Default::default(), []);
    ledger.set_recording(Recording::Nothing);
    assert_eq!(ledger.set_recording(Recording::Journal), Recording::Journal);
    ledger.set_recording(Recording::Nothing);
    ledger.warp(Warp::Slots(1)).unwrap();
    assert_eq!(ledger.set_recording(Recording::Journal), Recording::Roots);
    assert!(ledger.journal().is_none());
}

#[test]
fn the_root_commits_to_the_history_and_not_only_to_the_accounts() {
    let mut a = world([], &["alice", "bob"]);
    let mut b = a.fork();
    let to_self = |ledger: &Ledger, n| {
        let ixs: Vec<Instruction> =
            (0..n).map(|_| transfer(&address("alice"), &address("alice"), 1)).collect();
        transaction(ledger, &[&key("alice")], &ixs)
    };
    let _ = a.submit(&to_self(&a, 1)).unwrap();
    let _ = b.submit(&to_self(&b, 2)).unwrap();
    assert_eq!(a.accounts_root(), b.accounts_root());
    assert_ne!(a.state_root(), b.state_root());
}

#[test]
fn forks_can_run_on_threads_of_their_own() {
    let origin = world([], &["alice", "bob"]);
    let run = |lamports| {
        let mut fork = origin.fork();
        let _ = fork.submit(&pay(&fork, lamports)).unwrap();
        fork.state_root()
    };
    let apart = std::thread::scope(|scope| {
        let handles = [1, 2].map(|lamports| scope.spawn(move || run(lamports)));
        handles.map(|handle| handle.join().unwrap())
    });
    assert_eq!(apart, [run(1), run(2)]);
}
