//! Nobody gains while prices and time stand; whoever signed nothing loses nothing.
#![no_main]

use cofferdam_tests::target::profit;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _done = profit::run(bytes);
});
