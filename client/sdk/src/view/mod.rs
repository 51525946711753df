mod insurance;
mod limit;
mod market;
mod preview;
mod quote;
mod rate;
mod recognition;
mod risk;
mod room;

use cofferdam_lending_interface::state::{Position, PriceFeed, Reserve};
use solana_address::Address;

pub use insurance::StakeView;
pub use market::Market;
pub use quote::{LiquidationQuote, MarketPrices};
pub use risk::{HealthView, LossView};

use crate::instruction::ReserveKeys;

/// A position and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PositionView {
    /// Its address.
    pub address: Address,
    /// What it holds and owes.
    pub state: Position,
}

/// A reserve with interest up to now, its feed, and where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveView {
    /// The addresses.
    pub keys: ReserveKeys,
    /// The reserve, interest up to the market's time.
    pub state: Reserve,
    /// Its feed.
    pub feed: PriceFeed,
    /// The second feed that it is compared with.
    pub second_feed: Option<PriceFeed>,
}
