//! The same as `insolvency` with reserves that share losses by another policy each: the first two
//! bytes choose which.

use std::sync::LazyLock;

use cofferdam_lending_interface::state::{LossPolicy, ReserveConfig};

use super::insolvency::play;
use crate::{
    hunt::{Gauge, Ground},
    invariant::Watch,
    world::{Asset, Options, PoolId, World, base_config},
};

/// One world for each turn of the policies over the six reserves.
static WATCHES: LazyLock<Vec<Watch>> = LazyLock::new(|| {
    (0..LossPolicy::ALL.len()).map(|turn| Watch::new(world(turn, &Options::fast()))).collect()
});

/// Runs the actions of some bytes.
///
/// # Panics
/// With the violation, when an invariant does not hold.
pub fn run(bytes: &[u8]) -> Gauge {
    let Some((first, rest)) = bytes.split_first() else { return Gauge::default() };
    play(&WATCHES[turn(*first)], rest)
}

/// The turn that a byte chooses.
fn turn(first: u8) -> usize {
    usize::from(first) % LossPolicy::ALL.len()
}

/// The ground that an input with this first byte starts from.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn ground(first: u8) -> Ground {
    let call = format!("cofferdam_tests::target::loss_policies::world({}, options)", turn(first));
    Ground::of(move |options| world(turn(first), options)).built_by(call)
}

/// The lively world with the policies turned by so many places.
///
/// # Panics
/// As [`World::lively`].
#[must_use]
pub fn world(turn: usize, options: &Options) -> World {
    let places = PoolId::ALL.into_iter().flat_map(|pool| Asset::LISTED.map(|asset| (pool, asset)));
    let configs = places.zip(0..).map(|(place, number)| {
        let loss_policy = LossPolicy::ALL[(number + turn) % LossPolicy::ALL.len()];
        (place, ReserveConfig { loss_policy, ..base_config() })
    });
    World::lively(&Options { configs: configs.collect(), ..options.clone() })
}
