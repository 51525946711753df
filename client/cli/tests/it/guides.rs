//! The guides' console sessions, run line by line.
//!
//! In a block marked `console` a line that opens with `$ ` is run, and what follows it must be
//! what it prints. `COFFERDAM_WRITE_GUIDES=1 cargo test -p cofferdam-cli` writes what commands
//! print now into the guides instead; read the difference before you keep it.

use std::{fs, path::PathBuf};

use crate::{root, session::Session};

/// The first guide up to this line makes the pool that the others start from.
const POOL_IS_READY: &str = "## Borrow";

fn guide(name: &str) -> PathBuf {
    root().join("docs/guides").join(name)
}

/// Runs the session of a guide and returns the text with what the commands print now.
fn played(session: &Session, text: &str) -> (String, usize) {
    let (mut out, mut in_block, mut ran) = (Vec::new(), false, 0);
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = line == "```console";
        }
        let command = line.strip_prefix("$ cofferdam ").filter(|_| in_block);
        match command {
            Some(command) => {
                ran += 1;
                out.push(line.to_owned());
                out.extend(printed(session, command));
            }
            // Inside a block everything but commands is output, which was just written.
            None if in_block && line != "```console" => {}
            None => out.push(line.to_owned()),
        }
    }
    (out.join("\n") + "\n", ran)
}

/// What a person sees: the answer, or the one line of an error.
fn printed(session: &Session, command: &str) -> Vec<String> {
    let output = session.run(command);
    let shown = if output.status.success() { output.stdout } else { output.stderr };
    let text = String::from_utf8(shown).unwrap();
    text.trim_end().lines().map(str::to_owned).collect()
}

fn check(name: &str, session: &Session) {
    let text = fs::read_to_string(guide(name)).unwrap();
    let (now, ran) = played(session, &text);
    assert!(ran > 0, "{name} has no session");
    if std::env::var_os("COFFERDAM_WRITE_GUIDES").is_some() {
        fs::write(guide(name), now).unwrap();
        return;
    }
    for (number, (told, real)) in text.lines().zip(now.lines()).enumerate() {
        assert_eq!(told, real, "{name}:{}", number + 1);
    }
    assert_eq!(text.lines().count(), now.lines().count(), "{name}");
}

/// The pool of the first guide, before anybody borrows.
fn pool() -> Session {
    let session = Session::empty();
    let text = fs::read_to_string(guide("first-ten-minutes.md")).unwrap();
    let (setup, _) = text.split_once(POOL_IS_READY).unwrap();
    let (_, ran) = played(&session, setup);
    assert!(ran > 10, "the setup is gone from the first guide");
    session
}

#[test]
fn first_ten_minutes() {
    check("first-ten-minutes.md", &Session::empty());
}

#[test]
fn user() {
    check("user.md", &pool());
}

#[test]
fn liquidator() {
    check("liquidator.md", &pool());
}
