//! Where every sequence starts.

use std::{fmt, sync::Arc};

use cofferdam_ledger::Recording;

use super::{Course, Snapshot};
use crate::{
    invariant::Watch,
    scene::Scene,
    world::{Options, Signatures, World},
};

type Build = dyn Fn(&Options) -> World + Send + Sync;

/// The world that every sequence starts from, built twice when needed: fast for the search,
/// recorded for the journal of a finding.
#[derive(Clone)]
pub struct Ground {
    base: Arc<Snapshot>,
    build: Arc<Build>,
}

impl Ground {
    /// The lively world with the usual parameters.
    ///
    /// # Panics
    /// As [`World::lively`].
    #[must_use]
    pub fn lively() -> Self {
        Self::of(World::lively)
    }

    /// A world of one's own: other parameters, other people, another state. `build` must honour
    /// the recording and the signatures of the options it is given, and build the same world each
    /// time.
    #[must_use]
    pub fn of(build: impl Fn(&Options) -> World + Send + Sync + 'static) -> Self {
        let world = build(&Options::fast());
        let course = Course::new(&Scene::of(&world));
        let base = Snapshot { records: Vec::new(), watch: Watch::new(world), course };
        Self { base: Arc::new(base), build: Arc::new(build) }
    }

    /// The state that sequences start from.
    #[must_use]
    pub const fn base(&self) -> &Arc<Snapshot> {
        &self.base
    }

    /// The same state with signatures checked and a journal from genesis on.
    #[must_use]
    pub fn recorded(&self) -> Watch {
        let (signatures, recording) = (Signatures::Checked, Recording::Journal);
        Watch::new((self.build)(&Options { signatures, recording, ..Options::default() }))
    }
}

impl fmt::Debug for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ground").field("base", &self.base).finish_non_exhaustive()
    }
}
