//! The guides' console sessions, run line by line.
//!
//! In a block marked `console` a line that opens with `$ ` is run, and what follows it must be
//! what it prints. `COFFERDAM_WRITE_GUIDES=1 cargo test -p cofferdam-cli` writes what commands
//! print now into the guides instead; read the difference before you keep it.

use std::{fs, path::PathBuf};

use crate::{root, session::Session};

/// Pictures of the risk engineer's guide: name, and the section of the bold page it is from.
const PICTURES: [(&str, &str); 3] =
    [("price", "price-tkn-usdc"), ("losses", "losses"), ("payers", "bad-debt-tkn-usdc")];

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

/// What a person sees and keeps: the answer, and the one line of an error. Before it, progress
/// goes by.
fn printed(session: &Session, command: &str) -> Vec<String> {
    let output = session.run(command);
    let (said, error) = (output.stdout, String::from_utf8(output.stderr).unwrap());
    let error = error.lines().last().filter(|_| !output.status.success());
    let text = String::from_utf8(said).unwrap();
    text.trim_end().lines().chain(error).map(|line| lasting(line).trim_end().to_owned()).collect()
}

/// A line without the hash of a plan: it is of the program's file too, which every build has anew.
fn lasting(line: &str) -> &str {
    line.split_once(", plan ").map_or(line, |(before, _)| before)
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

#[test]
fn risk_engineer() {
    let session = Session::empty();
    fs::create_dir(session.path("scenarios")).unwrap();
    let scenario = "scenarios/new-listing.toml";
    fs::copy(root().join(scenario), session.path(scenario)).unwrap();
    check("risk-engineer.md", &session);
    let page = fs::read_to_string(session.path("out/bold/report.html")).unwrap();
    for (name, section) in PICTURES {
        picture(name, &from_page(&page, section));
    }
    picture("sweep", &fs::read_to_string(session.path("out/sweep/sweep-0.svg")).unwrap());
}

/// A picture beside the guide is the one that the commands draw.
fn picture(name: &str, drawn: &str) {
    let file = guide(&format!("risk-engineer-{name}.svg"));
    if std::env::var_os("COFFERDAM_WRITE_GUIDES").is_some() {
        fs::write(file, drawn).unwrap();
        return;
    }
    assert!(fs::read_to_string(&file).unwrap() == drawn, "{} is another picture", file.display());
}

/// The first picture of a section of a report, as a file of its own with the page's colours.
fn from_page(page: &str, section: &str) -> String {
    let (_, style) = page.split_once("<style>").unwrap();
    let (style, _) = style.split_once("</style>").unwrap();
    // What follows is for narrow pages and hides the broad picture.
    let (style, _) = style.split_once("@media (max-width").unwrap();
    let (_, after) = page.split_once(&format!("<section id=\"{section}\"")).unwrap();
    let (_, drawn) = after.split_once("<svg ").unwrap();
    let (drawn, _) = drawn.split_once("</svg>").unwrap();
    let open = "<svg xmlns=\"http://www.w3.org/2000/svg\" ";
    let style = format!("</title><style>{style} svg {{ background: var(--paper); }}</style>");
    format!("{open}{}</svg>\n", drawn.replacen("</title>", &style, 1))
}
