//! Bytes as accounts, instructions and events: one form each, and never a panic.
#![no_main]

use cofferdam_tests::target::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _read = decode::run(bytes);
    let _read = decode::run_dressed(bytes);
});
