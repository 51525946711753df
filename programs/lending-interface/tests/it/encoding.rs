use std::collections::BTreeSet;

use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::{
    AccountData, AccountHead, Address, ErrorCode, Event, ProgramError, decode_account, decode_head,
    encode_account, encode_event, with_encoded_event,
};
use cofferdam_lending_interface::{
    LendingError, event,
    instruction::{DepositAccounts, LendingInstruction, LiquidateAccounts},
    state::{
        ENTRIES_MAX, Entry, FeedConfig, Pool, PoolConfig, PoolHead, Position, PriceFeed, PriceHead,
        QueuedPoolChange, QueuedReserveChange, RESERVES_MAX, Reserve, ReserveConfig, ReserveOrigin,
        Stake,
    },
    units::{Amount, DebtShares, Fine, Price, Shares},
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const ADDRESS: Address = Address::new_from_array([7; 32]);

fn digest(kind: &str, name: &str) -> [u8; 8] {
    Sha256::digest(format!("{kind}:{name}"))[..8].try_into().unwrap()
}

pub(crate) fn config() -> ReserveConfig {
    ReserveConfig::default()
}

pub(crate) fn reserve() -> Reserve {
    let origin = ReserveOrigin {
        bump: 255,
        vault_bump: 254,
        pool: ADDRESS,
        mint: ADDRESS,
        decimals: 6,
        vault: ADDRESS,
        feed: ADDRESS,
        second_feed: Address::default(),
    };
    Reserve {
        cash: Amount(1_000_000),
        supply_shares: Shares(1_000_000_000_000),
        ..Reserve::new(origin, config(), 1_000)
    }
}

fn round_trip<T: AccountData + PartialEq + core::fmt::Debug>(state: &T) {
    let mut bytes = vec![0; T::LEN];
    assert_eq!(decode_account::<T>(&bytes).err(), Some(ProgramError::UninitializedAccount));
    encode_account(state, &mut bytes).unwrap();
    assert_eq!(T::DISCRIMINATOR, digest("account", T::NAME), "{}", T::NAME);
    assert_eq!(decode_account::<T>(&bytes).as_ref(), Ok(state));
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(decode_account::<T>(&longer).err(), Some(ProgramError::InvalidAccountData));
    assert_eq!(
        decode_account::<T>(&bytes[..T::LEN - 1]).err(),
        Some(ProgramError::InvalidAccountData)
    );
    bytes[0] ^= 1;
    assert_eq!(decode_account::<T>(&bytes).err(), Some(ProgramError::InvalidAccountData));
    assert_eq!(
        encode_account(state, &mut bytes[..T::LEN - 1]),
        Err(ProgramError::AccountDataTooSmall)
    );
}

#[test]
fn accounts_fill_exactly_their_length() {
    round_trip(&reserve());
    round_trip(&Pool {
        reserve_count: 1,
        reserves: [ADDRESS; RESERVES_MAX],
        ..Pool::new(1, ADDRESS, [1; 32], PoolConfig::default())
    });
    round_trip(&Position {
        bump: 1,
        pool: ADDRESS,
        owner: ADDRESS,
        index: 2,
        entries: [Entry {
            reserve: ADDRESS,
            supply: Shares(1),
            debt: DebtShares(2),
            claim: Fine(3),
            noticed: Shares(4),
            noticed_at_s: 5,
        }; ENTRIES_MAX],
    });
    let feed = FeedConfig::single(ADDRESS);
    round_trip(&PriceFeed { price: Price(1), ..PriceFeed::new(1, ADDRESS, [1; 16], feed) });
    round_trip(&Stake {
        bump: 1,
        reserve: ADDRESS,
        owner: ADDRESS,
        shares: Shares(3),
        epoch: 4,
        cooling: Shares(5),
        cooling_from_s: -6,
    });
    round_trip(&QueuedReserveChange {
        bump: 1,
        pool: ADDRESS,
        reserve: ADDRESS,
        ready_at_s: 2,
        payer: ADDRESS,
        config: config(),
        feed: ADDRESS,
        second_feed: ADDRESS,
    });
    round_trip(&QueuedPoolChange {
        bump: 1,
        pool: ADDRESS,
        ready_at_s: 2,
        payer: ADDRESS,
        config: PoolConfig::default(),
    });
}

#[test]
fn event_discriminators_are_their_names() {
    fn check<E: Event>(seen: &mut BTreeSet<[u8; 8]>) {
        assert_eq!(E::DISCRIMINATOR, digest("event", E::NAME), "{}", E::NAME);
        assert!(seen.insert(E::DISCRIMINATOR), "{}", E::NAME);
    }
    let seen = &mut BTreeSet::new();
    check::<event::PoolCreated>(seen);
    check::<event::ReserveAdded>(seen);
    check::<event::ReserveUpdated>(seen);
    check::<event::FeedCreated>(seen);
    check::<event::FeedsChanged>(seen);
    check::<event::PricePublished>(seen);
    check::<event::PositionOpened>(seen);
    check::<event::Deposited>(seen);
    check::<event::Withdrawn>(seen);
    check::<event::Borrowed>(seen);
    check::<event::Repaid>(seen);
    check::<event::LossRecovered>(seen);
    check::<event::InsuranceFunded>(seen);
    check::<event::FeesCollected>(seen);
    check::<event::Liquidated>(seen);
    check::<event::BadDebtAbsorbed>(seen);
    check::<event::PoolUpdated>(seen);
    check::<event::AdminProposed>(seen);
    check::<event::AdminChanged>(seen);
    check::<event::ModeChanged>(seen);
    check::<event::ChangeQueued>(seen);
    check::<event::ChangeCancelled>(seen);
    check::<event::DeficitCovered>(seen);
    check::<event::CollateralSeized>(seen);
    check::<event::StakeOpened>(seen);
    check::<event::Staked>(seen);
    check::<event::CooldownStarted>(seen);
    check::<event::Unstaked>(seen);
    check::<event::NoticeGiven>(seen);
    check::<event::FlashLoanTaken>(seen);
    check::<event::FlashLoanRepaid>(seen);
    check::<event::ReserveWipedOut>(seen);
}

#[test]
fn errors_are_numbered_in_order_and_say_something() {
    assert!(LendingError::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    for error in LendingError::ALL {
        assert_eq!(LendingError::from_code(error.code()), Some(*error));
        assert!(error.to_string().len() > 20, "{error:?}");
        assert_eq!(ProgramError::from(*error), ProgramError::Custom(error.code()));
    }
    assert_eq!(LendingError::from_code(1), None);
}

#[test]
fn instructions_decode_only_what_they_encode() {
    let bytes = LendingInstruction::AbsorbBadDebt(
        cofferdam_lending_interface::instruction::AbsorbBadDebt {},
    )
    .to_bytes();
    assert_eq!(bytes, [12], "the number of a variant never changes");
    assert!(LendingInstruction::try_from_slice(&[12, 0]).is_err(), "trailing bytes");
    assert!(LendingInstruction::try_from_slice(&[14]).is_err(), "unknown variant");
    assert!(LendingInstruction::try_from_slice(&[]).is_err(), "nothing");
}

#[test]
fn slots_follow_the_wire_order() {
    assert_eq!(DepositAccounts::SLOTS.owner, 0);
    assert_eq!(DepositAccounts::SLOTS.token_program, DepositAccounts::COUNT - 1);
    assert_eq!(LiquidateAccounts::COUNT, 13);
}

/// The short way of reading and writing an account against the derived Borsh.
fn is_borsh<T: AccountData + PartialEq + core::fmt::Debug>(bytes: &[u8]) {
    let bytes = &bytes[..T::LEN - 8];
    let borsh = T::try_from_slice(bytes).ok();
    assert_eq!(T::decode_fields(bytes), borsh, "{}", T::NAME);
    assert_eq!(T::decode_fields(&bytes[1..]), None, "{}", T::NAME);
    if let Some(state) = borsh {
        let mut written = vec![0xa5; bytes.len()];
        state.encode_fields(&mut written).unwrap();
        assert_eq!(written, bytes, "{}", T::NAME);
    }
}

/// A head read by itself against the head of the whole account, refusals included.
fn is_head<T>(account: &[u8])
where
    T: AccountHead + PartialEq + core::fmt::Debug,
    T: for<'a> From<&'a T::Account>,
{
    let whole = decode_account::<T::Account>(account);
    assert_eq!(decode_head::<T>(account), whole.map(|whole| T::from(&whole)));
}

/// Where a pool's mode stands.
const MODE_AT: usize = 8 + 1 + 4 * 32;

#[test]
fn a_head_is_refused_where_its_account_is() {
    let mut bytes = vec![0; PriceFeed::LEN];
    assert_eq!(decode_head::<PriceHead>(&bytes), Err(ProgramError::UninitializedAccount));
    bytes[..8].copy_from_slice(&PriceFeed::DISCRIMINATOR);
    assert_eq!(decode_head::<PriceHead>(&bytes).map(|head| head.price), Ok(Price(0)));
    for wrong in [&bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat()] {
        assert_eq!(decode_head::<PriceHead>(wrong), Err(ProgramError::InvalidAccountData));
    }
    assert_eq!(decode_head::<PoolHead>(&bytes), Err(ProgramError::InvalidAccountData));
}

proptest! {
    #[test]
    fn a_head_is_that_of_its_account(
        mut bytes in prop::collection::vec(any::<u8>(), 4_096),
        mode in 0..6_u8,
    ) {
        bytes[..8].copy_from_slice(&PriceFeed::DISCRIMINATOR);
        is_head::<PriceHead>(&bytes[..PriceFeed::LEN]);
        bytes[..8].copy_from_slice(&Pool::DISCRIMINATOR);
        bytes[MODE_AT] = mode;
        is_head::<PoolHead>(&bytes[..Pool::LEN]);
    }

    #[test]
    fn accounts_are_borsh(bytes in prop::collection::vec(any::<u8>(), 4_096)) {
        is_borsh::<Pool>(&bytes);
        is_borsh::<Reserve>(&bytes);
        is_borsh::<Position>(&bytes);
        is_borsh::<PriceFeed>(&bytes);
    }
}

#[derive(BorshSerialize, BorshDeserialize)]
struct Long(Vec<u8>);

impl Event for Long {
    const DISCRIMINATOR: [u8; 8] = [9; 8];
    const NAME: &'static str = "Long";
}

#[test]
fn an_event_of_any_length_is_handed_over_whole() {
    for len in 0..600 {
        let event = Long(vec![7; len]);
        let expected = encode_event(&event).unwrap();
        assert_eq!(expected.len(), 8 + 4 + len);
        let mut seen = None;
        let emitted = with_encoded_event(&event, |bytes| {
            seen = Some(bytes.to_vec());
            Ok(())
        });
        assert_eq!((emitted, seen), (Ok(()), Some(expected)));
    }
}
