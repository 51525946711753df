//! Operations of 128 bits, and checked multiplications of words, become calls.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    arguments::split_label,
    text::{Applied, Argument, is_call, result, split_list},
};

/// Begins the names of the functions that do the work; the module that defines them is left alone.
const PREFIX: &str = "@cofferdam_w";

/// Where a call writes its result.
const SLOT: &str = "%wide.slot";

/// One operation.
enum Operation<'a> {
    /// Two wide operands, a wide result.
    Wide { function: String, left: &'a str, right: &'a str },
    /// A wide operand and how far to shift it.
    Shift { function: String, value: &'a str, by: &'a str },
    /// A multiplication that also tells whether it overflowed.
    Checked { function: String, kind: &'a str, left: &'a str, right: &'a str },
}

/// Rewrites every operation; and tells how many.
pub(super) fn as_calls(source: &str) -> Result<(String, usize), String> {
    let mut output = String::with_capacity(source.len() + source.len() / 8);
    let (mut count, mut used) = (0, BTreeSet::new());
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        writeln!(output, "{line}").map_err(|error| error.to_string())?;
        if !line.starts_with("define ") || line.contains(PREFIX) {
            continue;
        }
        let (mut text, before) = (String::new(), count);
        for line in lines.by_ref() {
            if line == "}" {
                break;
            }
            match operation(line) {
                Some((name, operation)) => {
                    count += 1;
                    used.insert(operation.function().to_owned());
                    text.push_str(&operation.call(name, count));
                }
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        let (label, rest) = split_label(&text);
        let slot = if count > before {
            format!("  {SLOT} = alloca i128, align 8\n")
        } else {
            String::new()
        };
        writeln!(output, "{label}{slot}{rest}}}").map_err(|error| error.to_string())?;
    }
    require_defined(&output, &used)?;
    Ok((output, count))
}

fn require_defined(output: &str, used: &BTreeSet<String>) -> Result<(), String> {
    for function in used {
        let defined = output.lines().any(|line| {
            line.starts_with("define ") && Applied::read(line).is_some_and(|it| it.name == function)
        });
        if !defined {
            return Err(format!(
                "the module needs {function}, which programs/solana/src/wide.rs should define"
            ));
        }
    }
    Ok(())
}

/// The name of a line's result, and the operation, if it is one to rewrite.
fn operation(line: &str) -> Option<(&str, Operation<'_>)> {
    let (name, text) = line.trim_start().split_once(" = ")?;
    if is_call(line) {
        return checked(line).map(|operation| (name, operation));
    }
    let (verb, rest) = text.split_once(' ')?;
    let (_, operands) = rest.split_once("i128 ")?;
    let flags = &rest[..rest.len() - operands.len() - "i128 ".len()];
    if !flags.split_whitespace().all(|flag| ["nuw", "nsw", "exact"].contains(&flag)) {
        return None;
    }
    let operands = split_list(operands);
    let (left, right) = (*operands.first()?, *operands.get(1)?);
    let function = format!("{PREFIX}ide_{verb}");
    match verb {
        "mul" | "udiv" | "urem" | "sdiv" | "srem" => {
            Some((name, Operation::Wide { function, left, right }))
        }
        // The back end shifts by a constant itself.
        "shl" | "lshr" | "ashr" if right.parse::<u32>().is_err() => {
            Some((name, Operation::Shift { function, value: left, by: right }))
        }
        _ => None,
    }
}

/// `call { iN, i1 } @llvm.umul.with.overflow.iN(iN a, iN b)`, for words and wide numbers.
fn checked(line: &str) -> Option<Operation<'_>> {
    let call = Applied::read(line)?;
    let (sign, kind) = match call.name {
        "@llvm.umul.with.overflow.i128" => ("u", "ide"),
        "@llvm.smul.with.overflow.i128" => ("s", "ide"),
        "@llvm.umul.with.overflow.i64" => ("u", "ord"),
        "@llvm.smul.with.overflow.i64" => ("s", "ord"),
        _ => return None,
    };
    debug_assert!(result(line).contains(" = "), "a result that nobody uses");
    let arguments = split_list(call.list);
    let (left, right) = (Argument::read(arguments.first()?), Argument::read(arguments.get(1)?));
    let function = format!("{PREFIX}{kind}_{sign}mulo");
    Some(Operation::Checked { function, kind: left.kind, left: left.value, right: right.value })
}

impl Operation<'_> {
    fn function(&self) -> &str {
        match self {
            Self::Wide { function, .. }
            | Self::Shift { function, .. }
            | Self::Checked { function, .. } => function,
        }
    }

    /// The lines that put the result into `name`.
    fn call(&self, name: &str, number: usize) -> String {
        let at = format!("%wide.{number}");
        match self {
            Self::Wide { function, left, right } => {
                let operands = words(&at, "a", left) + &words(&at, "b", right);
                let list = format!("i64 {at}.a0, i64 {at}.a1, i64 {at}.b0, i64 {at}.b1");
                format!(
                    "{operands}  call void {function}(ptr {SLOT}, {list})\n  \
                     {name} = load i128, ptr {SLOT}, align 8\n"
                )
            }
            Self::Shift { function, value, by } => {
                let operands = words(&at, "a", value);
                format!(
                    "{operands}  {at}.by = trunc i128 {by} to i64\n  \
                     call void {function}(ptr {SLOT}, i64 {at}.a0, i64 {at}.a1, i64 {at}.by)\n  \
                     {name} = load i128, ptr {SLOT}, align 8\n"
                )
            }
            Self::Checked { function, kind, left, right } => {
                let (operands, list) = if *kind == "i128" {
                    (
                        words(&at, "a", left) + &words(&at, "b", right),
                        format!("i64 {at}.a0, i64 {at}.a1, i64 {at}.b0, i64 {at}.b1"),
                    )
                } else {
                    (String::new(), format!("i64 {left}, i64 {right}"))
                };
                format!(
                    "{operands}  {at}.flag = call i64 {function}(ptr {SLOT}, {list})\n  \
                     {at}.value = load {kind}, ptr {SLOT}, align 8\n  \
                     {at}.over = trunc i64 {at}.flag to i1\n  \
                     {at}.half = insertvalue {{ {kind}, i1 }} poison, {kind} {at}.value, 0\n  \
                     {name} = insertvalue {{ {kind}, i1 }} {at}.half, i1 {at}.over, 1\n"
                )
            }
        }
    }
}

/// Takes a wide value apart: `AT.WHICH0` and `AT.WHICH1`.
fn words(at: &str, which: &str, value: &str) -> String {
    format!(
        "  {at}.{which}0 = trunc i128 {value} to i64\n  \
         {at}.{which}s = lshr i128 {value}, 64\n  \
         {at}.{which}1 = trunc i128 {at}.{which}s to i64\n"
    )
}
