//! The same as `insolvency` with reserves that share losses by another policy each: the first two
//! bytes choose which.

use std::sync::LazyLock;

use cofferdam_lending_interface::state::{LossPolicy, ReserveConfig};

use super::insolvency::play;
use crate::{
    hunt::Gauge,
    invariant::Watch,
    world::{Asset, Options, PoolId, World, base_config},
};

/// One world for each turn of the policies over the six reserves.
static WATCHES: LazyLock<Vec<Watch>> =
    LazyLock::new(|| (0..LossPolicy::ALL.len()).map(|turn| Watch::new(world(turn))).collect());

/// Runs the actions of some bytes.
///
/// # Panics
/// With the violation, when an invariant does not hold.
pub fn run(bytes: &[u8]) -> Gauge {
    let Some((first, rest)) = bytes.split_first() else { return Gauge::default() };
    play(&WATCHES[usize::from(*first) % WATCHES.len()], rest)
}

fn world(turn: usize) -> World {
    let places = PoolId::ALL.into_iter().flat_map(|pool| Asset::LISTED.map(|asset| (pool, asset)));
    let configs = places.zip(0..).map(|(place, number)| {
        let loss_policy = LossPolicy::ALL[(number + turn) % LossPolicy::ALL.len()];
        (place, ReserveConfig { loss_policy, ..base_config() })
    });
    World::lively(&Options { configs: configs.collect(), ..Options::fast() })
}
