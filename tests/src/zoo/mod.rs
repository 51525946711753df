//! The bug zoo: what is known to have gone wrong in lending protocols, as changes of this one's
//! code. The changes exist in a build with `--cfg zoo` only; this is the list of them, and a plain
//! searcher to measure others against.

mod bare;
mod catalogue;

pub use bare::{Bare, Sighting, Without, breaks, shortened};
pub use catalogue::{CATALOGUE, Entry, Tier, entry};
