//! A kill at any moment leaves the old file or the new one; one command at a time may write.

use std::{fs, fs::File, thread, time::Duration};

use cofferdam_sdk::{
    Signer, keys,
    ledger::{Dump, Genesis, Ledger},
    local,
};

use crate::session::Session;

const LEDGER: &str = "cofferdam.ledger.json";
const VERB: &str = "airdrop victim 1";

/// A ledger large enough that writing it takes a while.
fn large(session: &Session) {
    let mut ledger = local::ledger(Genesis::default());
    for number in 0..1_500 {
        let somebody = keys::seeded(0, &number.to_string()).pubkey();
        ledger.cheat().airdrop(&somebody, 1_000_000).unwrap();
    }
    fs::write(session.path(LEDGER), ledger.dump().to_json()).unwrap();
}

fn loads(bytes: Vec<u8>) -> Ledger {
    let dump = Dump::from_json(&String::from_utf8(bytes).unwrap()).unwrap();
    Ledger::load(dump, [local::program()]).unwrap()
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let session = Session::empty();
    large(&session);
    let old = session.ledger();
    session.ok(VERB);
    let new = session.ledger();
    assert_ne!(old, new);
    let (mut killed_while_writing, half_written) = (0, session.path(&format!("{LEDGER}.new")));
    for round in 0..12 {
        fs::write(session.path(LEDGER), &old).unwrap();
        let _ = fs::remove_file(&half_written);
        let mut child = session.command(VERB).spawn().unwrap();
        // Until the new file is begun, then a little further with every round.
        while !half_written.exists() && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_millis(round / 2));
        let _ = child.kill();
        let _status = child.wait().unwrap();
        let now = session.ledger();
        assert!(now == old || now == new, "round {round}: neither the old file nor the new one");
        killed_while_writing += u32::from(now == old && half_written.exists());
        drop(loads(now));
    }
    assert!(killed_while_writing > 0, "no kill hit the write: the test shows nothing");
    // What a killed command left is no obstacle: the lock is gone, the rest is written over.
    fs::write(session.path(LEDGER), &old).unwrap();
    session.ok(VERB);
    assert_eq!(session.ledger(), new);
    assert!(!half_written.exists());
}

#[test]
fn a_ledger_in_use_is_not_written_but_can_be_read() {
    let session = Session::empty();
    session.ok("init");
    let before = session.ledger();
    let lock = File::create(session.path(&format!("{LEDGER}.lock"))).unwrap();
    lock.lock().unwrap();
    let (code, line) = session.refusal(VERB);
    assert_eq!(code, 1);
    assert!(line.ends_with("is in use by another command; try again when that is done"), "{line}");
    assert_eq!(session.ledger(), before);
    assert_eq!(session.ok("accounts --kind wallet"), "nothing to show");
    lock.unlock().unwrap();
    session.ok(VERB);
}

#[test]
fn commands_at_once_lose_nothing() {
    let session = Session::empty();
    session.ok("init");
    let children: Vec<_> =
        (0..6).map(|_| session.command(VERB).stderr(std::process::Stdio::null()).spawn()).collect();
    let ran = children.into_iter().map(|child| child.unwrap().wait().unwrap());
    let succeeded = ran.filter(|status| status.success()).count() as u64;
    // Whoever came while another wrote was told so; whoever succeeded is in the file.
    let victim = keys::seeded(0, "victim").pubkey();
    assert_eq!(loads(session.ledger()).lamports(&victim), succeeded * 1_000_000_000);
    assert!(succeeded > 0);
}
