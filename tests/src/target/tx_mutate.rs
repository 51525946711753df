//! Takes a transaction that would succeed and damages it: accounts, signers, programs and data.
//! What still succeeds must keep every rule, and nobody who did not sign may be worse off than by
//! the transaction as it was meant.

use std::sync::LazyLock;

use cofferdam_host::{
    Address,
    cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID},
};
use cofferdam_lending_interface::ID;
use cofferdam_sdk::Instruction;
use solana_instruction::AccountMeta;

use crate::{
    action::{Outcome, RECORD_LEN, Record, Verb, bundles, records},
    hunt::owns,
    invariant::Watch,
    world::{Actor, Asset, Options, PoolId, World},
};

/// Actions that lead up to the transaction.
const ACTIONS_MAX: usize = 24;
/// Who owns the forged copies: a program that lets Mallory write anything.
const FORGER: Address = Address::new_from_array([66; 32]);

/// One way to damage an instruction, at a slot, with one of several figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each does what its name says")]
pub enum Probe {
    DropAccount,
    DuplicateAccount,
    SwapWithNext,
    AttackersWallet,
    Attacker,
    OtherPool,
    SameReserveOfOtherPool,
    OtherReserve,
    OtherFeed,
    OthersPosition,
    OthersWallet,
    OtherVault,
    Mint,
    SystemProgram,
    TokenProgram,
    LendingProgram,
    NothingThere,
    ForgedCopy,
    ClearSigner,
    SignInstead,
    ClearWritable,
    SetWritable,
    AppendAccount,
    CutData,
    ExtendData,
    TurnBit,
    OtherProgram,
    Twice,
}

struct Ground {
    watch: Watch,
    forged: Vec<(Address, Address)>,
}

static GROUND: LazyLock<Ground> = LazyLock::new(ground);

impl Probe {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::DropAccount,
        Self::DuplicateAccount,
        Self::SwapWithNext,
        Self::AttackersWallet,
        Self::Attacker,
        Self::OtherPool,
        Self::SameReserveOfOtherPool,
        Self::OtherReserve,
        Self::OtherFeed,
        Self::OthersPosition,
        Self::OthersWallet,
        Self::OtherVault,
        Self::Mint,
        Self::SystemProgram,
        Self::TokenProgram,
        Self::LendingProgram,
        Self::NothingThere,
        Self::ForgedCopy,
        Self::ClearSigner,
        Self::SignInstead,
        Self::ClearWritable,
        Self::SetWritable,
        Self::AppendAccount,
        Self::CutData,
        Self::ExtendData,
        Self::TurnBit,
        Self::OtherProgram,
        Self::Twice,
    ];
}

/// What became of the probes of one input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Probed {
    /// Probes sent.
    pub sent: u32,
    /// Those that succeeded all the same.
    pub accepted: u32,
}

/// The first two bytes are slot and figure of every probe, the rest are actions: the last of them
/// that succeeds is what is damaged, in every way there is.
///
/// # Panics
/// When a damaged transaction breaks a rule or hurts somebody who did not sign it.
pub fn run(bytes: &[u8]) -> Probed {
    let Some(([slot, figure], rest)) = bytes.split_first_chunk::<2>() else {
        return Probed::default();
    };
    let Some((before, honest, after)) = last_success(rest) else { return Probed::default() };
    let mut probed = Probed::default();
    for probe in Probe::ALL {
        let mut sent = honest.sent.clone();
        let Some(signers) = damage(before.world(), probe, (*slot, *figure), &honest, &mut sent)
        else {
            continue;
        };
        probed.sent += 1;
        let mut fork = before.fork();
        let outcome = fork.step_with(|world, _| world.run_sent(honest.verb, &signers, sent));
        let outcome = outcome.unwrap_or_else(|violation| panic!("{probe:?}: {violation}"));
        if outcome.success().is_some() {
            probed.accepted += 1;
            nobody_is_hurt(probe, &before, &after, &fork, &signers, &honest);
        }
    }
    probed
}

