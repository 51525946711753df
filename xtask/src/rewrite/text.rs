//! Reading LLVM's textual form: just enough of it.

/// Splits at the commas that stand in no bracket and no quotes.
pub(super) fn split_list(list: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start, mut parts) = (0_usize, false, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = list[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

/// Where the bracket that opens at `open` closes.
pub(super) fn closing(text: &str, open: usize) -> Option<usize> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, letter) in text[open..].char_indices() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => {
                depth -= 1;
                if depth == 0 {
                    return Some(open + at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The first word, where a bracketed type is one word, and the rest.
fn first_word(text: &str) -> (&str, &str) {
    let end = match text.chars().next() {
        Some('{' | '[' | '<') => closing(text, 0).map_or(text.len(), |at| at + 1),
        _ => {
            let end = text.find([' ', '(']).unwrap_or(text.len());
            // An attribute's bracket belongs to it.
            if text[end..].starts_with('(') {
                closing(text, end).map_or(text.len(), |at| at + 1)
            } else {
                end
            }
        }
    };
    (&text[..end], text[end..].trim_start())
}

/// Words that may stand between the type of an argument and its value.
const ATTRIBUTES: [&str; 18] = [
    "noundef",
    "nonnull",
    "noalias",
    "readonly",
    "writeonly",
    "readnone",
    "nocapture",
    "zeroext",
    "signext",
    "inreg",
    "returned",
    "dead_on_unwind",
    "writable",
    "immarg",
    "nofree",
    "dead_on_return",
    "allocalign",
    "allocptr",
];

/// Attributes with an argument in brackets.
const BRACKETED: [&str; 8] = [
    "dereferenceable(",
    "dereferenceable_or_null(",
    "captures(",
    "range(",
    "initializes(",
    "sret(",
    "byval(",
    "nofpclass(",
];

/// An argument: its type and its value, or a parameter: its type and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Argument<'a> {
    pub(super) kind: &'a str,
    pub(super) value: &'a str,
}

impl<'a> Argument<'a> {
    /// Reads `TYPE ATTRIBUTES VALUE`.
    pub(super) fn read(text: &'a str) -> Self {
        let (kind, mut rest) = first_word(text);
        loop {
            let (word, after) = first_word(rest);
            if ATTRIBUTES.contains(&word) || BRACKETED.iter().any(|open| word.starts_with(open)) {
                rest = after;
            } else if word == "align" {
                rest = first_word(after).1;
            } else {
                return Self { kind, value: rest };
            }
        }
    }

    /// Registers it takes.
    pub(super) fn words(self) -> usize {
        if self.kind == "i128" { 2 } else { 1 }
    }
}

/// `…@NAME(LIST)…`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Applied<'a> {
    /// Everything before the name.
    pub(super) head: &'a str,
    /// The name with its `@`.
    pub(super) name: &'a str,
    /// What stands in the brackets.
    pub(super) list: &'a str,
    /// Everything after them.
    pub(super) tail: &'a str,
}

impl<'a> Applied<'a> {
    /// Reads the first name of a line that has arguments.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let at = line.find('@')?;
        let len = name_len(&line[at..])?;
        let open = at + len;
        if !line[open..].starts_with('(') {
            return None;
        }
        let close = closing(line, open)?;
        let (head, name) = (&line[..at], &line[at..open]);
        Some(Self { head, name, list: &line[open + 1..close], tail: &line[close + 1..] })
    }
}

/// Length of a name, with its `@` and its quotes if it has any.
pub(super) fn name_len(text: &str) -> Option<usize> {
    let name = text.strip_prefix('@')?;
    if let Some(quoted) = name.strip_prefix('"') {
        return quoted.find('"').map(|end| end + 3);
    }
    let end = name.find(|letter: char| !(letter.is_alphanumeric() || "$._-".contains(letter)));
    Some(1 + end.unwrap_or(name.len()))
}

/// Whether a line is a call, and not a definition or a declaration.
pub(super) fn is_call(line: &str) -> bool {
    let text = line.trim_start();
    let text =
        if text.starts_with('%') { text.split_once(" = ").map_or("", |(_, it)| it) } else { text };
    ["call ", "tail call ", "notail call "].iter().any(|word| text.starts_with(word))
}

/// What stands before the result of a call's line: its indent and `%name = `.
pub(super) fn result(line: &str) -> &str {
    match line.find("call ") {
        Some(at) => {
            let head = &line[..at];
            let head = head.strip_suffix("notail ").unwrap_or(head);
            head.strip_suffix("tail ").unwrap_or(head)
        }
        None => "",
    }
}
