//! The page of many paths: well-formed, complete, and readable on a desk and on a phone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cofferdam_stress::engine::{Mode, Prepared};
use cofferdam_stress::outcome::PathOutcome;
use cofferdam_stress::report::monte_carlo::{MonteCarlo, PolicyLosses, Verdict};
use cofferdam_stress::report::{monte_carlo, svg::HeatMap};
use cofferdam_stress::scenario::Scenario;
use cofferdam_stress::validate::{Check, Row};
use roxmltree::{Document, Node, ParsingOptions};

use crate::fixture::TEXT;
use crate::fixture_paths::{PATHS, paths, scenario};

struct Extras {
    verdicts: Vec<Verdict>,
    sweeps: Vec<HeatMap>,
    policies: Vec<PolicyLosses>,
    validation: Vec<Row>,
}

fn extras() -> Extras {
    let verdict = |figure: &str, wanted: &str, found: &str, holds| Verdict {
        figure: figure.into(),
        wanted: wanted.into(),
        found: found.into(),
        holds,
    };
    let row = |id: &str, figure: &str, check| Row {
        id: id.into(),
        figure: figure.into(),
        expected: 0.008_669_42,
        measured: 0.008_660_51,
        check,
        runs: 100_000,
    };
    Extras {
        verdicts: vec![
            verdict("bad_debt.p95", "<= 2 %", "3.41 %", false),
            verdict("insurance.exhausted", "<= 50 %", "31.2 %", true),
        ],
        sweeps: vec![sweep()],
        policies: vec![
            PolicyLosses::of("waterfall", &paths(40)),
            PolicyLosses::of("haircut", &paths(50)),
        ],
        validation: vec![
            row("A1", "delay put", Check::Sampled { standard_error: 9.3e-6, form_error: 0.0 }),
            row("A7", "break-even", Check::Exact { bound: 1e-9 }),
        ],
    }
}

fn sweep() -> HeatMap {
    let levels = |levels: &[&str]| levels.iter().map(|level| (*level).to_owned()).collect();
    let cell = |row: i32, column: i32| {
        let value = f64::from((row * column - 2).max(0)) / 4.0;
        (value, format!("{value:.2} %"))
    };
    HeatMap {
        title: "Expected shortfall 95 % of bad debt, share of supply".into(),
        rows_name: "collateral factor".into(),
        rows: levels(&["65 %", "70 %", "75 %", "80 %", "85 %"]),
        columns_name: "volatility".into(),
        columns: levels(&["60 %", "80 %", "100 %", "120 %", "160 %", "200 %"]),
        cells: (0..5).map(|row| (0..6).map(|column| cell(row, column)).collect()).collect(),
    }
}

fn page_of(scenario: &Scenario, paths: &[PathOutcome], extras: &Extras, text: &str) -> String {
    monte_carlo(&MonteCarlo {
        scenario,
        scenario_text: text,
        paths,
        facts: &[("Plan", "7f".repeat(32)), ("Speed", "exact".into())],
        verdicts: &extras.verdicts,
        sweeps: &extras.sweeps,
        policies: &extras.policies,
        validation: &extras.validation,
    })
}

fn page() -> String {
    page_of(&scenario(), &paths(PATHS), &extras(), TEXT)
}

/// Parses a page as XML, which HTML need not be but these pages are: every tag is closed, every
/// attribute quoted, every special character escaped.
fn parse(page: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(page, options).unwrap()
}

fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter_map(|node| node.text()).collect()
}

#[test]
fn the_page_is_well_formed_and_asks_the_network_for_nothing() {
    let page = page();
    let document = parse(&page);
    for node in document.descendants().filter(Node::is_element) {
        assert!(!["script", "link", "img", "iframe"].contains(&node.tag_name().name()));
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!["src", "href", "srcset"].contains(&name), "{name}");
            assert!(!value.contains("://") && !value.contains("url("), "{name}={value}");
        }
    }
    assert!(!page.contains("@import") && !page.contains("http:") && !page.contains("https:"));
    assert!(page.len() < 600_000, "{} bytes", page.len());
}