/// The state before the last action that succeeded as a transaction, its outcome, and the state
/// after.
fn last_success(bytes: &[u8]) -> Option<(Watch, Outcome, Watch)> {
    let mut watch = GROUND.watch.clone();
    let mut last = None;
    let records: Vec<Record> = records(bytes).take(ACTIONS_MAX).collect();
    for bundle in bundles(&records) {
        let before = watch.fork();
        let outcome = watch.bundle(&bundle);
        let outcome = outcome.unwrap_or_else(|violation| panic!("{violation}"));
        // A donation is the Token program's business.
        let sent = !outcome.sent.is_empty() && !outcome.tried(Verb::Donate);
        if sent && outcome.success().is_some() {
            last = Some((before, outcome, watch.fork()));
        }
    }
    last
}

/// Damages one instruction in place and says who signs; `None` where the probe finds nothing.
fn damage(
    world: &World,
    probe: Probe,
    (slot, figure): (u8, u8),
    honest: &Outcome,
    sent: &mut Vec<Instruction>,
) -> Option<Vec<Actor>> {
    let mut signers: Vec<Actor> =
        honest.signers.iter().filter_map(|signer| world.actor(signer)).collect();
    let at = usize::from(figure) % sent.len();
    if probe == Probe::Twice {
        sent.push(sent[at].clone());
        return Some(signers);
    }
    let instruction = &mut sent[at];
    let count = instruction.accounts.len();
    let slot = usize::from(slot) % count.max(1);
    match probe {
        Probe::CutData => drop(instruction.data.pop()?),
        Probe::ExtendData => instruction.data.push(figure),
        Probe::TurnBit => {
            let len = instruction.data.len().max(1);
            *instruction.data.get_mut(usize::from(figure) % len)? ^= 1 << (figure % 8);
        }
        Probe::OtherProgram => instruction.program_id = TOKEN_PROGRAM_ID,
        Probe::AppendAccount => {
            let mallory = world.wallet(Actor::Mallory, Asset::Usdc);
            instruction.accounts.push(AccountMeta::new(mallory, false));
        }
        Probe::DropAccount => {
            let _dropped = (count > 0).then(|| instruction.accounts.remove(slot))?;
        }
        Probe::DuplicateAccount => {
            let account = instruction.accounts.get(slot)?.clone();
            instruction.accounts.insert(slot, account);
        }
        Probe::SwapWithNext => {
            let _next = instruction.accounts.get(slot + 1)?;
            instruction.accounts.swap(slot, slot + 1);
        }
        Probe::ClearSigner => {
            instruction.accounts.get_mut(slot).filter(|a| a.is_signer)?.is_signer = false;
        }
        Probe::ClearWritable => {
            instruction.accounts.get_mut(slot).filter(|a| a.is_writable)?.is_writable = false;
        }
        Probe::SetWritable => {
            instruction.accounts.get_mut(slot).filter(|a| !a.is_writable)?.is_writable = true;
        }
        Probe::SignInstead => {
            let account = instruction.accounts.iter_mut().find(|account| account.is_signer)?;
            account.pubkey = world.person(Actor::Mallory);
            // Whoever else has to sign still does: the payer of rent, say, besides the admin.
            signers.insert(0, Actor::Mallory);
        }
        _ => {
            let account = instruction.accounts.get_mut(slot)?;
            let other = substitute(world, probe, figure, account.pubkey)?;
            (account.pubkey, account.is_signer) = (other, false);
        }
    }
    let wanted: Vec<Address> =
        sent.iter().flat_map(|i| &i.accounts).filter(|a| a.is_signer).map(|a| a.pubkey).collect();
    let (payer, others) = signers.split_first()?;
    let needed = others.iter().filter(|actor| wanted.contains(&world.person(**actor)));
    Some([*payer].into_iter().chain(needed.copied()).collect())
}

