//! Bad debt: who paid, in which order, and that nothing else was written off.

use cofferdam_lending_interface::{
    event::BadDebtAbsorbed,
    math::loss::LossSplit,
    state::{LossPolicy, Mode, Reserve},
    units::{Fine, WAD},
};

use super::{
    Step, Verdict,
    beat::{Beat, price_is_dead},
    books::OVERFLOW,
    risk::{UNPRICEABLE_AFTER_S, quote},
    told::Told,
};
use crate::{
    scene::{
        Books, Scene,
        worth::{debt_of_all, fine, value_up},
    },
    wide::mul_div_down,
};

/// One recognition with the reserve before and after it.
struct Recognition<'a> {
    beat: Beat<'a>,
    event: &'a BadDebtAbsorbed,
    before: &'a Reserve,
    after: &'a Reserve,
}

fn recognitions<'a>(
    step: &'a Step<'_>,
) -> impl Iterator<Item = Result<Recognition<'a>, &'static str>> {
    step.beats().filter_map(|beat| {
        let Told::BadDebtAbsorbed(event) = beat.told else { return None };
        let before = beat.before.accrued.get(&event.reserve);
        let books = before.zip(beat.after.accrued.get(&event.reserve));
        let books = books.ok_or("a reserve of an event is missing");
        Some(books.map(|(before, after)| Recognition { beat, event, before, after }))
    })
}

pub(super) fn payers_add_up(step: &Step<'_>) -> Verdict {
    for (address, before, after) in step.moved() {
        if !adds_up(after.losses) || !adds_up(after.recovered) {
            return Err(format!("losses of {address} do not add up: {:?}", after.losses));
        }
        let told =
            step.beats.told().iter().any(
                |told| matches!(told, Told::BadDebtAbsorbed(event) if event.reserve == address),
            );
        if before.losses != after.losses && !told {
            return Err(format!("{address} booked a loss that nobody told of"));
        }
    }
    for found in recognitions(step) {
        let Recognition { event, before, after, .. } = found?;
        let debt = |reserve| debt_of_all(reserve).ok_or(OVERFLOW);
        let gone = debt(before)?.wrapping_sub(debt(after)?);
        let claimed = |reserve: &Reserve| reserve.losses.recognised.get();
        let booked = claimed(after).wrapping_sub(claimed(before));
        if !adds_up(event.loss)
            || event.loss.recognised.get() != gone
            || event.loss.recognised.get() != booked
        {
            return Err(format!("{:?} for {gone} of debt, booked {booked}", event.loss));
        }
    }
    Ok(())
}

fn adds_up(split: LossSplit) -> bool {
    let parts = [split.fees, split.insurance, split.suppliers, split.deficit].map(Fine::get);
    parts.into_iter().try_fold(0, u128::checked_add) == Some(split.recognised.get())
}

pub(super) fn waterfall_in_order(step: &Step<'_>) -> Verdict {
    for found in recognitions(step) {
        let Recognition { event, before, .. } = found?;
        let LossSplit { recognised, fees, insurance, suppliers, deficit } = event.loss;
        let expected = payers(before, recognised.get())?;
        if [fees, insurance, suppliers, deficit].map(Fine::get) != expected {
            return Err(format!(
                "with fees {} and insurance {} of {}, {:?}, expected {expected:?}",
                before.fees, before.insurance, event.reserve, event.loss
            ));
        }
    }
    Ok(())
}

/// Fees, insurance, suppliers and deficit as each policy's paragraph in docs/MATH.md has it.
fn payers(reserve: &Reserve, loss: u128) -> Result<[u128; 4], String> {
    let (fees, fund) = (reserve.fees.get(), reserve.insurance.get());
    let suppliers = Books::of(reserve).ok_or(OVERFLOW)?.assets + reserve.vesting.get();
    let by_fund = loss.min(fund);
    let by_suppliers = loss.min(suppliers);
    Ok(match reserve.config.loss_policy {
        LossPolicy::Waterfall => {
            let by_fees = loss.min(fees);
            let by_fund = (loss - by_fees).min(fund);
            [by_fees, by_fund, loss - by_fees - by_fund, 0]
        }
        LossPolicy::Haircut => {
            let by_fund = (loss - by_suppliers).min(fund);
            [loss - by_suppliers - by_fund, by_fund, by_suppliers, 0]
        }
        LossPolicy::InsuranceThenHaircut => {
            let by_suppliers = (loss - by_fund).min(suppliers);
            [loss - by_fund - by_suppliers, by_fund, by_suppliers, 0]
        }
        LossPolicy::NegativeReserves => [loss.min(fees), 0, 0, loss - loss.min(fees)],
        LossPolicy::Deficit | LossPolicy::Receivable => [0, 0, 0, loss],
    })
}

