//! Where every sequence starts.

use std::{fmt, sync::Arc};

use cofferdam_ledger::Recording;

use super::{Course, Snapshot};
use crate::{
    invariant::{Invariant, Watch},
    scene::Scene,
    world::{Options, Signatures, World},
};

/// How a generated test gets the same world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// By a function of [`Checked`](super::Checked).
    Own(&'static str),
    /// By an expression that makes a `World` of `options`.
    Built(String),
    /// Nobody has said.
    Unknown,
}

type Build = dyn Fn(&Options) -> World + Send + Sync;

/// The world that every sequence starts from, built twice when needed: fast for the search,
/// recorded for the journal of a finding.
#[derive(Clone)]
pub struct Ground {
    start: Start,
    own: Option<(&'static [Invariant], String)>,
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
        Self::starting(Start::Own("lively"), World::lively)
    }

    /// A lively world with everything that a pool may be set up with: see [`Options::wild`].
    ///
    /// # Panics
    /// As [`World::lively`].
    #[must_use]
    pub fn wild() -> Self {
        Self::wild_by(|build| build())
    }

    /// The same, built by `around`, which is given what builds it: for whoever has something to do
    /// before and after each time.
    #[must_use]
    pub fn wild_by(around: impl Fn(&dyn Fn() -> World) -> World + Send + Sync + 'static) -> Self {
        Self::starting(Start::Own("wild"), move |options| {
            let Options { signatures, recording, .. } = *options;
            let options = Options { signatures, recording, ..Options::wild() };
            around(&|| World::lively(&options))
        })
    }

    /// A world of one's own: other parameters, other people, another state. `build` must honour
    /// the recording and the signatures of the options it is given, and build the same world each
    /// time.
    #[must_use]
    pub fn of(build: impl Fn(&Options) -> World + Send + Sync + 'static) -> Self {
        Self::starting(Start::Unknown, build)
    }

    /// How the tests that the hunt writes build this world: an expression that makes a `World` of
    /// `options`, such as `crate::tight(options)`. Without it they have a gap to be filled.
    #[must_use]
    pub fn built_by(self, expression: impl Into<String>) -> Self {
        Self { start: Start::Built(expression.into()), ..self }
    }

    /// The same, held to invariants of one's own as well. `expression` names the list for the tests
    /// that the hunt writes, such as `crate::MINE`.
    #[must_use]
    pub fn holding(self, own: &'static [Invariant], expression: impl Into<String>) -> Self {
        let Snapshot { records, watch, course } = (*self.base).clone();
        let base = Arc::new(Snapshot { records, watch: watch.holding(own), course });
        Self { base, own: Some((own, expression.into())), ..self }
    }

    fn starting(start: Start, build: impl Fn(&Options) -> World + Send + Sync + 'static) -> Self {
        let world = build(&Options::fast());
        let course = Course::new(&Scene::of(&world));
        let base = Snapshot { records: Vec::new(), watch: Watch::new(world), course };
        Self { start, own: None, base: Arc::new(base), build: Arc::new(build) }
    }

    pub(super) const fn start(&self) -> &Start {
        &self.start
    }

    /// The expression for the list of [`Self::holding`].
    pub(super) fn own(&self) -> Option<&str> {
        self.own.as_ref().map(|(_, expression)| expression.as_str())
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
        let world = (self.build)(&Options { signatures, recording, ..Options::default() });
        Watch::new(world).holding(self.own.as_ref().map_or(&[], |(own, _)| own))
    }
}

impl fmt::Debug for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ground").field("base", &self.base).finish_non_exhaustive()
    }
}
