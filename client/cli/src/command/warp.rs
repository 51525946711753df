//! `cofferdam warp`.

use cofferdam_sdk::ledger::Warp;

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, Keep},
    sheet::Sheet,
};

/// Let time pass: slot and clock move together.
///
/// Example: cofferdam warp --seconds 3600
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    keep: Keep,
    #[command(flatten)]
    at: At,
}

/// How far.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct By {
    /// That many slots on.
    #[arg(long, value_name = "N")]
    slots: Option<u64>,
    /// That many seconds on.
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// To that slot.
    #[arg(long, value_name = "SLOT")]
    to_slot: Option<u64>,
    /// To that time, in seconds since 1970-01-01 UTC.
    #[arg(long, value_name = "UNIX_S")]
    to_time: Option<i64>,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let By { slots, seconds, to_slot, to_time } = args.by;
    let warp = slots.map(Warp::Slots).or(seconds.map(Warp::Seconds));
    let warp = warp.or(to_slot.map(Warp::ToSlot)).or(to_time.map(Warp::ToTimestamp));
    let warp = warp.ok_or_else(|| Fault::Input("say how far to warp".into()))?;
    let mut desk = Desk::open(&args.at)?;
    let clock = desk.client.backend_mut().warp(warp).map_err(|error| Fault::input(&error))?;
    let mode = args.keep.mode();
    desk.keep(mode)?;
    let (slot, time_s) = (clock.slot, clock.unix_timestamp);
    let sheet = Sheet::said(mode.said(&format!("slot {slot}, {time_s} s since 1970-01-01 UTC")))
        .detail("slot", slot)
        .detail("unix_timestamp_s", time_s);
    desk.show(&sheet);
    Ok(())
}
