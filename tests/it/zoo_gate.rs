//! A build without `--cfg zoo` has no planted bug: nothing but the macro and the `cfg` leads to
//! one, and the macro leaves the clean code alone.

use std::{fs, path::Path};

/// What only a build with `--cfg zoo` compiles.
const ZOO_FILES: [&str; 4] = ["zoo.rs", "zoo/mod.rs", "zoo/plants.rs", "planted.rs"];

/// In a normal build what is planted is not even compiled: nothing of this exists.
#[cfg(not(zoo))]
#[test]
fn the_macro_leaves_the_clean_code_alone() {
    use cofferdam_lending_interface::zoo;

    let clean = zoo!(7; NoSuchBug => no_such_function(), NorThisOne => no_such_value);
    zoo!(NoSuchBug => no_such_function());
    assert_eq!(clean, 7);
}

/// In this one it is, and works inside the program only.
#[cfg(zoo)]
#[test]
fn a_plant_works_inside_the_program_only() {
    use cofferdam_lending_interface::zoo::{self, Bug, Reach, Running};

    zoo::plant_here(Some(Bug::FirstOut));
    assert!(!zoo::is(Bug::FirstOut));
    {
        let _running = Running::begin();
        assert!(zoo::is(Bug::FirstOut) && !zoo::is(Bug::StalePriceOk));
    }
    assert!(!zoo::is(Bug::FirstOut));
    zoo::set_reach(Reach::Everybody);
    assert!(zoo::is(Bug::FirstOut));
    zoo::set_reach(Reach::Program);
    zoo::plant_here(None);
}

fn visit(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            visit(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source is text");
            found.push((path.display().to_string(), text));
        }
    }
}

/// A source without its comments, the arguments of `zoo!`, what follows a `#[cfg(zoo)]` up to the
/// end of its item, and the imports of the macro.
fn without_gated(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    let mut rest = lines.collect::<Vec<_>>().join("\n");
    while let Some(start) = rest.find("zoo!(") {
        let end = start + closing(&rest[start..], ('(', ')'));
        rest.replace_range(start..end, "");
    }
    while let Some(start) = rest.find("#[cfg(zoo)]") {
        let item = &rest[start..];
        let (semicolon, brace) = (item.find(';'), item.find('{'));
        let end = match (semicolon, brace) {
            (Some(semicolon), Some(brace)) if brace < semicolon => closing(item, ('{', '}')),
            (Some(semicolon), _) => semicolon + 1,
            _ => item.len(),
        };
        rest.replace_range(start..start + end, "");
    }
    ["    zoo,\n", ", zoo,", ", zoo}"].iter().fold(rest, |rest, import| rest.replace(import, ""))
}

/// Length of `text` up to and with the bracket that closes its first one.
fn closing(text: &str, (open, close): (char, char)) -> usize {
    let mut depth = 0_usize;
    for (place, letter) in text.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
            if depth == 0 {
                return place + close.len_utf8();
            }
        }
    }
    panic!("a bracket is not closed: {text}");
}

#[test]
fn nothing_else_leads_to_a_plant() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    let mut sources = Vec::new();
    visit(&programs, &mut sources);
    let own = |path: &str| ZOO_FILES.iter().any(|file| path.ends_with(file));
    let mut plants = 0;
    for (path, text) in sources.iter().filter(|(path, _)| !own(path)) {
        plants += text.matches("zoo!(").count();
        let left = without_gated(text);
        assert!(!left.contains("zoo"), "{path} names the zoo outside of its gate:\n{left}");
    }
    assert!(plants > 60, "{plants} plants were found: this test reads the wrong folder");
}

/// No feature turns the plants on: features are switched on by whoever depends on a crate.
#[test]
fn no_feature_plants_anything() {
    for manifest in ["lending/Cargo.toml", "lending-interface/Cargo.toml", "host/Cargo.toml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs").join(manifest);
        let text = fs::read_to_string(path).expect("the manifest exists");
        assert!(!text.contains("zoo"), "{manifest}");
    }
}
