//! Amounts as people type them.

use std::str::FromStr;

use cofferdam_sdk::Decimal;

use crate::fault::Fault;

/// An amount, or a word for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// Whole tokens.
    Tokens(Decimal),
    /// Everything there is.
    All,
    /// As much as the program allows.
    Max,
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            "max" => Ok(Self::Max),
            number => Decimal::from_str_exact(number).map(Self::Tokens).map_err(|error| {
                format!("{error}; use a number such as 12.5, or a word the verb takes")
            }),
        }
    }
}

impl Quantity {
    /// The number, or none for `all`; a verb that knows no `max` refuses it.
    pub(crate) fn tokens_or_all(self, verb: &str) -> Result<Option<Decimal>, Fault> {
        match self {
            Self::Tokens(tokens) => Ok(Some(tokens)),
            Self::All => Ok(None),
            Self::Max => Err(Fault::Input(format!("{verb} takes a number of tokens, or all"))),
        }
    }

    /// The number; a verb that takes no words refuses them.
    pub(crate) fn tokens(self, verb: &str) -> Result<Decimal, Fault> {
        match self {
            Self::Tokens(tokens) => Ok(tokens),
            Self::All | Self::Max => {
                Err(Fault::Input(format!("{verb} takes a number of tokens, no word")))
            }
        }
    }
}
