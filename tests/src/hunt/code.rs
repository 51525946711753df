//! A path as a Rust test in the words of the client SDK.

use std::collections::BTreeMap;

use borsh::BorshDeserialize;
use cofferdam_host::Address;
use cofferdam_lending_interface::{ID, instruction::LendingInstruction};
use cofferdam_sdk::Instruction;

use super::{Chapter, Ground, Tale, call, ground::Start};
use crate::{
    target::Input,
    world::{Actor, Asset, PoolId, World},
};

/// What generated tests name.
pub use cofferdam_host::cpi::TOKEN_PROGRAM_ID;

/// Expressions for the addresses of a world.
#[derive(Clone, Debug)]
pub(super) struct Names(BTreeMap<Address, String>);

/// The text of a test that plays a path and checks every invariant after every step. It fails for
/// as long as the path breaks one. `name` becomes the test's, `comment` its first lines.
#[must_use]
pub fn test(ground: &Ground, tale: &Tale, name: &str, comment: &str) -> String {
    let world = ground.base().watch.world();
    let names = Names::of(world);
    let steps: String =
        tale.chapters.iter().zip(1..).map(|(c, number)| step(world, &names, c, number)).collect();
    let (mut start, build) = beginning(ground.start());
    if let Some(own) = ground.own() {
        start.push_str(&format!(".holding({own})"));
    }
    let used = if steps.contains("world.") { "world" } else { "_world" };
    format!(
        "{}\n\
         #![allow(unused_imports, reason = \"which names a path needs depends on the path\")]\n\n\
         use cofferdam_sdk::{{\n    Instruction, instruction as build,\n    \
         interface::{{instruction::Liquidate, units::{{Amount, Price, Shares}}}},\n}};\n\
         use cofferdam_tests::{{\n    action::Verb,\n    hunt::{{Checked, code::{{TOKEN_PROGRAM_ID, address, bytes, meta}}}},\n    \
         world::{{Actor::*, Asset::*, Options, PoolId::*, World}},\n}};\n\n\
         {build}#[test]\nfn {}() {{\n    let mut run = {start};\n    \
         let {used} = run.world().clone();\n{steps}    run.finish();\n}}\n",
        header(comment),
        identifier(name),
    )
}

/// The text of a test that gives a fuzz target its bytes, for what only the target judges.
#[must_use]
pub fn test_of_target(input: &Input, name: &str, comment: &str) -> String {
    let digits: String = input.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{}\nuse cofferdam_tests::{{hunt::code::bytes, target::{target}}};\n\n\
         #[test]\nfn {}() {{\n    let _end = {target}::run(&bytes(\n        \"{digits}\",\n    ));\n}}\n",
        header(comment),
        identifier(name),
        target = input.target.name(),
    )
}

/// The expression a test starts with, and a function for it where it needs one.
fn beginning(start: &Start) -> (String, String) {
    let body = match start {
        Start::Own(name) => return (format!("Checked::{name}()"), String::new()),
        Start::Built(expression) => expression.as_str(),
        Start::Unknown => "panic!(\"build the world of {options:?} that `Ground::of` was given\")",
    };
    let build =
        "/// The world that the path starts from.\nfn start(options: &Options) -> World {\n    ";
    ("Checked::of(start(&Options::default()))".into(), format!("{build}{body}\n}}\n\n"))
}

fn header(comment: &str) -> String {
    comment.lines().map(|line| format!("//! {line}\n")).collect()
}