#[test]
fn the_page_has_every_figure() {
    let page = page();
    let document = parse(&page);
    let classes = ["price", "bad-debt", "queue", "insurance-path", "health", "profit", "heat-map"];
    let sections = |name: &str| {
        let of_class = |node: &Node<'_, '_>| {
            node.attribute("class").is_some_and(|class| class.split(' ').any(|own| own == name))
        };
        document.descendants().filter(|node| node.tag_name().name() == "section").find(of_class)
    };
    for class in classes {
        let section = sections(class).unwrap_or_else(|| panic!("no figure `{class}`"));
        let drawn = section.descendants().filter(|node| node.tag_name().name() == "svg");
        let drawn: Vec<_> = drawn.filter_map(|svg| svg.attribute("class")).collect();
        assert!(drawn.contains(&"wide") && drawn.contains(&"narrow"), "{class}: {drawn:?}");
    }
    for id in ["who-paid", "losses", "verdicts", "isolation", "policies", "validation", "run"] {
        let found = document.descendants().find(|node| node.attribute("id") == Some(id));
        let found = found.unwrap_or_else(|| panic!("no section `{id}`"));
        assert!(text_of(found).len() > 60, "{id} is empty");
    }
    assert!(page.contains("-0.96 standard errors") && page.contains("does not agree"));
    let marks = ["mark-var-95", "mark-var-99", "mark-es-95", "mark-es-99"];
    for mark in marks {
        assert!(page.contains(&format!("<path class=\"{mark}\"")), "no {mark}");
        assert!(page.contains(&format!("<rect class=\"{mark} between\"")), "no interval of {mark}");
    }
    // A wide and a narrow one of eight charts: the pool that stayed dry has none of its own.
    assert_eq!(page.matches("<svg class=\"wide\"").count(), 10);
    assert_eq!(page.matches("<svg class=\"narrow\"").count(), 10);
}

#[test]
fn the_figures_are_those_of_the_paths() {
    let (scenario, paths) = (scenario(), paths(PATHS));
    let page = page_of(&scenario, &paths, &extras(), TEXT);
    let document = parse(&page);
    let total: u128 = paths.iter().map(PathOutcome::bad_debt).sum();
    let mean = total as f64 / paths.len() as f64 / 1e6;
    let lead = document.descendants().find(|node| node.attribute("id") == Some("who-paid"));
    let lead = text_of(lead.unwrap()).replace([',', '$'], "");
    assert!(lead.contains(&format!("{mean:.0}")), "{mean} in {lead}");
    let mut losses: Vec<_> = paths.iter().map(PathOutcome::bad_debt).collect();
    losses.sort_unstable();
    let var = losses[paths.len() * 95 / 100 - 1] as f64 / 1e6;
    let section = document.descendants().find(|node| node.attribute("id") == Some("losses"));
    let section = text_of(section.unwrap()).replace(',', "");
    assert!(section.contains(&format!("VaR 95 %${var:.0}")), "{var} in {section}");
    let exhausted = paths.iter().filter(|path| path.pools[0].exhausted_s.is_some()).count();
    let share = exhausted as f64 / paths.len() as f64 * 100.0;
    assert!(page.contains(&format!("probability <strong>{share:.1} %")), "{share}");
}

#[test]
fn a_pool_that_was_touched_is_an_alarm() {
    let (scenario, mut paths) = (scenario(), paths(20));
    let calm = page_of(&scenario, &paths, &extras(), TEXT);
    assert!(calm.contains("20 of 20</td>"));
    assert!(!calm.contains("<span class=\"alarm\">broken</span>"));
    paths[7].pools[1].untouched = false;
    let page = page_of(&scenario, &paths, &extras(), TEXT);
    assert!(page.contains("19 of 20</td>"));
    assert!(page.contains("<span class=\"alarm\">broken</span>"));
}

#[test]
fn paths_without_losses_and_no_paths_have_a_page() {
    let (scenario, mut paths) = (scenario(), paths(4));
    let none = Extras {
        verdicts: Vec::new(),
        sweeps: Vec::new(),
        policies: Vec::new(),
        validation: Vec::new(),
    };
    assert!(page_of(&scenario, &[], &none, TEXT).contains("there is nothing to say"));
    for path in &mut paths {
        path.pools.iter_mut().for_each(|pool| pool.bad_debt = Default::default());
    }
    let page = page_of(&scenario, &paths, &none, TEXT);
    assert!(page.contains("nobody had to pay"));
    parse(&page);
}

#[test]
fn hostile_text_stays_text() {
    let hostile = "</pre><script>alert('x')</script>&\"";
    let (mut scenario, mut extras) = (scenario(), extras());
    scenario.name = hostile.into();
    scenario.description = hostile.into();
    scenario.sources = vec![hostile.into()];
    scenario.pools.iter_mut().for_each(|pool| pool.name = hostile.into());
    extras.verdicts[0] = Verdict {
        figure: hostile.into(),
        wanted: hostile.into(),
        found: hostile.into(),
        holds: true,
    };
    extras.policies[0].policy = hostile.into();
    extras.policies[0].payers[0].0 = hostile.into();
    extras.sweeps[0].title = hostile.into();
    extras.sweeps[0].rows[0] = hostile.into();
    extras.validation[0].figure = hostile.into();
    let page = page_of(&scenario, &paths(8), &extras, hostile);
    assert!(!page.contains("<script") && !page.contains("alert('x')"));
    parse(&page);
}

