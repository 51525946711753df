//! Modes, caps, parameters in range and thresholds that fall slowly.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    state::{Mode, Position, Reserve, ReserveConfig},
    units::RAY,
};

use super::{Step, Verdict, beat::Beat, books::OVERFLOW, told::Told};
use crate::{
    scene::{
        Books,
        worth::{available_down, debt_of_all, fine, threshold_bps},
    },
    wide::product_at_most,
};

/// What is done needs the modes of pool and reserve to be no stricter than the table in
/// docs/PROTOCOL.md says; who saves a position may do it up to reduce-only.
pub(super) fn modes_hold(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Some((reserve, strictest)) = operation(&beat) else { continue };
        let state = beat.before.reserves.get(&reserve).ok_or("the reserve is missing")?;
        let (whole, own) = (beat.before.pools[&state.pool].mode, state.mode);
        if whole.max(own) > strictest {
            return Err(format!("{:?} in {whole:?} and {own:?}", beat.told));
        }
    }
    Ok(())
}

/// Where something was done, and the strictest mode that lets it be; `None` for what is always
/// possible.
fn operation(beat: &Beat<'_>) -> Option<(Address, Mode)> {
    let owes =
        |position: &Address| beat.before.positions.get(position).is_some_and(Position::has_debt);
    match beat.told {
        Told::Deposited(event) if owes(&event.position) => Some((event.reserve, Mode::ReduceOnly)),
        Told::Deposited(event) => Some((event.reserve, Mode::Active)),
        Told::Withdrawn(event) if owes(&event.position) => Some((event.reserve, Mode::Active)),
        Told::Borrowed(event) => Some((event.reserve, Mode::Active)),
        Told::FlashLoanTaken(event) => Some((event.reserve, Mode::Active)),
        Told::Staked(event) => Some((event.reserve, Mode::Active)),
        _ => None,
    }
}

pub(super) fn caps_hold(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        match beat.told {
            Told::Deposited(event) => {
                let reserve = beat.after.accrued.get(&event.reserve).ok_or("no such reserve")?;
                let supplied = Books::of(reserve).ok_or(OVERFLOW)?.assets;
                let cap = reserve.config.supply_cap.get();
                if cap != u64::MAX && supplied > fine(cap) {
                    return Err(format!("{supplied} supplied beyond the cap of {cap}"));
                }
            }
            Told::Borrowed(event) => {
                let reserve = beat.after.accrued.get(&event.reserve).ok_or("no such reserve")?;
                within_borrow_limits(reserve)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn within_borrow_limits(reserve: &Reserve) -> Verdict {
    let debt = debt_of_all(reserve).ok_or(OVERFLOW)?;
    let (cap, most) = (reserve.config.borrow_cap.get(), reserve.config.max_utilisation.get());
    if cap != u64::MAX && debt > fine(cap) {
        return Err(format!("{debt} owed beyond the cap of {cap}"));
    }
    let all = debt + fine(available_down(reserve).ok_or(OVERFLOW)?);
    // Debt shares are rounded up, so the debt may be a part of a unit more than what was lent.
    let debt = debt.saturating_sub(1);
    if most != 10_000 && !product_at_most((debt, 10_000), (all, u128::from(most))) {
        return Err(format!("{debt} of {all} is lent, beyond {most} bps"));
    }
    Ok(())
}

/// Time lowers a threshold, no transaction does.
pub(super) fn thresholds_fall_slowly(step: &Step<'_>) -> Verdict {
    for (address, before, after) in step.moved() {
        let now_s = step.after.now_s;
        let (then, now) = (threshold_bps(before, now_s), threshold_bps(after, now_s));
        if now < then {
            return Err(format!("threshold of {address} from {then} to {now} bps at once"));
        }
        let target = after.config.liquidation_threshold.get();
        let falls = now > target && before.ramp != after.ramp;
        if falls && after.ramp.end_s.saturating_sub(now_s) < 86_400 {
            return Err(format!("threshold of {address} falls from {now} to {target} too fast"));
        }
    }
    Ok(())
}

/// Parameters that hold are in range: a collateral factor within the threshold, a bonus that the
/// threshold leaves room for, and never at the threshold in force either, and some bonus for whoever
/// liquidates the insolvent.
pub(super) fn parameters_are_in_range(step: &Step<'_>) -> Verdict {
    for changed in &step.delta.reserves {
        let Some(reserve) = changed.after.as_deref() else { continue };
        let ReserveConfig {
            collateral_factor: factor,
            liquidation_threshold: target,
            liquidation_bonus_min: least,
            liquidation_bonus_max: most,
            insolvent_bonus: insolvent,
            ..
        } = reserve.config;
        let changed_now =
            changed.before.as_deref().is_none_or(|before| before.config != reserve.config);
        let bonus = 10_000 + u64::from(most.get());
        let holds = threshold_bps(reserve, step.after.now_s);
        let fits = |threshold: u32| u64::from(threshold) * bonus <= 100_000_000;
        let ordered =
            factor <= target && least <= most && (10..=most.get()).contains(&insolvent.get());
        if !ordered || !fits(target.get()) || (changed_now && !fits(holds)) {
            return Err(format!("parameters of {}: {:?}", changed.address, reserve.config));
        }
        if reserve.index.get() < RAY {
            return Err(format!("index of {} is {}", changed.address, reserve.index));
        }
    }
    Ok(())
}

/// A position never supplies and owes the same asset, uses a reserve once, and reserves of its own
/// pool only.
pub(super) fn positions_are_one_sided(step: &Step<'_>) -> Verdict {
    for changed in &step.delta.positions {
        let Some(position) = changed.after.as_deref() else { continue };
        for (place, entry) in position.used().enumerate() {
            let owes = !entry.debt.is_zero() || !entry.claim.is_zero();
            let both = !entry.supply.is_zero() && owes;
            let neither = entry.supply.is_zero() && !owes;
            let twice = position.used().skip(place + 1).any(|other| other.reserve == entry.reserve);
            let reserve = step.after.reserves.get(&entry.reserve);
            let strange = reserve.is_none_or(|reserve| reserve.pool != position.pool);
            if both || neither || twice || strange || entry.noticed > entry.supply {
                return Err(format!("{} has {entry:?}", changed.address));
            }
        }
    }
    Ok(())
}
