//! An in-memory ledger with the lending program on it.

use cofferdam_ledger::{Genesis, Ledger, Program};

/// The lending program, as the ledger runs it.
#[must_use]
pub fn program() -> Program {
    Program::native(cofferdam_lending::ID, cofferdam_lending::NAME, |host, data| {
        cofferdam_lending::process(host, data)
    })
}

/// A ledger that starts from `genesis` and holds the lending program.
#[must_use]
pub fn ledger(genesis: Genesis) -> Ledger {
    Ledger::new(genesis, [program()])
}
