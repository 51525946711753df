//! Bytes → a damaged transaction → a ledger: whatever is sent, no panic; turned away, not a byte of
//! the ledger changes; failed, the fee and nothing else; done, only what was signed.
//!
//! The first bit says whether the ledger checks signatures; the rest is a script of damages, or
//! bytes to be sent as they stand.
#![no_main]

use std::sync::LazyLock;

use cofferdam_ledger::Genesis;
use libfuzzer_sys::fuzz_target;

#[path = "../../ledger/tests/it/hostile_wire/attack.rs"]
mod attack;

use attack::Range;

static CHECKED: LazyLock<Range> = LazyLock::new(|| Range::new(Genesis::default()));

/// Without the check of signatures most damages come as far as the programs.
static UNCHECKED: LazyLock<Range> =
    LazyLock::new(|| Range::new(Genesis { verify_signatures: false, ..Genesis::default() }));

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let range = if first & 1 == 0 { &CHECKED } else { &UNCHECKED };
    let _how_it_ended = range.run(rest);
});
