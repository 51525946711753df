//! Price feeds.

use borsh::{BorshDeserialize, BorshSerialize};

use super::accounts::accounts;
use crate::units::Price;

/// Creates a price feed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CreateFeed {
    /// Symbol, zero-padded ASCII.
    pub symbol: [u8; 16],
    /// Bump of the feed's address.
    pub bump: u8,
}

accounts! {
    /// Accounts of [`CreateFeed`].
    CreateFeedAccounts {
        /// Pays the rent.
        payer: payer,
        /// Who will publish.
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
    /// The price; zero says that it is unknown and stops whatever needs it.
    pub price: Price,
    /// When it was observed, unix time.
    pub observed_at_s: i64,
}

accounts! {
    /// Accounts of [`PublishPrice`].
    PublishPriceAccounts {
        /// The feed's authority.
        authority: signer,
        /// The feed.
        feed: writable,
    }
}
