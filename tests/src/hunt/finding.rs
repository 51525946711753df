//! What a campaign finds.

use std::fmt;

use crate::{
    action::{Record, Verb},
    invariant::Violation,
};

/// What identifies a finding: the same invariant broken by the same instruction is the same bug
/// until somebody looks closer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Id of the invariant, or [`Key::PANIC`].
    pub id: String,
    /// Name of the verb that broke it, or [`Key::AT_THE_END`].
    pub verb: String,
}

/// The two things that a campaign can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A rule is broken: value was made, stolen or lost, or somebody is stuck.
    ProtocolBug,
    /// Every rule is kept and suppliers lose all the same.
    EconomicPath,
}

/// A violation and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub key: Key,
    /// What should hold.
    pub sentence: String,
    /// What is wrong with the figures.
    pub details: String,
    /// Everything that was done, from the ground on.
    pub records: Vec<Record>,
}

impl Key {
    /// Id of what is no invariant but must not happen either.
    pub const PANIC: &'static str = "PANIC";
    /// Stands for the verb where the probes at the end of a run found it.
    pub const AT_THE_END: &'static str = "end";

    /// Of a violation by `verb`, or by the probes at the end.
    #[must_use]
    pub fn new(id: &str, verb: Option<Verb>) -> Self {
        Self { id: id.to_owned(), verb: verb.map_or(Self::AT_THE_END, Verb::name).to_owned() }
    }

    /// As a part of a file name.
    #[must_use]
    pub fn slug(&self) -> String {
        format!("{}-{}", self.id.to_lowercase(), self.verb)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}", self.id, self.verb)
    }
}

impl Kind {
    /// As a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ProtocolBug => "Protocol bug",
            Self::EconomicPath => "Economic path",
        }
    }
}

impl Finding {
    /// Of a violation after `records`.
    #[must_use]
    pub fn new(violation: &Violation, verb: Option<Verb>, records: Vec<Record>) -> Self {
        Self {
            key: Key::new(violation.id, verb),
            sentence: violation.sentence.to_owned(),
            details: violation.details.clone(),
            records,
        }
    }

    /// Of a panic after `records`.
    #[must_use]
    pub fn panic(verb: Option<Verb>, details: String, records: Vec<Record>) -> Self {
        let sentence = "Nothing panics, whatever is sent.".to_owned();
        Self { key: Key::new(Key::PANIC, verb), sentence, details, records }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, sentence, details, records } = self;
        writeln!(f, "{key}: {sentence}")?;
        writeln!(f, "  but {details}")?;
        write!(f, "  after {} actions", records.len())
    }
}
