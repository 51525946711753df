//! Caps: what they leave of a book, that the program holds them, and how large advice lets them be.

use cofferdam_stress::{
    campaign::{
        CampaignError, Change, Plan, Results, Size, Subject,
        advise::{Goal, Question, advise},
    },
    engine::{Mode, Prepared, Staging},
    outcome::PathOutcome,
    prices::MicroUsd,
    scenario::{Assertion, PlannedPosition, plan},
};

const LISTING: &str = include_str!("../../../scenarios/new-listing.toml");
const BORROW_CAP: &str = "pools.tkn-usdc.USDC.borrow_cap";
const LENDERS_CAP: &str = "pools.tkn-usdc.USDC.supply_cap";
const COLLATERAL_CAP: &str = "pools.tkn-usdc.TKN.supply_cap";
const BORROWERS: u64 = 24;
const USDC: u64 = 1_000_000;
const TKN: u64 = 1_000_000_000;

fn made(changes: &[(&str, &str)]) -> Result<Subject, CampaignError> {
    let changes = changes.iter().map(|(key, value)| Change::new(key, *value)).collect();
    Subject::new("listing.toml", LISTING, changes)
}

fn subject(changes: &[(&str, &str)]) -> Subject {
    made(changes).unwrap_or_else(|error| panic!("{error}"))
}

/// The book of the listing under some caps.
fn book(changes: &[(&str, &str)]) -> Vec<PlannedPosition> {
    let subject = subject(changes);
    plan(subject.scenario(), &subject.scenario().pools[0]).expect("a book")
}

fn owed(position: &PlannedPosition) -> u64 {
    let (token, dollar) = ((MicroUsd(10_000_000), 9), (MicroUsd(1_000_000), 6));
    position.debt_native_down(token, dollar).expect("a debt")
}

fn collateral(book: &[PlannedPosition]) -> u64 {
    book.iter().map(|position| position.collateral_native).sum()
}

fn play(changes: &[(&str, &str)], staging: Staging, mode: Mode) -> PathOutcome {
    let prepared = Prepared::staged(subject(changes).scenario(), staging).expect("a stage");
    prepared.play(0, mode).expect("a path")
}

#[test]
fn a_borrow_cap_cuts_every_loan_in_proportion() {
    let (free, capped) = (book(&[]), book(&[(BORROW_CAP, "10_000_000")]));
    let whole: u64 = free.iter().map(owed).sum();
    let left: u64 = capped.iter().map(owed).sum();
    let cap = 10_000_000 * USDC;
    assert!(whole > 2 * cap, "{whole}");
    assert!((cap - 3 * BORROWERS..=cap).contains(&left), "{left}");
    for (before, after) in free.iter().zip(&capped) {
        let part =
            u128::from(before.collateral_native) * u128::from(cap) / u128::from(whole + BORROWERS);
        let collateral_native = u64::try_from(part).expect("a part");
        assert_eq!(*after, PlannedPosition { collateral_native, ..before.clone() });
    }
}

#[test]
fn supply_caps_bound_collateral_and_what_may_be_lent() {
    let deposited = collateral(&book(&[(COLLATERAL_CAP, "1_000_000")]));
    assert!((1_000_000 * TKN - BORROWERS..=1_000_000 * TKN).contains(&deposited), "{deposited}");
    let lent: u64 = book(&[(LENDERS_CAP, "20_000_000")]).iter().map(owed).sum();
    let cap = 20_000_000 * USDC;
    assert!((cap - 3 * BORROWERS..=cap).contains(&lent), "{lent}");
    // The tighter one decides.
    let both = [(COLLATERAL_CAP, "3_000_000"), (BORROW_CAP, "5_000_000")];
    assert_eq!(book(&both), book(&[(BORROW_CAP, "5_000_000")]));
}

#[test]
fn a_cap_that_nobody_reaches_changes_nothing() {
    let wide = [(BORROW_CAP, "90_000_000"), (COLLATERAL_CAP, "90_000_000")];
    assert_eq!(book(&wide), book(&[]));
    let [free, capped] = [&[][..], &wide].map(|caps| play(caps, Staging::Transactions, Mode::Fast));
    assert_eq!(free, capped);
}

