//! Every verb explains itself.

use crate::session::Session;

/// Names below `Commands:` in a help text.
fn verbs(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_verb_has_an_example_of_itself() {
    let session = Session::empty();
    let mut open = vec![String::new()];
    let mut leaves = 0;
    while let Some(path) = open.pop() {
        let help = session.ok(&format!("{path} --help"));
        let below = verbs(&help);
        if !path.is_empty() {
            let example = format!("Example: cofferdam{path}");
            assert!(help.contains(&example), "{path}: no line `{example}` in\n{help}");
        }
        leaves += usize::from(below.is_empty());
        open.extend(below.into_iter().map(|verb| format!("{path} {verb}")));
    }
    assert!(leaves == 70, "{leaves} verbs");
}

#[test]
fn exit_codes_are_in_the_help() {
    assert!(Session::empty().ok("--help").contains("Exit codes: 0 when all went well; 1 when"));
}

#[test]
fn completions_know_the_verbs() {
    let session = Session::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = session.ok(&format!("completions {shell}"));
        assert!(script.contains("liquidate") && script.contains("insurance"), "{shell}");
    }
}
