//! Price feeds.

use borsh::{BorshDeserialize, BorshSerialize};

use super::accounts::accounts;
use crate::{state::FeedConfig, units::Price};

/// Creates a price feed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CreateFeed {
    /// Symbol, zero-padded ASCII.
    pub symbol: [u8; 16],
    /// Bump of the feed's address.
    pub bump: u8,
    /// Publishers, quorum, average; fixed for ever.
    pub config: FeedConfig,
}

accounts! {
    /// Accounts of [`CreateFeed`].
    CreateFeedAccounts {
        /// Pays the rent.
        payer: payer,
        /// Who creates it; part of its address.
        authority: signer,
        /// The new feed.
        feed: writable,
        /// System program.
        system_program: readonly,
    }
}

/// Publishes a price.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishPrice {
    /// The price; zero takes the publisher's quote back.
    pub price: Price,
    /// Half the width of the interval the publisher is sure of; below the price.
    pub confidence: Price,
    /// When it was observed, unix time.
    pub observed_at_s: i64,
}

accounts! {
    /// Accounts of [`PublishPrice`].
    PublishPriceAccounts {
        /// One of the feed's publishers.
        publisher: signer,
        /// The feed.
        feed: writable,
    }
}
