//! Every parameter at its bounds and one beyond them, through every instruction that takes it.
//!
//! The bounds are those that docs/PROTOCOL.md documents. `table.txt` has what came of each.

mod document;
mod names;
mod params;

use std::collections::BTreeSet;

use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    LendingError,
    instruction::PublishPrice,
    state::{FeedConfig, LossPolicy, Mode, PoolConfig, PublisherQuote, RateModel, ReserveConfig},
    units::{Bps, Price},
};
use cofferdam_sdk::{ClientError, Instruction, instruction as build, instruction::padded};
use cofferdam_tests::world::{Actor, World, base_config};

use self::{
    document::{Range, ranges, value},
    params::{Params, Ramp},
};
use crate::common::*;

type Sent = Result<Receipt, ClientError>;

/// An instruction that takes parameters of one kind, and who sends it.
struct Way<P> {
    name: &'static str,
    payer: Actor,
    send: fn(&mut World, &P) -> Sent,
    /// What was stored, looked up again.
    stored: fn(&World, &P) -> bool,
}

/// Parameters of one kind: where they are documented and how they come in.
struct Subject<P: 'static> {
    title: &'static str,
    base: P,
    /// The refusals of a parameter below and above its range.
    errors: fn(&str) -> [LendingError; 2],
    ways: Vec<Way<P>>,
    /// What a bound may name besides parameters.
    names: Vec<(&'static str, u128)>,
}

impl<P: Params> Subject<P> {
    fn rows(&self, world: &World) -> String {
        ranges(self.title).iter().map(|range| self.range_rows(world, range)).collect()
    }

    fn range_rows(&self, world: &World, range: &Range) -> String {
        let mut base = self.base.clone();
        for (name, value) in &range.beside {
            assert!(base.set(name, *value), "{name} {value}");
        }
        let known = |name: &str| self.names.iter().find(|(known, _)| *known == name);
        let get = |name: &str| known(name).map_or_else(|| base.get(name), |(_, value)| *value);
        let (least, most) = (value(&range.least, &get), value(&range.most, &get));
        let beyond = [least.checked_sub(1), most.checked_add(1)];
        let errors = (self.errors)(&range.parameter);
        let [below, above] = [0, 1].map(|side| (beyond[side], Some(errors[side])));
        let within = BTreeSet::from([least, most]);
        let within = within.into_iter().map(|value| (Some(value), None));
        let beside = range.beside.iter().map(|(name, value)| format!(" with {name} {value}"));
        let beside: String = beside.collect();
        let row = |(value, error): (Option<u128>, Option<LendingError>)| {
            let mut params = base.clone();
            let value = value.filter(|value| params.set(&range.parameter, *value))?;
            let ends = self.ways.iter().map(|way| way.end(world, &params, error));
            let ends: Vec<String> = ends.collect();
            Some(format!("{} {value}{beside}: {}\n", range.parameter, ends.join(", ")))
        };
        let values = [below].into_iter().chain(within).chain([above]);
        values.filter_map(row).collect()
    }
}

impl<P> Way<P> {
    /// Sends the parameters, which must be refused with `error` and change nothing, or be accepted
    /// and stored. A queued change alone may be refused for another reason: what lowers a
    /// threshold does not wait.
    fn end(&self, world: &World, params: &P, error: Option<LendingError>) -> String {
        let mut after = world.clone();
        let result = (self.send)(&mut after, params).map_err(|refusal| refusal.lending());
        let name = self.name;
        let Err(refusal) = result else {
            assert_eq!(error, None, "{name} accepts what is out of range");
            assert!((self.stored)(&after, params), "{name} stored something else");
            return format!("{name} ok");
        };
        only_fee(world, &after, self.payer);
        let refusal = refusal.expect("the program refuses");
        let queued = name == "queue_reserve_change" && refusal == LendingError::RampTooShort;
        assert!(error == Some(refusal) || queued && error.is_none(), "{name}: {refusal}");
        format!("{name} {}", refusal.name())
    }
}

