//! What must hold for a path to have the same bits on every machine, and what the page on prices
//! says.

use std::fs;
use std::path::{Path, PathBuf};

use cofferdam_stress::scenario;

use crate::fixture::TEXT;

/// Methods of floating-point numbers that the standard library hands to the platform.
const PLATFORM: [&str; 22] = [
    ".exp()",
    ".exp2()",
    ".exp_m1()",
    ".ln()",
    ".ln_1p()",
    ".log(",
    ".log2()",
    ".log10()",
    ".powf(",
    ".powi(",
    ".sin()",
    ".cos()",
    ".tan()",
    ".sin_cos()",
    ".asin()",
    ".acos()",
    ".atan()",
    ".atan2(",
    ".sinh()",
    ".cosh()",
    ".tanh()",
    ".hypot(",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_price_depends_on_the_platforms_functions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for folder in ["prices", "math", "scenario", "statistics"] {
        sources(&root.join(folder), &mut files);
    }
    assert!(files.len() > 30, "{} files", files.len());
    for file in files {
        let text = fs::read_to_string(&file).expect("a source is text");
        for method in PLATFORM {
            assert!(!text.contains(method), "{} calls {method}", file.display());
        }
    }
}

/// The shipped scenario takes each example of the page where it belongs.
#[test]
fn every_example_of_the_page_on_prices_is_a_scenario() {
    const PAGE: &str = include_str!("../../../docs/PRICES.md");
    const DAI: &str = "price = { kind = \"constant\", value = \"1.00\" }";
    const ROOT: &str = "prices_asset = \"ETH\"";
    let random = "price = { process = \"kou\", opening = \"1\", volatility = \"0.6\", jumps_per_year = \"40\", up_probability = \"0.3\", up_mean = \"0.05\", down_mean = \"0.10\" }";
    let mut examples = 0;
    for example in PAGE.split("```toml\n").skip(1) {
        let example = example.split("```").next().expect("an example ends").trim_end();
        let text = if example.starts_with("price = ") {
            // The pool lends what is worth a dollar, so an example's 200 is too much or too little.
            TEXT.replacen(
                DAI,
                &example.replace("\"200\"", "\"1\"").replace("\"120\"", "\"0.6\""),
                1,
            )
        } else {
            let both = TEXT.replacen(DAI, random, 1).replacen(DAI, random, 1);
            both.replacen(ROOT, &format!("{ROOT}\n{example}"), 1)
        };
        scenario::parse("s.toml", &text).unwrap_or_else(|error| panic!("{error}: {example}"));
        examples += 1;
    }
    assert_eq!(examples, 8);
}
