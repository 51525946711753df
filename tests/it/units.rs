//! What every instruction of the lending program costs, as docs/UNITS.md has it. The runtime's
//! prices are fixed, so a row that changes means that an instruction does more than it did.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use borsh::BorshDeserialize;
use cofferdam_lending_interface::instruction::LendingInstruction;
use cofferdam_tests::meter::{Meter, Row};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/UNITS.md");
/// Set to write the table instead of comparing it.
const WRITE: &str = "COFFERDAM_WRITE_UNITS";

fn table(rows: &[Row]) -> String {
    let mut text = String::from(HEAD);
    for row in rows {
        let Row { name, units, call_units, calls, wire, .. } = row;
        let Row { data, accounts, held, changed, events, logs, .. } = row;
        let line = writeln!(
            text,
            "| {name} | {units} | {call_units} | {calls} | {wire} | {data} | {accounts} | {held} | \
             {changed} | {events} | {logs} |"
        );
        line.expect("a string takes any text");
    }
    text
}

const HEAD: &str = "\
# Units and bytes of each instruction

What one instruction costs, alone in a transaction, on a position with two collaterals and
one debt. The table is made by a test, and the same test fails when an instruction costs something
else than it says here.

To write it anew: `COFFERDAM_WRITE_UNITS=1 cargo test -p cofferdam-tests --test it units`

- **units**: compute units of the ledger, those of calls included. They are prices of what a
  program asks its host for (`Costs` in `ledger/src/genesis.rs`), not of machine instructions.
- **in calls**: the part of them spent in called programs. **calls**: how many calls.
- **wire**: bytes of the transaction, signatures included; 1,232 are allowed.
- **data**: bytes of instruction data. **accounts**: how many it lists.
- **held**: bytes of data in these accounts. **changed**: bytes of data in those it wrote.
- **events**, **logs**: bytes of events, and of the program's own log lines.

Each further reserve that a position uses adds two accounts (64 bytes of keys and 2 of indices)
to what lets tokens out or liquidates.

| instruction | units | in calls | calls | wire | data | accounts | held | changed | events | logs |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

#[test]
fn the_committed_table_of_units_is_up_to_date() {
    let (path, table) = (Path::new(PATH), table(Meter::run_all().rows()));
    if std::env::var_os(WRITE).is_some() {
        fs::write(path, &table).expect("docs/ can be written");
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    for (committed, measured) in committed.lines().zip(table.lines()) {
        assert_eq!(committed, measured, "docs/UNITS.md has drifted: {ADVICE}");
    }
    assert_eq!(committed, table, "docs/UNITS.md has drifted: {ADVICE}");
}

const ADVICE: &str = "if the change is meant, write it anew with COFFERDAM_WRITE_UNITS=1 cargo test \
                      -p cofferdam-tests --test it units";

/// Every instruction of the program has a row, one that is added tomorrow too.
#[test]
fn every_instruction_is_measured() {
    let numbers: BTreeSet<u8> =
        Meter::run_all().rows().iter().flat_map(|row| row.numbers.clone()).collect();
    let known = (0..=u8::MAX).filter(|number| is_instruction(*number)).collect();
    assert_eq!(numbers, known);
}

/// Whether an instruction has that number. Zeros are fields of any kind, and an unknown number is
/// refused whatever follows it.
fn is_instruction(number: u8) -> bool {
    let data = [vec![number], vec![0; 512]].concat();
    LendingInstruction::deserialize(&mut data.as_slice()).is_ok()
}
