//! Sizes of the measures as coverage: an input that makes a loss twice as large as any before is
//! kept, although it runs through no new code.

use cofferdam_tests::hunt::{Gauge, Measure};

/// Sizes told apart for each measure: one for each digit in base two.
const SIZES: usize = 64;
const COUNTERS: usize = Measure::ALL.len() * SIZES;

/// libFuzzer reads this section after each input and clears it before.
#[used]
#[unsafe(link_section = "__libfuzzer_extra_counters")]
static mut EXTRA: [u8; COUNTERS] = [0; COUNTERS];

/// Marks every size up to the one that was reached.
pub fn note(gauge: &Gauge) {
    for (measure, row) in Measure::ALL.into_iter().zip(0..) {
        let figure = gauge.get(measure).max(0).unsigned_abs();
        let size = (u128::BITS - figure.leading_zeros()) as usize;
        for at in row * SIZES..row * SIZES + size.min(SIZES) {
            // SAFETY: libFuzzer runs one input at a time on this thread, and looks in between.
            unsafe { (&raw mut EXTRA[at]).write_volatile(1) };
        }
    }
}
