//! Rewrites a module in LLVM's textual form into one that the BPF back end accepts.
//!
//! The back end has registers of 64 bits and passes five arguments. It refuses a multiplication,
//! division or variable shift of 128 bits, a checked multiplication of words (which it would widen)
//! and a call with more arguments. The first three become calls to the functions of
//! `programs/solana/src/wide.rs`, the last hands its arguments over in memory.
//!
//! The module must have been through the pass `instnamer`: then every value has a name, and lines
//! can be put in without renumbering.

mod arguments;
mod text;
mod wide;

/// What was rewritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Operations that are calls now.
    pub(crate) operations: usize,
    /// Functions that take their arguments in memory now.
    pub(crate) functions: usize,
}

/// Rewrites a module.
///
/// # Errors
/// A line that says what the rewriter does not understand.
pub(crate) fn module(source: &str) -> Result<(String, Count), String> {
    let (source, functions) = arguments::in_memory(source)?;
    let (source, operations) = wide::as_calls(&source)?;
    Ok((source, Count { operations, functions }))
}

#[cfg(test)]
mod tests;
