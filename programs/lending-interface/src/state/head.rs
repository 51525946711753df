//! Heads of accounts: the fields that many readers need, found by name in the layout of the whole
//! account, which is listed in one place only.

use cofferdam_host::AccountHead;

use super::{Pool, PoolHead, PriceFeed, PriceHead, packed::Packed};

/// A field of a packed struct.
pub(super) struct Field {
    /// Its name.
    pub(super) name: &'static str,
    /// Bytes it takes.
    pub(super) len: usize,
    /// The fields it is made of, if it is a struct.
    pub(super) fields: &'static [Self],
}

/// Where a field begins; `path` names it, after the fields around it.
const fn offset(fields: &[Field], path: &[&str]) -> usize {
    let (mut at, mut index) = (0, 0);
    let [name, inner @ ..] = path else { return 0 };
    while !is_same(fields[index].name, name) {
        at += fields[index].len;
        index += 1;
    }
    at + offset(fields[index].fields, inner)
}

/// Strings are not compared by `==` where constants are computed.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    index == one.len() && index == other.len()
}

/// Each field of a head with its place in the whole account. A name that is not there is an index
/// out of bounds at compile time.
macro_rules! heads {
    ($($head:ident of $whole:ident { $($field:ident: $($path:ident).+),+ $(,)? })+) => { $(
        impl From<&$whole> for $head {
            fn from(whole: &$whole) -> Self {
                Self { $($field: whole.$($path).+),+ }
            }
        }

        impl AccountHead for $head {
            type Account = $whole;

            #[inline(always)]
            fn decode_fields(bytes: &[u8]) -> Option<Self> {
                let bytes = bytes.first_chunk::<{ <$whole as Packed>::LEN }>()?;
                Some(Self { $(
                    $field: Packed::unpack(
                        &bytes[const { offset(<$whole>::FIELDS, &[$(stringify!($path)),+]) }..],
                    )?
                ),+ })
            }
        }
    )+ };
}

heads! {
    PriceHead of PriceFeed {
        price: price,
        confidence: confidence,
        ema: ema,
        ema_at_s: ema_at_s,
        observed_at_s: observed_at_s,
        ema_half_life_s: config.ema_half_life_s,
    }
    PoolHead of Pool {
        mode: mode,
        grace_until_s: grace_until_s,
        config: config,
    }
}
