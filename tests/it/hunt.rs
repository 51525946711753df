//! The hunt: the same seed does the same things, a planted wrong is found and shrunk, the gate
//! tells a vacuous campaign, and what is written down holds.

use cofferdam_tests::{
    action::{Action, Record, Verb},
    hunt::{
        Canary, Count, Engine, Ground, Key, Measure, Plan, Rng, Strategy, Tale, code, gate,
        reproduce, shrink, shrink_path,
    },
    world::{Actor, Asset, Options, PoolId, World},
};

/// Rounds of a short campaign.
const ROUNDS: usize = 8;

fn campaign(ground: &Ground, strategy: Strategy, seed: u64) -> Engine {
    let mut engine = Engine::new(ground, Plan { seed, strategy, objective: None });
    for _ in 0..ROUNDS {
        if let Some(finding) = engine.round() {
            panic!("{finding}");
        }
    }
    engine
}

/// The lively world, in which the admin slipped tokens into a vault past everybody: the first
/// action of any kind shows it.
fn tampered() -> Ground {
    Ground::of(|options: &Options| {
        let mut world = World::lively(options);
        let gift = Asset::Usdc.whole(1);
        let transfer = world.donation(Actor::Admin, PoolId::Harbour, Asset::Usdc, gift);
        let _receipt = world.send(&[Actor::Admin], &[transfer]).expect("a transfer");
        world
    })
}

#[test]
fn a_seed_does_the_same_things_again() {
    let ground = Ground::lively();
    for strategy in Strategy::ALL {
        let [first, second] = [1, 1].map(|seed| campaign(&ground, strategy, seed));
        assert_eq!(first.count().tally, second.count().tally, "{}", strategy.name());
        assert_eq!(first.kept(), second.kept(), "{}", strategy.name());
        assert_eq!(first.best().0, second.best().0, "{}", strategy.name());
    }
    let [first, other] = [1, 2].map(|seed| campaign(&ground, Strategy::Random, seed));
    assert_ne!(first.count().tally, other.count().tally);
}

#[test]
fn what_is_planted_is_found_told_and_shrunk_to_one_action() {
    let ground = tampered();
    let mut engine = Engine::new(&ground, Plan { seed: 5, ..Plan::default() });
    let findings: Vec<_> = (0..40).filter_map(|_| engine.round()).collect();
    let finding = findings.first().expect("the books do not match the vault");
    assert_eq!(finding.key.id, "CONS-1");
    let counted: u64 = engine.count().violations.values().sum();
    assert!(counted > findings.len() as u64, "the same finding is told once: {counted}");
    let shrunk = shrink(&ground, finding, 500).kept;
    assert_eq!((&shrunk.key, shrunk.records.len()), (&finding.key, 1));
    let tale = Tale::of(&ground, &shrunk.records, false);
    assert_eq!(tale.violation.map(|violation| violation.id), Some("CONS-1"));
    assert!(reproduce(&Ground::lively(), &shrunk.records, true).is_none(), "the real one is sound");
}

/// The worst path of a short search: shorter afterwards, as bad, and told with a journal that
/// replays.
#[test]
fn the_worst_path_is_shrunk_and_its_journal_replays() {
    let ground = Ground::lively();
    let mut engine = Engine::new(&ground, Plan { seed: 3, ..Plan::default() });
    while engine.best().figure(Measure::SupplierLoss) == 0 {
        assert!(engine.count().sequences < 400, "no path to a loss in 400 sequences");
        let _finding = engine.round();
    }
    let (figure, path) = engine.best().0[&Measure::SupplierLoss].clone();
    let shrunk = shrink_path(&ground, (Measure::SupplierLoss, figure), &path, 600).kept;
    assert!(shrunk.len() <= 8, "{} actions for a loss", shrunk.len());
    let tale = Tale::of(&ground, &shrunk, true);
    assert_eq!((tale.chapters.len(), tale.violation.is_none()), (shrunk.len(), true));
    let journal = cofferdam_ledger::Journal::from_json(&tale.journal).expect("a journal");
    let replayed = cofferdam_ledger::replay(&journal, [cofferdam_sdk::local::program()]);
    assert!(replayed.is_ok(), "{replayed:?}");
    let test = code::test(&ground, &tale, "worst", "A path.");
    assert!(test.contains("#[test]\nfn worst() {") && test.contains("run.finish();"), "{test}");
    assert!(tale.text().contains("### 1. "), "{}", tale.text());
}

#[test]
fn the_gate_tells_a_vacuous_campaign() {
    let nothing = gate(&Count::default());
    assert!(!nothing.passed());
    assert_eq!(nothing.never_succeeded, Verb::ALL);
    assert_eq!(nothing.canaries_missed, Canary::ALL);
    let reasons = nothing.reasons().join("; ");
    for part in ["never succeeded: ", "errors never seen: ", "canaries", "0.00 % of liquidations"] {
        assert!(reasons.contains(part), "{reasons}");
    }
}

/// Every verb has a byte: what no record says is never tried.
#[test]
fn verbs_are_all_drawn() {
    let mut rng = Rng::new(11);
    let drawn: Vec<Verb> = (0..20_000).map(|_| Action::from(Record(rng.bytes())).verb).collect();
    for verb in Verb::ALL {
        assert!(drawn.contains(&verb), "{}", verb.name());
    }
}

#[test]
fn keys_name_folders() {
    let key = Key::new("SOLV-1", Some(Verb::AbsorbBadDebt));
    assert_eq!(
        (key.slug(), key.to_string()),
        ("solv-1-absorb_bad_debt".into(), "SOLV-1 by absorb_bad_debt".into())
    );
    assert_eq!(Key::new("LIVE-1", None).slug(), "live-1-end");
}
