//! Runs the same signed transactions on Cofferdam's ledger, with the program as native code, and
//! in LiteSVM, with the program as an ELF and the real System and SPL Token programs; and compares
//! after every transaction what came of it.

pub mod compare;
pub mod hostile;
pub mod known;
pub mod machine;
pub mod pair;
pub mod scenario;
pub mod twin;
pub mod units;
