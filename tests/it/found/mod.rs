//! Paths that the hunt found, in the words of the client SDK, as it writes them: they compile, and
//! every invariant holds after each of their steps.

mod worst_loss_per_shock;
mod worst_supplier_loss;
