//! The journal as a file.
//!
//! The file is one JSON document, and it is also made of lines: the header, a line for each
//! entry, the footer. Reading is strict. A line has to be, byte for byte, what would be written
//! for the value it holds; so no byte is without meaning, and a changed one is either caught
//! here or changes a value, which the replay catches by its root. Where an error lies is told
//! by the line, so damage is reported where it is and not where it first shows.

use std::{io, sync::Arc};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use solana_hash::Hash;

use super::{
    Action, Entry, Journal, Log, ProgramRecord,
    error::{JournalError, Part, Problem},
    text,
};
use crate::genesis::Genesis;

const FORMAT: &str = "cofferdam-journal";
const VERSION: u32 = 1;
/// Opens the list of entries, in place of the brace that would end the header.
const HEADER_END: &[u8] = b",\"entries\":[";
const FOOTER_START: &[u8] = b"],\"footer\":";
const FOOTER_END: &[u8] = b"}";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
    count: usize,
    genesis: Genesis,
    programs: Vec<ProgramRecord>,
    #[serde(with = "text::root")]
    state_root: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<A> {
    index: usize,
    action: A,
    #[serde(with = "text::root")]
    state_root: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Footer {
    count: usize,
    #[serde(with = "text::root")]
    state_root: Hash,
}

impl Journal {
    /// The journal as the text of its file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut bytes = Vec::new();
        // Writing to memory does not fail, every transaction that ran fits the wire format, and
        // JSON is text.
        let _ = self.write(&mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Writes the journal's file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl io::Write) -> io::Result<()> {
        out.write_all(&header_line(&self.header())?)?;
        for (index, entry) in self.iter().enumerate() {
            out.write_all(b"\n")?;
            out.write_all(&entry_line(index, entry)?)?;
        }
        out.write_all(b"\n")?;
        let footer = Footer { count: self.len(), state_root: self.final_root };
        out.write_all(&footer_line(&footer)?)?;
        out.write_all(b"\n")
    }

    /// Reads a journal's file. That its roots are the true ones is checked by [`crate::replay`].
    ///
    /// # Errors
    /// [`JournalError`] with the first line that is not as it was written.
    pub fn from_json(text: &str) -> Result<Self, JournalError> {
        Self::from_bytes(text.as_bytes())
    }

    /// As [`Journal::from_json`], for bytes that need not be text.
    ///
    /// # Errors
    /// Those of [`Journal::from_json`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, JournalError> {
        let ended = bytes.strip_suffix(b"\n");
        let lines: Vec<&[u8]> = ended.unwrap_or(bytes).split(|byte| *byte == b'\n').collect();
        let header = read_header(lines[0])?;
        check_count(&header, &lines)?;
        let mut log = Log::default();
        for index in 0..header.count {
            log.push(read_entry(index, lines.get(index + 1).copied())?);
        }
        let footer = read_footer(&header, lines.get(header.count + 1).copied())?;
        if ended.is_none() {
            return Err(Part::Footer.error(Problem::NotCanonical));
        }
        if lines.len() > header.count + 2 {
            return Err(Part::Footer.error(Problem::Trailing));
        }
        Ok(Self {
            genesis: Arc::new(header.genesis),
            programs: header.programs.into(),
            genesis_root: header.state_root,
            log,
            final_root: footer.state_root,
        })
    }

    fn header(&self) -> Header {
        Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            count: self.len(),
            genesis: Genesis::clone(&self.genesis),
            programs: self.programs.to_vec(),
            state_root: self.genesis_root,
        }
    }
}

fn header_line(header: &Header) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(header)?;
    line.pop();
    line.extend_from_slice(HEADER_END);
    Ok(line)
}

fn entry_line(index: usize, entry: &Entry) -> io::Result<Vec<u8>> {
    // The comma stands in front, so that a line tells by itself whether it is the first.
    let mut line = if index == 0 { Vec::new() } else { vec![b','] };
    let Entry { action, state_root } = entry;
    serde_json::to_writer(&mut line, &Line { index, action, state_root: *state_root })?;
    Ok(line)
}

