//! Creates a price feed.

use cofferdam_host::{AccountData, Host, ProgramResult, cpi::create_program_account};
use cofferdam_lending_interface::{
    ID, LendingError,
    address::FEED,
    event::FeedCreated,
    instruction::{CreateFeed, CreateFeedAccounts},
    state::PriceFeed,
};

use super::emit;
use crate::{
    load::{Loaded, new_address, plain_name, signer},
    refuse::refuse,
};

const SLOTS: CreateFeedAccounts<usize> = CreateFeedAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &CreateFeed) -> ProgramResult {
    let authority = signer(host, SLOTS.authority)?;
    plain_name(host, &args.symbol)?;
    if let Some(range) = args.config.fault() {
        return Err(refuse(host, LendingError::InvalidFeedConfig, format_args!("{range}")));
    }
    let seeds: [&[u8]; 4] = [FEED, authority.as_ref(), &args.symbol, &[args.bump]];
    let address = new_address(host, SLOTS.feed, &seeds)?;

    create_program_account(host, SLOTS.payer, SLOTS.feed, PriceFeed::LEN, &ID, &seeds)?;
    let state = PriceFeed::new(args.bump, authority, args.symbol, args.config);
    Loaded::new(SLOTS.feed, address, state).store(host)?;
    emit(host, &FeedCreated { feed: address, authority, symbol: args.symbol })
}
