use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    math::{
        exp::exp2_neg_down,
        oracle::{
            Aggregate, Valuation, aggregate, average, doubtful, is_divergent, is_uncertain,
            median_down,
        },
    },
    plan::prices,
    state::{FeedConfig, Operation, PriceFeed, PublisherQuote, Reserve, ReserveConfig},
    units::{Bps, Price, RAY},
};
use num_bigint::BigUint;
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest},
};

use crate::encoding::reserve;

fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

fn quote(price: u128, confidence: u128, observed_at_s: i64) -> PublisherQuote {
    PublisherQuote { price: Price(price), confidence: Price(confidence), observed_at_s }
}

/// A feed of `count` publishers, quotes good for a minute, a half-life of 100 seconds.
fn feed(count: u8, quorum: u8) -> PriceFeed {
    let mut config = FeedConfig::single(address(1));
    for (place, byte) in (1..=count).enumerate() {
        config.publishers[place] = address(byte);
    }
    let config = FeedConfig { quorum, quote_max_age_s: 60, ema_half_life_s: 100, ..config };
    PriceFeed::new(0, address(99), [0; 16], config)
}

/// A feed at `price`, the average beside it, observed and averaged at 1,000.
fn standing(price: u128, confidence: u128, ema: u128) -> PriceFeed {
    PriceFeed {
        price: Price(price),
        confidence: Price(confidence),
        ema: Price(ema),
        ema_at_s: 1_000,
        observed_at_s: 1_000,
        ..feed(1, 1)
    }
}

/// A reserve that accepts prices of a minute, certain to 1 %, 10 % apart.
fn strict_reserve(second_feed: Address) -> Reserve {
    let mut reserve = reserve();
    reserve.config = ReserveConfig {
        max_price_age_s: 60,
        max_confidence: Bps(100),
        max_divergence: Bps(1_000),
        ..reserve.config
    };
    reserve.second_feed = second_feed;
    reserve
}

/// `(result ÷ 10²⁷) ^ half_life` against `2^−elapsed`, exactly: the same after taking both sides
/// to the power of the half-life.
fn power(result: u128, half_life: u32, elapsed: u32) -> (BigUint, BigUint) {
    let ray = BigUint::from(RAY);
    (BigUint::from(result).pow(half_life) << elapsed, ray.pow(half_life))
}

proptest! {
    #[test]
    fn decay_is_exact_to_its_stated_error(half_life in 1_u32..40, elapsed in 0_u32..400) {
        let result = exp2_neg_down(u64::from(elapsed), half_life).unwrap();
        let (low, one) = power(result, half_life, elapsed);
        prop_assert!(low <= one, "above the true value");
        let halvings = elapsed / half_life;
        let slack = result / 2_500_000_000_000_000_000_000_000 + 2;
        let (high, one) = power(result + slack, half_life, elapsed);
        prop_assert!(high >= one, "{result} after {elapsed}/{half_life}, {halvings} halvings");
    }
}

#[test]
fn decay_halves_exactly_and_ends() {
    assert_eq!(exp2_neg_down(0, 7), Ok(RAY));
    assert_eq!(exp2_neg_down(7, 7), Ok(RAY / 2));
    assert_eq!(exp2_neg_down(70, 7), Ok(RAY / 1_024));
    assert_eq!(exp2_neg_down(90, 1), Ok(0));
    assert_eq!(exp2_neg_down(u64::MAX, 1), Ok(0));
    assert_eq!(exp2_neg_down(1, 0), Err(LendingError::MathOverflow));
    // 2^−½ = 0.707106781186547524400844362…
    let root = exp2_neg_down(1, 2).unwrap();
    assert!(
        (707_106_781_186_547_524_400_844_100..=707_106_781_186_547_524_400_844_362).contains(&root)
    );
}

