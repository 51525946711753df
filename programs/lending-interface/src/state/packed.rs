//! Reading and writing accounts of a fixed layout without looking twice.
//!
//! The bytes are those of Borsh, and every type here derives Borsh too: clients may read accounts
//! that way, and a test compares the two. But a Borsh reader may run out of bytes at every field,
//! and asking for that a hundred times an instruction costs more than all the arithmetic of a
//! loan. Here the length is known before the first field is read.

use cofferdam_host::Address;

use super::{
    ENTRIES_MAX, Entry, FeedConfig, LossPolicy, Mode, PUBLISHERS_MAX, Pool, PoolConfig, Position,
    PriceFeed, PublisherQuote, QueuedPoolChange, QueuedReserveChange, RESERVES_MAX, RateModel,
    Reserve, ReserveConfig, Stake, head::Field,
};
use crate::{
    math::{
        interest::{CURVE_POINTS_MAX, CurvePoint, RateCurve},
        loss::LossSplit,
        outflow::{OutflowWindow, OutflowWindows},
        ramp::ThresholdRamp,
    },
    units::{Amount, Bps, DebtShares, Fine, Index, Price, Shares, Value},
};

/// A type that takes the same number of bytes whatever its value.
pub(super) trait Packed: Sized {
    /// Bytes it takes.
    const LEN: usize;

    /// Its fields in their order, when it has names for them.
    const FIELDS: &'static [Field] = &[];

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

/// Enums without fields: each variant in the order of its number.
macro_rules! choices {
    ($($type:ident[$($variant:ident),+]),+) => { $(
        impl Packed for $type {
            const LEN: usize = 1;

            #[inline(always)]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                [$(Self::$variant),+].get(usize::from(*bytes.first()?)).copied()
            }

            #[inline(always)]
            fn pack(&self, bytes: &mut [u8]) -> Option<()> {
                *bytes.first_mut()? = *self as u8;
                Some(())
            }
        }
    )+ };
}

/// Structs: each field with its type, in the order of the declaration.
macro_rules! structs {
    ($($type:ident { $($field:ident: $field_type:ty),+ $(,)? })+) => { $(
        impl Packed for $type {
            const LEN: usize = 0 $(+ <$field_type as Packed>::LEN)+;
            const FIELDS: &'static [Field] = &[$(Field {
                name: stringify!($field),
                len: <$field_type as Packed>::LEN,
                fields: <$field_type as Packed>::FIELDS,
            }),+];

            // A hundred fields in one function do not fit a stack frame of Solana's machine.
            #[cfg_attr(target_arch = "bpf", inline(never))]
            #[cfg_attr(not(target_arch = "bpf"), inline(always))]
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

integers!(u8, u16, u32, u64, u128, i64, i128);
byte_arrays!(16, 32);
units!(
    Amount(u64),
    Bps(u32),
    DebtShares(u128),
    Fine(u128),
    Index(u128),
    Price(u128),
    Shares(u128),
    Value(u128)
);
choices!(
    LossPolicy[
        Waterfall,
        Haircut,
        InsuranceThenHaircut,
        NegativeReserves,
        Deficit,
        Receivable
    ],
    Mode[Active, ReduceOnly, Frozen, Killed],
    RateModel[Curve, Adaptive]
);
arrays!(
    [Address; RESERVES_MAX],
    [Address; PUBLISHERS_MAX],
    [CurvePoint; CURVE_POINTS_MAX],
    [Entry; ENTRIES_MAX],
    [PublisherQuote; PUBLISHERS_MAX]
);

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
    CurvePoint {
        utilisation: Bps,
        rate: Bps,
    }
    RateCurve {
        len: u8,
        points: [CurvePoint; CURVE_POINTS_MAX],
    }
    LossSplit {
        recognised: Fine,
        fees: Fine,
        insurance: Fine,
        suppliers: Fine,
        deficit: Fine,
    }
    ThresholdRamp {
        from: Bps,
        start_s: i64,
        end_s: i64,
    }
    OutflowWindow {
        start_s: i64,
        current: i128,
        previous: u128,
    }
    OutflowWindows {
        hour: OutflowWindow,
        day: OutflowWindow,
    }
    ReserveConfig {
        collateral_factor: Bps,
        liquidation_threshold: Bps,
        borrow_factor: Bps,
        target_health: Bps,
        full_close_health: Bps,
        liquidation_bonus_min: Bps,
        liquidation_bonus_max: Bps,
        insolvent_bonus: Bps,
        liquidation_protocol_fee: Bps,
        reserve_factor: Bps,
        insurance_share: Bps,
        supply_cap: Amount,
        borrow_cap: Amount,
        max_utilisation: Bps,
        outflow_hour_max: Amount,
        outflow_day_max: Amount,
        max_price_age_s: u32,
        max_confidence: Bps,
        max_divergence: Bps,
        flash_fee: Bps,
        loss_policy: LossPolicy,
        rate_model: RateModel,
        curve: RateCurve,
    }
    PoolConfig {
        guardian: Address,
        timelock_s: u32,
        withdrawal_notice_s: u32,
        grace_s: u32,
        min_position_value: Value,
    }
    Pool {
        bump: u8,
        creator: Address,
        name: [u8; 32],
        admin: Address,
        pending_admin: Address,
        mode: Mode,
        grace_until_s: i64,
        config: PoolConfig,
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
        second_feed: Address,
        decimals: u8,
        mode: Mode,
        config: ReserveConfig,
        ramp: ThresholdRamp,
        accrued_at_s: i64,
        cash: Amount,
        outflow: OutflowWindows,
        flash_loan: Amount,
        rate_at_target: u128,
        supply_shares: Shares,
        debt_shares: DebtShares,
        index: Index,
        fees: Fine,
        insurance: Fine,
        insurance_cash: Fine,
        insurance_shares: Shares,
        insurance_staked: Shares,
        insurance_epoch: u32,
        deficit: Fine,
        covered: Fine,
        vesting: Fine,
        vesting_until_s: i64,
        losses: LossSplit,
        recovered: LossSplit,
    }
    Entry {
        reserve: Address,
        supply: Shares,
        debt: DebtShares,
        claim: Fine,
        noticed: Shares,
        noticed_at_s: i64,
    }
    Position {
        bump: u8,
        pool: Address,
        owner: Address,
        index: u16,
        entries: [Entry; ENTRIES_MAX],
    }
    FeedConfig {
        quorum: u8,
        quote_max_age_s: u32,
        ema_half_life_s: u32,
        publishers: [Address; PUBLISHERS_MAX],
    }
    PublisherQuote {
        price: Price,
        confidence: Price,
        observed_at_s: i64,
    }
    PriceFeed {
        bump: u8,
        authority: Address,
        symbol: [u8; 16],
        price: Price,
        confidence: Price,
        ema: Price,
        ema_at_s: i64,
        observed_at_s: i64,
        published_slot: u64,
        sequence: u64,
        config: FeedConfig,
        quotes: [PublisherQuote; PUBLISHERS_MAX],
    }
    Stake {
        bump: u8,
        reserve: Address,
        owner: Address,
        shares: Shares,
        epoch: u32,
        cooling: Shares,
        cooling_from_s: i64,
    }
    QueuedReserveChange {
        bump: u8,
        pool: Address,
        reserve: Address,
        ready_at_s: i64,
        payer: Address,
        config: ReserveConfig,
        feed: Address,
        second_feed: Address,
    }
    QueuedPoolChange {
        bump: u8,
        pool: Address,
        ready_at_s: i64,
        payer: Address,
        config: PoolConfig,
    }
}
