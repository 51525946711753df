use cofferdam_host::cpi::SYSTEM_PROGRAM_ID;
use cofferdam_lending_interface::{
    instruction::{
        CreateFeed, CreateFeedAccounts, LendingInstruction, PublishPrice, PublishPriceAccounts,
    },
    state::{FeedConfig, ReserveConfig},
    units::Price,
};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use super::{add_reserve, build};
use crate::address;

/// Creates a price feed; `payer` and `authority` sign.
#[must_use]
pub fn create_feed(
    payer: &Address,
    authority: &Address,
    symbol: [u8; 16],
    config: FeedConfig,
) -> Instruction {
    let (feed, bump) = address::feed(authority, &symbol);
    let accounts = CreateFeedAccounts {
        payer: *payer,
        authority: *authority,
        feed,
        system_program: SYSTEM_PROGRAM_ID,
    };
    build(LendingInstruction::CreateFeed(CreateFeed { symbol, bump, config }), accounts.metas())
}

/// Publishes a price and half the width of its confidence interval; `publisher` signs.
#[must_use]
pub fn publish_price(
    publisher: &Address,
    feed: &Address,
    price: Price,
    confidence: Price,
    observed_at_s: i64,
) -> Instruction {
    let accounts = PublishPriceAccounts { publisher: *publisher, feed: *feed };
    let args = PublishPrice { price, confidence, observed_at_s };
    build(LendingInstruction::PublishPrice(args), accounts.metas())
}

/// Adds a reserve whose price is compared with a second feed's; `payer` and `admin` sign.
#[must_use]
pub fn add_reserve_with_second_feed(
    payer: &Address,
    admin: &Address,
    pool: &Address,
    (mint, feed, second_feed): (&Address, &Address, &Address),
    config: ReserveConfig,
) -> Instruction {
    let mut add = add_reserve(payer, admin, pool, (mint, feed), config);
    add.accounts.push(AccountMeta::new_readonly(*second_feed, false));
    add
}
