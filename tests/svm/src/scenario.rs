//! Random scenarios of the lending program, and what becomes of one that diverges.

use std::{fs, path::Path};

use cofferdam_tests::{
    action::{Action, RECORD_LEN, Record},
    hunt::reduce,
    tally::Tally,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::{compare::Divergence, twin::Twin};

/// Sequences tried to make a divergence shorter.
const TRIES_MAX: usize = 400;

/// The actions of scenario `seed`.
#[must_use]
pub fn records(seed: u64, count: usize) -> Vec<Record> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let record = |_| {
        let mut bytes = [0; RECORD_LEN];
        rng.fill_bytes(&mut bytes);
        Record(bytes)
    };
    (0..count).map(record).collect()
}

/// Runs records on both, and compares everything.
///
/// # Errors
/// How many records ran, and the [`Divergence`].
pub fn play(
    twin: &mut Twin,
    records: &[Record],
    tally: &mut Tally,
) -> Result<(), (usize, Box<Divergence>)> {
    for (at, record) in records.iter().enumerate() {
        let outcome = twin.step(&Action::from(*record)).map_err(|error| (at + 1, error))?;
        tally.count(&outcome);
    }
    twin.compare_all("the whole scenario").map_err(|error| (records.len(), error))
}

/// Makes records that diverge shorter, as long as the same thing differs, and writes the journal
/// of what is left, which `cofferdam replay` and `cofferdam tx show` read. Gives back how many
/// records there are.
///
/// # Errors
/// A file that cannot be written.
pub fn save(
    start: &Twin,
    records: &[Record],
    divergence: &Divergence,
    file: &Path,
) -> Result<usize, String> {
    let again = |records: &[Record]| {
        let mut twin = start.clone();
        let (ran, found) = play(&mut twin, records, &mut Tally::default()).err()?;
        (found.kind() == divergence.kind()).then_some((ran, twin))
    };
    let (short, _tries) =
        reduce(records, TRIES_MAX, &mut |records| again(records).map(|(ran, _)| ran));
    let (_, twin) = again(&short).ok_or("the divergence did not come again")?;
    let journal = twin.world().ledger().journal().ok_or("the world keeps its journal")?;
    let written = |error: std::io::Error| format!("{}: {error}", file.display());
    file.parent().map_or(Ok(()), fs::create_dir_all).map_err(written)?;
    fs::write(file, journal.to_json()).map_err(written)?;
    Ok(short.len())
}
