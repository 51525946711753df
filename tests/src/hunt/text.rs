//! Records as text: a line each, in hexadecimal digits, with what they do beside them. Small
//! enough to be read in a review and kept in a repository.

use super::Tale;
use crate::action::{RECORD_LEN, Record, bundles};

/// Why a text holds no records.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A line is no record.
    #[error("line {line}: {text:?} is not {RECORD_LEN} bytes in hexadecimal digits at most")]
    Line {
        /// Number of the line, from one.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// There is no record at all.
    #[error("there is no record; a record is a line of hexadecimal digits")]
    Empty,
}

/// The records of a tale as text, under a comment.
#[must_use]
pub fn write(comment: &str, records: &[Record], tale: &Tale) -> String {
    let mut text: String = comment.lines().map(|line| format!("# {line}\n")).collect();
    let mut chapters = tale.chapters.iter();
    let mut rest = records;
    for bundle in bundles(records) {
        let (own, left) = rest.split_at(bundle.len());
        let told = chapters.next().map(|chapter| format!("{}: {}", chapter.label, chapter.end));
        let told = told.unwrap_or_default().replace('\n', " ");
        let lines: Vec<String> = own.iter().map(digits).collect();
        // The words of a transaction stand beside the last of its records.
        text.push_str(&format!("{}  # {told}\n", lines.join("  # with\n")));
        rest = left;
    }
    text
}

/// Reads records. One that is shorter than today's, from before the encoding grew, is filled up
/// with zeros, as every new byte means the usual thing when it is zero.
///
/// # Errors
/// [`TextError`].
pub fn read(text: &str) -> Result<Vec<Record>, TextError> {
    let mut records = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let digits = line.split('#').next().unwrap_or_default().trim();
        if !digits.is_empty() {
            let wrong = || TextError::Line { line: number + 1, text: digits.to_owned() };
            records.push(record(digits).ok_or_else(wrong)?);
        }
    }
    if records.is_empty() { Err(TextError::Empty) } else { Ok(records) }
}

fn digits(record: &Record) -> String {
    record.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn record(digits: &str) -> Option<Record> {
    let mut bytes = [0; RECORD_LEN];
    if !digits.is_ascii() || !digits.len().is_multiple_of(2) || digits.len() > 2 * RECORD_LEN {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate().take(digits.len() / 2) {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(Record(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let whole = "01".repeat(RECORD_LEN);
        let text = format!("# a comment\n\n{whole}  # a deposit\n02\n");
        let mut second = [0; RECORD_LEN];
        second[0] = 2;
        assert_eq!(read(&text), Ok(vec![Record([1; RECORD_LEN]), Record(second)]));
    }

    #[test]
    fn nonsense_is_named() {
        for text in ["xx", "0", &"00".repeat(RECORD_LEN + 1)] {
            let wrong = TextError::Line { line: 1, text: text.to_owned() };
            assert_eq!(read(text), Err(wrong));
        }
        assert_eq!(read("# nothing"), Err(TextError::Empty));
    }
}
