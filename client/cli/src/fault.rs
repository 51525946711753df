//! What a command can end in, and the exit code that says so.

use std::process::ExitCode;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The input is wrong: command line, file, scenario.
    Input(String),
    /// The input is fine, and what was asked for did not come true.
    Failed(String),
}

impl Fault {
    /// Whatever is wrong with the input, as its own message says.
    pub(crate) fn input(error: &(impl ToString + ?Sized)) -> Self {
        Self::Input(error.to_string())
    }

    /// Whatever failed, as its own message says.
    pub(crate) fn failed(error: &(impl ToString + ?Sized)) -> Self {
        Self::Failed(error.to_string())
    }

    /// The message, in one line.
    pub(crate) fn line(&self) -> String {
        let (Self::Input(text) | Self::Failed(text)) = self;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }
}
