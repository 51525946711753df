//! Changing a sequence a little.

use super::{Rng, draw};
use crate::action::{RECORD_LEN, Record};

/// Longest sequence that mutation may make.
const LENGTH_MAX: usize = 96;

/// A sequence that differs from `records` in a few places. `donor` is another one to take from.
pub(super) fn mutate(rng: &mut Rng, records: &[Record], donor: &[Record]) -> Vec<Record> {
    let mut mutant = records.to_vec();
    let changes = 1 << rng.below(3);
    for _ in 0..changes {
        change(rng, &mut mutant, donor);
    }
    mutant.truncate(LENGTH_MAX);
    mutant
}

fn change(rng: &mut Rng, records: &mut Vec<Record>, donor: &[Record]) {
    let at = rng.below(records.len());
    match rng.below(10) {
        0..=3 if !records.is_empty() => turn(rng, &mut records[at]),
        4 if !records.is_empty() => records[at] = draw::any(rng),
        5 => records.insert(at, draw::any(rng)),
        6 if records.len() > 1 => drop(records.remove(at)),
        7 if !records.is_empty() => {
            let record = records[at];
            records.insert(rng.below(records.len() + 1), record);
        }
        8 if !donor.is_empty() => splice(rng, records, donor),
        _ => records.extend((0..=rng.below(8)).map(|_| draw::any(rng))),
    }
}

/// One byte becomes another: a neighbour, one bit off, or anything.
fn turn(rng: &mut Rng, record: &mut Record) {
    let byte = &mut record.0[rng.below(RECORD_LEN)];
    let [random] = rng.bytes();
    *byte = match rng.below(4) {
        0 => byte.wrapping_add(1),
        1 => byte.wrapping_sub(1),
        2 => *byte ^ (1 << rng.below(8)),
        _ => random,
    };
}

/// A piece of the donor goes in somewhere.
fn splice(rng: &mut Rng, records: &mut Vec<Record>, donor: &[Record]) {
    let from = rng.below(donor.len());
    let until = from + 1 + rng.below(donor.len() - from);
    let at = rng.below(records.len() + 1);
    let piece = donor[from..until.min(donor.len())].to_vec();
    drop(records.splice(at..at, piece));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutants_differ_and_stay_short() {
        let mut rng = Rng::new(3);
        let records: Vec<Record> = (0..20).map(|_| draw::any(&mut rng)).collect();
        let donor: Vec<Record> = (0..90).map(|_| draw::any(&mut rng)).collect();
        let mutants: Vec<_> = (0..200).map(|_| mutate(&mut rng, &records, &donor)).collect();
        assert!(mutants.iter().all(|mutant| mutant.len() <= LENGTH_MAX));
        let changed = mutants.iter().filter(|mutant| **mutant != records).count();
        assert!(changed > 180, "{changed} of 200 differ");
        assert!(mutants.iter().any(|mutant| mutant.len() < 20));
        assert!(mutate(&mut rng, &[], &[]).len() <= LENGTH_MAX, "an empty one can be mutated");
    }
}
