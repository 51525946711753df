//! The program's accounts. Each opens with an 8-byte discriminator and has a fixed length.

mod config;
mod feed;
mod packed;
mod pool;
mod position;
mod reserve;

use cofferdam_host::{AccountData, Address};

use packed::Packed;

pub use config::ReserveConfig;
pub use feed::PriceFeed;
pub use pool::{Pool, RESERVES_MAX};
pub use position::{ENTRIES_MAX, Entry, Position};
pub use reserve::Reserve;

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
    8 + 1 + 32 + 32 + 32 + 1 + 32 * RESERVES_MAX
);
account!(
    Reserve,
    [0x2b, 0xf2, 0xcc, 0xca, 0x1a, 0xf7, 0x3b, 0x7f],
    8 + 2 + 4 * 32 + 1 + 101 + 8 + 8 + 16 * 13
);
account!(
    Position,
    [0xaa, 0xbc, 0x8f, 0xe4, 0x7a, 0x40, 0xf7, 0xd0],
    8 + 1 + 32 + 32 + 2 + 80 * ENTRIES_MAX
);
account!(
    PriceFeed,
    [0xbd, 0x67, 0xfc, 0x17, 0x98, 0x23, 0xf3, 0x9c],
    8 + 1 + 32 + 16 + 16 + 8 + 8 + 8
);
