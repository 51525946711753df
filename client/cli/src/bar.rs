//! Progress on standard error: a bar on a terminal, a line each tenth otherwise.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Parts in which progress is told where there is no terminal.
const PARTS: usize = 10;

/// A progress bar, or its plain form.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    plain: bool,
    what: &'static str,
    told: usize,
}

impl Bar {
    /// A bar over a number of steps that [`Bar::at`] tells.
    pub(crate) fn new(what: &'static str) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let target =
            if plain { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target).with_prefix(what);
        let template = "{prefix} [{bar:40}] {pos}/{len} {percent}% {elapsed}<{eta} {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, plain, what, told: 0 }
    }

    /// Shows that `done` of `total` are done.
    pub(crate) fn at(&mut self, done: usize, total: usize, message: impl FnOnce() -> String) {
        if !self.plain {
            self.bar.set_length(total as u64);
            self.bar.set_position(done as u64);
            self.bar.set_message(message());
            return;
        }
        let part = done * PARTS / total.max(1);
        if part > self.told {
            self.told = part;
            eprintln!("{} {} % {}", self.what, part * 100 / PARTS, message());
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
