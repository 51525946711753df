//! What one run prefers. A run that draws every verb equally often goes nowhere far: who repays in
//! every other step never becomes insolvent. A run that leaves some out, others in, and is more or
//! less honest reaches what the average never does (Groce et al., "Swarm testing", 2012).
//!
//! A swarm turns uniform bytes into records that mean the same to everybody, so a finding needs
//! no swarm to be run again.

use super::{Action, RECORD_LEN, Record, Verb, decode};

/// Which byte stands for each of 256 uniform ones.
type Table = [u8; 256];

/// The preferences of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swarm {
    verbs: Table,
    roles: Table,
    links: Table,
    twists: Table,
}

/// Records in 256 that join the one before, by run.
const JOINED: [usize; 4] = [0, 12, 24, 64];
/// Transactions in 256 that are wrong, by run.
const TWISTED: [usize; 4] = [0, 16, 64, 128];

impl Swarm {
    /// No preference: bytes stay as they are.
    #[must_use]
    pub fn uniform() -> Self {
        let same = table(&[1; 256]);
        Self { verbs: same, roles: same, links: same, twists: same }
    }

    /// The preferences of a run. One in four has none among verbs; otherwise each verb is left
    /// out with an even chance and weighs up to four times its own weight when it is not. Price
    /// and time are always among them, because without them nothing can go wrong.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut dice = Dice(seed);
        Self {
            verbs: verbs(&mut dice),
            roles: roles(&mut dice),
            links: split(JOINED[dice.below(4)], decode::JOINED_FROM),
            twists: split(TWISTED[dice.below(4)], decode::TWISTED_FROM),
        }
    }

    /// The record that uniform bytes stand for in this run.
    #[must_use]
    pub fn record(&self, mut bytes: [u8; RECORD_LEN]) -> Record {
        let tables = [(0, &self.verbs), (1, &self.roles), (9, &self.links), (10, &self.twists)];
        for (place, table) in tables {
            bytes[place] = table[usize::from(bytes[place])];
        }
        Record(bytes)
    }

    /// The action that uniform bytes stand for in this run.
    #[must_use]
    pub fn action(&self, bytes: [u8; RECORD_LEN]) -> Action {
        self.record(bytes).into()
    }

    /// Whether the run draws a verb at all.
    #[must_use]
    pub fn draws(&self, verb: Verb) -> bool {
        let drawn = |byte: &u8| Action::from(Record::with_verb(*byte)).verb == verb;
        self.verbs.iter().any(drawn)
    }
}

impl Record {
    const fn with_verb(byte: u8) -> Self {
        let mut bytes = [0; RECORD_LEN];
        bytes[0] = byte;
        Self(bytes)
    }
}

fn verbs(dice: &mut Dice) -> Table {
    let all = dice.below(4) == 0;
    let mut weights = [0; 256];
    for (verb, weight) in Verb::ALL.into_iter().zip(Verb::WEIGHTS) {
        let always = matches!(verb, Verb::PublishPrice | Verb::Refresh | Verb::Advance);
        let factor = if all { 1 } else { [0, 0, 0, 0, 1, 2, 3, 4][dice.below(8)] };
        let factor = if always { factor.max(1) } else { factor };
        weights[usize::from(decode::byte_of(verb))] = usize::from(weight) * factor;
    }
    table(&weights)
}

/// Some of the sixteen sorts of bytes weigh more than others.
fn roles(dice: &mut Dice) -> Table {
    let sorts: [usize; 16] = std::array::from_fn(|_| [1, 1, 1, 6][dice.below(4)]);
    table(&std::array::from_fn(|byte| sorts[byte / 16]))
}

/// `above` in 256 are bytes from `from` on, the others are below.
fn split(above: usize, from: u8) -> Table {
    let (from, above) = (usize::from(from), above.min(256));
    let weight =
        |byte: usize| if byte < from { (256 - above) * (256 - from) } else { above * from };
    table(&std::array::from_fn(weight))
}

/// Each byte in proportion to its weight, none twice as often as it should be.
fn table(weights: &[usize; 256]) -> Table {
    let total: usize = weights.iter().sum();
    let (mut byte, mut reached) = (0, weights[0]);
    std::array::from_fn(|place| {
        // The middle of the place's part of the whole.
        let middle = (2 * place + 1) * total;
        while byte < 255 && reached * 512 <= middle {
            byte += 1;
            reached += weights[byte];
        }
        u8::try_from(byte).unwrap_or(u8::MAX)
    })
}

/// Numbers from a seed (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default() % count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::{Link, Twist};

    fn bytes(byte: u8) -> [u8; RECORD_LEN] {
        [byte; RECORD_LEN]
    }

    #[test]
    fn without_preference_bytes_stay() {
        let swarm = Swarm::uniform();
        for byte in 0..=u8::MAX {
            assert_eq!(swarm.record(bytes(byte)), Record(bytes(byte)));
        }
    }

    #[test]
    fn price_and_time_are_in_every_run_and_every_verb_in_some() {
        let swarms: Vec<Swarm> = (0..64).map(Swarm::from_seed).collect();
        for verb in [Verb::PublishPrice, Verb::Refresh, Verb::Advance] {
            assert!(swarms.iter().all(|swarm| swarm.draws(verb)), "{}", verb.name());
        }
        for verb in Verb::ALL {
            let runs = swarms.iter().filter(|swarm| swarm.draws(verb)).count();
            assert!(runs > 4, "{} in {runs} of 64 runs", verb.name());
        }
        let left_out = swarms.iter().filter(|swarm| !swarm.draws(Verb::Repay)).count();
        assert!(left_out > 8, "left out of {left_out} of 64 runs");
    }

    #[test]
    fn runs_are_more_or_less_honest() {
        let swarms: Vec<Swarm> = (0..64).map(Swarm::from_seed).collect();
        let wrong = |swarm: &Swarm| {
            let all = (0..=u8::MAX).map(|byte| swarm.action(bytes(byte)));
            all.filter(|action| action.twist != Twist::Honest).count()
        };
        let joined = |swarm: &Swarm| {
            let all = (0..=u8::MAX).map(|byte| swarm.action(bytes(byte)));
            all.filter(|action| action.link == Link::Joined).count()
        };
        for (most, count) in [(0, 4), (24, 4), (130, 4)] {
            let runs = swarms.iter().filter(|swarm| wrong(swarm) <= most).count();
            assert!(runs > count, "{runs} runs with at most {most} wrong ones");
        }
        assert!(swarms.iter().any(|swarm| joined(swarm) == 0));
        assert!(swarms.iter().any(|swarm| joined(swarm) > 48));
    }

    #[test]
    fn a_seed_is_a_run() {
        assert_eq!(Swarm::from_seed(7), Swarm::from_seed(7));
        assert_ne!(Swarm::from_seed(7), Swarm::from_seed(8));
    }
}
