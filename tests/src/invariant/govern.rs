//! Who may change what, and what has to wait.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    event::{ModeChanged, PoolUpdated, ReserveUpdated},
    state::{CHANGE_LIFE_S, Mode, PoolConfig, ReserveConfig},
};

use super::{Step, Verdict, beat::Beat, told::Told};
use crate::scene::Scene;

/// In a pool with a timelock nothing that raises risk happens without having waited in the queue.
pub(super) fn risk_waits_in_the_queue(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        match beat.told {
            Told::ReserveUpdated(event) => reserve_waited(&beat, event)?,
            Told::PoolUpdated(event) => pool_waited(&beat, event)?,
            Told::FeedsChanged(event) => {
                let waited = beat.before.reserve_changes.values().any(|change| {
                    let same = change.feed == event.feed && change.second_feed == event.second_feed;
                    change.reserve == event.reserve
                        && same
                        && is_due(beat.before, change.ready_at_s)
                });
                if !waited {
                    return Err(format!("{event:?} without having waited"));
                }
            }
            Told::ChangeQueued(event) => {
                let reserve = beat.before.reserves.get(&event.target).map(|reserve| reserve.pool);
                let pool = beat.before.pools.get(&reserve.unwrap_or(event.target));
                let wait_s = pool.map_or(0, |pool| i64::from(pool.config.timelock_s));
                if event.ready_at_s != beat.before.now_s + wait_s {
                    return Err(format!("{event:?} with a timelock of {wait_s} s"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_due(scene: &Scene, ready_at_s: i64) -> bool {
    let since_s = scene.now_s.saturating_sub(ready_at_s);
    (0..=i64::from(CHANGE_LIFE_S)).contains(&since_s)
}

fn reserve_waited(beat: &Beat<'_>, event: &ReserveUpdated) -> Verdict {
    let scene = beat.before;
    let reserve = scene.reserves.get(&event.reserve).ok_or("the reserve is missing")?;
    let locked = scene.pools[&reserve.pool].config.timelock_s > 0;
    let waited = scene.reserve_changes.values().any(|change| {
        let same = change.reserve == event.reserve && change.config == event.after;
        same && is_due(scene, change.ready_at_s)
    });
    if event.before != reserve.config
        || (locked && !waited && raises(&reserve.config, &event.after))
    {
        return Err(format!("{event:?} without having waited"));
    }
    Ok(())
}

fn pool_waited(beat: &Beat<'_>, event: &PoolUpdated) -> Verdict {
    let scene = beat.before;
    let config = scene.pools.get(&event.pool).ok_or("the pool is missing")?.config;
    let waited = scene.pool_changes.values().any(|change| {
        let same = change.pool == event.pool && change.config == event.after;
        same && is_due(scene, change.ready_at_s)
    });
    if event.before != config
        || (config.timelock_s > 0 && !waited && raises_pool(config, event.after))
    {
        return Err(format!("{event:?} without having waited"));
    }
    Ok(())
}

/// Whether a change does anything but lower a factor, a cap or a fee, or insure suppliers more.
fn raises(before: &ReserveConfig, after: &ReserveConfig) -> bool {
    let lowered = ReserveConfig {
        collateral_factor: after.collateral_factor,
        liquidation_threshold: after.liquidation_threshold,
        supply_cap: after.supply_cap,
        borrow_cap: after.borrow_cap,
        max_utilisation: after.max_utilisation,
        insurance_share: after.insurance_share,
        flash_fee: after.flash_fee,
        ..*before
    };
    after.collateral_factor > before.collateral_factor
        || after.liquidation_threshold > before.liquidation_threshold
        || after.supply_cap > before.supply_cap
        || after.borrow_cap > before.borrow_cap
        || after.max_utilisation > before.max_utilisation
        || after.insurance_share < before.insurance_share
        || *after != lowered
}

fn raises_pool(before: PoolConfig, after: PoolConfig) -> bool {
    let guarded = before.guardian != Address::default();
    (guarded && after.guardian != before.guardian)
        || after.timelock_s < before.timelock_s
        || after.withdrawal_notice_s != before.withdrawal_notice_s
        || after.grace_s > before.grace_s
        || after.min_position_value != before.min_position_value
}

/// Modes, parameters, fees and reserves are the admin's, who signed; the guardian's word only makes
/// a mode stricter or a risk smaller, and does not kill.
pub(super) fn only_those_in_charge(step: &Step<'_>) -> Verdict {
    let signed = |who: &Address| step.outcome.signers.contains(who);
    for beat in step.beats() {
        let Some(address) = governed(&beat) else { continue };
        let pool = beat.before.pools.get(&address).ok_or("the pool is missing")?;
        if signed(&pool.admin) {
            continue;
        }
        let guards = pool.config.guardian != Address::default() && signed(&pool.config.guardian);
        let reduces = match beat.told {
            Told::ModeChanged(ModeChanged { before, after, .. }) => {
                after > before && *after != Mode::Killed
            }
            Told::ReserveUpdated(event) => !raises(&event.before, &event.after),
            Told::ChangeCancelled(_) => true,
            _ => false,
        };
        if !(guards && reduces) {
            return Err(format!("{:?} on nobody's authority", beat.told));
        }
    }
    Ok(())
}

/// The pool that an event governs.
fn governed(beat: &Beat<'_>) -> Option<Address> {
    let of_reserve = |address: &Address| beat.before.reserves.get(address).map(|r| r.pool);
    let of = |target: &Address| of_reserve(target).or(Some(*target));
    match beat.told {
        Told::ModeChanged(event) => of(&event.target),
        Told::ReserveUpdated(event) => of_reserve(&event.reserve),
        Told::FeedsChanged(event) => of_reserve(&event.reserve),
        Told::FeesCollected(event) => of_reserve(&event.reserve),
        Told::ReserveAdded(event) => Some(event.pool),
        Told::PoolUpdated(event) => Some(event.pool),
        Told::AdminProposed(event) => Some(event.pool),
        Told::ChangeQueued(event) => of(&event.target),
        Told::ChangeCancelled(event) => of(&event.target),
        _ => None,
    }
}

/// A pool changes hands when the one who was proposed signs, and not otherwise; and nothing of it
/// changes that nobody told of.
pub(super) fn pools_change_hands_by_consent(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Told::AdminChanged(event) = beat.told else { continue };
        let pool = beat.before.pools.get(&event.pool).ok_or("the pool is missing")?;
        let invited = pool.pending_admin == event.after && event.after != Address::default();
        if !invited || !step.outcome.signers.contains(&event.after) || event.before != pool.admin {
            return Err(format!("{event:?}, proposed was {}", pool.pending_admin));
        }
    }
    let end = step.beats.end().unwrap_or(step.before);
    for changed in &step.delta.pools {
        let (told, is) = (end.pools.get(&changed.address), changed.after.as_deref());
        if changed.before.is_some() && told != is {
            return Err(format!("events lead {} to {told:?}, it is {is:?}", changed.address));
        }
    }
    Ok(())
}

/// Who an account is, it stays.
pub(super) fn identities_stay(step: &Step<'_>) -> Verdict {
    for (address, before, after) in step.moved() {
        let key = |r: &cofferdam_lending_interface::state::Reserve| {
            (r.pool, r.mint, r.vault, r.decimals, r.bump, r.vault_bump)
        };
        if key(before) != key(after) {
            return Err(format!("reserve {address} became another"));
        }
    }
    let same = step.delta.positions.iter().all(|changed| match (&changed.before, &changed.after) {
        (Some(before), Some(after)) => {
            (before.pool, before.owner, before.index) == (after.pool, after.owner, after.index)
        }
        (before, after) => before.is_none() && after.is_some(),
    });
    let stakes = step.delta.stakes.iter().all(|changed| match (&changed.before, &changed.after) {
        (Some(before), Some(after)) => {
            (before.reserve, before.owner) == (after.reserve, after.owner)
        }
        (before, after) => before.is_none() && after.is_some(),
    });
    let feeds = step.delta.feeds.iter().all(|changed| match (&changed.before, &changed.after) {
        (Some(before), Some(after)) => {
            (before.authority, before.symbol, before.config)
                == (after.authority, after.symbol, after.config)
        }
        (before, after) => before.is_none() && after.is_some(),
    });
    let gone = step.delta.reserves.iter().any(|changed| changed.after.is_none())
        || step.delta.pools.iter().any(|changed| changed.after.is_none());
    if same && stakes && feeds && !gone {
        return Ok(());
    }
    Err("a position, stake, feed, reserve or pool became another or is gone".into())
}
