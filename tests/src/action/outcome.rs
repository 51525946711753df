//! What came of an action, and the action in words. Words are only made when somebody reads them:
//! a campaign runs far more actions than anybody ever sees.

use std::{borrow::Cow, fmt};

use cofferdam_host::Address;
use cofferdam_ledger::{Receipt, SubmitError};
use cofferdam_lending_interface::{
    LendingError,
    units::{Amount, Price, Shares},
};
use cofferdam_sdk::{ClientError, Instruction};

use smallvec::{SmallVec, smallvec};

use super::{Action, Twist, Verb};
use crate::world::{Actor, Asset, PoolId};

/// Why an action did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The lending program refused.
    #[error("{}", .0.name())]
    Lending(LendingError),
    /// Another program or the ledger did.
    #[error("{0}")]
    Ledger(String),
    /// There was nothing to act on, so nothing was sent.
    #[error("nothing to act on")]
    Nothing,
    /// The chain is congested: what was sent is lost, or arrives later.
    #[error("lost in a congested chain")]
    Congested,
}

impl Refusal {
    /// The same in words; made anew only where the ledger had some of its own.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Lending(error) => Cow::Borrowed(error.name()),
            other => Cow::Owned(other.to_string()),
        }
    }
}

/// What came of an action, or of several in one transaction.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was tried, first.
    pub verb: Verb,
    /// Who signed, the payer of the fee first; nobody when nothing was sent.
    pub signers: Vec<Address>,
    /// What was sent, as one transaction; empty when nothing was.
    pub sent: Vec<Instruction>,
    /// What the ledger answered; `None` for what is no transaction.
    pub receipt: Option<Receipt>,
    /// Why it did not happen, if it did not.
    pub refused: Option<Refusal>,
    /// What was tried in words, with its figures.
    pub label: Label,
}

/// Actions of one transaction in words; made when displayed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label(SmallVec<[Line; 1]>);

/// One action in words; made when displayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was tried.
    pub verb: Verb,
    /// What was wrong with it.
    pub twist: Twist,
    /// Whose position it was about, and who signed.
    pub people: Option<(Actor, Actor)>,
    /// Where.
    pub place: (PoolId, Asset),
    /// How much of what.
    pub figures: Figures,
    /// Instructions of the transaction up to and with its own.
    pub until: usize,
}

/// The figures of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figures {
    /// None.
    None,
    /// Native units.
    Amount(Amount),
    /// Shares.
    Shares(Shares),
    /// Number of what is opened, or of which of several ways.
    Number(u32),
    /// Seconds that pass.
    Seconds(u64),
    /// Another asset, and native units of the first.
    Against(Asset, Amount),
    /// A price, half of its interval, and how many seconds ago it was observed.
    Price(Price, Price, i64),
    /// A text.
    Text(Cow<'static, str>),
}

impl Outcome {
    /// Why it did not happen; `None` when it did.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        self.refused.as_ref()
    }

    /// The receipt of a transaction that succeeded.
    #[must_use]
    pub const fn success(&self) -> Option<&Receipt> {
        match &self.refused {
            None => self.receipt.as_ref(),
            Some(_) => None,
        }
    }

    /// Everything that was tried, in order.
    pub fn verbs(&self) -> impl Iterator<Item = Verb> {
        self.label.0.iter().map(|line| line.verb)
    }

    /// Whether this was tried, alone or among others.
    #[must_use]
    pub fn tried(&self, verb: Verb) -> bool {
        self.verbs().any(|tried| tried == verb)
    }

    /// What the end of the transaction is to be booked under: everything that was tried when it
    /// happened, otherwise what failed.
    pub fn booked(&self) -> impl Iterator<Item = Verb> {
        let failed = self.refused.as_ref().map(|_| self.failed());
        let all = self.verbs().filter(move |_| failed.is_none());
        failed.into_iter().chain(all)
    }

    /// The action whose instruction failed; the first when no instruction did.
    fn failed(&self) -> Verb {
        let failure = self.receipt.as_ref().and_then(|receipt| receipt.failure.as_ref());
        let index = failure.map(|failure| failure.instruction);
        let line = index.and_then(|index| self.label.0.iter().find(|line| index < line.until));
        line.map_or(self.verb, |line| line.verb)
    }
}

impl Label {
    /// An action of which nothing but the verb is known.
    #[must_use]
    pub fn of(verb: Verb) -> Self {
        Self(smallvec![Line::bare(verb, (PoolId::Harbour, Asset::Weth))])
    }

    /// An action in words that are there already.
    #[must_use]
    pub fn text(verb: Verb, words: String) -> Self {
        let mut label = Self::of(verb);
        label.0[0].figures = Figures::Text(words.into());
        label
    }

    /// The actions.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.0
    }

    pub(super) fn push(&mut self, line: Line) {
        self.0.push(line);
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut Line> {
        self.0.last_mut()
    }
}

impl Line {
    /// Without anything but the verb.
    pub(super) const fn bare(verb: Verb, place: (PoolId, Asset)) -> Self {
        Self { verb, twist: Twist::Honest, people: None, place, figures: Figures::None, until: 0 }
    }

    pub(super) const fn of(action: &Action) -> Self {
        Self::bare(action.verb, (action.pool, action.asset))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.0.iter().enumerate() {
            if number > 0 {
                write!(f, " + ")?;
            }
            write!(f, "{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.verb.name())?;
        if self.twist != Twist::Honest {
            write!(f, " {:?}", self.twist)?;
        }
        let (pool, asset) = (self.place.0.name(), self.place.1.symbol());
        if let Some((owner, _)) = self.people {
            write!(f, " {}@{pool} {asset}", owner.name())?;
        }
        write!(f, "{}", self.figures)?;
        match self.people {
            Some((_, signer)) => write!(f, " by {}", signer.name()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Amount(amount) => write!(f, " {amount}"),
            Self::Shares(shares) => write!(f, " {shares} shares"),
            Self::Number(number) => write!(f, " no. {number}"),
            Self::Seconds(seconds) => write!(f, " {seconds} s"),
            Self::Against(other, amount) => write!(f, " {amount} against {}", other.symbol()),
            Self::Price(price, confidence, ago_s) => {
                write!(f, " {price} ± {confidence} observed {ago_s} s ago")
            }
            Self::Text(text) => write!(f, ": {text}"),
        }
    }
}

impl From<&ClientError> for Refusal {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::Lending { error, .. } => Self::Lending(*error),
            ClientError::Submit(SubmitError::Failed { error, .. }) => {
                Self::Ledger(error.to_string())
            }
            ClientError::Submit(SubmitError::Rejected(rejection)) => {
                Self::Ledger(rejection.transaction_error().to_string())
            }
            other => Self::Ledger(other.to_string()),
        }
    }
}