pub(super) fn only_bad_debt_is_written_off(step: &Step<'_>) -> Verdict {
    let mut settled = Vec::new();
    for found in recognitions(step) {
        let Recognition { beat, event, .. } = found?;
        let position = event.position;
        // One recognition cuts every debt of its position; the first cut leaves the next one's
        // share of the same loss.
        if settled.contains(&position) {
            continue;
        }
        settled.push(position);
        if !beat.before.is_insolvent(&position) && !follows_liquidation(step, &beat, event)? {
            return Err(format!("debt of {position} was written off, its collateral covers it"));
        }
    }
    Ok(())
}

/// A liquidation's amounts are whole units, so what it leaves may be short by one of every asset
/// that the position uses.
fn follows_liquidation(
    step: &Step<'_>,
    beat: &Beat<'_>,
    event: &BadDebtAbsorbed,
) -> Result<bool, String> {
    let liquidated =
        |told: &Told| matches!(told, Told::Liquidated(e) if e.position == event.position);
    if !step.beats.told().iter().any(liquidated) {
        return Ok(false);
    }
    let mut slack = 0;
    for entry in beat.before.positions.get(&event.position).iter().flat_map(|p| p.used()) {
        slack += value(beat.before, &entry.reserve, fine(1))?;
    }
    Ok(value(beat.before, &event.reserve, event.loss.recognised.get())? <= slack)
}

fn value(scene: &Scene, reserve: &cofferdam_host::Address, fine: u128) -> Result<u128, String> {
    let (price, decimals) = quote(scene, reserve)?;
    value_up(fine, price, decimals).ok_or_else(|| OVERFLOW.into())
}

pub(super) fn claims_are_what_was_lost(step: &Step<'_>) -> Verdict {
    for address in step.touched() {
        let Some(reserve) = step.after.reserves.get(address) else { continue };
        let claimed = step.after.sums.of(address).claim;
        let (lost, back) = (reserve.losses.recognised, reserve.recovered.recognised);
        if lost.get().checked_sub(back.get()) != Some(claimed) {
            return Err(format!(
                "positions in {address} are claimed {claimed}, lost {lost} and recovered {back}"
            ));
        }
    }
    Ok(())
}

/// Deficit first, then suppliers, then insurance, then fees, each up to what it lost.
pub(super) fn recovery_in_reverse_order(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Told::LossRecovered(event) = beat.told else { continue };
        let split = event.split;
        let before = beat.before.accrued.get(&event.reserve).ok_or("the reserve is missing")?;
        let open = |lost: Fine, back: Fine| lost.get().wrapping_sub(back.get());
        let (lost, back) = (before.losses, before.recovered);
        let deficit = split.recognised.get().min(before.deficit.get());
        let rest = split.recognised.get() - deficit;
        let suppliers = rest.min(open(lost.suppliers, back.suppliers));
        let rest = rest - suppliers;
        let insurance = rest.min(open(lost.insurance, back.insurance));
        let expected = [deficit, suppliers, insurance, rest - insurance];
        if [split.deficit, split.suppliers, split.insurance, split.fees].map(Fine::get) != expected
        {
            let reserve = event.reserve;
            return Err(format!("{split:?} came back to {reserve}, expected {expected:?}"));
        }
    }
    Ok(())
}

