//! `cofferdam notice`.

use cofferdam_sdk::interface::event::NoticeGiven;

use super::own::{Own, OwnArgs};
use crate::{desk::Desk, fault::Fault};

/// Announce a withdrawal in a pool that asks for notice: a number of tokens, or `all` of the
/// supply; 0 takes the announcement back.
///
/// Example: cofferdam notice 500 USD --as bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    own: OwnArgs,
}

pub(crate) fn run(Args { own: args }: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let Own { key, market, position, mint } = args.read(&desk)?;
    let tokens = args.much.amount.tokens_or_all("notice")?;
    let notice = market.give_notice(&position, &mint, tokens)?;
    let done = desk.act(&args.by, &[&key], vec![notice])?;
    let event: NoticeGiven = done.event()?;
    let headline = format!(
        "announced {} shares of {}; they may leave from {} (unix time)",
        event.shares, args.much.token, event.ready_at_s
    );
    let fields = |sheet: crate::sheet::Sheet| {
        sheet.detail("shares", event.shares).detail("ready_at_s", event.ready_at_s)
    };
    desk.tell(&done, fields, &headline);
    Ok(())
}