fn identifier(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn step(world: &World, names: &Names, chapter: &Chapter, number: usize) -> String {
    let Chapter { label, end, outcome, seconds, .. } = chapter;
    let label = label.replace('\n', " ");
    let mut text = format!("\n    // {number}. {label}: {}\n", end.replace('\n', " "));
    if outcome.sent.is_empty() {
        if *seconds > 0 {
            text.push_str(&format!("    run.advance({seconds});\n"));
        }
        return text;
    }
    let actor = |address: &Address| world.actor(address).map(|actor| format!("{actor:?}"));
    let signers: Vec<String> = outcome.signers.iter().filter_map(actor).collect();
    let instructions = outcome.sent.iter().map(|instruction| {
        let code =
            call::readable(world, names, instruction).unwrap_or_else(|| raw(names, instruction));
        format!("        {code},\n")
    });
    let (signers, instructions) = (signers.join(", "), instructions.collect::<String>());
    text.push_str(&format!(
        "    let sent = vec![\n{instructions}    ];\n    \
         run.send(Verb::{:?}, &[{signers}], sent);\n",
        outcome.verb
    ));
    text
}

/// Account by account and byte by byte, for what no builder would build.
fn raw(names: &Names, instruction: &Instruction) -> String {
    let metas = instruction.accounts.iter().map(|account| {
        let flags = match (account.is_writable, account.is_signer) {
            (false, false) => "r",
            (true, false) => "w",
            (false, true) => "rs",
            (true, true) => "ws",
        };
        format!("                meta({}, \"{flags}\"),\n", names.get(&account.pubkey))
    });
    let decoded = LendingInstruction::try_from_slice(&instruction.data)
        .ok()
        .filter(|_| instruction.program_id == ID)
        .map(|decoded| format!("            // {decoded:?}\n"));
    let data: String = instruction.data.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "Instruction {{\n            program_id: {},\n            accounts: vec![\n{}            ],\n{}            data: bytes(\"{data}\"),\n        }}",
        names.get(&instruction.program_id),
        metas.collect::<String>(),
        decoded.unwrap_or_default(),
    )
}

impl Names {
    fn of(world: &World) -> Self {
        let mut names = BTreeMap::new();
        let mut put = |address, name: String| drop(names.insert(address, name));
        put(ID, "cofferdam_sdk::interface::ID".into());
        put(TOKEN_PROGRAM_ID, "TOKEN_PROGRAM_ID".into());
        for asset in Asset::ALL {
            put(world.mint(asset), format!("world.mint({asset:?})"));
            put(world.feed(asset), format!("world.feed({asset:?})"));
        }
        for actor in Actor::ALL {
            put(world.person(actor), format!("world.person({actor:?})"));
            for asset in Asset::ALL {
                put(world.wallet(actor, asset), format!("world.wallet({actor:?}, {asset:?})"));
            }
        }
        for pool in PoolId::ALL {
            put(world.pool(pool), format!("world.pool({pool:?})"));
            for asset in Asset::ALL {
                let keys = world.keys(pool, asset);
                put(keys.reserve, format!("world.keys({pool:?}, {asset:?}).reserve"));
                put(keys.vault, format!("world.keys({pool:?}, {asset:?}).vault"));
            }
            for owner in Actor::OWNERS {
                let position = world.position_address(pool, owner);
                put(position, format!("world.position_address({pool:?}, {owner:?})"));
            }
        }
        Self(names)
    }

    /// An expression for an address.
    pub(super) fn get(&self, address: &Address) -> String {
        self.0.get(address).cloned().unwrap_or_else(|| format!("address(\"{address}\")"))
    }
}

/// An address from its text.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn address(text: &str) -> Address {
    text.parse().expect("a generated test holds valid addresses")
}

/// Bytes from hexadecimal digits.
///
/// # Panics
/// When a pair of characters is no byte.
#[must_use]
pub fn bytes(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).expect("digits are ASCII");
        u8::from_str_radix(pair, 16).expect("a generated test holds hexadecimal digits")
    });
    pairs.collect()
}

/// An account of an instruction: `w` for writable, `s` for signing.
#[must_use]
pub fn meta(address: Address, flags: &str) -> solana_instruction::AccountMeta {
    solana_instruction::AccountMeta {
        pubkey: address,
        is_signer: flags.contains('s'),
        is_writable: flags.contains('w'),
    }
}
