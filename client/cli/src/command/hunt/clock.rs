//! The only clock of a hunt: it says when to stop and how fast it went, never what to do.

#![expect(clippy::disallowed_types, reason = "how long people wait is measured on the wall")]

use std::time::Duration;

/// Time since a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch(std::time::Instant);

impl Watch {
    /// Starts now.
    pub(crate) fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// How long ago it started.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
