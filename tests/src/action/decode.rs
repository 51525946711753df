//! From bytes to an action. Each byte has its own meaning, and zero is the plainest:
//!
//! | byte | 0 | 1 | 2 | 3 | 4, 5 | 6 | 7 | 8 | 9 | 10, 11 |
//! |---|---|---|---|---|---|---|---|---|---|---|
//! | meaning | verb | role | pool and assets | kind of size | figure | price move | wait | way | link | twist |

use super::{Action, Link, Move, Record, Role, Size, Twist, Verb, Wait, Waits};
use crate::world::{Actor, Asset, PoolId};

/// Bytes from which on a record joins the one before.
pub(super) const JOINED_FROM: u8 = 232;

/// Bytes from which on a transaction is wrong: three of four are honest, because a wrong one
/// rarely gets far.
pub(super) const TWISTED_FROM: u8 = 192;

/// The verb of each byte, by weight.
const VERBS: [Verb; 256] = {
    let mut verbs = [Verb::Deposit; 256];
    let (mut at, mut verb) = (0, 0);
    while verb < Verb::ALL.len() {
        let end = at + Verb::WEIGHTS[verb] as usize;
        while at < end {
            verbs[at] = Verb::ALL[verb];
            at += 1;
        }
        verb += 1;
    }
    assert!(at == 256, "the weights add up to 256");
    verbs
};

/// Lengths of time that matter: a moment, around the oldest price allowed, a day, the windows of
/// notices and stakes, a year.
const SECONDS: [u32; 14] = [
    1, 12, 600, 3_599, 3_601, 14_400, 86_400, 86_401, 259_200, 864_000, 1_036_801, 1_209_601,
    2_592_000, 31_536_000,
];

/// The first byte that stands for a verb.
pub(super) fn byte_of(verb: Verb) -> u8 {
    let at = VERBS.iter().position(|listed| *listed == verb);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or_default()
}

pub(super) fn decode(Record(bytes): Record) -> Action {
    let [verb, role, place, kind, high, low, price, wait, way, link, twist, part] = bytes;
    let verb = VERBS[usize::from(verb)];
    Action {
        verb,
        pool: PoolId::ALL[usize::from(place & 1)],
        role: decode_role(verb, role),
        asset: decode_asset(place >> 1),
        other: decode_asset(place >> 4),
        size: decode_size(kind, u16::from_be_bytes([high, low])),
        price: decode_move(price, low),
        wait: decode_wait(wait, low),
        way,
        link: if link < JOINED_FROM { Link::Own } else { Link::Joined },
        twist: decode_twist(twist, part),
    }
}

/// Half of the liquidations and of the absorptions go to somebody whom they fit.
const fn decode_role(verb: Verb, byte: u8) -> Role {
    match (verb, byte) {
        (Verb::Liquidate, 96..224) => Role::Liquidatable,
        (Verb::AbsorbBadDebt, 96..224) => Role::Insolvent,
        _ => any_role(byte),
    }
}

