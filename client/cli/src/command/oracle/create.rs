use cofferdam_sdk::{
    Address, Signer, address, instruction as build,
    interface::state::{FeedConfig, PUBLISHERS_MAX},
};

use crate::{
    desk::Desk,
    fault::Fault,
    names,
    options::{At, By},
};

/// Make a price feed; without --publisher the signer alone publishes to it. Its publishers and
/// quorum are fixed for good.
///
/// Example: cofferdam oracle create ETH --publisher anna --publisher ben --quorum 2 --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its symbol, at most 16 bytes.
    symbol: String,
    /// Who may publish, up to eight times; name or address.
    #[arg(long = "publisher", value_name = "WHO")]
    publishers: Vec<String>,
    /// Least number of fresh quotes that make a price [default: two thirds of the publishers].
    #[arg(long)]
    quorum: Option<u8>,
    /// Age up to which a publisher's quote counts, in seconds.
    #[arg(long, default_value_t = 604_800)]
    quote_max_age_s: u32,
    /// Time in which the average covers half of the way to a new price, in seconds.
    #[arg(long, default_value_t = 300)]
    ema_half_life_s: u32,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, symbol) = (desk.signer(&args.by.who)?, names::bytes("symbol", &args.symbol)?);
    let authority = key.pubkey();
    let config = config(args, &desk, authority)?;
    let create = build::create_feed(&authority, &authority, symbol, config);
    let done = desk.act(&args.by, &[&key], vec![create])?;
    let (feed, _) = address::feed(&authority, &symbol);
    let headline = format!("made feed {}", args.symbol);
    desk.tell(&done, |sheet| sheet.detail("feed", feed), &headline);
    Ok(())
}

fn config(args: &Args, desk: &Desk, authority: Address) -> Result<FeedConfig, Fault> {
    let named: Result<Vec<Address>, Fault> =
        args.publishers.iter().map(|name| desk.person(name)).collect();
    let mut named = named?;
    if named.is_empty() {
        named.push(authority);
    }
    let mut publishers = [Address::default(); PUBLISHERS_MAX];
    let (count, most) = (named.len(), PUBLISHERS_MAX);
    let Some(places) = publishers.get_mut(..count) else {
        return Err(Fault::Input(format!("{count} publishers; a feed has at most {most}")));
    };
    places.copy_from_slice(&named);
    let two_thirds = u8::try_from((2 * count).div_ceil(3)).unwrap_or(u8::MAX);
    let quorum = args.quorum.unwrap_or(two_thirds);
    let (quote_max_age_s, ema_half_life_s) = (args.quote_max_age_s, args.ema_half_life_s);
    let config = FeedConfig { quorum, quote_max_age_s, ema_half_life_s, publishers };
    config.fault().map_or(Ok(config), |range| Err(Fault::Input(range.into())))
}
