//! What a campaign is about: a scenario file and the keys that were changed in it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CampaignError, document::Document};
use crate::scenario::{self, Scenario};

/// Another value for a key of the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The way to the key: `pools.NAME.SYMBOL.liquidation_threshold_bps`.
    pub key: String,
    /// The value, as in the file; decimals without quotes.
    pub value: String,
}

/// A scenario and its changes, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    file: String,
    text: String,
    changes: Vec<Change>,
    changed: Option<String>,
    scenario: Scenario,
}

impl Change {
    /// A change from its parts.
    pub fn new(key: &str, value: impl Into<String>) -> Self {
        Self { key: key.to_owned(), value: value.into() }
    }

    /// Reads `KEY=VALUE`.
    ///
    /// # Errors
    /// Without a key or without `=`.
    pub fn parse(text: &str) -> Result<Self, CampaignError> {
        let parts = text.split_once('=').filter(|(key, _)| !key.trim().is_empty());
        let (key, value) = parts.ok_or_else(|| CampaignError::NoChange(text.to_owned()))?;
        Ok(Self::new(key.trim(), value.trim()))
    }
}

impl Subject {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// As [`scenario::load`].
    pub fn load(path: &Path) -> Result<Self, CampaignError> {
        let loaded = scenario::load(path)?;
        let file = path.display().to_string();
        let scenario::Loaded { scenario, text } = loaded;
        Ok(Self { file, text, changes: Vec::new(), changed: None, scenario })
    }

    /// Checks a scenario's text with changes; price files are looked for beside `file`.
    ///
    /// # Errors
    /// A key that leads nowhere, or a scenario that is refused with its changes.
    pub fn new(file: &str, text: &str, changes: Vec<Change>) -> Result<Self, CampaignError> {
        let changed = if changes.is_empty() {
            None
        } else {
            // The file itself first, so that its own faults are told with their lines.
            drop(scenario::parse(file, text)?);
            let mut tree = Document::of(text);
            for Change { key, value } in &changes {
                tree.set(key, value)?;
            }
            Some(tree.to_text())
        };
        let scenario = scenario::parse(file, changed.as_deref().unwrap_or(text))?;
        Ok(Self { file: file.to_owned(), text: text.to_owned(), changes, changed, scenario })
    }

    /// The same with further changes.
    ///
    /// # Errors
    /// As [`Subject::new`].
    pub fn with(&self, more: &[Change]) -> Result<Self, CampaignError> {
        Self::new(&self.file, &self.text, [&self.changes, more].concat())
    }

    /// The file's name, as it was given.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The file's text, unchanged.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that runs: the file's, or what the changes made of it.
    pub fn effective_text(&self) -> &str {
        self.changed.as_deref().unwrap_or(&self.text)
    }

    /// The changes, in the order in which they are made.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The scenario that runs.
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What stands at a key, as it would be written on a command line.
    ///
    /// # Errors
    /// A key that leads nowhere.
    pub fn value_at(&self, key: &str) -> Result<String, CampaignError> {
        let tree = Document::of(self.effective_text());
        let value = tree.get(key)?;
        Ok(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// SHA-256 of every price file, by the name that the scenario gives it.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn inputs(&self) -> Result<BTreeMap<String, String>, CampaignError> {
        let folder = Path::new(&self.file).parent().unwrap_or(Path::new(""));
        let files = Document::of(self.effective_text()).price_files();
        let hash = |file: String| {
            let path: PathBuf = folder.join(&file);
            let bytes = fs::read(&path).map_err(|source| CampaignError::Read { path, source })?;
            Ok((file, hex::encode(Sha256::digest(bytes))))
        };
        files.into_iter().map(hash).collect()
    }

    /// Changes that name the price files by their whole paths, so that the scenario runs from
    /// another folder.
    pub(super) fn absolute_files(&self) -> Result<Vec<Change>, CampaignError> {
        let folder = Path::new(&self.file).parent().unwrap_or(Path::new(""));
        let tree = Document::of(self.effective_text());
        let files = tree.price_files_by_asset().into_iter().map(|(asset, file)| {
            let path = folder.join(file);
            let whole =
                fs::canonicalize(&path).map_err(|source| CampaignError::Read { path, source })?;
            Ok(Change::new(&format!("assets.{asset}.price.file"), whole.display().to_string()))
        });
        files.collect()
    }
}
