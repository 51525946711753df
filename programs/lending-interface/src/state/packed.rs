//! Reading and writing accounts of a fixed layout without looking twice.
//!
//! The bytes are those of Borsh, and every type here derives Borsh too: clients may read accounts
//! that way, and a test compares the two. But a Borsh reader may run out of bytes at every field,
//! and asking for that a hundred times an instruction costs more than all the arithmetic of a
//! loan. Here the length is known before the first field is read.

use cofferdam_host::Address;

use super::{ENTRIES_MAX, Entry, Pool, Position, PriceFeed, RESERVES_MAX, Reserve, ReserveConfig};
use crate::{
    math::{
        interest::{CURVE_POINTS_MAX, CurvePoint, RateCurve},
        loss::LossSplit,
    },
    units::{Amount, Bps, DebtShares, Fine, Index, Price, Shares},
};

/// A type that takes the same number of bytes whatever its value.
pub(super) trait Packed: Sized {
    /// Bytes it takes.
    const LEN: usize;

    /// The value that the first bytes stand for; `None` when there are too few, or they stand for
    /// none.
    fn unpack(bytes: &[u8]) -> Option<Self>;

    /// Writes the value over the first bytes; `None` when there are too few.
    fn pack(&self, bytes: &mut [u8]) -> Option<()>;
}

macro_rules! integers {
    ($($type:ty),+) => { $(
        impl Packed for $type {
            const LEN: usize = size_of::<$type>();

            #[inline(always)]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                bytes.first_chunk().map(|bytes| Self::from_le_bytes(*bytes))
            }

            #[inline(always)]
            fn pack(&self, bytes: &mut [u8]) -> Option<()> {
                *bytes.first_chunk_mut()? = self.to_le_bytes();
                Some(())
            }
        }
    )+ };
}

macro_rules! byte_arrays {
    ($($len:literal),+) => { $(
        impl Packed for [u8; $len] {
            const LEN: usize = $len;

            #[inline(always)]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                bytes.first_chunk().copied()
            }

            #[inline(always)]
            fn pack(&self, bytes: &mut [u8]) -> Option<()> {
                *bytes.first_chunk_mut()? = *self;
                Some(())
            }
        }
    )+ };
}

/// Wrappers of one value.
macro_rules! units {
    ($($type:ident($inner:ty)),+) => { $(
        impl Packed for $type {
            const LEN: usize = <$inner>::LEN;

            #[inline(always)]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                <$inner>::unpack(bytes).map(Self)
            }

            #[inline(always)]
            fn pack(&self, bytes: &mut [u8]) -> Option<()> {
                self.0.pack(bytes)
            }
        }
    )+ };
}

macro_rules! arrays {
    ($([$type:ty; $count:expr]),+) => { $(
        impl Packed for [$type; $count] {
            const LEN: usize = <$type>::LEN * $count;

            #[inline(always)]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                let mut values = [<$type>::default(); $count];
                let (bytes, _) = bytes.split_at_checked(Self::LEN)?;
                for (value, bytes) in values.iter_mut().zip(bytes.chunks_exact(<$type>::LEN)) {
                    *value = <$type>::unpack(bytes)?;
                }
                Some(values)
            }

            #[inline(always)]
            fn pack(&self, bytes: &mut [u8]) -> Option<()> {
                let (bytes, _) = bytes.split_at_mut_checked(Self::LEN)?;
                let mut places = self.iter().zip(bytes.chunks_exact_mut(<$type>::LEN));
                places.try_for_each(|(value, bytes)| value.pack(bytes))
            }
        }
    )+ };
}

/// Structs: each field with its type, in the order of the declaration.
macro_rules! structs {
    ($($type:ident { $($field:ident: $field_type:ty),+ $(,)? })+) => { $(
        impl Packed for $type {
            const LEN: usize = 0 $(+ <$field_type as Packed>::LEN)+;

            #[inline(always)]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                let (bytes, _) = bytes.split_at_checked(Self::LEN)?;
                $(let ($field, bytes) = bytes.split_at_checked(<$field_type as Packed>::LEN)?;)+
                bytes.is_empty().then_some(())?;
                Some(Self { $($field: <$field_type>::unpack($field)?),+ })
            }

            #[inline(always)]
            fn pack(&self, bytes: &mut [u8]) -> Option<()> {
                // Names every field, so that a new one cannot be forgotten here.
                let Self { $($field),+ } = self;
                let (bytes, _) = bytes.split_at_mut_checked(Self::LEN)?;
                $(
                    let (place, bytes) =
                        bytes.split_at_mut_checked(<$field_type as Packed>::LEN)?;
                    $field.pack(place)?;
                )+
                bytes.is_empty().then_some(())
            }
        }
    )+ };
}

integers!(u8, u16, u32, u64, u128, i64);
byte_arrays!(16, 32);
units!(Amount(u64), Bps(u32), DebtShares(u128), Fine(u128), Index(u128), Price(u128), Shares(u128));
arrays!([Address; RESERVES_MAX], [CurvePoint; CURVE_POINTS_MAX], [Entry; ENTRIES_MAX]);

impl Packed for Address {
    const LEN: usize = 32;

    #[inline(always)]
    fn unpack(bytes: &[u8]) -> Option<Self> {
        bytes.first_chunk().map(|bytes| Self::new_from_array(*bytes))
    }

    #[inline(always)]
    fn pack(&self, bytes: &mut [u8]) -> Option<()> {
        *bytes.first_chunk_mut()? = self.to_bytes();
        Some(())
    }
}

structs! {
    CurvePoint { utilisation: Bps, rate: Bps }
    RateCurve { len: u8, points: [CurvePoint; CURVE_POINTS_MAX] }
    LossSplit { recognised: Fine, fees: Fine, insurance: Fine, suppliers: Fine }
    ReserveConfig {
        collateral_factor: Bps,
        liquidation_threshold: Bps,
        close_factor: Bps,
        full_close_health: Bps,
        liquidation_bonus: Bps,
        insolvent_bonus: Bps,
        liquidation_protocol_fee: Bps,
        reserve_factor: Bps,
        max_price_age_s: u32,
        curve: RateCurve,
    }
    Pool {
        bump: u8,
        creator: Address,
        name: [u8; 32],
        admin: Address,
        reserve_count: u8,
        reserves: [Address; RESERVES_MAX],
    }
    Reserve {
        bump: u8,
        vault_bump: u8,
        pool: Address,
        mint: Address,
        vault: Address,
        feed: Address,
        decimals: u8,
        config: ReserveConfig,
        accrued_at_s: i64,
        cash: Amount,
        supply_shares: Shares,
        debt_shares: DebtShares,
        index: Index,
        fees: Fine,
        insurance: Fine,
        losses: LossSplit,
        recovered: LossSplit,
    }
    Entry { reserve: Address, supply: Shares, debt: DebtShares, claim: Fine }
    Position {
        bump: u8,
        pool: Address,
        owner: Address,
        index: u16,
        entries: [Entry; ENTRIES_MAX],
    }
    PriceFeed {
        bump: u8,
        authority: Address,
        symbol: [u8; 16],
        price: Price,
        observed_at_s: i64,
        published_slot: u64,
        sequence: u64,
    }
}