#[test]
fn medians() {
    let median = |prices: &[u128]| {
        let prices: Vec<Price> = prices.iter().copied().map(Price).collect();
        median_down(&prices).map(Price::get)
    };
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[7]), Some(7));
    assert_eq!(median(&[7, 8]), Some(7));
    assert_eq!(median(&[7, 9, 100]), Some(9));
    assert_eq!(median(&[1, 7, 10, 100]), Some(8));
    assert_eq!(median(&[u128::MAX - 1, u128::MAX]), Some(u128::MAX - 1));
}

/// Figures by hand: the votes in order, the quartile a quarter from either end.
#[test]
fn quotes_become_one() {
    let of = |quotes: &[PublisherQuote]| aggregate(quotes).unwrap();
    let expected = |price, confidence, observed_at_s| {
        let (price, confidence) = (Price(price), Price(confidence));
        Some(Aggregate { price, confidence, observed_at_s })
    };
    assert_eq!(of(&[]), None);
    // 990 1000 1010: the outer votes, a quarter of three being none.
    assert_eq!(of(&[quote(1_000, 10, 5)]), expected(1_000, 10, 5));
    // 90 98 99 100 100 110, the second from either end; of two times the earlier.
    assert_eq!(of(&[quote(100, 10, 9), quote(99, 1, 5)]), expected(99, 1, 5));
    // 98 99 100 100 101 102 500 1000 1500: third from either end, 100 and 500.
    let one_lies = [quote(99, 1, 3), quote(101, 1, 4), quote(1_000, 500, 9)];
    assert_eq!(of(&one_lies), expected(101, 399, 4));
    // Five, one of whom lies: 1 1 1 99 99 | 100 … 101 | 101 102 102 102: fourth from either end.
    let five =
        [quote(100, 1, 1), quote(100, 1, 2), quote(101, 1, 3), quote(101, 1, 4), quote(1, 0, 9)];
    assert_eq!(of(&five), expected(100, 1, 3));
}

#[test]
fn an_interval_beyond_what_a_price_can_be_is_an_error() {
    let wide = quote(u128::MAX - 1, 2, 0);
    assert_eq!(aggregate(&[wide]), Err(LendingError::MathOverflow));
    assert!(!wide.is_sound());
    assert!(quote(u128::MAX - 1, 1, 0).is_sound());
    assert!(!quote(10, 10, 0).is_sound());
    assert!(quote(10, 9, 0).is_sound());
    assert!(quote(0, 0, 0).is_sound());
    assert!(!quote(0, 1, 0).is_sound());
}

/// Quotes of publishers who see a price of about a million.
fn honest(count: usize) -> impl Strategy<Value = Vec<PublisherQuote>> {
    vec((990_000_u128..1_010_000, 0_u128..20_000), count)
        .prop_map(|all| all.into_iter().map(|(price, width)| quote(price, width, 100)).collect())
}

/// Quotes of publishers who say what they like.
fn any_quotes(count: usize) -> impl Strategy<Value = Vec<PublisherQuote>> {
    vec((1_u128..1 << 100, 0_u128..1 << 100, 0_i64..1_000), count).prop_map(|all| {
        let sound = |(price, width, at_s)| quote(price, width % price, at_s);
        all.into_iter().map(sound).collect()
    })
}

fn minority(
    most: fn(usize) -> usize,
) -> impl Strategy<Value = (Vec<PublisherQuote>, Vec<PublisherQuote>)> {
    (1_usize..=8).prop_flat_map(move |count| {
        (0..=most(count)).prop_flat_map(move |liars| (honest(count - liars), any_quotes(liars)))
    })
}

/// A feed with the least quorum, quotes of those of its honest publishers who are in time, and of
/// everybody else, who are fewer than a third of all.
fn panels() -> impl Strategy<Value = (PriceFeed, Vec<PublisherQuote>, Vec<PublisherQuote>)> {
    let counts = (1_usize..=8).prop_flat_map(|count| (Just(count), 0..=(count - 1) / 3));
    let late = counts.prop_flat_map(|(count, liars)| {
        let quorum = (2 * count).div_ceil(3);
        (Just((count, quorum)), Just(liars), quorum - liars..=count - liars)
    });
    late.prop_flat_map(|((count, quorum), liars, in_time)| {
        let [count, quorum] = [count, quorum].map(|it| u8::try_from(it).unwrap());
        (Just(feed(count, quorum)), honest(in_time), any_quotes(liars))
    })
}

