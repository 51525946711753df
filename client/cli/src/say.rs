//! Standard output.

use std::{
    fmt,
    io::{self, Write},
};

/// Prints a line. A reader that went away (`cofferdam … | head`) has seen enough: that is no
/// failure, and certainly no panic.
pub(crate) fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}
