//! As `insolvency`, with reserves that share losses by another policy each.
#![no_main]

mod counters;

use cofferdam_tests::target::loss_policies;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    counters::note(&loss_policies::run(bytes));
});