proptest! {
    /// Who is late is whoever has no quote; the liars speak last and first.
    #[test]
    fn fewer_than_a_third_cannot_move_the_price_whoever_is_late(
        (mut feed, honest, liars) in panels(), first in any::<bool>(),
    ) {
        prop_assert_eq!(feed.config.fault(), None);
        let parts = if first { [&liars, &honest] } else { [&honest, &liars] };
        let least = honest.iter().map(|quote| quote.price).min().unwrap();
        let most = honest.iter().map(|quote| quote.price).max().unwrap();
        for (place, said) in parts.into_iter().flatten().enumerate() {
            let said = PublisherQuote { observed_at_s: 100, ..*said };
            feed.take(place, said, 100).unwrap();
        }
        prop_assert!((least..=most).contains(&feed.price), "{feed:?}");
    }

    #[test]
    fn fewer_than_half_cannot_move_the_price((honest, liars) in minority(|count| (count - 1) / 2)) {
        let all = [honest.clone(), liars].concat();
        let result = aggregate(&all).unwrap().unwrap();
        let least = honest.iter().map(|quote| quote.price).min().unwrap();
        let most = honest.iter().map(|quote| quote.price).max().unwrap();
        prop_assert!((least..=most).contains(&result.price), "{result:?} of {all:?}");
    }

    #[test]
    fn fewer_than_half_cannot_move_the_time((honest, liars) in minority(|count| (count - 1) / 2)) {
        let result = aggregate(&[honest, liars].concat()).unwrap().unwrap();
        prop_assert_eq!(result.observed_at_s, 100);
    }

    #[test]
    fn fewer_than_a_quarter_cannot_widen_the_interval((honest, liars) in minority(|count| (count - 1) / 4)) {
        let all = [honest.clone(), liars].concat();
        let result = aggregate(&all).unwrap().unwrap();
        let least = honest.iter().map(|quote| quote.price.get() - quote.confidence.get()).min().unwrap();
        let most = honest.iter().map(|quote| quote.price.get() + quote.confidence.get()).max().unwrap();
        let price = result.price.get();
        prop_assert!(result.confidence.get() <= (most - price).max(price - least), "{result:?} of {all:?}");
    }

    #[test]
    fn order_of_quotes_does_not_matter(quotes in any_quotes(7)) {
        let mut reversed = quotes.clone();
        reversed.reverse();
        prop_assert_eq!(aggregate(&quotes), aggregate(&reversed));
    }

    #[test]
    fn an_average_lies_between_and_never_passes_the_price(
        old in 1_u128..1 << 90, price in 1_u128..1 << 90, first_s in 0_u64..10_000, then_s in 0_u64..10_000,
    ) {
        let (old, price) = (Price(old), Price(price));
        let step = average(old, price, first_s, 300).unwrap();
        prop_assert!((old.min(price)..=old.max(price)).contains(&step));
        let twice = average(step, price, then_s, 300).unwrap();
        let once = average(old, price, first_s + then_s, 300).unwrap();
        let slack = old.get().abs_diff(price.get()) / 1_000_000_000_000_000_000_000_000 + 2;
        prop_assert!(twice.get().abs_diff(once.get()) <= slack, "{twice} in two steps, {once} in one");
    }

    #[test]
    fn doubt_never_favours_the_position(price in 1_u128..1 << 90, width in 0_u128..1 << 90, ema in 1_u128..1 << 90) {
        let (collateral, debt) = doubtful(Price(price), Price(width % price), Price(ema)).unwrap();
        prop_assert!(collateral <= Price(price) && Price(price) <= debt);
        prop_assert!(collateral <= Price(ema) && Price(ema) <= debt);
    }
}

