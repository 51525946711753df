//! Prices, limits on what may leave, ramps, losses.

use cofferdam_lending_interface::{
    LendingError,
    math::{
        loss::{Funds, LossSplit, waterfall, write_off_down},
        oracle::{aggregate, average, doubtful, is_divergent, is_uncertain, median_down},
        outflow::{DAY_S, HOUR_S, OutflowLimits, OutflowWindow, OutflowWindows},
        ramp::{RAMP_MAX_S, RAMP_MIN_S, ThresholdRamp, is_slower, next_ramp, threshold_at},
    },
    state::{LossPolicy, Payer, PublisherQuote},
    units::{Amount, Bps, DebtShares, Fine, Price, Value},
};
use num_bigint::BigInt;

use super::{
    bps,
    exact::{Got, Round, equal, exact, same},
    short,
};
use crate::auditor::{number::Q, series::halved};

pub(super) fn run([a, b, c, d, e, f]: [u128; 6]) {
    quorum([(a, b), (c, d), (e, f), (b, c)], f);
    // An exact exponential takes longer than all the rest.
    if (a ^ b ^ c ^ d) % 4 == 0 {
        averages((a, b), (short(c), bps(d)));
    }
    doubts((a, b, c), bps(d));
    window([a, b], (short(c), short(d)), (e, f));
    ramp([bps(a), bps(b), bps(c)], (short(d), short(e)), bps(f));
    losses([a, b, c, d], e, f);
}

/// Votes are sorted and counted again, by the definition.
fn quorum(said: [(u128, u128); 4], count: u128) {
    let count = usize::try_from(count % 5).unwrap_or_default();
    let quotes: Vec<PublisherQuote> = said[..count]
        .iter()
        .zip(0..)
        .map(|((price, confidence), at)| PublisherQuote {
            price: Price(*price),
            confidence: Price(*confidence),
            observed_at_s: i64::from(bps(*price)) - at,
        })
        .collect();
    let got = aggregate(&quotes);
    let sound = |(price, sure): &(u128, u128)| sure <= price && price.checked_add(*sure).is_some();
    if !said[..count].iter().all(sound) {
        return equal("aggregate", &got, &Err(LendingError::MathOverflow));
    }
    let Some(got) = got.expect("every interval fits") else {
        return equal("aggregate of none", &count, &0);
    };
    let mut prices: Vec<u128> = said[..count].iter().map(|(price, _)| *price).collect();
    prices.sort_unstable();
    let (low, high) = (BigInt::from(prices[(count - 1) / 2]), BigInt::from(prices[count / 2]));
    let middle: BigInt = (low + high) / 2;
    equal("median", &BigInt::from(got.price.get()), &middle);
    let sorted: Vec<Price> = prices.into_iter().map(Price).collect();
    equal("median_down", &median_down(&sorted), &Some(got.price));
    let mut votes: Vec<BigInt> = Vec::new();
    for (price, sure) in &said[..count] {
        let (price, sure) = (BigInt::from(*price), BigInt::from(*sure));
        votes.extend([&price - &sure, price.clone(), price + sure]);
    }
    votes.sort_unstable();
    let quarter = votes.len() / 4;
    let ends = [&votes[quarter], &votes[votes.len() - 1 - quarter]];
    let widest = ends.map(|vote| magnitude(&(vote - &middle))).into_iter().max();
    equal("confidence", &Some(BigInt::from(got.confidence.get())), &widest);
    let mut times: Vec<i64> = quotes.iter().map(|quote| quote.observed_at_s).collect();
    times.sort_unstable();
    equal("time", &got.observed_at_s, &times[(count - 1) / 2]);
}

fn magnitude(number: &BigInt) -> BigInt {
    number.magnitude().clone().into()
}

fn averages((from, to): (u128, u128), (elapsed, half_life): (u64, u32)) {
    let got = average(Price(from), Price(to), elapsed, half_life);
    if from == to || elapsed == 0 {
        return equal("average", &got, &Ok(Price(from)));
    }
    if half_life == 0 {
        return equal("average", &got, &Err(LendingError::MathOverflow));
    }
    let got = got.expect("it lies between the two").get();
    assert!(from.min(to) <= got && got <= from.max(to), "{got} is not between {from} and {to}");
    // How far it still is from the price: cut off, so it is never further than it should be.
    let (left, all) = (got.abs_diff(to), from.abs_diff(to));
    let truth = halved(elapsed, half_life);
    let (least, most) = (Q::whole(all) * truth.low, Q::whole(all) * truth.high);
    assert!(Q::whole(left) <= most, "{left} of {all} are left, at most {most}");
    let error = Q::whole(all) * Q::ratio(5, 10_u128.pow(25)) + Q::ratio(all, 10_u128.pow(27));
    assert!(Q::whole(left) + error + Q::whole(2) > least, "{left} of {all} are left, {least}");
}

