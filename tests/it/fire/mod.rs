//! Every invariant can fail: each is shown a transaction that was tampered with, and is the first
//! of the list to say so. A check that cannot fire checks nothing.

mod books;
mod case;
mod end;
mod risk;
mod rules;

use std::collections::BTreeSet;

use case::Case;
use cofferdam_tests::invariant::{Check, SPEC};

/// An invariant and what it must catch.
type Row = (&'static str, fn() -> Case);

#[test]
fn every_invariant_can_fire() {
    let rows = || books::ROWS.iter().chain(risk::ROWS).chain(rules::ROWS);
    let mut wrong = Vec::new();
    for (id, case) in rows() {
        let (first, all, details) = case().fired();
        if first != Some(*id) {
            wrong.push(format!("{id}: {first:?} fired first ({details}), of {all:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let shown: BTreeSet<&str> = rows().map(|(id, _)| *id).chain(end::IDS).collect();
    let all: BTreeSet<&str> = SPEC.iter().map(|invariant| invariant.id).collect();
    assert_eq!(shown, all, "every invariant has a row");
    let at_the_end = SPEC.iter().filter(|invariant| matches!(invariant.check, Check::End(_)));
    assert_eq!(at_the_end.count(), end::IDS.len());
}