const fn any_role(byte: u8) -> Role {
    match byte {
        0..28 => Role::Owner(Actor::Alice),
        28..56 => Role::Owner(Actor::Bob),
        56..84 => Role::Owner(Actor::Carol),
        84..112 => Role::Owner(Actor::Dave),
        112..140 => Role::Owner(Actor::Mallory),
        140..168 => Role::Liquidatable,
        168..184 => Role::Near,
        184..212 => Role::Insolvent,
        212..236 => Role::Borrower,
        236.. => Role::Supplier,
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
    // −1, 0 and 1 around a limit: where off-by-one errors are.
    let step = i8::try_from(low % 3).unwrap_or_default() - 1;
    match kind % 16 {
        0..=6 => Size::Share(figure),
        7..=9 => Size::Edge(step),
        10 => Size::Cash(step),
        11 => Size::Debt(step),
        12 => Size::Tiny(low % 4),
        13 => Size::Power(low % 64),
        _ => Size::All,
    }
}

fn decode_move(byte: u8, low: u8) -> Move {
    match byte % 32 {
        0..=9 => Move::Nudge(i8::from_be_bytes([low])),
        10 | 11 => Move::Halve,
        12 | 13 => Move::Double,
        14..=19 => Move::ThroughLiquidation,
        20 | 21 => Move::ThroughBankruptcy,
        22 | 23 => Move::ThinSurplus,
        24 => Move::Zero,
        25..=27 => Move::Par,
        28 => Move::Wide(low),
        29 => Move::Late(low),
        30 if low < 96 => Move::Future,
        30 => Move::Unsound(low),
        _ => Move::Exponent(if low.is_multiple_of(2) { 3 } else { -3 }),
    }
}

fn decode_wait(byte: u8, low: u8) -> Wait {
    let step = i8::try_from(low % 3).unwrap_or_default() - 1;
    match byte {
        0..160 => Wait::Seconds(SECONDS[usize::from(byte) % SECONDS.len()]),
        160..184 => Wait::Ready(Waits::Change, step),
        184..220 => Wait::Ready(Waits::Stake, step),
        220..244 => Wait::Ready(Waits::Notice, step),
        244..248 => Wait::Expired(Waits::Change, step),
        248..252 => Wait::Expired(Waits::Stake, step),
        252.. => Wait::Expired(Waits::Notice, step),
    }
}

const fn decode_twist(byte: u8, part: u8) -> Twist {
    // Of the second byte, one half says where and the other what.
    let (slot, with) = (part >> 3, part.wrapping_mul(89));
    match byte {
        0..TWISTED_FROM => Twist::Honest,
        192..200 => Twist::WrongSigner,
        200..204 => Twist::NoSigner,
        204..212 => Twist::Swap { slot: byte.wrapping_add(part), with },
        212..236 => Twist::Kin { slot: byte - 212, with: part },
        236..240 => Twist::Twice { slot, with: part & 7 },
        240 | 241 => Twist::DropLast,
        242 | 243 => Twist::Drop(part),
        244 | 245 => Twist::Extra(part),
        246..248 => Twist::ReadOnly(part),
        248..250 => Twist::Truncated,
        250..252 => Twist::Padded,
        252.. => Twist::Renumbered(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::{RECORD_LEN, bundles};

    #[test]
    fn zeros_are_an_honest_deposit_by_alice() {
        let action = decode(Record([0; RECORD_LEN]));
        let (verb, role) = (Verb::Deposit, Role::Owner(Actor::Alice));
        assert_eq!((action.verb, action.role, action.twist), (verb, role, Twist::Honest));
        assert_eq!((action.pool, action.asset), (PoolId::Harbour, Asset::Weth));
        assert_eq!((action.link, action.way), (Link::Own, 0));
    }

    #[test]
    fn every_verb_has_its_byte() {
        for verb in Verb::ALL {
            let mut record = Record([0; RECORD_LEN]);
            record.0[0] = byte_of(verb);
            assert_eq!(decode(record).verb, verb);
        }
    }

    #[test]
    fn joined_records_are_one_transaction_and_time_is_none() {
        let record = |verb: Verb, link: u8| {
            let mut record = Record([0; RECORD_LEN]);
            (record.0[0], record.0[9]) = (byte_of(verb), link);
            record
        };
        let records = [
            record(Verb::Deposit, 255),
            record(Verb::Borrow, 255),
            record(Verb::Advance, 255),
            record(Verb::Repay, 255),
            record(Verb::Repay, 0),
        ];
        let lengths: Vec<usize> = bundles(&records).map(|bundle| bundle.len()).collect();
        assert_eq!(lengths, [2, 1, 1, 1]);
        let many = [record(Verb::Deposit, 255); 9];
        let lengths: Vec<usize> = bundles(&many).map(|bundle| bundle.len()).collect();
        assert_eq!(lengths, [4, 4, 1]);
    }
}
