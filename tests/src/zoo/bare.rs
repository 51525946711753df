//! A searcher with nothing to it but what each of its switches adds: random sequences, and no
//! corpus. What a switch is worth is measured by turning it off.

use std::collections::VecDeque;

use arbitrary::Unstructured;

use crate::{
    action::{Action, BUNDLE_MAX, RECORD_LEN, Record, Role, Size, Swarm},
    hunt::Rng,
    invariant::{Violation, Watch},
    world::Actor,
};

/// Most actions of a sequence.
const LENGTH_MAX: usize = 64;
/// States kept to start from.
const DEPTHS: usize = 32;
/// Longest way to a state that is kept.
const DEPTH_MAX: usize = 512;
/// Of so many sequences one is probed at its end.
const PROBED_ONE_IN: usize = 24;

/// What is turned off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Without {
    /// Nothing.
    #[default]
    Nothing,
    /// Records of a fixed width: sequences are a derived `Vec` instead, whose length random bytes
    /// decide.
    Records,
    /// Amounts that fit the state: powers of two instead.
    StateAwareAmounts,
    /// Positions by their condition: owners at random instead.
    Roles,
    /// Deep states to start from: always the beginning instead.
    Snapshots,
    /// Preferences of a sequence: all verbs in every one instead.
    Swarm,
}

/// A searcher.
#[derive(Debug)]
pub struct Bare {
    base: Watch,
    depths: VecDeque<(Vec<Action>, Watch)>,
    rng: Rng,
    without: Without,
    /// Actions run so far.
    pub actions: u64,
}

/// What a sequence broke, and the actions from the beginning on that lead there.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// What does not hold.
    pub violation: Box<Violation>,
    /// The way there.
    pub path: Vec<Action>,
}

impl Without {
    /// Every switch.
    pub const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Records,
        Self::StateAwareAmounts,
        Self::Roles,
        Self::Snapshots,
        Self::Swarm,
    ];

    /// Name, as on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "bare",
            Self::Records => "no-records",
            Self::StateAwareAmounts => "no-amounts",
            Self::Roles => "no-roles",
            Self::Snapshots => "no-snapshots",
            Self::Swarm => "no-swarm",
        }
    }
}

impl Bare {
    /// A searcher that starts from `base`.
    #[must_use]
    pub fn new(base: &Watch, seed: u64, without: Without) -> Self {
        let (depths, rng) = (VecDeque::new(), Rng::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        Self { base: base.clone(), depths, rng, without, actions: 0 }
    }

    /// Runs one sequence; what it broke.
    pub fn round(&mut self) -> Option<Sighting> {
        let (mut path, mut watch) = self.start();
        let sequence = self.sequence();
        let probed = self.rng.below(PROBED_ONE_IN) == 0;
        for bundle in bundles(&sequence) {
            path.extend_from_slice(bundle);
            self.actions += u64::try_from(bundle.len()).unwrap_or_default();
            if let Err(violation) = step(&mut watch, bundle) {
                return Some(Sighting { violation, path });
            }
        }
        if probed && let Err(violation) = watch.finish() {
            return Some(Sighting { violation, path });
        }
        if path.len() <= DEPTH_MAX && self.rng.below(4) == 0 {
            self.depths.push_back((path, watch));
            if self.depths.len() > DEPTHS {
                let _oldest = self.depths.pop_front();
            }
        }
        None
    }

    fn start(&mut self) -> (Vec<Action>, Watch) {
        let place = self.rng.below(2 * self.depths.len().max(1));
        match self.depths.get(place) {
            Some(deep) if self.without != Without::Snapshots => deep.clone(),
            _ => (Vec::new(), self.base.clone()),
        }
    }

    fn sequence(&mut self) -> Vec<Action> {
        let records = if self.without == Without::Records { self.derived() } else { self.fixed() };
        records.into_iter().map(|record| self.blunted(Action::from(record))).collect()
    }

    /// Records of a fixed width, as the run's swarm would have them.
    fn fixed(&mut self) -> Vec<Record> {
        let swarm = match self.without {
            Without::Swarm => Swarm::uniform(),
            _ => Swarm::from_seed(self.rng.next()),
        };
        let length = 4 + self.rng.below(LENGTH_MAX);
        (0..length).map(|_| swarm.record(self.rng.bytes::<RECORD_LEN>())).collect()
    }

    /// As many records as a derived generator makes of as many random bytes.
    fn derived(&mut self) -> Vec<Record> {
        let bytes: Vec<[u8; RECORD_LEN]> =
            (0..LENGTH_MAX).map(|_| self.rng.bytes::<RECORD_LEN>()).collect();
        let bytes = bytes.concat();
        Unstructured::new(&bytes).arbitrary().unwrap_or_default()
    }

    /// An action without what is turned off.
    fn blunted(&mut self, action: Action) -> Action {
        match self.without {
            Without::StateAwareAmounts => {
                let exponent = u8::try_from(self.rng.below(64)).unwrap_or_default();
                Action { size: Size::Power(exponent), ..action }
            }
            Without::Roles => {
                let owner = Actor::OWNERS[self.rng.below(Actor::OWNERS.len())];
                Action { role: Role::Owner(owner), ..action }
            }
            _ => action,
        }
    }
}

/// Whether actions from the beginning on break anything.
#[must_use]
pub fn breaks(base: &Watch, path: &[Action]) -> bool {
    broken(base, path).is_some()
}

fn broken(base: &Watch, path: &[Action]) -> Option<Box<Violation>> {
    let mut watch = base.clone();
    let broken = bundles(path).find_map(|bundle| step(&mut watch, bundle).err());
    broken.or_else(|| watch.finish().err())
}

/// Drops actions as long as the rest still breaks the same invariant; what is left.
#[must_use]
pub fn shortened(base: &Watch, sighting: &Sighting) -> Vec<Action> {
    let holds = |path: &[Action]| {
        broken(base, path).is_some_and(|broken| broken.id == sighting.violation.id)
    };
    let mut kept = sighting.path.clone();
    let mut chunk = kept.len().div_ceil(2);
    while chunk > 0 {
        let mut at = kept.len();
        while at > 0 {
            let from = at.saturating_sub(chunk);
            let shorter = [&kept[..from], &kept[at..]].concat();
            if holds(&shorter) {
                kept = shorter;
            }
            at = from.min(kept.len());
        }
        chunk /= 2;
    }
    kept
}

/// The transactions that actions make: each is an action with those that join it.
fn bundles(actions: &[Action]) -> impl Iterator<Item = &[Action]> {
    let mut rest = actions;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let joined = rest[1..].iter().take(BUNDLE_MAX - 1).take_while(|next| next.joins(first));
        let (bundle, left) = rest.split_at(1 + joined.count());
        rest = left;
        Some(bundle)
    })
}

/// Runs the actions of one transaction.
fn step(watch: &mut Watch, bundle: &[Action]) -> Result<(), Box<Violation>> {
    watch.bundle(bundle).map(drop)
}
