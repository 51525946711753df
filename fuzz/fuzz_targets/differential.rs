//! What the program did against what an independent model said it would.
#![no_main]

use cofferdam_tests::target::differential;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _done = differential::run(bytes);
});
