//! What reads bytes and what counts, tested natively.

mod input;
mod introspect;
mod rent;
mod wide;
