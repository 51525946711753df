//! The list of invariants.

mod books;
mod losses;
mod risk;
mod rules;

use super::Invariant;

/// Declares an invariant in the order of the document's columns.
macro_rules! invariant {
    ($id:literal, $sentence:literal, $formula:literal, $tolerance:literal, $source:literal, $test:literal, $check:expr) => {
        Invariant {
            id: $id,
            sentence: $sentence,
            formula: $formula,
            tolerance: $tolerance,
            source: $source,
            test: $test,
            check: $check,
        }
    };
}

use invariant;

/// The parts of the list, in the order in which they are checked.
const PARTS: [&[Invariant]; 4] = [books::LIST, losses::LIST, risk::LIST, rules::LIST];

/// How many there are.
const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
};

/// Everything that must hold, in the order in which it is checked. `docs/INVARIANTS.md` shows
/// this list, and a test compares the two.
pub const SPEC: &[Invariant] = &{
    let mut all = [PARTS[0][0]; COUNT];
    let (mut place, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[place] = PARTS[part][row];
            place += 1;
            row += 1;
        }
        part += 1;
    }
    all
};

/// The list as the table of `docs/INVARIANTS.md`.
#[must_use]
pub fn table() -> String {
    let mut table = String::from(
        "| id | what must hold | formula | tolerance | source | test |\n|---|---|---|---|---|---|\n",
    );
    for Invariant { id, sentence, formula, tolerance, source, test, .. } in SPEC {
        let formula = formula.replace('|', "\\|");
        table +=
            &format!("| {id} | {sentence} | {formula} | {tolerance} | {source} | `{test}` |\n");
    }
    table
}