fn doubts((price, other, third): (u128, u128, u128), limit: u32) {
    let limit = limit % 10_001;
    let further =
        |part: u128, whole: u128| BigInt::from(part) * 10_000 > BigInt::from(whole) * limit;
    let (one, two) = (Price(price), Price(other));
    let apart = further(price.abs_diff(other), price.max(other));
    equal("is_divergent", &is_divergent(one, two, Bps(limit)), &Ok(apart));
    equal("is_uncertain", &is_uncertain(one, two, Bps(limit)), &Ok(further(other, price)));
    let both = price.checked_sub(other).zip(price.checked_add(other));
    let truth = both.map(|(low, high)| (Price(low.min(third)), Price(high.max(third))));
    equal("doubtful", &doubtful(one, two, Price(third)), &truth.ok_or(LendingError::MathOverflow));
}

/// What left before counts in part, as much as of its window overlaps with the last hour or day.
fn window([current, previous]: [u128; 2], (start, now): (u64, u64), (limit, amount): (u128, u128)) {
    let current = i128::from_le_bytes(current.to_le_bytes());
    let (start_s, now_s) = (i64::from_le_bytes(start.to_le_bytes()), near(start, now));
    for length_s in [HOUR_S, DAY_S] {
        let window = OutflowWindow { start_s, current, previous };
        let used = used(window, length_s, now_s);
        equal("used_up", &window.used_up(length_s, now_s), &used);
        let limit = Amount(short(limit));
        let room = used.and_then(|used| {
            let room =
                i128::from(limit.get()).checked_sub(used).ok_or(LendingError::MathOverflow)?;
            Ok(Amount(u64::try_from(room.max(0)).unwrap_or(u64::MAX)))
        });
        let room = if limit == Amount::MAX { Ok(limit) } else { room };
        equal("room_down", &window.room_down(length_s, limit, now_s), &room);
    }
    let hour = OutflowWindow { start_s, current, previous };
    let limits = OutflowLimits { hour: Amount(short(limit)), day: Amount::MAX };
    takes(OutflowWindows { hour, day: hour }, limits, (Amount(short(amount)), now_s));
}

/// What is taken leaves less room by as much; what comes in makes it good.
fn takes(windows: OutflowWindows, limits: OutflowLimits, (amount, now_s): (Amount, i64)) {
    let mut moved = windows;
    match (windows.room_down(limits, now_s), moved.take(amount, limits, now_s)) {
        (Ok(room), Err(LendingError::OutflowLimitExceeded)) => assert!(amount > room),
        (Ok(room), Ok(())) => {
            assert!(amount <= room, "{amount:?} of {room:?} were taken");
            if moved.give(amount, limits, now_s).is_ok() {
                equal("give after take", &moved.room_down(limits, now_s), &Ok(room));
            }
        }
        (_, failed) => equal("take", &failed, &Err(LendingError::MathOverflow)),
    }
}

/// A moment within some windows of the start, mostly.
fn near(start: u64, now: u64) -> i64 {
    let start_s = i64::from_le_bytes(start.to_le_bytes());
    if now.is_multiple_of(8) {
        i64::from_le_bytes(now.to_le_bytes())
    } else {
        start_s.saturating_add(i64::try_from(now % 400_000).unwrap_or_default())
    }
}

fn used(window: OutflowWindow, length_s: u32, now_s: i64) -> Got<i128> {
    let elapsed = (i128::from(now_s) - i128::from(window.start_s)).max(0);
    let length = i128::from(length_s);
    let next_s = window.start_s.checked_add(i64::from(length_s));
    let (current, previous, left) = match elapsed / length {
        0 => (window.current, window.previous, length - elapsed),
        1 if next_s.is_some() => (0, window.current.max(0).unsigned_abs(), 2 * length - elapsed),
        _ => (0, 0, length),
    };
    let before = (BigInt::from(previous) * left + (length - 1)) / length;
    let before = i128::try_from(before).map_err(|_| LendingError::MathOverflow)?;
    current.checked_add(before).ok_or(LendingError::MathOverflow)
}