#[test]
fn the_pool_opens_at_its_caps_by_both_stagings_and_at_both_speeds() {
    let wild = ("assets.TKN.price.volatility", "4");
    let caps = [wild, (BORROW_CAP, "10_000_000"), (LENDERS_CAP, "15_000_000")];
    let staged = play(&caps, Staging::Transactions, Mode::Exact);
    assert_eq!(staged, play(&caps, Staging::Transactions, Mode::Fast));
    assert_eq!(staged, play(&caps, Staging::Shelved, Mode::Fast));
    // A day of interest has been added to what was lent and supplied.
    let pool = &staged.pools[0];
    assert!((10_000_000_000_000..10_010_000_000_000).contains(&(pool.borrowed + 100)), "{pool:?}");
    assert!((15_000_000_000_000..15_010_000_000_000).contains(&pool.supplied), "{pool:?}");
    assert!(pool.liquidations.executed > 0);
}

/// The program itself refuses collateral beyond the cap.
#[test]
fn nobody_tops_up_beyond_a_cap() {
    let falls = "{ kind = \"ramp\", points = [{ after_s = 0, value = \"10\" }, { after_s = 86400, value = \"9.4\" }] }";
    let people = [
        ("assets.TKN.price", falls),
        ("pools.tkn-usdc.borrowers.0.behaviour", "top_up"),
        ("pools.tkn-usdc.borrowers.0.trigger_health_bps", "11000"),
    ];
    let free = play(&people, Staging::Transactions, Mode::Exact);
    let full = [&people[..], &[(COLLATERAL_CAP, "4_000_000")]].concat();
    let full = play(&full, Staging::Transactions, Mode::Exact);
    assert_eq!((free.transactions.failed, full.transactions.failed), (0, 7));
}

#[test]
fn caps_are_refused_in_one_line() {
    for (key, value, reason) in [
        (BORROW_CAP, "0", "pools[0].reserves[1].borrow_cap: is zero; leave the key out for no cap"),
        (COLLATERAL_CAP, "-1", "pools[0].reserves[0].supply_cap: -1 is negative"),
        (
            BORROW_CAP,
            "0.0000001",
            "pools[0].reserves[1].borrow_cap: 0.0000001 has more than the asset's 6",
        ),
        (BORROW_CAP, "0.000001", "pools[0].borrowers: the caps leave some of them nothing"),
    ] {
        let error = made(&[(key, value)]).expect_err("must be refused").to_string();
        assert!(error.contains(reason) && !error.contains('\n'), "{error}");
    }
}

/// The largest cap for which a stated loss target holds.
#[test]
fn advice_finds_the_largest_cap() {
    let base = subject(&[
        ("assets.TKN.price.volatility", "3"),
        ("pools.tkn-usdc.TKN.collateral_factor_bps", "8000"),
        ("pools.tkn-usdc.TKN.liquidation_threshold_bps", "8500"),
        ("pools.tkn-usdc.borrowers.0.ltv_bps.to", "7900"),
        ("markets.TKN.depth_usd", "5_000_000"),
    ]);
    let million = |millions: i64| rust_decimal::Decimal::from(millions * 1_000_000);
    let question = Question {
        key: BORROW_CAP.into(),
        ties: Vec::new(),
        goal: Goal::Largest,
        between: (million(1), million(22)),
        step: million(3),
        target: Assertion::parse_line("bad_debt.mean <= 300000").unwrap(),
    };
    let advice = advise(&base, &question, &mut |subject| played(subject, 12)).unwrap();
    let answer = advice.answer.expect("the smallest cap is safe");
    assert!(answer < million(22), "{advice:?}");
    let next = advice.trials.iter().find(|trial| trial.value > answer).expect("a next value");
    assert!(!next.holds && advice.turns_once && advice.is_monotone, "{advice:?}");
}

fn played(subject: &Subject, paths: u64) -> Result<Results, CampaignError> {
    let prepared =
        Prepared::new(subject.scenario()).map_err(|error| CampaignError::Stage(Box::new(error)))?;
    let rows: Vec<_> =
        (0..paths).map(|path| prepared.play(path, Mode::Fast).expect("a path")).collect();
    let plan = Plan::new(subject, Size { paths, shards: 1, mode: Mode::Fast }, "test")?;
    Results::of(&plan, subject.scenario(), &rows)
}
