//! What a fuzz target was given is judged and shrunk by the target itself.

use cofferdam_lending_interface::zoo::{self, Bug};
use cofferdam_tests::{
    action::RECORD_LEN,
    hunt::{Ground, Rng},
    target::Target,
};

/// Records of an input.
const LENGTH: usize = 40;

#[test]
fn a_disagreement_is_found_and_shrunk() {
    zoo::plant_here(None);
    let (ground, mut rng) = (Ground::lively(), Rng::new(3));
    let nothing = Target::Differential.read(&[]);
    // The target builds its world when it is first asked, and must do so soundly.
    assert_eq!(nothing.find(&ground), None);
    zoo::plant_here(Some(Bug::BorrowShareFloor));
    let found = (0..200).find_map(|_| {
        let input = Target::Differential.read(&rng.bytes::<{ LENGTH * RECORD_LEN }>());
        input.find(&ground).map(|finding| (input, finding))
    });
    let (input, finding) = found.expect("the auditor notices a loan that is too cheap");
    assert_eq!(finding.key.id, "DIFFERENTIAL");
    let short = input.shrink(&ground, &finding, 600).kept;
    assert!(short.records.len() < 5, "{short}");
    assert_eq!(short.key.verb, "borrow", "{short}");
    zoo::plant_here(None);
    assert_eq!(input.with(&short.records).find(&ground), None, "the sound program");
}
