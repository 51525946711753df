//! Progress on standard error: a bar on a terminal, a line each tenth otherwise.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::command::hunt::clock::Watch;

/// Parts in which progress is told where there is no terminal.
const PARTS: usize = 10;

/// A progress bar, or its plain form.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    plain: bool,
    what: &'static str,
    told: usize,
    /// What was done when it was first told, and since when: what an earlier run has done says
    /// nothing about how fast this one is.
    first: Option<(usize, Watch)>,
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
        Self { bar, plain, what, told: 0, first: None }
    }

    /// Shows that `done` of `total` are done.
    pub(crate) fn at(&mut self, done: usize, total: usize, message: impl FnOnce() -> String) {
        if !self.plain {
            self.bar.set_length(total as u64);
            self.bar.set_position(done as u64);
            self.bar.set_message(message());
            return;
        }
        let (before, watch) = *self.first.get_or_insert_with(|| (done, Watch::start()));
        let part = done * PARTS / total.max(1);
        if part > self.told {
            self.told = part;
            let left =
                left(watch.elapsed(), done.saturating_sub(before), total.saturating_sub(done));
            let left = left.map_or(String::new(), |left| format!("{} left ", time(left)));
            eprintln!("{} {} % {left}{}", self.what, part * 100 / PARTS, message());
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// How long the rest takes at the speed so far; `None` when nothing is left, or nothing was done.
fn left(elapsed: Duration, done: usize, rest: usize) -> Option<Duration> {
    let (done, rest) = (u32::try_from(done).ok()?, u32::try_from(rest).ok()?);
    if rest == 0 { None } else { elapsed.checked_div(done)?.checked_mul(rest) }
}

/// Hours, minutes and seconds, as the bar of a terminal has them.
fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_takes_as_long_as_what_was_done() {
        let minute = Duration::from_secs(60);
        assert_eq!(left(minute, 30, 45), Some(Duration::from_secs(90)));
        assert_eq!(left(minute, 0, 45), None);
        assert_eq!(left(minute, 45, 0), None);
        assert_eq!([90, 3_725].map(Duration::from_secs).map(time), ["00:01:30", "01:02:05"]);
    }
}
