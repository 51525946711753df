//! The sysvar's bytes, written here by its published layout.

use cofferdam_host::{Address, CallAccount, OwnedCall};
use cofferdam_solana::introspect::{current, instruction};

fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

fn calls() -> [OwnedCall; 2] {
    let accounts = vec![
        CallAccount::writable(address(1)).signed(),
        CallAccount::readonly(address(2)),
        CallAccount::writable(address(3)),
    ];
    [
        OwnedCall { program_id: address(9), accounts, data: vec![7, 8] },
        OwnedCall { program_id: address(10), accounts: Vec::new(), data: Vec::new() },
    ]
}

fn sysvar(calls: &[OwnedCall], running: u16) -> Vec<u8> {
    let (mut bodies, mut starts) = (Vec::new(), Vec::new());
    let head = 2 + 2 * calls.len();
    for call in calls {
        starts.push(head + bodies.len());
        bodies.extend((call.accounts.len() as u16).to_le_bytes());
        for account in &call.accounts {
            bodies.push(u8::from(account.is_signer) | u8::from(account.is_writable) << 1);
            bodies.extend(account.address.to_bytes());
        }
        bodies.extend(call.program_id.to_bytes());
        bodies.extend((call.data.len() as u16).to_le_bytes());
        bodies.extend(&call.data);
    }
    let mut bytes = (calls.len() as u16).to_le_bytes().to_vec();
    starts.iter().for_each(|start| bytes.extend((*start as u16).to_le_bytes()));
    bytes.extend(bodies);
    bytes.extend(running.to_le_bytes());
    bytes
}

#[test]
fn reads_every_instruction() {
    let (calls, bytes) = (calls(), sysvar(&calls(), 1));
    assert_eq!(current(&bytes), Some(1));
    assert_eq!(instruction(&bytes, 0).as_ref(), Some(&calls[0]));
    assert_eq!(instruction(&bytes, 1).as_ref(), Some(&calls[1]));
    assert_eq!(instruction(&bytes, 2), None);
}

/// Whatever is cut off, nothing panics and nothing is made up.
#[test]
fn cut_bytes_are_no_instruction() {
    let bytes = sysvar(&calls(), 0);
    for len in 0..bytes.len() - 2 {
        for index in 0..3 {
            let read = instruction(&bytes[..len], index);
            assert!(read.is_none() || read == instruction(&bytes, index), "{len} bytes");
        }
    }
    assert_eq!(current(&[1]), None);
}
