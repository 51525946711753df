//! Announces a withdrawal, in place of what was announced before. The shares bear losses, earn and
//! back debt until they leave, and a liquidation takes them without notice.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::NoticeGiven,
    instruction::{GiveNotice, GiveNoticeAccounts},
};

use super::emit;
use crate::{
    load::{now_s, pool, position_of, reserve_unchanged},
    refuse::require,
};

const SLOTS: GiveNoticeAccounts<usize> = GiveNoticeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &GiveNotice) -> ProgramResult {
    let pool = pool(host, SLOTS.pool)?;
    let reserve = reserve_unchanged(host, SLOTS.reserve, &pool.address)?.address;
    let mut position = position_of(host, SLOTS.position, &pool.address, SLOTS.owner)?;
    let mut entry = position.state.entry(&reserve);
    let (shares, held) = (args.shares, entry.supply);
    let detail = format_args!("notice of {shares} shares: the position holds {held}");
    require!(host, shares <= held, InsufficientSupply, "{detail}");

    (entry.noticed, entry.noticed_at_s) = (shares, now_s(host)?);
    position.state.set(entry)?;
    position.store(host)?;
    let ready_at_s = entry.ready_at_s(pool.state.config.withdrawal_notice_s)?;
    emit(host, &NoticeGiven { position: position.address, reserve, shares, ready_at_s })
}
