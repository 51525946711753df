//! `cargo bench -p cofferdam-stress --bench lab`
fn main() {
    use cofferdam_stress::{
        engine::{Mode, Prepared},
        scenario::parse,
    };
    let count: u32 = std::env::var("N").ok().and_then(|t| t.parse().ok()).unwrap_or(1000);
    let paths: u64 = std::env::var("P").ok().and_then(|t| t.parse().ok()).unwrap_or(100);
    let fast = std::env::var("EXACT").is_err();
    const TEXT: &str = include_str!("../../scenarios/black-thursday.toml");
    let from = TEXT.find("kind = \"daily_ohlc\"").expect("daily bars");
    let until = from + TEXT[from..].find("\n]").expect("the days end") + 2;
    let vol = std::env::var("VOL").unwrap_or("1.2".into());
    let jumps = format!("process = \"gbm\"\nopening = \"200\"\nvolatility = \"{vol}\"");
    let text = format!("{}{jumps}{}", &TEXT[..from], &TEXT[until..])
        .replace("count = 280", &format!("count = {}", count * 6 / 10))
        .replace("count = 160", &format!("count = {}", count * 4 / 10))
        .replace("end = \"2020-03-15T00:00:00Z\"", "end = \"2020-03-12T00:00:00Z\"")
        .replace(
            "[congestion]\nfrom = \"2020-03-12T10:00:00Z\"\nuntil = \"2020-03-13T00:00:00Z\"",
            "[congestion]\nfrom = \"2020-03-11T10:00:00Z\"\nuntil = \"2020-03-12T00:00:00Z\"",
        );
    let scenario = parse("lab", &text).unwrap();
    let t = std::time::Instant::now();
    let prepared = Prepared::new(&scenario).unwrap();
    println!("prepared {:?}, {} steps", t.elapsed(), scenario.grid().steps);
    let t = std::time::Instant::now();
    let (mut hurt, mut tx, mut liq) = (0, 0, 0);
    for path in 0..paths {
        let out = prepared.play(path, if fast { Mode::Fast } else { Mode::Exact }).unwrap();
        hurt += u32::from(out.bad_debt() > 0);
        tx += out.transactions.submitted;
        liq += out.pools[0].liquidations.executed;
    }
    println!("{paths} paths {:?}, hurt {hurt}, tx {tx} liq {liq}", t.elapsed());
}