#[test]
fn an_average_covers_half_of_the_way_in_a_half_life() {
    assert_eq!(average(Price(100), Price(200), 300, 300), Ok(Price(150)));
    assert_eq!(average(Price(200), Price(100), 600, 300), Ok(Price(125)));
    // 2 × ¼ is half a unit: rounded towards the price, from either side.
    assert_eq!(average(Price(102), Price(100), 600, 300), Ok(Price(100)));
    assert_eq!(average(Price(98), Price(100), 600, 300), Ok(Price(100)));
    assert_eq!(average(Price(7), Price(9), 0, 300), Ok(Price(7)));
    assert_eq!(average(Price(7), Price(7), 5, 0), Ok(Price(7)));
    assert_eq!(average(Price(7), Price(9), 5, 0), Err(LendingError::MathOverflow));
}

#[test]
fn divergence_is_measured_by_the_larger() {
    let apart = |one, other, limit| is_divergent(Price(one), Price(other), Bps(limit)).unwrap();
    assert!(!apart(90, 100, 1_000) && !apart(100, 90, 1_000));
    assert!(apart(89, 100, 1_000) && apart(100, 89, 1_000));
    assert!(!apart(0, u128::MAX, 10_000));
    let unsure = |width, limit| is_uncertain(Price(1_000), Price(width), Bps(limit)).unwrap();
    assert!(!unsure(10, 100));
    assert!(unsure(11, 100));
}

#[test]
fn feed_parameters_are_refused_beyond_their_range() {
    type Change = fn(&mut FeedConfig);
    let fine: [Change; 5] = [
        |c| c.quorum = 5,
        |c| c.quote_max_age_s = 1,
        |c| c.quote_max_age_s = 604_800,
        |c| c.ema_half_life_s = 1,
        |c| c.ema_half_life_s = 86_400,
    ];
    let config = feed(5, 4).config;
    assert_eq!(config.fault(), None);
    for (count, least, tolerated) in
        [(1, 1, 0), (2, 2, 0), (3, 2, 0), (4, 3, 1), (5, 4, 1), (6, 4, 1), (7, 5, 2), (8, 6, 2)]
    {
        let config = feed(count, least).config;
        assert_eq!((config.fault(), config.tolerated()), (None, tolerated), "{count}");
        assert_ne!(feed(count, least - 1).config.fault(), None, "{count}");
    }
    assert_eq!(feed(8, 8).config.tolerated(), 3);
    assert_eq!(FeedConfig::single(address(1)).fault(), None);
    for change in fine {
        let mut config = config;
        change(&mut config);
        assert_eq!(config.fault(), None);
    }
    let faults: [(Change, &str); 10] = [
        (|c| c.publishers = [address(0); 8], "1 to 8 publishers"),
        (|c| c.publishers[0] = address(0), "1 to 8 publishers"),
        (|c| c.publishers[4] = address(1), "distinct"),
        (|c| c.publishers[6] = address(9), "last"),
        (|c| c.quorum = 3, "two thirds"),
        (|c| c.quorum = 6, "at most all"),
        (|c| c.quote_max_age_s = 0, "quote_max_age_s"),
        (|c| c.quote_max_age_s = 604_801, "quote_max_age_s"),
        (|c| c.ema_half_life_s = 0, "ema_half_life_s"),
        (|c| c.ema_half_life_s = 86_401, "ema_half_life_s"),
    ];
    for (change, range) in faults {
        let mut config = config;
        change(&mut config);
        let fault = config.fault().unwrap_or("accepted");
        assert!(fault.contains(range), "{fault} does not speak of {range}");
    }
    assert_eq!(
        feed(4, 2).config.fault(),
        Some("quorum must be at least two thirds of the publishers and at most all")
    );
    assert_eq!(config.place(&address(5)), Some(4));
    assert_eq!(config.place(&address(6)), None);
    assert_eq!(config.place(&address(0)), None);
}