fn footer_line(footer: &Footer) -> io::Result<Vec<u8>> {
    let mut line = FOOTER_START.to_vec();
    serde_json::to_writer(&mut line, footer)?;
    line.extend_from_slice(FOOTER_END);
    Ok(line)
}

fn read_header(line: &[u8]) -> Result<Header, JournalError> {
    let damaged = || Part::Header.error(Problem::NotCanonical);
    let mut json = line.strip_suffix(HEADER_END).ok_or_else(damaged)?.to_vec();
    json.push(b'}');
    check_format(&json)?;
    let header: Header = parse(Part::Header, &json)?;
    check_canonical(Part::Header, line, header_line(&header))?;
    Ok(header)
}

/// Looks at format and version before anything else, because a file of another version may
/// well have another header.
fn check_format(json: &[u8]) -> Result<(), JournalError> {
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        version: u32,
    }
    let Kind { format, version } = parse(Part::Header, json)?;
    if format != FORMAT {
        return Err(Part::Header.error(Problem::Format(format)));
    }
    if version != VERSION {
        let problem = Problem::Version { found: version, known: VERSION };
        return Err(Part::Header.error(problem));
    }
    Ok(())
}

/// Finds out who is wrong when the header's count is not the number of lines: when the footer
/// agrees with the lines it is the header, otherwise a line was lost or added further down.
fn check_count(header: &Header, lines: &[&[u8]]) -> Result<(), JournalError> {
    let Some(found) = lines.len().checked_sub(2) else { return Ok(()) };
    if header.count == found {
        return Ok(());
    }
    match lines.last().and_then(|line| parse_footer(line).ok()) {
        Some(footer) if footer.count == found => {
            Err(Part::Header.error(Problem::Count { counted: header.count, found }))
        }
        _ => Ok(()),
    }
}

fn read_entry(index: usize, line: Option<&[u8]>) -> Result<Entry, JournalError> {
    let part = Part::Entry(index);
    let line = line.ok_or_else(|| part.error(Problem::Missing))?;
    let json = if index == 0 { Some(line) } else { line.strip_prefix(b",") };
    let json = json.ok_or_else(|| part.error(Problem::NotCanonical))?;
    let read: Line<Action> = parse(part, json)?;
    if read.index != index {
        return Err(part.error(Problem::Count { counted: read.index, found: index }));
    }
    let entry = Entry { action: read.action, state_root: read.state_root };
    check_canonical(part, line, entry_line(index, &entry))?;
    Ok(entry)
}

fn read_footer(header: &Header, line: Option<&[u8]>) -> Result<Footer, JournalError> {
    let line = line.ok_or_else(|| Part::Footer.error(Problem::Missing))?;
    let footer = parse_footer(line)?;
    if footer.count != header.count {
        let problem = Problem::Count { counted: footer.count, found: header.count };
        return Err(Part::Footer.error(problem));
    }
    Ok(footer)
}

fn parse_footer(line: &[u8]) -> Result<Footer, JournalError> {
    let json = line.strip_prefix(FOOTER_START).and_then(|line| line.strip_suffix(FOOTER_END));
    let json = json.ok_or_else(|| Part::Footer.error(Problem::NotCanonical))?;
    let footer: Footer = parse(Part::Footer, json)?;
    check_canonical(Part::Footer, line, footer_line(&footer))?;
    Ok(footer)
}

fn parse<T: DeserializeOwned>(part: Part, json: &[u8]) -> Result<T, JournalError> {
    serde_json::from_slice(json).map_err(|error| part.error(Problem::Damaged(error.to_string())))
}

fn check_canonical(
    part: Part,
    line: &[u8],
    written: io::Result<Vec<u8>>,
) -> Result<(), JournalError> {
    match written {
        Ok(written) if written == line => Ok(()),
        _ => Err(part.error(Problem::NotCanonical)),
    }
}
