//! Numbers as people read them. Only for show: what is exact is in the summary.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::outcome::{BadDebt, NativeAmount, PoolSummary};

/// `1,234,567.89 DAI`: two places, half rounding away from zero.
pub(super) fn amount(units: NativeAmount, decimals: u8, symbol: &str) -> String {
    format!("{} {symbol}", plain(units, decimals))
}

/// `1,234,567.89`.
pub(super) fn plain(units: NativeAmount, decimals: u8) -> String {
    match units.tokens(decimals) {
        Some(tokens) => places(tokens, 2),
        None => format!("{units} native units"),
    }
}

/// A number with thousands separators and that many places.
pub(super) fn places(number: Decimal, places: u32) -> String {
    let rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{rounded:.0$}", places as usize);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", separated(digits))
}

/// In thousands, millions or billions: `1.5M`.
pub(super) fn short(number: Decimal) -> String {
    for (power, suffix) in [(9, "B"), (6, "M"), (3, "k")] {
        let unit = Decimal::from(10u64.pow(power));
        if number.abs() >= unit {
            return format!("{}{suffix}", (number / unit).round_dp(2).normalize());
        }
    }
    let digits = if number.abs() >= Decimal::ONE_HUNDRED { 0 } else { 2 };
    number.round_dp(digits).normalize().to_string()
}

/// Millionths of a dollar, in short: `$1.5M`.
pub(super) fn short_dollars(micros: i128) -> String {
    let dollars = short(dollars_of(micros));
    dollars.strip_prefix('-').map_or_else(|| format!("${dollars}"), |rest| format!("-${rest}"))
}

/// Millionths of a dollar in whole dollars: `$1,234,567`.
pub(super) fn dollars(micros: i128) -> String {
    let dollars = places(dollars_of(micros), 0);
    match dollars.strip_prefix('-') {
        Some("0") => "$0".into(),
        Some(rest) => format!("-${rest}"),
        None => format!("${dollars}"),
    }
}

/// Millionths as a percentage: `4.2 %`.
pub(super) fn percent(millionths: i128) -> String {
    let percent = Decimal::try_from_i128_with_scale(millionths, 4).unwrap_or(Decimal::MAX);
    let digits = if percent.abs() >= Decimal::ONE { 1 } else { 2 };
    format!("{} %", percent.round_dp(digits).normalize())
}

/// Beyond 28 digits, which no sum of money here has, the largest number there is.
fn dollars_of(micros: i128) -> Decimal {
    Decimal::try_from_i128_with_scale(micros, 6).unwrap_or(Decimal::MAX)
}

/// A share price: six places show a loss of a millionth.
pub(super) fn share_price(price: Decimal) -> String {
    places(price, 6)
}

/// The change from one share price to another, such as `-4.31 %`; empty when there was none to
/// begin with.
pub(super) fn change(before: Decimal, after: Decimal) -> String {
    let percent = after
        .checked_sub(before)
        .and_then(|change| change.checked_mul(Decimal::ONE_HUNDRED))
        .and_then(|change| change.checked_div(before));
    match percent {
        Some(percent) if percent > Decimal::ZERO => format!("+{} %", places(percent, 2)),
        Some(percent) => format!("{} %", places(percent, 2)),
        None => String::new(),
    }
}

/// A payer's part of the bad debt, such as `12 %`; empty when there is no bad debt.
pub(super) fn part(paid: NativeAmount, debt: &BadDebt) -> String {
    let thousandths = paid.0.checked_mul(1_000).and_then(|n| n.checked_div(debt.recognised.0));
    match thousandths.and_then(|n| i64::try_from(n).ok()) {
        Some(thousandths) => format!("{} %", places(Decimal::new(thousandths, 1), 1)),
        None => String::new(),
    }
}

/// A count and its noun: `1 liquidation`, `2 liquidations`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", places(count.into(), 0))
}

/// Whether the neighbour came through: one sentence.
pub(super) fn neighbour(pool: &PoolSummary) -> String {
    let name = &pool.name;
    if pool.accounts_hash.is_none() {
        format!("Pool {name} stayed dry: its accounts hash the same before and after.")
    } else {
        format!("Pool {name} was touched: its accounts hash differently before and after.")
    }
}

fn separated(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated_and_halves_round_away_from_zero() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(places(number("0.005"), 2), "0.01");
        assert_eq!(places(number("999.994"), 2), "999.99");
        assert_eq!(places(number("-1234567.895"), 2), "-1,234,567.90");
        assert_eq!(places(number("1000"), 0), "1,000");
        assert_eq!(plain(NativeAmount(5_670_000_123_456_789), 9), "5,670,000.12");
        assert_eq!(plain(NativeAmount(u128::MAX), 9), format!("{} native units", u128::MAX));
    }

    #[test]
    fn dollars_are_short_on_an_axis_and_whole_in_a_table() {
        assert_eq!(short_dollars(1_500_000_000_000), "$1.5M");
        assert_eq!(short_dollars(-2_500_000_000), "-$2.5k");
        assert_eq!((short_dollars(0), short_dollars(120_000)), ("$0".into(), "$0.12".into()));
        assert_eq!(dollars(1_234_567_890_000), "$1,234,568");
        assert_eq!((dollars(-400_000), dollars(-1_600_000)), ("$0".into(), "-$2".into()));
        assert_eq!((percent(42_000), percent(460)), ("4.2 %".into(), "0.05 %".into()));
    }

    #[test]
    fn changes_and_parts_are_percentages() {
        assert_eq!(change(Decimal::ONE, Decimal::new(9_569, 4)), "-4.31 %");
        assert_eq!(change(Decimal::ONE, Decimal::new(10_001, 4)), "+0.01 %");
        assert_eq!(change(Decimal::ZERO, Decimal::ONE), "");
        let debt = BadDebt { recognised: NativeAmount(3), ..BadDebt::default() };
        assert_eq!(part(NativeAmount(1), &debt), "33.3 %");
        assert_eq!(part(NativeAmount(0), &BadDebt::default()), "");
        assert_eq!(
            (counted(1, "step"), counted(1_000, "step")),
            ("1 step".into(), "1,000 steps".into())
        );
    }
}
