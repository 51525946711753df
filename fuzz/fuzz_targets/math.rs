//! The program's arithmetic against exact rationals.
#![no_main]

use cofferdam_tests::target::math;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _cases = math::run(bytes);
});
