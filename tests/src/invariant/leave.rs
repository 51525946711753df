//! Leaving: stakes that cool down, withdrawals that were announced, limits on what goes out.

use cofferdam_host::Address;
use cofferdam_lending_interface::state::Reserve;

use super::{Step, Verdict, books::OVERFLOW, told::Told};
use crate::wide::{mul_div_up, product_at_most};

/// How long a stake cools down: 10 days; how long it may leave after that: 2 days.
const COOLDOWN_S: (i64, i64) = (10 * 86_400, 2 * 86_400);
/// How long an announced withdrawal may leave once the notice has run: 1 day.
const NOTICE_WINDOW_S: i64 = 86_400;
/// Shares and assets that stand beside a fund's own.
const VIRTUAL: (u128, u128) = (1_000_000, 1_000_000_000);

/// Shares of a fund leave when they have cooled down, in the window after that, and no others.
pub(super) fn stakes_cool_down(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Told::Unstaked(event) = beat.told else { continue };
        let stake = beat.before.stakes.get(&event.stake).ok_or("the stake is missing")?;
        let since_s = beat.before.now_s - stake.cooling_from_s - COOLDOWN_S.0;
        if event.shares > stake.cooling || !(0..=COOLDOWN_S.1).contains(&since_s) {
            return Err(format!("{} left {stake:?} at {}", event.shares, beat.before.now_s));
        }
    }
    Ok(())
}

/// Shares leave a pool that asks for notice when they were announced and it has run.
pub(super) fn withdrawals_are_announced(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Told::Withdrawn(event) = beat.told else { continue };
        let position = beat.before.positions.get(&event.position).ok_or("no such position")?;
        let notice_s = beat.before.pools[&position.pool].config.withdrawal_notice_s;
        let entry = position.entry(&event.reserve);
        let since_s = beat.before.now_s - entry.noticed_at_s - i64::from(notice_s);
        let fine = event.shares <= entry.noticed && (0..=NOTICE_WINDOW_S).contains(&since_s);
        if notice_s > 0 && !fine {
            return Err(format!("{} shares left {entry:?}, notice is {notice_s} s", event.shares));
        }
    }
    Ok(())
}

/// Within an hour and a day no more leaves by loan and withdrawal than the limits say, net of what
/// came in.
pub(super) fn outflow_is_limited(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let (address, amount) = match beat.told {
            Told::Borrowed(event) => (event.reserve, event.amount),
            Told::Withdrawn(event) => (event.reserve, event.amount),
            _ => continue,
        };
        let reserve = beat.before.accrued.get(&address).ok_or("the reserve is missing")?;
        let config = &reserve.config;
        let windows = [
            (config.outflow_hour_max.get(), 3_600, reserve.outflow.hour),
            (config.outflow_day_max.get(), 86_400, reserve.outflow.day),
        ];
        for (limit, length_s, window) in windows {
            if limit == u64::MAX {
                continue;
            }
            let used = used(window, length_s, beat.before.now_s).ok_or(OVERFLOW)?;
            if used.saturating_add(i128::from(amount.get())) > i128::from(limit)
                && !amount.is_zero()
            {
                return Err(format!("{amount} left {address} after {used} within {length_s} s"));
            }
        }
    }
    counted(step)
}

/// What a window counts at a moment: what it has and the part of the one before that still reaches
/// into it, rounded up.
fn used(
    window: cofferdam_lending_interface::math::outflow::OutflowWindow,
    length_s: u32,
    now_s: i64,
) -> Option<i128> {
    let length = i64::from(length_s);
    let elapsed_s = now_s.saturating_sub(window.start_s).max(0);
    let (current, previous, into_s) = if elapsed_s < length {
        (window.current, window.previous, elapsed_s)
    } else if elapsed_s < 2 * length {
        (0, u128::try_from(window.current).unwrap_or(0), elapsed_s - length)
    } else {
        (0, 0, 0)
    };
    let left = u128::try_from(length - into_s).ok()?;
    let before = mul_div_up(previous, left, u128::from(length_s))?;
    current.checked_add(i128::try_from(before).ok()?)
}

/// Windows move by what leaves and comes, and by nothing else: liquidations, fees and stakes do
/// not use them up.
fn counted(step: &Step<'_>) -> Verdict {
    for (address, _, after) in step.moved() {
        let Some(before) = step.before.accrued.get(&address) else { continue };
        let limited = |r: &Reserve| {
            r.config.outflow_hour_max.get() != u64::MAX
                || r.config.outflow_day_max.get() != u64::MAX
        };
        if !limited(before) || !limited(after) || before.config != after.config {
            continue;
        }
        let due = step.beats.told().iter().filter_map(|told| net(told, &address)).sum::<i128>();
        let now_s = step.after.now_s;
        let sides = [
            (before.outflow.hour, after.outflow.hour, 3_600),
            (before.outflow.day, after.outflow.day, 86_400),
        ];
        for (then, now, length_s) in sides {
            let used = |window| used(window, length_s, now_s).ok_or(OVERFLOW);
            if used(then)? + due != used(now)? {
                return Err(format!("{due} moved a window of {address} from {then:?} to {now:?}"));
            }
        }
    }
    Ok(())
}

fn net(told: &Told, address: &Address) -> Option<i128> {
    let (reserve, out) = match told {
        Told::Borrowed(event) => (event.reserve, i128::from(event.amount.get())),
        Told::Withdrawn(event) => (event.reserve, i128::from(event.amount.get())),
        Told::Deposited(event) => (event.reserve, -i128::from(event.amount.get())),
        Told::Repaid(event) => (event.reserve, -i128::from(event.amount.get())),
        _ => return None,
    };
    (reserve == *address).then_some(out)
}

/// A share of the fund falls in price by a loss alone, and nobody joins or leaves at another price.
pub(super) fn fund_price_falls_by_loss_only(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let (address, loss) = match beat.told {
            Told::BadDebtAbsorbed(event) => (event.reserve, !event.loss.insurance.is_zero()),
            Told::Staked(event) => (event.reserve, false),
            Told::Unstaked(event) => (event.reserve, false),
            Told::InsuranceFunded(event) => (event.reserve, false),
            Told::CollateralSeized(event) => (event.reserve, false),
            Told::LossRecovered(event) => (event.reserve, false),
            _ => continue,
        };
        let sides = (beat.before.accrued.get(&address), beat.after.accrued.get(&address));
        let (Some(before), Some(after)) = sides else { continue };
        let price = |r: &Reserve| {
            let assets = r.insurance.get().checked_add(VIRTUAL.1)?;
            Some((assets, r.insurance_shares.get().checked_add(VIRTUAL.0)?))
        };
        let (then, now) = (price(before).ok_or(OVERFLOW)?, price(after).ok_or(OVERFLOW)?);
        if !loss && !product_at_most((then.0, now.1), (now.0, then.1)) {
            return Err(format!("{:?} took the fund's price from {then:?} to {now:?}", beat.told));
        }
    }
    Ok(())
}