fn reserves() -> Subject<ReserveConfig> {
    let ways = vec![
        Way {
            name: "add_reserve",
            payer: Admin,
            send: |world, config| world.add_reserve(Harbour, Wbtc, *config),
            stored: |world, config| world.reserve(Harbour, Wbtc).config == *config,
        },
        Way {
            name: "update_reserve",
            payer: Admin,
            send: |world, config| {
                let falls = config.liquidation_threshold < base_config().liquidation_threshold;
                let ramp_s = if falls { 86_400 } else { 0 };
                world.ramp_reserve(Admin, (Harbour, Weth), *config, ramp_s)
            },
            stored: |world, config| world.reserve(Harbour, Weth).config == *config,
        },
        Way {
            name: "queue_reserve_change",
            payer: Admin,
            send: |world, config| {
                let feeds = (world.feed(Weth), cofferdam_host::Address::default());
                world.queue_reserve_change((Harbour, Weth), *config, feeds)
            },
            stored: |world, config| {
                let reserve = reserve(world, Harbour, Weth);
                world.client().reserve_change(&reserve).expect("queued").config == *config
            },
        },
    ];
    let base = base_config();
    Subject { title: "`ReserveConfig`", base, errors: invalid_config, ways, names: Vec::new() }
}

fn create_pool(world: &World, config: PoolConfig) -> Instruction {
    let admin = world.person(Admin);
    build::create_pool(&admin, &admin, padded("quay").expect("short"), config)
}

fn pools() -> Subject<PoolConfig> {
    let ways = vec![
        Way {
            name: "create_pool",
            payer: Admin,
            send: |world, config| {
                let create = create_pool(world, *config);
                world.send(&[Admin], &[create])
            },
            stored: |world, config| {
                let pool = create_pool(world, *config).accounts[2].pubkey;
                world.client().pool(&pool).expect("created").config == *config
            },
        },
        Way {
            name: "update_pool",
            payer: Admin,
            send: |world, config| world.update_pool(Harbour, *config),
            stored: |world, config| {
                world.client().pool(&world.pool(Harbour)).expect("there").config == *config
            },
        },
        Way {
            name: "queue_pool_change",
            payer: Admin,
            send: |world, config| world.queue_pool_change(Harbour, *config),
            stored: |world, config| {
                let change = world.client().pool_change(&world.pool(Harbour));
                change.expect("queued").config == *config
            },
        },
    ];
    let base = PoolConfig::default();
    Subject { title: "`PoolConfig`", base, errors: invalid_config, ways, names: Vec::new() }
}

fn feeds(world: &World) -> Subject<FeedConfig> {
    let base = FeedConfig::single(world.person(Publisher));
    let ways = vec![Way {
        name: "create_feed",
        payer: Publisher,
        send: |world, config| world.create_feed(Publisher, "XAU", *config),
        stored: |world, config| {
            let feed = world.feed_address(Publisher, "XAU");
            world.client().feed(&feed).expect("created").config == *config
        },
    }];
    let errors = |_: &str| [LendingError::InvalidFeedConfig; 2];
    Subject { title: "`FeedConfig`", base, errors, ways, names: Vec::new() }
}

fn quotes(world: &World) -> Subject<PublishPrice> {
    let (now_s, last) = (world.now_s(), world.price_feed(Dai).quotes[0].observed_at_s);
    let base = PublishPrice { price: Price(1_000), confidence: Price(0), observed_at_s: now_s };
    let ways = vec![Way {
        name: "publish_price",
        payer: Publisher,
        send: |world, params| {
            let PublishPrice { price, confidence, observed_at_s } = *params;
            let feed = world.feed(Dai);
            world.quote(Publisher, &feed, PublisherQuote { price, confidence, observed_at_s })
        },
        stored: |world, params| {
            let PublishPrice { price, confidence, observed_at_s } = *params;
            world.price_feed(Dai).quotes[0] == PublisherQuote { price, confidence, observed_at_s }
        },
    }];
    let seconds = |s: i64| u128::try_from(s).expect("after 1970");
    let errors = |name: &str| match name {
        "observed_at_s" => [LendingError::PriceOutOfOrder, LendingError::PriceFromFuture],
        _ => [LendingError::InvalidQuote; 2],
    };
    let names = vec![("now_s", seconds(now_s)), ("last_observed_at_s", seconds(last))];
    Subject { title: "`PublishPrice`", base, errors, ways, names }
}

