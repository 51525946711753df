//! The program's arithmetic against exact rationals: what a name says about its rounding is what
//! it does, and it overflows exactly where the result does not fit.

mod curves;
mod exact;
mod market;
mod risk;

use cofferdam_lending_interface::{
    LendingError,
    math::{
        shares::{
            Supply, VIRTUAL_ASSETS, VIRTUAL_SHARES, debt_down, debt_shares_down, debt_shares_up,
            debt_up,
        },
        value::Quote,
        wide::{mul_div_down, mul_div_up},
    },
    units::{Amount, DebtShares, FINE_PER_UNIT, Fine, Index, Price, RAY, Shares, Value},
};
use num_bigint::BigUint;

use exact::{Round, exact, same};

/// Numbers of one case.
const NUMBERS: usize = 6;
/// Bytes of one case: the numbers, and how large each is.
pub const CASE_LEN: usize = NUMBERS * 16 + NUMBERS;

/// Cases tried of one input; what follows is left out.
pub const CASES_MAX: usize = 8;

/// Tries every function on the numbers that some bytes hold; says how many cases there were.
///
/// # Panics
/// When a result is not the exact one, rounded as its name says.
pub fn run(bytes: &[u8]) -> usize {
    let cases = bytes.as_chunks::<CASE_LEN>().0;
    let cases = &cases[..cases.len().min(CASES_MAX)];
    cases.iter().for_each(|case| {
        let numbers = numbers(case);
        let [a, b, c, ..] = numbers;
        products(a, b, c);
        supply(a, b, c);
        debt(a, b);
        value(a, b, c);
        curves::run(numbers);
        market::run(numbers);
        risk::run(numbers);
    });
    cases.len()
}

/// Each number is cut to as many bits as a byte of its own says: all sizes are equally likely.
fn numbers(case: &[u8; CASE_LEN]) -> [u128; NUMBERS] {
    std::array::from_fn(|at| {
        let bytes = case[at * 16..].first_chunk().copied().unwrap_or_default();
        u128::from_le_bytes(bytes) >> (case[NUMBERS * 16 + at] % 128)
    })
}

/// The lower half of a number.
fn short(number: u128) -> u64 {
    u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default()
}

/// The lowest quarter of a number.
fn bps(number: u128) -> u32 {
    u32::try_from(number & u128::from(u32::MAX)).unwrap_or_default()
}

fn products(a: u128, b: u128, divisor: u128) {
    same("mul_div_down", mul_div_down(a, b, divisor), &exact(&[a, b], &[divisor], Round::Down));
    same("mul_div_up", mul_div_up(a, b, divisor), &exact(&[a, b], &[divisor], Round::Up));
}

fn supply(assets: u128, shares: u128, some: u128) {
    let supply = Supply { assets: Fine(assets), shares: Shares(shares) };
    let all = assets.checked_add(VIRTUAL_ASSETS).zip(shares.checked_add(VIRTUAL_SHARES));
    let Some((all_assets, all_shares)) = all else {
        assert_eq!(supply.shares_down(Fine(some)), Err(LendingError::MathOverflow));
        return;
    };
    let for_assets = |round| exact(&[some, all_shares], &[all_assets], round);
    let got = |shares: Result<Shares, _>| shares.map(Shares::get);
    same("shares_down", got(supply.shares_down(Fine(some))), &for_assets(Round::Down));
    same("shares_up", got(supply.shares_up(Fine(some))), &for_assets(Round::Up));
    let back = exact(&[some, all_assets], &[all_shares], Round::Down);
    let claim = supply.assets_down(Shares(some)).map(Fine::get);
    match back.as_ref().and_then(|exact| u128::try_from(exact).ok()) {
        Some(exact) => assert_eq!(claim, Ok(exact.min(assets)), "assets_down"),
        None => assert_eq!(claim, Err(LendingError::MathOverflow), "assets_down"),
    }
    // In and out again never pays.
    if let Ok(shares) = supply.shares_down(Fine(some))
        && let Ok(cost) = supply.shares_up(Fine(some))
    {
        assert!(shares <= cost, "a withdrawal costs less than its deposit gave");
    }
}

fn debt(some: u128, index: u128) {
    let (shares, at) = (DebtShares(some), Index(index));
    let owed = |round| exact(&[some, index], &[RAY], round);
    same("debt_down", debt_down(shares, at).map(Fine::get), &owed(Round::Down));
    same("debt_up", debt_up(shares, at).map(Fine::get), &owed(Round::Up));
    let of = |round| exact(&[some, RAY], &[index], round);
    let fine = Fine(some);
    same("debt_shares_up", debt_shares_up(fine, at).map(DebtShares::get), &of(Round::Up));
    same("debt_shares_down", debt_shares_down(fine, at).map(DebtShares::get), &of(Round::Down));
}

fn value(tokens: u128, price: u128, decimals: u128) {
    let decimals = u8::try_from(decimals % 19).unwrap_or_default();
    let quote = Quote { price: Price(price), decimals };
    let one = 10_u128.pow(u32::from(decimals));
    let worth = |round| exact(&[tokens, price], &[one, FINE_PER_UNIT], round);
    let got = |value: Result<Value, _>| value.map(Value::get);
    same("value_down", got(quote.value_down(Fine(tokens))), &worth(Round::Down));
    same("value_up", got(quote.value_up(Fine(tokens))), &worth(Round::Up));
    let units = exact(&[tokens, one], &[price], Round::Down);
    let units = units.filter(|units| *units <= BigUint::from(u64::MAX));
    let got = quote.units_down(Value(tokens)).map(|units: Amount| u128::from(units.get()));
    same("units_down", got, &units);
}
