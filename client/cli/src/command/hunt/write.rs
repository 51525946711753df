//! A finding as a folder: records, facts, journal, story, page and test.

use std::path::{Path, PathBuf};

use cofferdam_tests::{
    action::Record,
    hunt::{Finding, Ground, Key, Kind, Measure, Tale, code, text},
    target::Input,
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
    pub(crate) input: Input,
    /// Whether the probes at the end belong to it.
    pub(crate) probed: bool,
}

impl Case {
    /// Of a broken rule.
    pub(crate) fn bug(finding: &Finding) -> Self {
        Self::of_input(finding, Input::of_records(finding.records.clone()))
    }

    /// Of what a fuzz target was given.
    pub(crate) fn of_input(finding: &Finding, input: Input) -> Self {
        let mut facts = folder::facts(finding);
        facts["target"] = json!(input.target.name());
        Self {
            kind: Kind::ProtocolBug,
            name: finding.key.slug(),
            headline: format!("{}: {}\nBut {}", finding.key, finding.sentence, finding.details),
            facts,
            input,
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
            input: Input::of_records(records.to_vec()),
            probed: false,
        }
    }

    /// Writes the case below `parent` and gives back its folder and its story.
    pub(crate) fn write(&self, ground: &Ground, parent: &Path) -> Result<(PathBuf, String), Fault> {
        let tale = Tale::of(ground, &self.input.records, self.probed);
        let bytes = self.input.bytes();
        let dir = parent.join(format!("{}-{}", self.name, folder::content_name(&bytes)));
        let story = self.story(&tale);
        let comment = format!("{}: {}", self.kind.title(), self.headline);
        let test = test(ground, &tale, &self.input, (&self.name, &comment));
        let facts = format!("{:#}\n", self.facts);
        let page = page::of_path(self.kind, &self.headline, &tale);
        let text = text::write(&comment, &self.input.records, &tale);
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

/// A test that repeats a path, or that gives a target its bytes where only the target is the judge.
pub(crate) fn test(
    ground: &Ground,
    tale: &Tale,
    input: &Input,
    (name, comment): (&str, &str),
) -> String {
    if input.is_judged_by_invariants() {
        code::test(ground, tale, name, comment)
    } else {
        code::test_of_target(input, name, comment)
    }
}