fn ramps() -> Subject<Ramp> {
    let ways = vec![Way {
        name: "update_reserve",
        payer: Admin,
        send: |world, ramp: &Ramp| {
            let liquidation_threshold = ramp.liquidation_threshold;
            let config = ReserveConfig { liquidation_threshold, ..base_config() };
            world.ramp_reserve(Admin, (Harbour, Weth), config, ramp.ramp_s)
        },
        stored: |world, ramp| {
            let stored = world.reserve(Harbour, Weth).ramp;
            stored.end_s - stored.start_s == i64::from(ramp.ramp_s)
        },
    }];
    let errors = |_: &str| [LendingError::RampTooShort, LendingError::InvalidConfig];
    let base = Ramp { ramp_s: 0, liquidation_threshold: Bps(8_000) };
    Subject { title: "The ramp of a lowered", base, errors, ways, names: Vec::new() }
}

fn invalid_config(_parameter: &str) -> [LendingError; 2] {
    [LendingError::InvalidConfig; 2]
}

/// A world whose last quotes are a while old.
fn rested() -> World {
    let mut world = fresh();
    world.advance(100);
    world
}

#[test]
fn table() {
    let world = rested();
    let mut table = reserves().rows(&world);
    table += &pools().rows(&world);
    table += &feeds(&world).rows(&world);
    table += &quotes(&world).rows(&world);
    table += &ramps().rows(&world);
    is_in_file("ranges/table.txt", include_str!("table.txt"), &table);
}

#[test]
fn every_parameter_has_its_range() {
    fn documented<P: Params>(subject: &Subject<P>) {
        let rows = ranges(subject.title);
        for name in P::NAMES {
            assert!(rows.iter().any(|row| row.parameter == *name), "{name} has no range");
        }
        for row in rows {
            assert!(P::NAMES.contains(&row.parameter.as_str()), "{} is gone", row.parameter);
        }
    }
    let world = rested();
    documented(&reserves());
    documented(&pools());
    documented(&feeds(&world));
    documented(&quotes(&world));
    let ramped = ranges(ramps().title);
    assert!(ramped.iter().all(|row| row.parameter == "ramp_s") && ramped.len() == 2);
}

/// Policies, rate models and modes are numbers on the wire; the next one is none of them.
#[test]
fn a_number_that_names_nothing_is_no_instruction() {
    let world = rested();
    let (admin, keys) = (world.person(Admin), world.keys(Harbour, Weth));
    let with = |config| build::update_reserve(&admin, &keys.pool, &keys.reserve, config, 0);
    let base = base_config();
    let last_policy = ReserveConfig { loss_policy: LossPolicy::Receivable, ..base };
    let adaptive = ReserveConfig { rate_model: RateModel::Adaptive, ..base };
    let pool = |mode| build::set_pool_mode(&admin, &keys.pool, mode);
    let reserve = |mode| build::set_reserve_mode(&admin, &keys.pool, &keys.reserve, mode);
    let pairs = [
        (with(base), with(last_policy)),
        (with(base), with(adaptive)),
        (pool(Mode::Active), pool(Mode::Killed)),
        (reserve(Mode::Active), reserve(Mode::Killed)),
    ];
    for (first, last) in pairs {
        let differ = |at: &usize| first.data[*at] != last.data[*at];
        let places: Vec<usize> = (0..first.data.len()).filter(differ).collect();
        let [at] = places[..] else { panic!("one byte: {places:?}") };
        done(world.clone().send(&[Admin], std::slice::from_ref(&last)));
        for beyond in [last.data[at] + 1, u8::MAX] {
            let mut wrong = last.clone();
            wrong.data[at] = beyond;
            refuses(&world, Admin, LendingError::InvalidInstruction, |world| {
                world.send(&[Admin], std::slice::from_ref(&wrong))
            });
        }
    }
}
