//! From bytes to an action. Each byte has its own meaning:
//!
//! | byte | 0 | 1 | 2 | 3 | 4, 5 | 6 | 7 |
//! |---|---|---|---|---|---|---|---|
//! | meaning | verb | role | pool and assets | kind of size | figure | price move | twist |

use super::{Action, Move, Record, Role, Size, Twist, Verb};
use crate::world::{Actor, Asset, PoolId};

/// Verbs by weight: what moves money, price and time is drawn more often than set-up.
const VERBS: [Verb; 35] = [
    Verb::Deposit,
    Verb::Withdraw,
    Verb::Borrow,
    Verb::Repay,
    Verb::Liquidate,
    Verb::AbsorbBadDebt,
    Verb::PublishPrice,
    Verb::Refresh,
    Verb::Advance,
    Verb::Deposit,
    Verb::Withdraw,
    Verb::Borrow,
    Verb::Repay,
    Verb::Liquidate,
    Verb::AbsorbBadDebt,
    Verb::PublishPrice,
    Verb::Refresh,
    Verb::Advance,
    Verb::Withdraw,
    Verb::Borrow,
    Verb::Liquidate,
    Verb::AbsorbBadDebt,
    Verb::PublishPrice,
    Verb::Refresh,
    Verb::Donate,
    Verb::FundInsurance,
    Verb::CollectFees,
    Verb::UpdateReserve,
    Verb::UpdatePool,
    Verb::SetMode,
    Verb::SetMode,
    Verb::OpenPosition,
    Verb::CreatePool,
    Verb::AddReserve,
    Verb::CreateFeed,
];

/// Lengths of time that matter: a moment, around the oldest price allowed, a day, a year.
const SECONDS: [u32; 8] = [1, 12, 600, 3_599, 3_601, 86_400, 2_592_000, 31_536_000];

pub(super) fn decode(Record(bytes): Record) -> Action {
    let [verb, role, place, kind, high, low, price, twist] = bytes;
    let figure = u16::from_be_bytes([high, low]);
    Action {
        verb: VERBS[usize::from(verb) % VERBS.len()],
        pool: PoolId::ALL[usize::from(place & 1)],
        role: decode_role(role),
        asset: decode_asset(place >> 1),
        other: decode_asset(place >> 4),
        size: decode_size(kind, figure),
        price: decode_move(price, low),
        seconds: SECONDS[usize::from(kind) % SECONDS.len()],
        twist: decode_twist(twist, high, low),
    }
}

const fn decode_role(byte: u8) -> Role {
    match byte % 16 {
        0 | 1 => Role::Owner(Actor::Alice),
        2 | 3 => Role::Owner(Actor::Bob),
        4 | 5 => Role::Owner(Actor::Carol),
        6 | 7 => Role::Owner(Actor::Dave),
        8 | 9 => Role::Owner(Actor::Mallory),
        10 | 11 => Role::Liquidatable,
        12 => Role::Near,
        13 | 14 => Role::Insolvent,
        _ => Role::Borrower,
    }
}

/// The asset that no pool has at first is drawn once in eight.
const fn decode_asset(bits: u8) -> Asset {
    match bits % 8 {
        0..=2 => Asset::Weth,
        3 | 4 => Asset::Usdc,
        5 | 6 => Asset::Dai,
        _ => Asset::Wbtc,
    }
}

fn decode_size(kind: u8, figure: u16) -> Size {
    let [_, low] = figure.to_be_bytes();
    match kind % 16 {
        0..=6 => Size::Share(figure),
        // −1, 0 and 1 around the most: where off-by-one errors are.
        7..=10 => Size::Edge(i8::try_from(low % 3).unwrap_or_default() - 1),
        11 => Size::Tiny(low % 4),
        12 => Size::Power(low % 64),
        _ => Size::All,
    }
}

const fn decode_move(byte: u8, low: u8) -> Move {
    match byte % 16 {
        0..=4 => Move::Nudge(i8::from_be_bytes([low])),
        5 => Move::Halve,
        6 => Move::Double,
        7..=9 => Move::ThroughLiquidation,
        10 => Move::ThroughBankruptcy,
        11 => Move::ThinSurplus,
        12 => Move::Zero,
        13 => Move::Par,
        14 if low < 128 => Move::Wide(low),
        14 => Move::Late(low & 127),
        _ => Move::Future,
    }
}

/// Three of four transactions are honest: a wrong one rarely gets far.
const fn decode_twist(byte: u8, high: u8, low: u8) -> Twist {
    match byte {
        0..192 => Twist::Honest,
        192..204 => Twist::WrongSigner,
        204..210 => Twist::NoSigner,
        210..240 => Twist::Swap { slot: high, with: low },
        240..246 => Twist::DropLast,
        246..252 => Twist::ReadOnly(high),
        252.. => Twist::Truncated,
    }
}
