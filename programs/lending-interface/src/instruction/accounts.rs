/// Declares an instruction's accounts once: as addresses for whoever builds the instruction, as
/// positions for the program that reads it.
macro_rules! accounts {
    ($(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $role:ident, )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<T = cofferdam_host::Address> {
            $( $(#[$field_doc])* pub $field: T, )+
        }

        impl $name {
            /// The accounts with their privileges, in wire order.
            #[must_use]
            pub fn metas(&self) -> alloc::vec::Vec<cofferdam_host::CallAccount> {
                alloc::vec![ $( $crate::instruction::accounts::role!($role, self.$field) ),+ ]
            }
        }

        impl $name<usize> {
            /// Position of each account.
            pub const SLOTS: Self = {
                let mut next = 0;
                let slots = Self { $( $field: { let slot = next; next += 1; slot } ),+ };
                assert!(next == Self::COUNT);
                slots
            };
            /// How many accounts there are before the remaining ones.
            pub const COUNT: usize = Self::NAMES.len();
            /// Name of each account, in wire order.
            pub const NAMES: &'static [&'static str] = &[$( stringify!($field) ),+];
        }
    };
}

/// The privileges of one account.
macro_rules! role {
    (signer, $address:expr) => {
        cofferdam_host::CallAccount::readonly($address).signed()
    };
    (payer, $address:expr) => {
        cofferdam_host::CallAccount::writable($address).signed()
    };
    (writable, $address:expr) => {
        cofferdam_host::CallAccount::writable($address)
    };
    (readonly, $address:expr) => {
        cofferdam_host::CallAccount::readonly($address)
    };
}

pub(crate) use {accounts, role};
