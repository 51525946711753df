//! Amounts as people type them.

use std::str::FromStr;

use cofferdam_sdk::{Decimal, human, interface::units::Amount};

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

/// A limit in whole tokens, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cap(Option<Decimal>);

impl FromStr for Cap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(None));
        }
        let tokens = Decimal::from_str_exact(text);
        tokens.map(|tokens| Self(Some(tokens))).map_err(|error| format!("{error}; or use `none`"))
    }
}

impl Cap {
    /// In native units of a token of `decimals`; the largest amount stands for none.
    pub(crate) fn units(self, field: &str, decimals: u8) -> Result<Amount, Fault> {
        match self.0 {
            Some(tokens) => human::amount(field, tokens, decimals)
                .map_err(|error| Fault::Input(error.to_string())),
            None => Ok(Amount::MAX),
        }
    }

    /// A limit in words.
    pub(crate) fn text(limit: Amount, decimals: u8) -> String {
        if limit == Amount::MAX {
            return "none".into();
        }
        human::tokens(limit, decimals).to_string()
    }
}
