//! Hostile programs against the ledger's rules.
#![no_main]

use cofferdam_tests::target::ledger_rules;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _done = ledger_rules::run(bytes);
});