fn ramp([from, before, after]: [u32; 3], (start, now): (u64, u64), length: u32) {
    let (from, before, after) = (Bps(from % 20_001), Bps(before % 10_001), Bps(after % 10_001));
    let start_s = i64::try_from(start >> 2).unwrap_or_default();
    let end_s = start_s + 1 + i64::from(length % (2 * RAMP_MAX_S));
    let now_s = start_s.saturating_sub(100_000) + i64::try_from(now % 40_000_000).unwrap_or(0);
    let ramp = ThresholdRamp { from, start_s, end_s };
    let stands = threshold(&ramp, before, now_s);
    equal("threshold_at", &threshold_at(&ramp, before, now_s), &stands);
    let next = next_ramp(&ramp, (before, after), length, now_s);
    let falls = after != before && after < stands;
    let truth = match length {
        0 if !falls && after == before => Ok(ramp),
        0 if !falls => Ok(ThresholdRamp::default()),
        _ if !falls => Err(LendingError::InvalidConfig),
        short if short < RAMP_MIN_S => Err(LendingError::RampTooShort),
        long if long > RAMP_MAX_S => Err(LendingError::InvalidConfig),
        within => {
            Ok(ThresholdRamp { from: stands, start_s: now_s, end_s: now_s + i64::from(within) })
        }
    };
    equal("next_ramp", &next, &truth);
    if let Ok(next) = next {
        // Where the running ramp arrives, the next one has still to fall.
        let slower = stands > before && threshold(&next, after, end_s) > before;
        equal("is_slower", &is_slower((&ramp, before), (&next, after), now_s), &slower);
    }
}

fn threshold(ramp: &ThresholdRamp, target: Bps, now_s: i64) -> Bps {
    if ramp.from <= target || now_s >= ramp.end_s {
        return target;
    }
    let length = i128::from(ramp.end_s) - i128::from(ramp.start_s);
    let left = (i128::from(ramp.end_s) - i128::from(now_s)).min(length);
    let fall = i128::from(ramp.from.get() - target.get());
    let left = (fall * left + length - 1) / length;
    Bps(target.get() + u32::try_from(left).unwrap_or_default())
}

fn losses([loss, fees, insurance, suppliers]: [u128; 4], shares: u128, debt: u128) {
    let funds = Funds { fees: Fine(fees), insurance: Fine(insurance), suppliers: Fine(suppliers) };
    for policy in LossPolicy::ALL {
        let truth = paid(loss, funds, policy);
        equal("waterfall", &waterfall(Fine(loss), funds, policy), &Ok(truth));
        assert!(truth.is_exact());
    }
    let got = write_off_down(DebtShares(shares), Value(loss), Value(debt)).map(DebtShares::get);
    same("write_off_down", got, &exact(&[shares, loss], &[debt], Round::Down));
}

/// Each payer in turn, until the loss is used up; then those whom the policy spares.
fn paid(loss: u128, funds: Funds, policy: LossPolicy) -> LossSplit {
    let own: &[Payer] = match policy {
        LossPolicy::Waterfall => &[Payer::Fees, Payer::Insurance, Payer::Suppliers],
        LossPolicy::Haircut => &[Payer::Suppliers],
        LossPolicy::InsuranceThenHaircut => &[Payer::Insurance, Payer::Suppliers],
        LossPolicy::NegativeReserves => &[Payer::Fees, Payer::Deficit],
        LossPolicy::Deficit | LossPolicy::Receivable => &[Payer::Deficit],
    };
    let mut split = LossSplit { recognised: Fine(loss), ..LossSplit::default() };
    let mut left = loss;
    for payer in own.iter().chain(&[Payer::Insurance, Payer::Fees, Payer::Deficit]) {
        let (slot, has) = match payer {
            Payer::Fees => (&mut split.fees, funds.fees.get()),
            Payer::Insurance => (&mut split.insurance, funds.insurance.get()),
            Payer::Suppliers => (&mut split.suppliers, funds.suppliers.get()),
            Payer::Deficit => (&mut split.deficit, u128::MAX),
        };
        let gives = left.min(has - slot.get());
        *slot = Fine(slot.get() + gives);
        left -= gives;
    }
    split
}