/// Collateral is forfeit only with a loss, and only where it is dust or nobody can price it; it
/// goes to the fund at its value.
pub(super) fn only_dust_is_forfeit(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Told::CollateralSeized(event) = beat.told else { continue };
        let scene = beat.before;
        let with_loss = step.beats.told().iter().any(
            |told| matches!(told, Told::BadDebtAbsorbed(loss) if loss.position == event.position),
        );
        let feed = |reserve| {
            let reserve = scene.reserves.get(reserve)?;
            scene.feeds.get(&reserve.feed)
        };
        let dead = |reserve| {
            feed(reserve)
                .is_some_and(|f| scene.now_s.saturating_sub(f.observed_at_s) > UNPRICEABLE_AFTER_S)
        };
        let position = &scene.positions[&event.position];
        let least = scene.pools[&position.pool].config.min_position_value.get();
        let mut worth = 0;
        for entry in position.used().filter(|e| !e.supply.is_zero() && !dead(&e.reserve)) {
            let books = scene.accrued.get(&entry.reserve).and_then(Books::of).ok_or(OVERFLOW)?;
            let claim = books.claim_down(entry.supply.get()).ok_or(OVERFLOW)?;
            worth += value(scene, &entry.reserve, claim)?;
        }
        let books = scene.accrued.get(&event.reserve).and_then(Books::of).ok_or(OVERFLOW)?;
        let due = books.claim_down(event.shares.get()).ok_or(OVERFLOW)?;
        let fair = event.amount.get() == due;
        if !with_loss || !fair || (worth >= least.saturating_add(WAD) && !dead(&event.reserve)) {
            return Err(format!("{event:?} is forfeit, worth {worth} in all, {due} was due"));
        }
    }
    Ok(())
}

/// A reserve whose suppliers lost everything is closed for good, and what is closed stays closed.
pub(super) fn killed_is_for_good(step: &Step<'_>) -> Verdict {
    for (address, before, after) in step.moved() {
        if before.mode == Mode::Killed && after.mode != Mode::Killed {
            return Err(format!("reserve {address} came back from killed"));
        }
    }
    for changed in &step.delta.pools {
        let mode = |pool: &Option<std::sync::Arc<cofferdam_lending_interface::state::Pool>>| {
            pool.as_ref().map(|pool| pool.mode)
        };
        if mode(&changed.before) == Some(Mode::Killed) && mode(&changed.after) != Some(Mode::Killed)
        {
            return Err(format!("pool {} came back from killed", changed.address));
        }
    }
    for found in recognitions(step) {
        let Recognition { event, after, .. } = found?;
        let books = Books::of(after).ok_or(OVERFLOW)?;
        let (_, shares) = books.price().ok_or(OVERFLOW)?;
        let dead = price_is_dead(books.assets, shares).ok_or(OVERFLOW)?;
        if dead && after.mode != Mode::Killed {
            return Err(format!("reserve {} is wiped out and {:?}", event.reserve, after.mode));
        }
    }
    Ok(())
}

/// A loss is shared by the debts of a position in proportion: nobody chooses which reserve loses.
pub(super) fn losses_are_proportional(step: &Step<'_>) -> Verdict {
    let mut first: Option<(cofferdam_host::Address, u128, u128)> = None;
    let mut reserves = Vec::new();
    for found in recognitions(step) {
        let Recognition { beat, event, .. } = found?;
        let entry = beat.before.positions[&event.position].entry(&event.reserve);
        let (cut, owed) = (event.shares.get(), entry.debt.get());
        // The same debt again: another instruction of the transaction, and another loss.
        if reserves.contains(&(event.position, event.reserve)) {
            reserves.clear();
            first = None;
        }
        reserves.push((event.position, event.reserve));
        match first {
            Some((position, first_cut, first_owed)) if position == event.position => {
                // Each is rounded down to a share by itself.
                let share = mul_div_down(first_cut, owed, first_owed).ok_or(OVERFLOW)?;
                let above = mul_div_down(first_cut + 1, owed, first_owed).ok_or(OVERFLOW)?;
                if cut + 1 < share || cut > above.saturating_add(1) {
                    return Err(format!(
                        "{cut} of {owed} shares, elsewhere {first_cut} of {first_owed}"
                    ));
                }
            }
            _ => first = Some((event.position, cut, owed)),
        }
    }
    Ok(())
}
