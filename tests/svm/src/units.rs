//! What every instruction costs on the machine, as a table in docs/SOLANA.md has it.

use std::{fmt::Write as _, fs, path::Path};

use cofferdam_ledger::{Entry, Genesis};
use cofferdam_sdk::local;
use cofferdam_tests::meter::{Meter, Row};

use crate::{known, machine::Machine, pair::Pair};

/// What a transaction gets without asking for more.
const UNITS_MAX: u64 = 200_000;
/// A liquidation pays for asking: it is the one that may cost more.
const LIQUIDATE_UNITS_MAX: u64 = 400_000;
const LIQUIDATE: &str = "Liquidate";

const BEGIN: &str = "<!-- units -->\n";
const END: &str = "<!-- /units -->\n";

/// Plays every instruction once on both, and makes the table.
///
/// # Errors
/// The file of the program, an instruction that the machine answers differently, or one that costs
/// more than it may.
pub fn table(elf: &Path) -> Result<String, String> {
    let meter = Meter::run_all();
    let journal = meter.ledger().journal().ok_or("the meter's ledger keeps its journal")?;
    let entries: Vec<Entry> = journal.iter().cloned().collect();
    let units = play(Machine::new(elf)?, &entries)?;
    let mut text = String::from(
        "| instruction | units on the machine | of its limit | units on the ledger |\n|---|--:|--:|--:|\n",
    );
    for row in meter.rows() {
        let (units, limit) = (units[row.entry], limit(row));
        if units > limit {
            return Err(format!("{} took {units} units, above its limit of {limit}", row.name));
        }
        let share = units * 100 / limit;
        let line = writeln!(text, "| {} | {units} | {share} % | {} |", row.name, row.units);
        line.map_err(|error| error.to_string())?;
    }
    Ok(text)
}

/// Compares the table with the one in `page`.
///
/// # Errors
/// The first line that differs, or a page without a place for the table.
pub fn compare(page: &Path, table: &str) -> Result<(), String> {
    let (_, committed, _) = parts(page)?;
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (ours, theirs) = (lines(table), lines(&committed));
    if ours == theirs {
        return Ok(());
    }
    let differ = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
    let (ours, theirs) = differ.unwrap_or((&ours[0], &theirs[0]));
    Err(format!(
        "{} has drifted:\n  it says  {theirs}\n  measured {ours}\nif the change is meant: cargo xtask svm-units --write",
        page.display()
    ))
}

/// Writes the table into `page`.
///
/// # Errors
/// A page that cannot be read or written, or without a place for the table.
pub fn write(page: &Path, table: &str) -> Result<(), String> {
    let (before, _, after) = parts(page)?;
    let text = format!("{before}{BEGIN}{table}{END}{after}");
    fs::write(page, text).map_err(|error| format!("{}: {error}", page.display()))
}

/// What stands before the table, the table, and what stands after it.
fn parts(page: &Path) -> Result<(String, String, String), String> {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    let missing = || format!("{} has no lines {BEGIN} and {END}", page.display());
    let (before, rest) = text.split_once(BEGIN).ok_or_else(missing)?;
    let (table, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok((before.into(), table.into(), after.into()))
}

/// Takes both through a journal; units of each entry on the machine, zero for what is no
/// transaction.
fn play(machine: Machine, entries: &[Entry]) -> Result<Vec<u64>, String> {
    let mut pair = Pair::new(local::ledger(Genesis::default()), machine, known::none)?;
    let units = |(number, entry): (usize, &Entry)| {
        let answer = pair.step(entry, &format!("entry {number}"));
        let answer = answer.map_err(|divergence| divergence.to_string())?;
        Ok(answer.map_or(0, |answer| answer.units))
    };
    entries.iter().enumerate().map(units).collect()
}

fn limit(row: &Row) -> u64 {
    if row.name == LIQUIDATE { LIQUIDATE_UNITS_MAX } else { UNITS_MAX }
}
