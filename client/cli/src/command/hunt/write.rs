//! A finding as a folder: records, facts, journal, story, page and test.

use std::path::{Path, PathBuf};

use cofferdam_tests::{
    action::Record,
    hunt::{Finding, Ground, Key, Kind, Measure, Tale, code, text},
};
use serde_json::{Value, json};

use super::{
    folder::{self, FACTS, RECORDS},
    page,
};
use crate::fault::Fault;

/// A path to be written down.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    /// Name of the folder and of the test.
    pub(crate) name: String,
    pub(crate) headline: String,
    pub(crate) facts: Value,
    pub(crate) records: Vec<Record>,
    /// Whether the probes at the end belong to it.
    pub(crate) probed: bool,
}

impl Case {
    /// Of a broken rule.
    pub(crate) fn bug(finding: &Finding) -> Self {
        Self {
            kind: Kind::ProtocolBug,
            name: finding.key.slug(),
            headline: format!("{}: {}\nBut {}", finding.key, finding.sentence, finding.details),
            facts: folder::facts(finding),
            records: finding.records.clone(),
            probed: finding.key.verb == Key::AT_THE_END,
        }
    }

    /// Of the worst path by a measure, on which every rule is kept.
    pub(crate) fn path(measure: Measure, figure: i128, records: &[Record]) -> Self {
        let said = measure.say(figure);
        Self {
            kind: Kind::EconomicPath,
            name: format!("worst-{}", measure.name()),
            headline: format!("Every rule is kept, and {} reaches {said}.", measure.name()),
            facts: json!({
                "kind": "economic_path",
                "measure": measure.name(),
                "figure": figure.to_string(),
                "actions": records.len(),
                "record_len": cofferdam_tests::action::RECORD_LEN,
            }),
            records: records.to_vec(),
            probed: false,
        }
    }

    /// Writes the case below `parent` and gives back its folder and its story.
    pub(crate) fn write(&self, ground: &Ground, parent: &Path) -> Result<(PathBuf, String), Fault> {
        let tale = Tale::of(ground, &self.records, self.probed);
        let bytes = folder::to_bytes(&self.records);
        let dir = parent.join(format!("{}-{}", self.name, folder::content_name(&bytes)));
        let story = self.story(&tale);
        let comment = format!("{}: {}", self.kind.title(), self.headline);
        let test = code::test(ground, &tale, &self.name, &comment);
        let facts = format!("{:#}\n", self.facts);
        let page = page::of_path(self.kind, &self.headline, &tale);
        let text = text::write(&comment, &self.records, &tale);
        let files: [(&str, &[u8]); 7] = [
            ("journal.json", tale.journal.as_bytes()),
            ("page.html", page.as_bytes()),
            ("story.md", story.as_bytes()),
            ("records.txt", text.as_bytes()),
            ("regression.rs", test.as_bytes()),
            (FACTS, facts.as_bytes()),
            // Last: a folder with records is complete.
            (RECORDS, &bytes),
        ];
        files.iter().try_for_each(|(name, bytes)| folder::write(&dir.join(name), bytes))?;
        Ok((dir, story))
    }

    fn story(&self, tale: &Tale) -> String {
        let broken = tale.violation.as_ref().map_or_else(String::new, |violation| {
            format!(
                "## What is wrong\n\n{}: {}\n\nBut {}\n",
                violation.id, violation.sentence, violation.details
            )
        });
        format!(
            "# {}\n\n{}\n\n## Steps\n\n{}{broken}",
            self.kind.title(),
            self.headline,
            tale.text()
        )
    }
}
