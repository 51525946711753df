//! A transaction event by event: the state right before each event and right after it.
//!
//! A transaction may hold many instructions, and an instruction may tell of more than one thing.
//! What must hold for a loan or a loss holds at its own moment, not at the end of whatever came
//! with it. So the events are applied one by one, by arithmetic of its own, to the state before
//! the transaction; that this ends where the ledger ended is an invariant itself (EVENT-1).

mod apply;
mod fund;
mod loss;
mod market;

use cofferdam_lending_interface::state::Reserve;

pub(super) use fund::price_is_dead;

use super::{
    Step, Verdict,
    told::{Told, told},
};
use crate::scene::Scene;

/// One event, with the state around it.
#[derive(Clone, Copy)]
pub(super) struct Beat<'a> {
    pub(super) told: &'a Told,
    pub(super) before: &'a Scene,
    pub(super) after: &'a Scene,
}

/// All events of a transaction.
#[derive(Debug, Default)]
pub struct Beats {
    told: Vec<Told>,
    /// The states after each event.
    states: Vec<Scene>,
    /// The first event that could not be followed, and why.
    lost: Option<String>,
}

impl Beats {
    /// Follows a transaction from the state before it; `after` lends what no event tells: a ramp,
    /// a queue, an average.
    pub(super) fn of(step: (&Scene, &Scene), receipt: Option<&cofferdam_ledger::Receipt>) -> Self {
        let told = receipt.map(told).unwrap_or_default();
        let mut beats = Self { told, states: Vec::new(), lost: None };
        for (place, told) in beats.told.iter().enumerate() {
            let next = beats.told.get(place + 1);
            let mut state = beats.states.last().unwrap_or(step.0).clone();
            if let Err(reason) = apply::apply(&mut state, step.1, (told, next)) {
                // Whatever it did until then: what follows is checked all the same.
                beats.lost.get_or_insert(format!("{told:?}: {reason}"));
            }
            beats.states.push(state);
        }
        beats
    }

    /// The events in order.
    pub(super) fn told(&self) -> &[Told] {
        &self.told
    }

    /// Where the events lead.
    pub(super) fn end(&self) -> Option<&Scene> {
        self.states.last()
    }
}

impl Step<'_> {
    /// The events with the states around them. The last one ends in what the ledger has.
    pub(super) fn beats(&self) -> impl Iterator<Item = Beat<'_>> {
        let Beats { told, states, .. } = &self.beats;
        let befores = std::iter::once(self.before).chain(states);
        let last = told.len().wrapping_sub(1);
        let pairs = befores.zip(states).zip(told).enumerate();
        pairs.map(move |(place, ((before, after), told))| {
            let after = if place == last { self.after } else { after };
            Beat { told, before, after }
        })
    }
}

/// EVENT-1.
pub(super) fn events_tell_all(step: &Step<'_>) -> Verdict {
    if let Some(lost) = &step.beats.lost {
        return Err(format!("the books do not allow {lost}"));
    }
    let end = step.beats.states.last().unwrap_or(step.before);
    for changed in &step.delta.reserves {
        // A reserve that is new has no books yet.
        let (Some(told), Some(is)) =
            (end.accrued.get(&changed.address), step.after.accrued.get(&changed.address))
        else {
            continue;
        };
        if changed.before.is_some() && books(told) != books(is) {
            let address = changed.address;
            return Err(format!(
                "events lead reserve {address} to {:?}, it stands at {:?}",
                books(told),
                books(is)
            ));
        }
    }
    for changed in &step.delta.positions {
        let told = end.positions.get(&changed.address).map(|position| position.entries);
        let is = changed.after.as_ref().map(|position| position.entries);
        if changed.before.is_some() && told != is {
            return Err(format!("events lead {} to {told:?}, it holds {is:?}", changed.address));
        }
    }
    for changed in &step.delta.stakes {
        let (told, is) = (end.stakes.get(&changed.address), changed.after.as_deref());
        if changed.before.is_some() && told != is {
            return Err(format!("events lead {} to {told:?}, it is {is:?}", changed.address));
        }
    }
    Ok(())
}

/// All of a reserve that money is in.
fn books(reserve: &Reserve) -> [u128; 18] {
    let Reserve { losses, recovered, .. } = reserve;
    [
        u128::from(reserve.cash.get()),
        u128::from(reserve.flash_loan.get()),
        reserve.supply_shares.get(),
        reserve.debt_shares.get(),
        reserve.index.get(),
        reserve.fees.get(),
        reserve.insurance.get(),
        reserve.insurance_cash.get(),
        reserve.insurance_shares.get(),
        reserve.insurance_staked.get(),
        u128::from(reserve.insurance_epoch),
        reserve.deficit.get(),
        reserve.covered.get(),
        reserve.vesting.get(),
        reserve.vesting_until_s.unsigned_abs().into(),
        losses.recognised.get(),
        recovered.recognised.get(),
        reserve.rate_at_target,
    ]
}
