//! The examples run and tell what they promise.

use cofferdam_sdk::Decimal;

#[allow(dead_code, reason = "main is for the example")]
#[path = "../../examples/absorb_bad_debt.rs"]
mod absorb_bad_debt;
#[allow(dead_code, reason = "main is for the example")]
#[path = "../../examples/hostile.rs"]
mod hostile;
#[allow(dead_code, reason = "main is for the example")]
#[path = "../../examples/liquidation_bot.rs"]
mod liquidation_bot;
#[path = "../../examples/quickstart.rs"]
mod quickstart;

#[test]
fn quickstart_runs() {
    quickstart::main().unwrap();
}

#[test]
fn the_bot_takes_what_pays_and_leaves_the_rest() {
    let done = liquidation_bot::play().unwrap();
    let names: Vec<&str> = done.iter().map(|(name, _)| *name).collect();
    // Ann is healthy, and Dot's debt earns less than the ten dollars that the bot wants.
    assert!(names.contains(&"ben") && names.contains(&"cid"), "{names:?}");
    assert!(!names.contains(&"ann") && !names.contains(&"dot"), "{names:?}");
    assert!(done.iter().all(|(_, quote)| quote.profit >= Decimal::TEN));
}

#[test]
fn an_absorption_costs_what_its_preview_said_and_the_payers_add_up() {
    let outcome = absorb_bad_debt::play().unwrap();
    let (losses, [before, after]) = (outcome.losses, outcome.share_price);
    assert_eq!(losses, outcome.preview);
    assert_eq!(losses.fees + losses.insurance + losses.suppliers, losses.recognised);
    assert_eq!(losses.insurance, Decimal::ONE_HUNDRED);
    // 10 ETH at 100 dollars recover 1,000 / 1.08; what is missing of 1,500 and is not insured
    // the holders of shares pay.
    let missing: Decimal = "574.074074074".parse().unwrap();
    assert_eq!(losses.recognised, missing);
    assert_eq!(before, Decimal::ONE);
    assert!(after < before);
}

#[test]
fn every_theft_is_refused_for_its_own_reason() {
    let refusals = hostile::play().unwrap();
    let reasons = [
        "custom program error: 0x4",
        "modified data of an account it does not own",
        "unauthorized signer or writable account",
        "WrongAuthority (6008)",
        "WrongOwner (6001)",
    ];
    assert_eq!(refusals.len(), reasons.len());
    for ((attempt, refusal), reason) in refusals.iter().zip(reasons) {
        assert!(refusal.contains(reason), "{attempt}: {refusal}");
    }
}
