//! Joining the insurance, leaving it, covering a deficit, giving notice.

use crate::session::Session;

#[test]
fn a_stake_joins_cools_down_and_leaves() {
    let session = Session::with_pool();
    let staked = session.ok("insurance stake 50 USD --as carol");
    assert!(staked.ends_with("staked 50 USD in the insurance"), "{staked}");
    let shown = session.json("insurance stakes");
    let stake = &shown["stakes"][0];
    assert_eq!((&stake["token"], &stake["staked"]), (&"USD".into(), &"50".into()));
    assert_eq!((&stake["cooling"], &stake["ready_at_s"]), (&"0".into(), &"-".into()));

    let (code, line) = session.refusal("insurance unstake 20 USD --as carol");
    assert_eq!(code, 1);
    assert!(line.starts_with("error: CooldownRequired (6114)"), "{line}");
    session.ok("insurance cooldown all USD --as carol");
    session.ok("warp --seconds 864000");
    let before: u64 = session.balance("carol", "USD").parse().unwrap();
    let left = session.ok("insurance unstake all USD --as carol");
    assert!(left.ends_with("took 50 USD out of the insurance"), "{left}");
    assert_eq!(session.balance("carol", "USD"), (before + 50).to_string());
    let (code, line) = session.refusal("insurance cooldown all USD --as bob");
    assert_eq!(code, 2);
    assert!(line.contains("cofferdam insurance stake"), "{line}");
}

#[test]
fn without_a_deficit_there_is_nothing_to_cover() {
    let session = Session::with_pool();
    let (code, line) = session.refusal("deficit cover all USD --as carol");
    assert_eq!(code, 1);
    assert!(line.starts_with("error: NoDeficit (6116)"), "{line}");
}

#[test]
fn a_notice_is_remembered() {
    let session = Session::with_pool();
    let given = session.ok("notice 1 ETH --as bob");
    assert!(given.contains("announced 1000000000000000 shares of ETH"), "{given}");
    let (code, line) = session.refusal("notice 11 ETH --as bob");
    assert_eq!(code, 1);
    assert!(line.starts_with("error: InsufficientSupply (6103)"), "{line}");
    session.ok("notice 0 ETH --as bob");
}