/// Another account for a place.
fn substitute(world: &World, probe: Probe, figure: u8, now: Address) -> Option<Address> {
    let asset = Asset::LISTED[usize::from(figure) % Asset::LISTED.len()];
    let pool = PoolId::ALL[usize::from(figure / 4) % 2];
    let owner = Actor::OWNERS[usize::from(figure / 8) % Actor::OWNERS.len()];
    let other = match probe {
        Probe::AttackersWallet => world.wallet(Actor::Mallory, asset),
        Probe::Attacker => world.person(Actor::Mallory),
        Probe::OtherPool => world.pool(pool),
        Probe::SameReserveOfOtherPool => sibling(world, now)?,
        Probe::OtherReserve => world.keys(pool, asset).reserve,
        Probe::OtherFeed => world.feed(asset),
        Probe::OthersPosition => world.position_address(pool, owner),
        Probe::OthersWallet => world.wallet(owner, asset),
        Probe::OtherVault => world.keys(pool, asset).vault,
        Probe::Mint => world.mint(asset),
        Probe::SystemProgram => SYSTEM_PROGRAM_ID,
        Probe::TokenProgram => TOKEN_PROGRAM_ID,
        Probe::LendingProgram => ID,
        Probe::NothingThere => Address::new_from_array([figure; 32]),
        _ => GROUND.forged.iter().find(|(original, _)| *original == now)?.1,
    };
    (other != now).then_some(other)
}

/// The same reserve or vault of the other pool.
fn sibling(world: &World, address: Address) -> Option<Address> {
    PoolId::ALL.into_iter().find_map(|pool| {
        Asset::ALL.into_iter().find_map(|asset| {
            let (here, there) = (world.keys(pool, asset), world.keys(pool.other(), asset));
            let pairs = [(here.reserve, there.reserve), (here.vault, there.vault)];
            pairs.into_iter().find(|(here, _)| *here == address).map(|(_, there)| there)
        })
    })
}

/// Whoever did not sign has at least what the honest transaction would have left. Liquidations and
/// write-offs are left to the invariants: they take from people who do not sign, by rule.
fn nobody_is_hurt(
    probe: Probe,
    before: &Watch,
    meant: &Watch,
    got: &Watch,
    signers: &[Actor],
    honest: &Outcome,
) {
    if honest.tried(Verb::Liquidate) || honest.tried(Verb::AbsorbBadDebt) {
        return;
    }
    let passive = Actor::OWNERS.into_iter().filter(|owner| !signers.contains(owner));
    for owner in passive {
        let wealth = |watch: &Watch| owns(watch.world(), watch.scene(), owner);
        let (had, least, has) = (wealth(before), wealth(meant).min(wealth(before)), wealth(got));
        // Each figure is rounded down to a millionth of a dollar once per asset and side.
        assert!(
            has + 64 >= least,
            "{probe:?} of {}: {} had {had}, would have {least} and has {has}",
            honest.label,
            owner.name()
        );
    }
}

/// The lively world with a copy of every account of the lending program beside it, owned by
/// somebody else.
fn ground() -> Ground {
    let mut world = World::lively(&Options::fast());
    let originals: Vec<_> = world
        .ledger()
        .accounts_owned_by(&ID)
        .map(|(address, account)| (address, account.clone()))
        .collect();
    let mut forged = Vec::new();
    for (number, (original, mut account)) in originals.into_iter().enumerate() {
        let mut bytes = [99; 32];
        bytes[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let copy = Address::new_from_array(bytes);
        account.owner = FORGER;
        let mut cheats = world.client_mut().backend_mut().cheat();
        let _cheats = cheats.set_account(&copy, account).expect("it can be held");
        forged.push((original, copy));
    }
    Ground { watch: Watch::new(world), forged }
}

/// Bytes of an input with `actions` actions.
#[must_use]
pub const fn input_len(actions: usize) -> usize {
    2 + actions * RECORD_LEN
}