#[test]
fn below_the_quorum_the_old_price_stays() {
    let mut feed = feed(3, 2);
    feed.take(0, quote(100, 1, 1_000), 1_000).unwrap();
    assert_eq!((feed.price, feed.ema), (Price(0), Price(0)));
    feed.take(2, quote(102, 1, 1_010), 1_010).unwrap();
    let made = (feed.price, feed.confidence, feed.observed_at_s, feed.ema);
    assert_eq!(made, (Price(101), Price(1), 1_000, Price(101)));
    // At 1,071 the first quote is 71 seconds old, the third 61: neither counts any more.
    feed.take(1, quote(500, 0, 1_071), 1_071).unwrap();
    assert_eq!((feed.price, feed.confidence, feed.observed_at_s), (Price(101), Price(1), 1_000));
    feed.take(0, quote(502, 0, 1_072), 1_072).unwrap();
    assert_eq!((feed.price, feed.confidence, feed.observed_at_s), (Price(501), Price(1), 1_071));
    // The average rests on what stood before: 101 for all that time.
    assert_eq!(feed.ema, Price(101));
}

#[test]
fn a_quote_counts_up_to_its_last_second() {
    let counts = |at_s, now_s| quote(5, 0, at_s).counts(now_s, 60);
    assert!(counts(100, 160));
    assert!(!counts(100, 161));
    assert!(!quote(0, 0, 100).counts(100, 60));
    assert!(!counts(i64::MIN, i64::MAX));
}

#[test]
fn a_withdrawn_quote_counts_no_more() {
    let mut feed = feed(3, 2);
    for (place, price) in [(0, 100), (1, 104), (2, 110)] {
        feed.take(place, quote(price, 0, 1_000), 1_000).unwrap();
    }
    assert_eq!(feed.price, Price(104));
    feed.take(2, quote(0, 0, 1_010), 1_010).unwrap();
    assert_eq!(feed.price, Price(102));
    feed.take(1, quote(0, 0, 1_010), 1_010).unwrap();
    assert_eq!((feed.price, feed.confidence), (Price(0), Price(0)));
    // Unknown, the average rests and stands in for the last price.
    let rested = feed.ema;
    assert_eq!(feed.ema_at(9_999), Ok(rested));
    assert_eq!(feed.head().last_price(), rested);
    feed.take(1, quote(90, 0, 2_000), 2_000).unwrap();
    feed.take(2, quote(90, 0, 2_000), 2_000).unwrap();
    assert_eq!((feed.price, feed.ema), (Price(90), rested));
}

#[test]
fn a_spike_of_this_second_has_not_moved_the_average() {
    let mut feed = feed(1, 1);
    feed.take(0, quote(1_000, 0, 1_000), 1_000).unwrap();
    assert_eq!(feed.ema, Price(1_000));
    feed.take(0, quote(9_000, 0, 1_050), 1_050).unwrap();
    assert_eq!(feed.ema_at(1_050), Ok(Price(1_000)));
    // It moves from then on: half of the way after a half-life.
    assert_eq!(feed.ema_at(1_150), Ok(Price(5_000)));
    feed.take(0, quote(1_000, 0, 1_150), 1_150).unwrap();
    assert_eq!(feed.ema_at(1_150), Ok(Price(5_000)));
    assert_eq!(feed.ema_at(1_250), Ok(Price(3_000)));
    // A clock that went back is taken as no time.
    assert_eq!(feed.ema_at(0), Ok(Price(5_000)));
}

#[test]
fn a_quote_that_is_none_is_refused() {
    let mut feed = feed(1, 1);
    assert_eq!(feed.take(0, quote(5, 5, 0), 0), Err(LendingError::InvalidQuote));
    assert_eq!(feed.take(8, quote(5, 4, 0), 0), Err(LendingError::NotAPublisher));
}

