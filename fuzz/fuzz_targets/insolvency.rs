//! Bytes → records → a lively world, forked for each input, with every invariant checked after
//! every action. Whoever finds value made, stolen or lost finds a crash with the story in it. How bad
//! the end is counts as coverage.
#![no_main]

mod counters;

use cofferdam_tests::target::insolvency;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    counters::note(&insolvency::run(bytes));
});
