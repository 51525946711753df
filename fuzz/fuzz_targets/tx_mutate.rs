//! A transaction that would succeed, damaged in every way there is.
#![no_main]

use cofferdam_tests::target::tx_mutate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _probed = tx_mutate::run(bytes);
});
