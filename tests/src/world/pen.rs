//! How somebody signs.

use cofferdam_sdk::{Address, Keypair};
use solana_signature::Signature;
use solana_signer::{Signer, SignerError};

/// A key; or a name, where the ledger believes whoever says he signed. A real signature costs more
/// than everything else about a transaction.
pub(super) enum Pen<'a> {
    /// Signs.
    Key(&'a Keypair),
    /// Writes the address down twice.
    Name(Address),
}

impl Signer for Pen<'_> {
    fn try_pubkey(&self) -> Result<Address, SignerError> {
        match self {
            Self::Key(key) => key.try_pubkey(),
            Self::Name(address) => Ok(*address),
        }
    }

    fn try_sign_message(&self, message: &[u8]) -> Result<Signature, SignerError> {
        match self {
            Self::Key(key) => key.try_sign_message(message),
            Self::Name(address) => {
                let mut bytes = [0; 64];
                bytes[..32].copy_from_slice(address.as_ref());
                bytes[32..].copy_from_slice(address.as_ref());
                Ok(Signature::from(bytes))
            }
        }
    }

    fn is_interactive(&self) -> bool {
        false
    }
}
