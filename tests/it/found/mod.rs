//! Paths that the hunt found, in the words of the client SDK, as it writes them: they compile, and
//! every invariant holds after each of their steps.

mod printed;
#[rustfmt::skip]
mod printed_gap;
#[rustfmt::skip]
mod printed_target;
#[rustfmt::skip]
mod printed_tight;
#[rustfmt::skip]
mod printed_wild;
mod worst_loss_per_shock;
mod worst_supplier_loss;
