//! What the fuzz targets run, on fixed random bytes: nothing is wrong, and each target does get
//! somewhere.

use cofferdam_lending_interface::ID;
use cofferdam_tests::{
    action::RECORD_LEN,
    hunt::{Measure, Rng},
    target::{
        decode, differential, insolvency, ledger_rules, loss_policies, math, profit, tx_mutate,
    },
    world::{Options, World},
};

fn input(rng: &mut Rng, len: usize) -> Vec<u8> {
    (0..len).map(|_| rng.bytes::<1>()[0]).collect()
}

#[test]
fn insolvency_and_loss_policies_keep_every_rule() {
    let mut rng = Rng::new(21);
    for _ in 0..4 {
        let gauge = insolvency::run(&input(&mut rng, 400));
        assert!(gauge.get(Measure::Nearness) > 0, "nobody owes anything: {gauge:?}");
        let _gauge = loss_policies::run(&input(&mut rng, 400));
    }
}

#[test]
fn two_opinions_agree() {
    let mut rng = Rng::new(27);
    let done: usize = (0..4).map(|_| differential::run(&input(&mut rng, 400))).sum();
    assert!(done >= 4 * (400 / RECORD_LEN));
}

#[test]
fn nobody_profits_while_prices_stand() {
    let mut rng = Rng::new(22);
    let done: u32 = (0..8).map(|_| profit::run(&input(&mut rng, 600))).sum();
    assert!(done > 20, "only {done} actions succeeded");
}

#[test]
fn damaged_transactions_hurt_nobody() {
    let mut rng = Rng::new(23);
    let (mut sent, mut accepted) = (0, 0);
    for _ in 0..8 {
        let probed = tx_mutate::run(&input(&mut rng, tx_mutate::input_len(8)));
        sent += probed.sent;
        accepted += probed.accepted;
    }
    assert!(sent > 60, "{sent} probes");
    assert!(accepted > 0 && accepted < sent / 2, "{accepted} of {sent} accepted");
}

#[test]
fn accounts_have_one_form() {
    let world = World::lively(&Options::fast());
    let mut seen = std::collections::BTreeSet::new();
    for (_, account) in world.ledger().accounts_owned_by(&ID) {
        let names = decode::run(&account.data);
        assert_eq!(names.len(), 1, "{names:?}");
        seen.extend(names);
        let trailing = [account.data.as_slice(), &[0]].concat();
        assert!(decode::run(&trailing).is_empty(), "a byte may follow");
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["Pool", "Position", "PriceFeed", "Reserve"]);
}

/// Every byte of every account turned into something else: it decodes to what encodes to the same
/// bytes, or not at all.
#[test]
fn damaged_accounts_have_one_form() {
    let world = World::lively(&Options::fast());
    let (mut rng, mut read) = (Rng::new(24), 0_usize);
    for (_, account) in world.ledger().accounts_owned_by(&ID).take(12) {
        for at in 0..account.data.len() {
            let mut damaged = account.data.clone();
            damaged[at] = rng.bytes::<1>()[0];
            read += decode::run(&damaged).len();
        }
    }
    assert!(read > 1_000, "{read} could be read");
    for _ in 0..2_000 {
        let len = rng.below(400);
        let _read = decode::run_dressed(&input(&mut rng, len));
        let _read = decode::run(&input(&mut rng, 60));
    }
}

#[test]
fn arithmetic_is_exact() {
    let mut rng = Rng::new(25);
    for _ in 0..500 {
        let cases = input(&mut rng, (math::CASES_MAX + 1) * math::CASE_LEN);
        assert_eq!(math::run(&cases), math::CASES_MAX);
    }
    // The edges that random numbers miss.
    let edges = [0, 1, 2, u128::MAX - 1, u128::MAX, 1 << 127, 1 << 64];
    for a in edges {
        for b in edges {
            for c in edges {
                for numbers in [[a, b, c, 0, 0, 0], [a, b, c, c, b, a], [b, a, c, b, c, a]] {
                    // No byte after them cuts any of them short.
                    let mut case = numbers.map(u128::to_le_bytes).concat();
                    case.resize(math::CASE_LEN, 0);
                    assert_eq!(math::run(&case), 1);
                }
            }
        }
    }
}

#[test]
fn the_ledger_s_rules_hold_against_hostile_programs() {
    let mut rng = Rng::new(26);
    let done = (0..4_000).filter(|_| {
        let len = 1 + rng.below(40);
        let mut script = input(&mut rng, len);
        // Half of the refusals swallowed leaves few scripts that get far.
        script.iter_mut().skip(3).step_by(3).for_each(|byte| *byte |= 1);
        ledger_rules::run(&script)
    });
    let done = done.count();
    assert!((200..3_900).contains(&done), "{done} of 4000 scripts went through");
}