#[test]
fn the_page_fits_a_desk_and_a_phone() {
    let Some(browser) = browser() else {
        println!("skipped: no chromium");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let folder =
        std::env::var_os("COFFERDAM_SHOTS").map_or(folder.path().to_owned(), PathBuf::from);
    let page = page();
    for width in [1_280, 400] {
        let file = framed(&folder, &page, width);
        let shot = folder.join(format!("{width}.png"));
        let mut draw = command(&browser, &folder, width);
        draw.arg(format!("--screenshot={}", shot.display()));
        let output = draw.arg(format!("file://{}", file.display())).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        let shot = fs::read(&shot).unwrap_or_else(|_| panic!("no screenshot: {error}"));
        // A page that is not drawn is a white sheet of some ten kilobytes.
        assert!(shot.starts_with(b"\x89PNG") && shot.len() > 60_000, "{} bytes", shot.len());
        let [inner, widest] = measure(&browser, &folder, &file, width);
        assert_eq!((inner, widest), (width, width), "the page is wider than the window");
    }
}

/// A browser that can draw the page, if there is one.
fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|at| at.join(name)).find(|at| at.is_file()))
}

fn command(browser: &Path, folder: &Path, width: u32) -> Command {
    let mut command = Command::new(browser);
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ];
    command.args(flags);
    command.arg(format!("--user-data-dir={}", folder.join(format!("profile-{width}")).display()));
    command.arg(format!("--window-size={},9000", width.max(500)));
    command
}

/// A sheet with the page in a frame of that width: a browser's own window has a least width that
/// is more than a phone's. The sheet says how wide the frame is, and the widest thing in it.
fn framed(folder: &Path, page: &str, width: u32) -> PathBuf {
    fs::write(folder.join("report.html"), page).unwrap();
    const SCRIPT: &str = "const frame = document.querySelector('iframe'); frame.onload = () => {\
        const root = frame.contentDocument.documentElement; document.title = \
        `measured ${frame.contentWindow.innerWidth} ${root.scrollWidth}`; \
        frame.style.height = root.scrollHeight + 'px'; };";
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    let sheet = format!(
        "<!DOCTYPE html><title>sheet</title><body style=\"margin:0\"><iframe srcdoc=\"{page}\" \
         style=\"border:0;width:{width}px;height:9000px\"></iframe><script>{SCRIPT}</script></body>"
    );
    let file = folder.join(format!("sheet-{width}.html"));
    fs::write(&file, sheet).unwrap();
    file
}

fn measure(browser: &Path, folder: &Path, sheet: &Path, width: u32) -> [u32; 2] {
    let mut command = command(browser, folder, width);
    command.arg("--dump-dom").arg(format!("file://{}", sheet.display()));
    let dom = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let title = dom.split("<title>measured ").nth(1).and_then(|rest| rest.split('<').next());
    let numbers = title.unwrap_or_else(|| panic!("no measure in {dom:.200}"));
    let numbers: Vec<u32> = numbers.split(' ').map(|number| number.parse().unwrap()).collect();
    [numbers[0], numbers[1]]
}

/// Paths of the real program, with all that the made-up ones may have wrong.
#[test]
fn real_paths_have_a_page() {
    let text = include_str!("../../../scenarios/two-pools-one-shocked.toml");
    let scenario = cofferdam_stress::scenario::parse("two-pools-one-shocked.toml", text).unwrap();
    let prepared = Prepared::new(&scenario).unwrap();
    let count = std::env::var("COFFERDAM_PATHS").map_or(4, |count| count.parse().unwrap());
    let paths: Vec<_> = (0..count).map(|path| prepared.play(path, Mode::Exact).unwrap()).collect();
    let none = Extras {
        verdicts: Vec::new(),
        sweeps: Vec::new(),
        policies: Vec::new(),
        validation: Vec::new(),
    };
    let page = page_of(&scenario, &paths, &none, text);
    parse(&page);
    assert!(page.contains("Price and oracle of ALT: pool alt-usdc"));
    assert!(page.contains(&format!("{count} of {count}</td>")));
    if let Some(folder) = std::env::var_os("COFFERDAM_SHOTS") {
        fs::write(PathBuf::from(folder).join("real.html"), page).unwrap();
    }
}

/// Heat maps, how many paths they stand on, the seed and the scenario.
#[test]
fn the_page_of_a_sweep_says_what_it_stands_on() {
    let (scenario, maps) = (scenario(), [sweep(), sweep()]);
    let page = monte_carlo::sweeps(&scenario, TEXT, 250, &maps);
    let document = parse(&page);
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("svg")).count(), 4);
    let run = document.descendants().find(|node| node.attribute("id") == Some("run"));
    let run = run.and_then(|node| node.text()).expect("the run");
    assert!(run.starts_with(&format!("250 paths a cell from seed {}", scenario.seed)), "{run}");
    let echo = document.descendants().filter_map(|node| node.text());
    assert!(echo.into_iter().any(|text| text.trim() == TEXT.trim()), "the scenario is there");
}
