//! The program's accounts. Each opens with an 8-byte discriminator and has a fixed length.

mod config;
mod feed;
mod head;
mod limits;
mod loss;
mod mode;
mod packed;
mod policy;
mod pool;
mod position;
mod queue;
mod raise;
mod rate;
mod reserve;
mod stake;

use cofferdam_host::{AccountData, Address};

use packed::Packed;

pub use config::{RateModel, ReserveConfig};
pub use feed::{FeedConfig, PUBLISHERS_MAX, PriceFeed, PriceHead, PublisherQuote};
pub use loss::{DEAD_SHARE, INSURANCE_MIN, VESTING_S};
pub use mode::{Authority, Mode, Operation};
pub use policy::{LossPolicy, Payer};
pub use pool::{GRACE_REST_S, Pool, PoolConfig, PoolHead, RESERVES_MAX};
pub use position::{ENTRIES_MAX, Entry, NOTICE_WINDOW_S, Position};
pub use queue::{CHANGE_LIFE_S, QueuedPoolChange, QueuedReserveChange, require_ready};
pub use reserve::{Reserve, ReserveOrigin};
pub use stake::{COOLDOWN_S, EXIT_WINDOW_S, Stake};

/// Bytes of [`ReserveConfig`].
const CONFIG_LEN: usize = 163;
/// Bytes of [`PoolConfig`].
const POOL_CONFIG_LEN: usize = 32 + 3 * 4 + 16;

/// Implements [`AccountData`] for a type of this program.
macro_rules! account {
    ($type:ident, $discriminator:expr, $len:expr) => {
        impl AccountData for $type {
            const DISCRIMINATOR: [u8; 8] = $discriminator;
            const NAME: &'static str = stringify!($type);
            const OWNER: Address = crate::ID;
            const LEN: usize = $len;

            fn decode_fields(bytes: &[u8]) -> Option<Self> {
                const { assert!(8 + <$type as Packed>::LEN == $len) };
                Self::unpack(bytes)
            }

            fn encode_fields(&self, bytes: &mut [u8]) -> Option<()> {
                self.pack(bytes)
            }
        }
    };
}

account!(
    Pool,
    [0xf1, 0x9a, 0x6d, 0x04, 0x11, 0xb1, 0x6d, 0xbc],
    8 + 1 + 4 * 32 + 1 + 8 + POOL_CONFIG_LEN + 1 + 32 * RESERVES_MAX
);
account!(
    Reserve,
    [0x2b, 0xf2, 0xcc, 0xca, 0x1a, 0xf7, 0x3b, 0x7f],
    8 + 2 + 5 * 32 + 2 + CONFIG_LEN + 20 + 8 + 80 + 16 + 4 + 8 + 16 * 22
);
account!(
    Position,
    [0xaa, 0xbc, 0x8f, 0xe4, 0x7a, 0x40, 0xf7, 0xd0],
    8 + 1 + 32 + 32 + 2 + 104 * ENTRIES_MAX
);
account!(
    PriceFeed,
    [0xbd, 0x67, 0xfc, 0x17, 0x98, 0x23, 0xf3, 0x9c],
    8 + 1 + 32 + 16 + 3 * 16 + 4 * 8 + (9 + 32 * PUBLISHERS_MAX) + 40 * PUBLISHERS_MAX
);
account!(
    Stake,
    [0x96, 0xc5, 0xb0, 0x1d, 0x37, 0x84, 0x70, 0x95],
    8 + 1 + 32 + 32 + 16 + 4 + 16 + 8
);
account!(
    QueuedReserveChange,
    [0xf3, 0xca, 0x01, 0x56, 0x04, 0xda, 0x60, 0x93],
    8 + 1 + 32 + 32 + 8 + 32 + CONFIG_LEN + 32 + 32
);
account!(
    QueuedPoolChange,
    [0xcf, 0x4a, 0x70, 0x66, 0x91, 0xf8, 0x07, 0x42],
    8 + 1 + 32 + 8 + 32 + POOL_CONFIG_LEN
);
