//! Scenarios made of numbers: every one is valid, and smaller numbers make a simpler one.

use std::fmt::{self, Display, Formatter};

use proptest::{collection::vec, option, prelude::*};

const START_S: u32 = 0;
const POLICIES: [&str; 6] = [
    "waterfall",
    "haircut",
    "insurance_then_haircut",
    "negative_reserves",
    "deficit",
    "receivable",
];
const BEHAVIOURS: [&str; 4] = ["passive", "top_up", "deleverage", "panic"];
const SIZINGS: [&str; 3] = ["max", "optimal", "two_step"];
const STEPS_S: [u32; 3] = [900, 1_800, 3_600];
const LAGS_S: [u32; 4] = [0, 60, 900, 3_600];

/// A scenario.
#[derive(Clone)]
pub(crate) struct Made {
    run: Run,
    keepers: Keepers,
    jam: Option<Jam>,
    fault: Option<Fault>,
    depth: Option<(bool, u32)>,
    fees: Option<(u32, u32)>,
    liquidators: Vec<Liquidators>,
    pools: Vec<Pool>,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    seed: u64,
    steps: u32,
    step: usize,
    lag: usize,
    deviation_bps: u32,
    warms_up: bool,
}

#[derive(Debug, Clone, Copy)]
struct Keepers {
    count: u32,
    min_profit_bps: u32,
    per_step: u32,
}

/// A window, in hundredths of the run.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: u32,
    len: u32,
}

#[derive(Debug, Clone, Copy)]
struct Jam {
    span: Span,
    capacity: u32,
    participation: u32,
}

#[derive(Debug, Clone, Copy)]
struct Fault {
    span: Span,
    kind: u32,
    share: u32,
}

#[derive(Debug, Clone, Copy)]
struct Liquidators {
    count: u32,
    latency: u32,
    participation: u32,
    sizing: usize,
    escalates: bool,
    bid: u32,
    capital: u32,
    expires: u32,
}

#[derive(Debug, Clone)]
struct Pool {
    price: Price,
    /// Whether the first pool's collateral is its own too, and so the market on which it is sold.
    shares_collateral: bool,
    policy: usize,
    factor: u32,
    gap: u32,
    bonus: u32,
    insurance: u32,
    spare: u32,
    runners: Option<(u32, bool)>,
    stakers: Option<(u32, u32)>,
    /// Caps of the collateral's supply and of loans, in hundredths of what is wanted.
    caps: (Option<u32>, Option<u32>),
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Copy)]
struct Price {
    kind: u32,
    volatility: u32,
    fall: u32,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    count: u32,
    collateral: u32,
    careful: u32,
    behaviour: usize,
    trigger: u32,
}

fn run() -> impl Strategy<Value = Run> {
    (0..1_000_u64, 8..60_u32, 0..3_usize, 0..4_usize, 0..200_u32, any::<bool>()).prop_map(
        |(seed, steps, step, lag, deviation_bps, warms_up)| Run {
            seed,
            steps,
            step,
            lag,
            deviation_bps,
            warms_up,
        },
    )
}

fn keepers() -> impl Strategy<Value = Keepers> {
    (1..6_u32, 0..200_u32, 1..5_u32).prop_map(|(count, min_profit_bps, per_step)| Keepers {
        count,
        min_profit_bps,
        per_step,
    })
}

fn span() -> impl Strategy<Value = Span> {
    (0..80_u32, 20..90_u32).prop_map(|(from, len)| Span { from, len })
}

