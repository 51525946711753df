//! What a command can end in, and the exit code that says so.

use std::process::ExitCode;

use cofferdam_sdk::{ClientError, ledger::SubmitError};

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The input is wrong: command line, file, scenario.
    Input(String),
    /// The input is fine, and what was asked for did not come true.
    Failed(String),
    /// A hunt tried too little for its silence to mean anything.
    Vacuous(String),
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

    /// The same, and the command that mends it.
    pub(crate) fn with(self, command: &str) -> Self {
        match self {
            Self::Input(text) => Self::Input(format!("{text}; try: {command} --help")),
            other => other,
        }
    }

    /// The message, in one line.
    pub(crate) fn line(&self) -> String {
        let (Self::Input(text) | Self::Failed(text) | Self::Vacuous(text)) = self;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
            Self::Vacuous(_) => ExitCode::from(3),
        }
    }
}

impl From<ClientError> for Fault {
    /// What a person typed is input; what the chain refused has failed. Of the log only the line
    /// with the values fits one line.
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Lending { error, receipt } => {
                let logs = receipt.logs();
                let detail = values(&logs).map(|line| format!("; {line}")).unwrap_or_default();
                Self::Failed(format!("{} ({}): {error}{detail}", error.name(), error.code()))
            }
            ClientError::Preview(error) => {
                Self::Failed(format!("{} ({}): {error}", error.name(), error.code()))
            }
            ClientError::Submit(SubmitError::Failed { error, receipt }) => {
                let logs = receipt.logs();
                let detail = values(&logs).map(|line| format!("; {line}")).unwrap_or_default();
                Self::Failed(format!("transaction failed: {error}{detail}"))
            }
            ClientError::Submit(error) => Self::failed(&error),
            other => Self::input(&other),
        }
    }
}

/// The last line a program logged before it gave its error's name.
fn values(logs: &[String]) -> Option<&str> {
    let lines = logs.iter().rev().filter_map(|line| line.strip_prefix("Program log: "));
    lines.into_iter().find(|line| !line.starts_with("error "))
}
