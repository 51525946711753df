//! The planted bugs under audit: every exploit is noticed, and most bugs by chance alone.

use std::collections::BTreeSet;

use cofferdam_lending_interface::zoo::{self, Bug};
use cofferdam_tests::world::Asset::Weth;

use crate::zoo::play;

use super::{Audit, anything, audit, campaigns, dice, world};

/// Campaigns with a bug before it counts as not noticed.
const CAMPAIGNS: usize = 120;

/// The first disagreement about a planted bug, and how many campaigns it took.
fn noticed(bug: Bug) -> Option<(usize, String)> {
    for (notice_s, second_feeds, seed) in
        [(0, BTreeSet::from([Weth]), 21), (3_600, BTreeSet::new(), 22)]
    {
        zoo::plant_here(None);
        let world = world(notice_s, second_feeds);
        let mut dice = dice(seed);
        zoo::plant_here(Some(bug));
        for number in 1..=campaigns(CAMPAIGNS) / 2 {
            let step = |audit: &mut Audit| anything(audit, &mut dice);
            if let Err(fault) = audit(&world, 1, step) {
                zoo::plant_here(None);
                return Some((number, fault.lines().next().unwrap_or_default().to_owned()));
            }
        }
    }
    zoo::plant_here(None);
    None
}

/// The exploits by hand: nothing to say about the program as it is, something about every bug.
#[test]
fn exploits_are_noticed() {
    let mut faults = Vec::new();
    for bug in Bug::ALL {
        if let Some(disagreement) = play(*bug, None).0.disagreement {
            faults.push(format!("{bug}, not planted: {disagreement}"));
        }
        match play(*bug, Some(*bug)).0.disagreement {
            Some(disagreement) => println!("{bug}\t{disagreement}"),
            None => faults.push(format!("{bug} was not noticed")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// By chance alone, which is no match for what needs a hostile program or a forged mint.
#[test]
#[ignore = "takes minutes"]
fn planted_bugs_are_noticed() {
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        match noticed(*bug) {
            Some((campaigns, fault)) => println!("{bug}\t{campaigns}\t{fault}"),
            None => missed.push(bug.name()),
        }
    }
    println!("missed {missed:?}");
    assert!(missed.len() <= 8, "{missed:?}");
}
