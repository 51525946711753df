//! The lending program on Solana's virtual machine.
//!
//! `cofferdam-lending` is generic over [`cofferdam_host::Host`] and stays as it is. This crate
//! implements the trait over Solana's entrypoint: accounts live in the input the loader
//! serialises, calls and sysvars are syscalls, events go out as program data.
//!
//! - [`input`]: the serialised accounts, read and changed in place.
//! - [`introspect`]: the transaction's other instructions, from their sysvar's bytes.
//! - [`rent`]: what an account must hold, without a float.
//! - [`wide`]: 128-bit arithmetic in 64-bit pieces. The compiler's back end for this machine knows
//!   no 128-bit multiplication, division or variable shift, so the build puts calls to these
//!   functions in their place.
//!
//! The entrypoint, the syscalls and the allocator exist on the machine only.
#![no_std]

extern crate alloc;

#[cfg(target_arch = "bpf")]
mod chain;
#[cfg(target_arch = "bpf")]
mod entrypoint;
pub mod input;
pub mod introspect;
#[cfg(target_arch = "bpf")]
mod memory;
pub mod rent;
#[cfg(target_arch = "bpf")]
mod syscalls;
pub mod wide;
