//! The verbs of those who run a pool.

use crate::session::Session;

fn refused(session: &Session, command: &str, name: &str) {
    let (code, line) = session.refusal(command);
    assert_eq!(code, 1, "{command}: {line}");
    assert!(line.starts_with(&format!("error: {name} (")), "{command}: {line}");
}

#[test]
fn a_pool_is_made_with_its_parameters_and_they_change() {
    let session = Session::with_pool();
    session.ok("pool create quay --guardian bob --timelock-s 60 --grace-s 30 --as admin");
    let shown = session.json("pool show quay");
    assert_eq!((&shown["timelock_s"], &shown["grace_s"]), (&"60".into(), &"30".into()));
    refused(
        &session,
        "pool update --pool quay --min-position-usd 12.5 --as admin",
        "TimelockRequired",
    );
    session.ok("pool update --pool main --min-position-usd 12.5 --as admin");
    assert_eq!(session.json("pool show main")["min_position_usd"], "12.5");
    let (code, line) = session.refusal("pool update --pool main --grace-s 14401 --as admin");
    assert_eq!(code, 2);
    assert!(line.contains("grace_s must be at most 14400"), "{line}");
}

#[test]
fn modes_are_set_and_hold() {
    let session = Session::with_pool();
    session.all("airdrop gwen 10\npool update --guardian gwen --as admin");
    let said = session.ok("pool mode reduce-only --as gwen");
    assert!(said.ends_with("pool main is ReduceOnly, it was Active"), "{said}");
    assert_eq!(session.json("pool show")["mode"], "ReduceOnly");
    refused(&session, "borrow 1 USD --as bob", "ModeForbids");
    refused(&session, "pool mode active --as gwen", "ModeChangeForbidden");
    refused(&session, "pool mode active --as bob", "WrongAuthority");
    session.ok("withdraw 1 ETH --as bob");
    session.ok("pool mode active --as admin");
    session.ok("reserve mode USD frozen --as gwen");
    assert_eq!(session.json("reserve show USD")["mode"], "Frozen");
    session.ok("position open --as carol");
    refused(&session, "deposit 1 USD --as carol", "ModeForbids");
}

#[test]
fn a_pool_is_handed_over() {
    let session = Session::with_pool();
    session.ok("pool admin propose bob --as admin");
    refused(&session, "pool admin accept --as carol", "WrongAuthority");
    session.ok("pool admin propose --as admin");
    refused(&session, "pool admin accept --as bob", "WrongAuthority");
    session.ok("pool admin propose bob --as admin");
    session.ok("pool admin accept --as bob");
    refused(&session, "pool update --grace-s 1 --as admin", "WrongAuthority");
    session.ok("pool update --grace-s 1 --as bob");
}

#[test]
fn what_raises_risk_waits_for_the_timelock() {
    let session = Session::with_pool();
    session.ok("pool update --timelock-s 3600 --as admin");
    let raise = "reserve update ETH --collateral-factor-bps 7800 --as admin";
    refused(&session, raise, "TimelockRequired");
    refused(&session, "pool update --timelock-s 0 --as admin", "TimelockRequired");
    session.ok("change queue-reserve ETH --collateral-factor-bps 7800 --as admin");
    session.ok("change queue-pool --timelock-s 0 --as admin");
    let waiting = session.json("change show");
    let states: Vec<_> =
        waiting["changes"].as_array().unwrap().iter().map(|row| row["state"].clone()).collect();
    assert_eq!(states, ["ChangeNotReady", "ChangeNotReady"]);
    refused(&session, "change apply ETH --as admin", "ChangeNotReady");
    session.ok("warp --seconds 3600");
    assert_eq!(session.json("change show")["changes"][0]["state"], "ready");
    session.ok("change apply ETH --as admin");
    assert_eq!(session.json("reserve show ETH")["collateral_factor_bps"], "7800");
    session.ok("change cancel --as admin");
    assert_eq!(session.json("change show")["changes"].as_array().unwrap().len(), 0);
    let (code, line) = session.refusal("change apply --as admin");
    assert_eq!(code, 2);
    assert!(line.contains("no change of pool main waits"), "{line}");
}

#[test]
fn caps_and_ramps_are_shown_in_tokens_and_steps() {
    let session = Session::with_pool();
    session.ok(
        "reserve update USD --supply-cap 9000 --borrow-cap 2000 --outflow-hour-max 500 --as admin",
    );
    let shown = session.json("reserve show USD");
    assert_eq!((&shown["supply_cap"], &shown["supply_room"]), (&"9000".into(), &"1000".into()));
    assert_eq!((&shown["borrow_cap"], &shown["borrow_room"]), (&"2000".into(), &"2000".into()));
    assert_eq!(
        (&shown["outflow_hour_max"], &shown["outflow_room"]),
        (&"500".into(), &"500".into())
    );
    assert_eq!((&shown["outflow_day_max"], &shown["mode"]), (&"none".into(), &"Active".into()));
    session.ok("borrow max USD --as bob");
    assert_eq!(session.balance("bob", "USD"), "500");
    refused(&session, "borrow 1 USD --as bob", "OutflowLimitExceeded");
    session.ok("reserve update USD --supply-cap none --outflow-hour-max none --as admin");
    assert_eq!(session.json("reserve show USD")["supply_room"], "no limit");
    let lower = "reserve update ETH --collateral-factor-bps 5000 --liquidation-threshold-bps 6000";
    refused(&session, &format!("{lower} --as admin"), "RampTooShort");
    session.ok(&format!("{lower} --ramp-s 100000 --as admin"));
    session.ok("warp --seconds 50000");
    let shown = session.json("reserve show ETH");
    assert_eq!(shown["liquidation_threshold_bps"], "6000");
    assert_eq!(shown["liquidation_threshold_now_bps"], "7000");
    let (code, line) = session.refusal("reserve update USD --supply-cap x --as admin");
    assert_eq!(code, 2);
    assert!(line.contains("or use `none`"), "{line}");
}
