//! Time: slot, timestamp and epoch move together and only forward.

use cofferdam_ledger::{Dump, Genesis, Ledger, Recording, Warp, WarpError};
use proptest::prelude::*;
use std::num::NonZeroU64;

use crate::support::{SOL, address, key, send, world};

const START_S: i64 = 1_577_836_800;

fn ledger() -> Ledger {
    Ledger::new(Genesis::default(), [])
}

fn now(ledger: &Ledger) -> (u64, i64) {
    (ledger.clock().slot, ledger.clock().unix_timestamp)
}

#[test]
fn slots_move_the_time() {
    let mut ledger = ledger();
    ledger.warp(Warp::Slots(1_000)).unwrap();
    assert_eq!(now(&ledger), (1_000, START_S + 400));
    ledger.warp(Warp::ToSlot(2_500)).unwrap();
    assert_eq!(now(&ledger), (2_500, START_S + 1_000));
}

#[test]
fn seconds_move_the_slot() {
    let mut ledger = ledger();
    ledger.warp(Warp::Seconds(60)).unwrap();
    assert_eq!(now(&ledger), (150, START_S + 60));
    ledger.warp(Warp::ToTimestamp(START_S + 3_600)).unwrap();
    assert_eq!(now(&ledger), (9_000, START_S + 3_600));
}

#[test]
fn half_slots_and_half_seconds_are_not_lost() {
    let mut ledger = ledger();
    // 2.5 slots a second: after two seconds it is five, and not twice two.
    ledger.warp(Warp::Seconds(1)).unwrap();
    assert_eq!(now(&ledger), (2, START_S + 1));
    ledger.warp(Warp::Seconds(1)).unwrap();
    assert_eq!(now(&ledger), (5, START_S + 2));
    // 0.4 seconds a slot: five of them are two seconds.
    for _ in 0..5 {
        ledger.warp(Warp::Slots(1)).unwrap();
    }
    assert_eq!(now(&ledger), (10, START_S + 4));
}

#[test]
fn epochs_follow_the_slots() {
    let slots_per_epoch = NonZeroU64::new(100).unwrap();
    let genesis = Genesis { slots_per_epoch, slot: 250, ..Genesis::default() };
    let mut ledger = Ledger::new(genesis, []);
    assert_eq!((ledger.clock().epoch, ledger.clock().epoch_start_timestamp), (2, START_S));
    let clock = ledger.warp(Warp::Slots(51)).unwrap();
    assert_eq!((clock.epoch, clock.slot, clock.leader_schedule_epoch), (3, 301, 4));
    assert_eq!(clock.epoch_start_timestamp, START_S + 20);
    assert_eq!(&clock, ledger.clock());
}

#[test]
fn the_past_and_the_end_of_time_are_refused() {
    let mut ledger = ledger();
    ledger.warp(Warp::Slots(100)).unwrap();
    let (before, root) = (now(&ledger), ledger.state_root());
    let in_the_past = WarpError::SlotInThePast { to: 99, now: 100 };
    assert_eq!(ledger.warp(Warp::ToSlot(99)), Err(in_the_past));
    assert!(in_the_past.to_string().contains("revert_to"));
    let (to, now_s) = (START_S, START_S + 40);
    let in_the_past = WarpError::TimeInThePast { to, now: now_s };
    assert_eq!(ledger.warp(Warp::ToTimestamp(to)), Err(in_the_past));
    for far in [Warp::Slots(u64::MAX), Warp::Seconds(u64::MAX)] {
        assert_eq!(ledger.warp(far), Err(WarpError::TooFar(far)));
    }
    assert_eq!((now(&ledger), ledger.state_root()), (before, root));
}

#[test]
fn every_slot_reached_has_its_own_blockhash() {
    let mut ledger = ledger();
    let mut seen = std::collections::BTreeSet::from([ledger.latest_blockhash().to_bytes()]);
    for _ in 0..200 {
        ledger.warp(Warp::Slots(1)).unwrap();
        assert!(seen.insert(ledger.latest_blockhash().to_bytes()));
    }
}

proptest! {
    #[test]
    fn time_is_where_the_sum_of_the_steps_is(steps in prop::collection::vec((any::<bool>(), 0_u64..10_000), 0..30)) {
        let mut ledger = ledger();
        let mut elapsed_ms = 0_u64;
        for (is_slots, n) in steps {
            let slot_before = ledger.clock().slot;
            let time_before = ledger.clock().unix_timestamp;
            if is_slots {
                elapsed_ms += n * 400;
                let clock = ledger.warp(Warp::Slots(n)).unwrap();
                prop_assert_eq!(clock.slot, slot_before + n);
            } else {
                elapsed_ms += n * 1_000;
                let clock = ledger.warp(Warp::Seconds(n)).unwrap();
                prop_assert_eq!(clock.unix_timestamp, time_before + i64::try_from(n).unwrap());
            }
            let seconds = i64::try_from(elapsed_ms / 1_000).unwrap();
            prop_assert_eq!(now(&ledger), (elapsed_ms / 400, START_S + seconds));
        }
    }
}

/// The same things happen to a ledger with a journal, whose roots are those of the slots' ends.
#[test]
fn a_root_a_slot_is_the_one_at_its_end() {
    let (mut kept, mut journalled) = (world([], &["alice"]), world([], &["alice"]));
    assert_eq!(kept.set_recording(Recording::SlotRoots), Recording::SlotRoots);
    let mut ends = Vec::new();
    for lamports in 1..4 {
        for ledger in [&mut kept, &mut journalled] {
            let pay = solana_system_interface::instruction::transfer(
                &address("alice"),
                &address("bob"),
                SOL / 10 + lamports,
            );
            let receipt = send(ledger, &[&key("alice")], &[pay]).unwrap();
            let is_kept = ledger.recording() == Recording::SlotRoots;
            assert_eq!(receipt.state_root.is_none(), is_kept);
            // Within the slot: nothing ends here.
            ledger.warp(Warp::Slots(0)).unwrap();
        }
        ends.push((journalled.clock().slot, journalled.state_root()));
        for ledger in [&mut kept, &mut journalled] {
            ledger.warp(Warp::Slots(lamports)).unwrap();
        }
    }
    assert_eq!(kept.slot_roots().collect::<Vec<_>>(), ends);
    assert_eq!(kept.state_root(), journalled.state_root());
    assert_eq!(journalled.slot_roots().len(), 0);
    let dump = kept.dump().to_json();
    let loaded = Ledger::load(Dump::from_json(&dump).unwrap(), []).unwrap();
    assert!(loaded.slot_roots().eq(kept.slot_roots()));
    let (head, roots) = dump.split_once("slot_roots").unwrap();
    let late = format!(
        "{head}slot_roots{}",
        roots.replacen(": 3,", ": 300,", 1).replacen(":3,", ":300,", 1)
    );
    assert_ne!(late, dump);
    let refused = Dump::from_json(&late).unwrap_err();
    assert!(refused.to_string().contains("its slots do not rise"), "{refused}");
}
