//! Accounts in the loader's input, written here by its published layout.

use cofferdam_host::{Address, ProgramError};
use cofferdam_solana::input::{GROWTH_MAX, Input};

fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

/// An input in memory that is aligned as the loader's is.
struct Memory(Vec<u64>);

impl Memory {
    /// Two accounts, the first of them again, three bytes of data, the program.
    fn new() -> Self {
        let mut bytes = 3_u64.to_le_bytes().to_vec();
        for (byte, data, flags) in [(1, &b"hello"[..], [1, 0, 0]), (2, &b""[..], [0, 1, 1])] {
            bytes.push(255);
            bytes.extend(flags);
            bytes.extend([0; 4]);
            bytes.extend([byte; 32]);
            bytes.extend([byte + 100; 32]);
            bytes.extend((u64::from(byte) * 1_000).to_le_bytes());
            bytes.extend((data.len() as u64).to_le_bytes());
            bytes.extend(data);
            bytes.extend(vec![0xaa; GROWTH_MAX]);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
            bytes.extend(u64::MAX.to_le_bytes());
        }
        bytes.extend([0; 8]);
        bytes.extend(3_u64.to_le_bytes());
        bytes.extend([4, 5, 6]);
        bytes.extend([77; 32]);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let words = bytes.chunks_exact(8).map(|it| u64::from_le_bytes(it.try_into().unwrap()));
        Self(words.collect())
    }

    fn input(&mut self) -> Input {
        // SAFETY: the layout is the loader's, the memory aligned and nobody else's.
        unsafe { Input::parse(self.0.as_mut_ptr().cast()) }.expect("three accounts")
    }
}

#[test]
fn finds_everything() {
    let mut memory = Memory::new();
    let input = memory.input();
    assert_eq!(
        (input.count(), input.data(), *input.program_id()),
        (3, &[4, 5, 6][..], address(77))
    );
    let first = input.account(0).unwrap();
    assert_eq!((*first.address, *first.owner, first.lamports), (address(1), address(101), 1_000));
    assert_eq!((first.data, first.is_signer, first.is_writable), (&b"hello"[..], true, false));
    let second = input.account(1).unwrap();
    assert_eq!((*second.address, second.data.len(), second.lamports), (address(2), 0, 2_000));
    assert_eq!((second.is_signer, second.is_writable, second.executable), (false, true, true));
    assert_eq!(input.account(3).err(), Some(ProgramError::NotEnoughAccountKeys));
    assert_eq!((input.position(&address(2)), input.position(&address(3))), (Some(1), None));
}

#[test]
fn a_duplicate_is_the_same_account() {
    let mut memory = Memory::new();
    let mut input = memory.input();
    input.data_mut(2).unwrap().copy_from_slice(b"HELLO");
    input.set_lamports(2, 5).unwrap();
    input.set_owner(2, &address(9)).unwrap();
    let first = input.account(0).unwrap();
    assert_eq!((first.data, first.lamports, *first.owner), (&b"HELLO"[..], 5, address(9)));
}

#[test]
fn grows_by_what_there_is_room_for() {
    let mut memory = Memory::new();
    let mut input = memory.input();
    input.resize(0, 3).unwrap();
    input.resize(0, 8).unwrap();
    assert_eq!(input.account(0).unwrap().data, b"hel\0\0\0\0\0");
    assert_eq!(input.resize(0, 5 + GROWTH_MAX + 1), Err(ProgramError::InvalidRealloc));
    input.resize(0, 5 + GROWTH_MAX).unwrap();
    assert_eq!(input.account(1).unwrap().lamports, 2_000);
}