/// Every check of a strict price, at its bound and one beyond.
#[test]
fn strict_prices_are_refused_beyond_each_bound() {
    let second = address(7);
    let (alone, paired) = (strict_reserve(address(0)), strict_reserve(second));
    let strict = |reserve: &Reserve, feed: &PriceFeed, second: Option<&PriceFeed>, now_s| {
        let second = second.map(PriceFeed::head);
        prices(reserve, &feed.head(), second.as_ref(), Valuation::Strict, now_s)
            .map(|prices| (prices.collateral.price.get(), prices.debt.price.get()))
    };
    let good = standing(1_000, 10, 1_000);
    assert_eq!(strict(&alone, &good, None, 1_060), Ok((990, 1_010)));
    assert_eq!(strict(&alone, &good, None, 1_061), Err(LendingError::PriceStale));
    assert_eq!(strict(&alone, &standing(0, 0, 9), None, 1_000), Err(LendingError::PriceZero));
    let wide = standing(1_000, 11, 1_000);
    assert_eq!(strict(&alone, &wide, None, 1_000), Err(LendingError::PriceUncertain));
    assert_eq!(strict(&alone, &standing(1_000, 0, 900), None, 1_000), Ok((900, 1_000)));
    assert_eq!(strict(&alone, &standing(900, 0, 1_000), None, 1_000), Ok((900, 1_000)));
    for apart in [standing(1_000, 0, 899), standing(899, 0, 1_000)] {
        assert_eq!(strict(&alone, &apart, None, 1_000), Err(LendingError::PriceDivergent));
    }
    // The average is the one of now, not the one of the last publication.
    assert_eq!(strict(&alone, &standing(1_000, 0, 899), None, 1_060), Ok((934, 1_000)));

    assert_eq!(strict(&paired, &good, None, 1_000), Err(LendingError::MissingSecondFeed));
    let beside = |price| standing(price, 0, price);
    assert_eq!(strict(&paired, &good, Some(&beside(900)), 1_000), Ok((990, 1_010)));
    assert_eq!(strict(&paired, &good, Some(&beside(1_111)), 1_000), Ok((990, 1_010)));
    for (second, now_s, error) in [
        (beside(899), 1_000, LendingError::PriceDivergent),
        (beside(1_112), 1_000, LendingError::PriceDivergent),
        (beside(0), 1_000, LendingError::PriceZero),
        (PriceFeed { observed_at_s: 999, ..beside(1_000) }, 1_060, LendingError::PriceStale),
    ] {
        assert_eq!(strict(&paired, &good, Some(&second), now_s), Err(error));
    }
}

#[test]
fn spot_and_last_ask_for_less() {
    let reserve = strict_reserve(address(7));
    let get = |feed: &PriceFeed, valuation, now_s| {
        prices(&reserve, &feed.head(), None, valuation, now_s)
            .map(|prices| (prices.collateral.price.get(), prices.debt.price.get()))
    };
    let doubtful = standing(1_000, 500, 1);
    assert_eq!(get(&doubtful, Valuation::Spot, 1_060), Ok((1_000, 1_000)));
    assert_eq!(get(&doubtful, Valuation::Spot, 1_061), Err(LendingError::PriceStale));
    assert_eq!(get(&doubtful, Valuation::Last, 99_999), Ok((1_000, 1_000)));
    let withdrawn = standing(0, 0, 700);
    assert_eq!(get(&withdrawn, Valuation::Spot, 1_000), Err(LendingError::PriceZero));
    assert_eq!(get(&withdrawn, Valuation::Last, 1_000), Ok((700, 700)));
}

/// The table in docs/MATH.md says of each operation what the code does, and nothing else.
#[test]
fn the_documented_table_is_the_one_in_code() {
    let text = include_str!("../../../../docs/MATH.md");
    let row = |operation: &Operation| {
        let needs = operation.needs();
        let word = |need: Option<Valuation>| match need {
            None => "no price",
            Some(Valuation::Last) => "last price",
            Some(Valuation::Spot) => "fresh price",
            Some(Valuation::Strict) => "every check",
        };
        format!("| {operation:?} | {} | {} |", word(needs.sides), word(needs.others))
    };
    let expected: Vec<String> = Operation::ALL.iter().map(row).collect();
    let table = text.lines().skip_while(|line| !line.starts_with("| operation |")).skip(2);
    let documented: Vec<&str> = table.take_while(|line| line.starts_with('|')).collect();
    assert_eq!(documented, expected);
}
