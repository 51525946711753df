//! Functions with more arguments than the machine has registers for take them in memory.
//!
//! The caller writes them into a frame of words on its own stack and hands over the address. The
//! callee reads all of them before it does anything else, so one frame serves every call of a
//! caller.

use std::{collections::BTreeMap, fmt::Write as _};

use super::text::{Applied, Argument, is_call, name_len, result, split_list};

/// Arguments, in words, that go in registers.
const REGISTERS: usize = 5;

/// Rewrites definitions and calls; and tells how many definitions.
pub(super) fn in_memory(source: &str) -> Result<(String, usize), String> {
    let crowded = crowded(source);
    let mut output = String::with_capacity(source.len() + source.len() / 8);
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.starts_with("define ") {
            require_no_use(line, &crowded)?;
            writeln!(output, "{line}").map_err(|error| error.to_string())?;
            continue;
        }
        let mut body = Vec::new();
        for line in lines.by_ref() {
            if line == "}" {
                break;
            }
            body.push(line);
        }
        definition(&mut output, line, &body, &crowded)?;
    }
    Ok((output, crowded.len()))
}

/// Names of the functions with too many arguments, and how many words those are.
fn crowded(source: &str) -> BTreeMap<&str, usize> {
    let definitions = source.lines().filter(|line| line.starts_with("define "));
    let applied = definitions.filter_map(Applied::read);
    let counted = applied.map(|it| (it.name, words(it.list)));
    counted.filter(|(_, words)| *words > REGISTERS).collect()
}

fn words(list: &str) -> usize {
    split_list(list).into_iter().map(|argument| Argument::read(argument).words()).sum()
}

fn definition(
    output: &mut String,
    head: &str,
    body: &[&str],
    crowded: &BTreeMap<&str, usize>,
) -> Result<(), String> {
    let mut entry = String::new();
    let applied = Applied::read(head).ok_or_else(|| format!("no function in `{head}`"))?;
    let mut head = head.to_owned();
    if crowded.contains_key(applied.name) {
        head = format!("{}{}(ptr %in.memory){}", applied.head, applied.name, applied.tail);
        entry = loads(applied.list);
    }
    let mut most = 0;
    let mut text = String::new();
    for line in body {
        match Applied::read(line).filter(|it| is_call(line) && crowded.contains_key(it.name)) {
            Some(call) => {
                most = most.max(words(call.list));
                text.push_str(&stores(line, call));
            }
            None => {
                require_no_use(line, crowded)?;
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    if most > 0 {
        entry = format!("{}{entry}", frame(most));
    }
    let (label, rest) = split_label(&text);
    writeln!(output, "{head}\n{label}{entry}{rest}}}").map_err(|error| error.to_string())
}

/// The entry block's label, and what follows it.
pub(super) fn split_label(body: &str) -> (&str, &str) {
    let end = body.find('\n').map_or(body.len(), |at| at + 1);
    if body[..end].split(';').next().is_some_and(|line| line.trim_end().ends_with(':')) {
        body.split_at(end)
    } else {
        ("", body)
    }
}

/// A caller's frame of so many words and the places in it.
fn frame(words: usize) -> String {
    let mut text = format!("  %out.memory = alloca [{words} x i64], align 8\n");
    for at in 0..words {
        text += &format!("  %out.{at} = getelementptr i64, ptr %out.memory, i64 {at}\n");
    }
    text
}

/// Reads every parameter from memory.
fn loads(list: &str) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for argument in split_list(list).into_iter().map(Argument::read) {
        let Argument { kind, value } = argument;
        let place = format!("%in.{at}");
        text += &format!("  {place} = getelementptr i64, ptr %in.memory, i64 {at}\n");
        text += &format!("  {value} = load {kind}, ptr {place}, align 8\n");
        at += argument.words();
    }
    text
}

/// Writes every argument to memory and calls with its address.
fn stores(line: &str, call: Applied<'_>) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for argument in split_list(call.list).into_iter().map(Argument::read) {
        let Argument { kind, value } = argument;
        text += &format!("  store {kind} {value}, ptr %out.{at}, align 8\n");
        at += argument.words();
    }
    let result = result(line);
    let kind = call.head[result.len()..].trim_start_matches("notail ").trim_start_matches("tail ");
    text + &format!("{result}{kind}{}(ptr %out.memory){}\n", call.name, call.tail)
}

/// A crowded function whose address is taken would be called with arguments that it does not read.
fn require_no_use(line: &str, crowded: &BTreeMap<&str, usize>) -> Result<(), String> {
    let names = line
        .match_indices('@')
        .filter_map(|(at, _)| name_len(&line[at..]).map(|len| &line[at..at + len]));
    match names.into_iter().find(|name| crowded.contains_key(name)) {
        None => Ok(()),
        Some(name) => {
            Err(format!("the address of {name} is taken, so its arguments must stay: {line}"))
        }
    }
}
