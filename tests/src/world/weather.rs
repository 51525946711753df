use cofferdam_sdk::Instruction;

use super::Actor;
use crate::action::{Label, Verb};

/// What becomes of the transactions of keepers and publishers. In every crash that cost somebody
/// money the chain was congested: liquidations came late or never, prices with them. People who
/// act for themselves get through; they pay what it takes.
#[derive(Clone, Debug, Default)]
pub struct Weather {
    storm: Storm,
    until_s: i64,
    late: Option<Parcel>,
}

/// A transaction under way.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub(crate) verb: Verb,
    pub(crate) label: Label,
    pub(crate) signers: Vec<Actor>,
    pub(crate) sent: Vec<Instruction>,
}

/// A kind of congestion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storm {
    /// Everything arrives.
    #[default]
    Calm,
    /// Everything is lost.
    Lost,
    /// Everything arrives one transaction later than it was sent.
    Late,
    /// So many transactions still arrive, the others are lost.
    Rationed(u8),
}

impl Weather {
    /// Begins a storm that lasts until `until_s`.
    pub fn begin(&mut self, storm: Storm, until_s: i64) {
        (self.storm, self.until_s) = (storm, until_s);
    }

    /// The kind of congestion at `now_s`.
    #[must_use]
    pub const fn storm(&self, now_s: i64) -> Storm {
        if now_s < self.until_s { self.storm } else { Storm::Calm }
    }

    /// What arrives when a keeper sends a transaction; the label of what was lost when nothing does.
    pub(crate) fn fate(&mut self, now_s: i64, parcel: Parcel) -> Result<Parcel, Label> {
        match self.storm(now_s) {
            Storm::Calm => Ok(parcel),
            Storm::Lost | Storm::Rationed(0) => Err(parcel.label),
            Storm::Rationed(left) => {
                self.storm = Storm::Rationed(left - 1);
                Ok(parcel)
            }
            // What was sent before arrives now, with its old amounts and prices.
            Storm::Late => {
                let label = parcel.label.clone();
                self.late.replace(parcel).ok_or(label)
            }
        }
    }
}
