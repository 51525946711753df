//! What a client of the lending program needs: addresses, instructions, state, math, events and
//! errors. The program itself builds on the same definitions, so a client's preview and the
//! program's result come from one piece of code.
//!
//! Money is integers: see [`units`] for what each type counts and [`math`] for how it rounds.
#![no_std]

extern crate alloc;
#[cfg(zoo)]
extern crate std;

pub mod address;
pub mod error;
pub mod event;
pub mod instruction;
pub mod math;
pub mod plan;
mod planted;
pub mod state;
pub mod units;
#[cfg(zoo)]
pub mod zoo;

use cofferdam_host::Address;

pub use error::LendingError;

/// Address of the lending program.
pub const ID: Address = Address::new_from_array(*b"cofferdam-lending-program-000001");