fn jam() -> impl Strategy<Value = Jam> {
    (span(), 1..=10_u32, 0..=10_u32).prop_map(|(span, capacity, participation)| Jam {
        span,
        capacity,
        participation,
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    (span(), 0..3_u32, 50..150_u32).prop_map(|(span, kind, share)| Fault { span, kind, share })
}

fn liquidators() -> impl Strategy<Value = Liquidators> {
    let who = (1..4_u32, 0..3_u32, 4..=10_u32, 0..3_usize);
    let bids = (any::<bool>(), 0..10_u32, 1..20_u32, 1..6_u32);
    (who, bids).prop_map(
        |((count, latency, participation, sizing), (escalates, bid, capital, expires))| {
            Liquidators { count, latency, participation, sizing, escalates, bid, capital, expires }
        },
    )
}

fn price() -> impl Strategy<Value = Price> {
    (0..7_u32, 5..45_u32, 2..7_u32).prop_map(|(kind, volatility, fall)| Price {
        kind,
        volatility,
        fall,
    })
}

fn group() -> impl Strategy<Value = Group> {
    let size = (1..6_u32, 1..40_u32, 0..40_u32);
    (size, 0..4_usize, 0..20_u32).prop_map(|((count, collateral, careful), behaviour, trigger)| {
        Group { count, collateral, careful, behaviour, trigger }
    })
}

fn pool() -> impl Strategy<Value = Pool> {
    let risk = (0..6_usize, 50..84_u32, 2..8_u32, 1..8_u32);
    let funds = (0..20_u32, 2..100_u32);
    let leavers = (option::of((1..10_u32, any::<bool>())), option::of((1..4_u32, 1..9_u32)));
    let caps = (option::of(20..120_u32), option::of(20..120_u32));
    let groups = vec(group(), 1..4);
    (price(), any::<bool>(), risk, funds, leavers, caps, groups).prop_map(
        |(price, shares_collateral, risk, funds, leavers, caps, groups)| {
            let (policy, factor, gap, bonus) = risk;
            let ((insurance, spare), (runners, stakers)) = (funds, leavers);
            Pool {
                price,
                shares_collateral,
                policy,
                factor,
                gap,
                bonus,
                insurance,
                spare,
                runners,
                stakers,
                caps,
                groups,
            }
        },
    )
}

/// Random scenarios.
pub(crate) fn scenarios() -> impl Strategy<Value = Made> {
    let chain = (option::of(jam()), option::of(fault()));
    let depth = option::of((any::<bool>(), 1..40_u32));
    let fees = option::of((1..8_u32, 0..12_u32));
    let liquidators = vec(liquidators(), 0..3);
    (run(), keepers(), chain, depth, fees, liquidators, vec(pool(), 1..3)).prop_map(
        |(run, keepers, (jam, fault), depth, fees, liquidators, pools)| Made {
            run,
            keepers,
            jam,
            fault,
            depth,
            fees,
            liquidators,
            pools,
        },
    )
}

/// A second of the first of January 2026, or of the days after it.
fn time(after_s: u32) -> String {
    let (day, of_day) = (1 + after_s / 86_400, after_s % 86_400);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("\"2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}Z\"")
}

impl Run {
    const fn seconds(self) -> u32 {
        self.steps * STEPS_S[self.step]
    }

    /// `from = …, until = …` of a window of the run.
    fn window(self, Span { from, len }: Span) -> (String, String) {
        let at = |hundredths: u32| time(self.seconds() / 100 * hundredths.min(100) + START_S);
        (at(from), at(from + len))
    }
}

impl Price {
    fn toml(self, seconds: u32) -> String {
        let Self { kind, volatility, fall } = self;
        let volatility = format!("\"{}.{}\"", volatility / 10, volatility % 10);
        let opening = "opening = \"200\"";
        let of = |process: &str, more: &str| {
            format!("{{ process = \"{process}\", {opening}, volatility = {volatility}{more} }}")
        };
        let jumps = ", jumps_per_year = \"600\"";
        match kind {
            0 => of("gbm", ""),
            1 => of(
                "merton",
                &format!("{jumps}, jump_mean = \"-0.0{fall}\", jump_deviation = \"0.08\""),
            ),
            2 => of(
                "kou",
                &format!(
                    "{jumps}, up_probability = \"0.2\", up_mean = \"0.04\", down_mean = \"0.{fall}\""
                ),
            ),
            3 => of(
                "heston",
                ", long_volatility = \"1.5\", reversion_per_year = \"4\", vol_of_variance = \"2\", correlation = \"-0.6\"",
            ),
            4 => of("ou", ", peg = \"150\", reversion_per_year = \"300\""),
            _ => {
                let (shape, low) = (if kind == 5 { "ramp" } else { "steps" }, 200 - 20 * fall);
                let (third, half) = (seconds / 3, seconds / 2);
                format!(
                    "{{ kind = \"{shape}\", points = [{{ after_s = 0, value = \"200\" }}, {{ after_s = {third}, value = \"{low}\" }}, {{ after_s = {half}, value = \"150\" }}] }}"
                )
            }
        }
    }
}

impl Pool {
    fn symbol(&self, number: usize) -> String {
        format!("C{}", if self.shares_collateral { 0 } else { number })
    }

    const fn threshold(&self) -> u32 {
        100 * (self.factor + self.gap)
    }

    /// The boldest loan-to-value, in basis points: a little below what may be borrowed.
    const fn boldest(&self) -> u32 {
        100 * self.factor - 50
    }

    /// What the borrowers deposit, in whole tokens.
    fn collateral(&self) -> u64 {
        self.groups.iter().map(|group| 100 * u64::from(group.collateral)).sum()
    }

    /// What they can owe at most, in dollars.
    fn demand(&self) -> u64 {
        self.collateral() * 200 * u64::from(self.boldest()) / 10_000
    }

    fn reserve(&self, f: &mut Formatter<'_>, asset: &str, lent: bool) -> fmt::Result {
        let Self { factor, bonus, .. } = self;
        let (bonus, threshold) = (100 * bonus, self.threshold());
        writeln!(
            f,
            "\n[[pools.reserves]]\nasset = \"{asset}\"\ncollateral_factor_bps = {}\nliquidation_threshold_bps = {threshold}\ntarget_health_bps = 10500\nfull_close_health_bps = 9500\nliquidation_bonus_min_bps = {}\nliquidation_bonus_max_bps = {bonus}\ninsolvent_bonus_bps = {}\nliquidation_protocol_fee_bps = 1000\nreserve_factor_bps = 1000\nmax_price_age_s = 7200\ncurve = [[0, 0], [8000, 800], [10000, 8000]]",
            100 * factor,
            bonus / 4,
            bonus / 2,
        )?;
        let (supply_cap, borrow_cap) = self.caps;
        if let Some(share) = supply_cap.filter(|_| !lent) {
            writeln!(f, "supply_cap = \"{}\"", u64::from(share) * self.collateral() / 100)?;
        }
        if let Some(share) = borrow_cap.filter(|_| lent) {
            writeln!(f, "borrow_cap = \"{}\"", u64::from(share) * self.demand() / 100)?;
        }
        if !lent {
            return writeln!(f, "supplied = \"0\"\nsuppliers = 0\ninsurance = \"0\"");
        }
        let supplied = self.demand() * u64::from(100 + self.spare) / 100 + 1;
        let insurance = 10_000 * self.insurance;
        writeln!(f, "supplied = \"{supplied}\"\nsuppliers = 4\ninsurance = \"{insurance}\"")?;
        writeln!(f, "loss_policy = \"{}\"", POLICIES[self.policy])?;
        if let Some((share, by_utilisation)) = self.runners {
            let why =
                if by_utilisation { "utilisation_bps = 9200" } else { "uncovered_loss_bps = 1" };
            writeln!(f, "runners = {{ share_bps = {}, {why} }}", 1_000 * share)?;
        }
        match self.stakers.filter(|_| insurance > 0) {
            Some((count, share)) => writeln!(
                f,
                "stakers = {{ count = {count}, share_bps = {}, uncovered_loss_bps = 50 }}",
                1_000 * share
            ),
            None => Ok(()),
        }
    }

    fn write(&self, f: &mut Formatter<'_>, number: usize) -> fmt::Result {
        let symbol = self.symbol(number);
        writeln!(f, "\n[[pools]]\nname = \"pool-{number}\"\nrole = \"shocked\"")?;
        self.reserve(f, &symbol, false)?;
        self.reserve(f, "USD", true)?;
        for Group { count, collateral, careful, behaviour, trigger } in &self.groups {
            let (to, total) = (self.boldest(), 100 * collateral);
            writeln!(
                f,
                "\n[[pools.borrowers]]\ncollateral = \"{symbol}\"\ndebt = \"USD\"\ncount = {count}\ncollateral_total = \"{total}\"\nltv_bps = {{ from = {}, to = {to} }}\nbehaviour = \"{}\"\ntrigger_health_bps = {}",
                to - 100 * careful,
                BEHAVIOURS[*behaviour],
                10_000 + 100 * trigger,
            )?;
        }
        Ok(())
    }
}

impl Liquidators {
    fn write(self, f: &mut Formatter<'_>) -> fmt::Result {
        let gas = if self.escalates { "escalate" } else { "fixed" };
        writeln!(
            f,
            "\n[[liquidators]]\ncount = {}\nlatency_steps = {}\nparticipation_bps = {}\nsizing = \"{}\"\ngas = \"{gas}\"\nbid_usd = \"{}\"\nexpire_after_steps = {}\ncapital = {{ USD = \"{}\" }}",
            self.count,
            self.latency,
            1_000 * self.participation,
            SIZINGS[self.sizing],
            self.bid,
            self.expires,
            50_000 * self.capital,
        )
    }
}

impl Made {
    fn head(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Run { seed, step, lag, deviation_bps, warms_up, .. } = self.run;
        let (until, step_s) = (time(START_S + self.run.seconds()), STEPS_S[step]);
        let warmup_s = if warms_up { 864_000 } else { 0 };
        writeln!(
            f,
            "name = \"made\"\ndescription = \"A scenario that nobody thought of.\"\nsources = [\"stress/tests/it/made.rs\"]\nseed = {seed}\nstart = {}\nend = {until}\nstep_s = {step_s}\nwarmup_s = {warmup_s}\nprices_asset = \"C0\"",
            time(START_S),
        )?;
        for (number, pool) in self.pools.iter().enumerate() {
            if number == 0 || !pool.shares_collateral {
                let price = pool.price.toml(self.run.seconds());
                writeln!(f, "\n[[assets]]\nsymbol = \"C{number}\"\ndecimals = 9\nprice = {price}")?;
            }
        }
        writeln!(
            f,
            "\n[[assets]]\nsymbol = \"USD\"\ndecimals = 6\nprice = {{ kind = \"constant\", value = \"1.00\" }}"
        )?;
        writeln!(
            f,
            "\n[oracle]\nlag_s = {}\nheartbeat_s = 3600\ndeviation_bps = {deviation_bps}",
            LAGS_S[lag]
        )
    }

    fn chain(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Keepers { count, min_profit_bps, per_step } = self.keepers;
        if let Some(Jam { span, capacity, participation }) = self.jam {
            let (from, until) = self.run.window(span);
            let (capacity, participation) =
                (f64::from(capacity) / 10.0, f64::from(participation) / 10.0);
            writeln!(
                f,
                "\n[congestion]\nfrom = {from}\nuntil = {until}\ncapacity_share = \"{capacity}\"\nkeeper_participation = \"{participation}\""
            )?;
        }
        if let Some((capacity, background)) = self.fees {
            writeln!(
                f,
                "\n[fees]\ncapacity_per_step = {capacity}\nbase_fee_usd = \"0.5\"\nbase_fee_min_usd = \"0.01\"\nbackground_per_step = {background}\nbackground_bid_usd = \"4\""
            )?;
        }
        writeln!(
            f,
            "\n[chain]\nkeeper_transactions_per_step = {per_step}\n\n[keepers]\ncount = {count}\nmin_profit_bps = {min_profit_bps}\nlate_after_s = 3600\ncapital = {{ USD = \"300_000\" }}"
        )
    }

    fn market(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(Fault { span, kind, share }) = self.fault {
            let (from, until) = self.run.window(span);
            let window = format!("from = {from}, until = {until}");
            let fault = match kind {
                0 => format!("frozen = [{{ {window} }}]"),
                1 => format!("wrong = [{{ {window}, share_bps = {} }}]", 100 * share),
                _ => format!("floor = \"{share}\""),
            };
            writeln!(f, "\n[feeds.C0]\n{fault}")?;
        }
        if let Some((root, millions)) = self.depth {
            let model = if root { "square_root" } else { "constant_product" };
            let impact = if root { "\nimpact_bps = 800" } else { "" };
            writeln!(
                f,
                "\n[markets.C0]\nmodel = \"{model}\"\ndepth_usd = \"{millions}00000\"\nfee_bps = 30\nrecovery_half_life_s = 3600{impact}"
            )?;
        }
        Ok(())
    }
}

impl Display for Made {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        self.chain(f)?;
        self.market(f)?;
        self.liquidators.iter().try_for_each(|group| group.write(f))?;
        self.pools.iter().enumerate().try_for_each(|(number, pool)| pool.write(f, number))
    }
}

/// What proptest prints is the file.
impl fmt::Debug for Made {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
