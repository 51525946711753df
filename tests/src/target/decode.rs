//! Bytes as accounts, instructions and events: never a panic, and what decodes encodes to the very
//! same bytes, so nothing has two forms and nothing may follow.

use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::{AccountData, Event, decode_account, encode_account, encode_event};
use cofferdam_lending_interface::{
    event::{
        AdminChanged, AdminProposed, BadDebtAbsorbed, Borrowed, ChangeCancelled, ChangeQueued,
        CollateralSeized, CooldownStarted, DeficitCovered, Deposited, FeedCreated, FeedsChanged,
        FeesCollected, FlashLoanRepaid, FlashLoanTaken, InsuranceFunded, Liquidated, LossRecovered,
        ModeChanged, NoticeGiven, PoolCreated, PoolUpdated, PositionOpened, PricePublished, Repaid,
        ReserveAdded, ReserveUpdated, ReserveWipedOut, StakeOpened, Staked, Unstaked, Withdrawn,
    },
    instruction::LendingInstruction,
    state::{Pool, Position, PriceFeed, QueuedPoolChange, QueuedReserveChange, Reserve, Stake},
};

/// One way to read bytes; says whether they could be read.
type Probe = fn(&[u8]) -> bool;

/// Every account, the instruction and every event.
const PROBES: &[(&str, Probe)] = &[
    ("Pool", account::<Pool>),
    ("Reserve", account::<Reserve>),
    ("Position", account::<Position>),
    ("PriceFeed", account::<PriceFeed>),
    ("Stake", account::<Stake>),
    ("QueuedReserveChange", account::<QueuedReserveChange>),
    ("QueuedPoolChange", account::<QueuedPoolChange>),
    ("LendingInstruction", instruction),
    ("AdminChanged", event::<AdminChanged>),
    ("AdminProposed", event::<AdminProposed>),
    ("BadDebtAbsorbed", event::<BadDebtAbsorbed>),
    ("Borrowed", event::<Borrowed>),
    ("ChangeCancelled", event::<ChangeCancelled>),
    ("ChangeQueued", event::<ChangeQueued>),
    ("CollateralSeized", event::<CollateralSeized>),
    ("CooldownStarted", event::<CooldownStarted>),
    ("DeficitCovered", event::<DeficitCovered>),
    ("Deposited", event::<Deposited>),
    ("FeedCreated", event::<FeedCreated>),
    ("FeedsChanged", event::<FeedsChanged>),
    ("FeesCollected", event::<FeesCollected>),
    ("FlashLoanRepaid", event::<FlashLoanRepaid>),
    ("FlashLoanTaken", event::<FlashLoanTaken>),
    ("InsuranceFunded", event::<InsuranceFunded>),
    ("Liquidated", event::<Liquidated>),
    ("LossRecovered", event::<LossRecovered>),
    ("ModeChanged", event::<ModeChanged>),
    ("NoticeGiven", event::<NoticeGiven>),
    ("PoolCreated", event::<PoolCreated>),
    ("PoolUpdated", event::<PoolUpdated>),
    ("PositionOpened", event::<PositionOpened>),
    ("PricePublished", event::<PricePublished>),
    ("Repaid", event::<Repaid>),
    ("ReserveAdded", event::<ReserveAdded>),
    ("ReserveUpdated", event::<ReserveUpdated>),
    ("ReserveWipedOut", event::<ReserveWipedOut>),
    ("StakeOpened", event::<StakeOpened>),
    ("Staked", event::<Staked>),
    ("Unstaked", event::<Unstaked>),
    ("Withdrawn", event::<Withdrawn>),
];

/// Tries all of them on the same bytes and names those that could read them.
///
/// # Panics
/// When something that was read is written otherwise.
pub fn run(bytes: &[u8]) -> Vec<&'static str> {
    let read = PROBES.iter().filter(|(_, probe)| probe(bytes));
    read.map(|(name, _)| *name).collect()
}

/// With the discriminator and the length made right, so that the fields are what is tried: the
/// first byte chooses the type.
///
/// # Panics
/// As [`run`].
pub fn run_dressed(bytes: &[u8]) -> Vec<&'static str> {
    let Some((choice, fields)) = bytes.split_first() else { return Vec::new() };
    let dressed = match choice % 7 {
        0 => dress::<Pool>(fields),
        1 => dress::<Reserve>(fields),
        2 => dress::<Position>(fields),
        3 => dress::<PriceFeed>(fields),
        4 => dress::<Stake>(fields),
        5 => dress::<QueuedReserveChange>(fields),
        _ => dress::<QueuedPoolChange>(fields),
    };
    run(&dressed)
}

fn dress<T: AccountData>(fields: &[u8]) -> Vec<u8> {
    let mut bytes = [T::DISCRIMINATOR.as_slice(), fields].concat();
    bytes.resize(T::LEN, 0);
    bytes
}

fn account<T: AccountData>(bytes: &[u8]) -> bool {
    let Ok(value) = decode_account::<T>(bytes) else { return false };
    let mut again = vec![0; T::LEN];
    encode_account(&value, &mut again).expect("there is room");
    assert!(again == bytes, "{}: read from other bytes than it is written to", T::NAME);
    true
}

fn instruction(bytes: &[u8]) -> bool {
    let Ok(value) = LendingInstruction::try_from_slice(bytes) else { return false };
    assert_eq!(encoded(&value), bytes, "{value:?}: two encodings of one instruction");
    true
}

fn event<E: Event>(bytes: &[u8]) -> bool {
    let Some(fields) = bytes.strip_prefix(&E::DISCRIMINATOR) else { return false };
    let Ok(value) = E::try_from_slice(fields) else { return false };
    let again = encode_event(&value).expect("it can be written");
    assert!(again == bytes, "{}: two encodings of one event", E::NAME);
    true
}

fn encoded<T: BorshSerialize>(value: &T) -> Vec<u8> {
    borsh::to_vec(value).expect("a vector takes any bytes")
}
