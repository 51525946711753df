//! The trie against a plain map, and the root against one computed from scratch.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    Insert(Key, u64),
    Remove(Key),
    Root,
}

/// Few different keys that share long prefixes, so that branches split and collapse.
fn key() -> impl Strategy<Value = Key> {
    (0_usize..32, 0_u8..4, 0_u8..3).prop_map(|(at, byte, last)| {
        let mut key = [0; 32];
        key[at] = byte << 2;
        key[31] ^= last;
        key
    })
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (key(), 1..5_u64).prop_map(|(key, lamports)| Op::Insert(key, lamports)),
        3 => key().prop_map(Op::Remove),
        1 => Just(Op::Root),
    ]
}

fn account(lamports: u64) -> Arc<Account> {
    Arc::new(Account { lamports, data: vec![7; 3], ..Account::default() })
}

fn from_scratch<'a>(entries: impl Iterator<Item = (&'a Key, &'a u64)>) -> Accounts {
    let mut trie = Accounts::default();
    entries.for_each(|(key, lamports)| drop(trie.insert(*key, account(*lamports))));
    trie
}

fn apply(trie: &mut Accounts, model: &mut BTreeMap<Key, u64>, op: &Op) {
    match op {
        Op::Insert(key, lamports) => {
            let replaced = trie.insert(*key, account(*lamports));
            assert_eq!(replaced.map(|a| a.lamports), model.insert(*key, *lamports));
        }
        Op::Remove(key) => {
            assert_eq!(trie.remove(key).map(|a| a.lamports), model.remove(key));
        }
        // Fills the cache, so that later changes have something stale to leave behind.
        Op::Root => drop(trie.root()),
    }
}

fn run(ops: &[Op]) -> (Accounts, BTreeMap<Key, u64>) {
    let (mut trie, mut model) = (Accounts::default(), BTreeMap::new());
    ops.iter().for_each(|op| apply(&mut trie, &mut model, op));
    (trie, model)
}

proptest! {
    #[test]
    fn it_is_an_ordered_map(ops in prop::collection::vec(op(), 0..80)) {
        let (trie, model) = run(&ops);
        let entries: Vec<_> = trie.iter().map(|(key, account)| (*key, account.lamports)).collect();
        prop_assert_eq!(entries, model.clone().into_iter().collect::<Vec<_>>());
        prop_assert_eq!(trie.len(), model.len());
        for (key, lamports) in &model {
            prop_assert_eq!(trie.get(key).map(|account| account.lamports), Some(*lamports));
        }
    }

    #[test]
    fn the_root_is_that_of_the_contents(ops in prop::collection::vec(op(), 0..80)) {
        let (trie, model) = run(&ops);
        prop_assert_eq!(trie.root(), from_scratch(model.iter()).root());
        prop_assert_eq!(trie.root(), from_scratch(model.iter().rev()).root());
    }

    #[test]
    fn taking_back_a_change_restores_the_root(ops in prop::collection::vec(op(), 0..40), key in key()) {
        let (mut trie, model) = run(&ops);
        let root = trie.root();
        trie.insert(key, account(99));
        prop_assert_ne!(trie.root(), root);
        match model.get(&key) {
            Some(lamports) => drop(trie.insert(key, account(*lamports))),
            None => drop(trie.remove(&key)),
        }
        prop_assert_eq!(trie.root(), root);
    }

    #[test]
    fn a_clone_does_not_see_later_changes(
        first in prop::collection::vec(op(), 0..40),
        later in prop::collection::vec(op(), 0..40),
    ) {
        let (mut trie, mut model) = run(&first);
        let (kept, kept_model) = (trie.clone(), model.clone());
        later.iter().for_each(|op| apply(&mut trie, &mut model, op));
        prop_assert_eq!(kept.root(), from_scratch(kept_model.iter()).root());
        let mut changed = Vec::new();
        kept.diff(&trie, &mut |key, before, after| {
            changed.push((*key, before.map(|a| a.lamports), after.map(|a| a.lamports)));
        });
        let keys: std::collections::BTreeSet<_> = kept_model.keys().chain(model.keys()).collect();
        let expected: Vec<_> = keys
            .into_iter()
            .map(|key| (*key, kept_model.get(key).copied(), model.get(key).copied()))
            .filter(|(_, before, after)| before != after)
            .collect();
        prop_assert_eq!(changed, expected);
    }
}

#[test]
fn every_field_of_an_account_is_in_the_root() {
    let base = Account { lamports: 5, data: vec![1, 2], ..Account::default() };
    let root = |address: u8, account: &Account| {
        let mut trie = Accounts::default();
        trie.insert([address; 32], Arc::new(account.clone()));
        trie.root()
    };
    let variants = [
        Account { lamports: 6, ..base.clone() },
        Account { data: vec![1, 3], ..base.clone() },
        Account { data: vec![1, 2, 0], ..base.clone() },
        Account { owner: [1; 32].into(), ..base.clone() },
        Account { executable: true, ..base.clone() },
        Account { rent_epoch: 1, ..base.clone() },
    ];
    let mut roots = vec![Accounts::default().root(), root(0, &base), root(1, &base)];
    roots.extend(variants.iter().map(|account| root(0, account)));
    roots.sort_unstable();
    let count = roots.len();
    roots.dedup();
    assert_eq!(roots.len(), count);
}

#[test]
fn keys_that_agree_up_to_the_last_nibble_are_kept_apart() {
    let (mut a, mut b) = ([9; 32], [9; 32]);
    (a[31], b[31]) = (0x90, 0x91);
    let mut trie = Accounts::default();
    trie.insert(a, account(1));
    let root = trie.root();
    trie.insert(b, account(2));
    assert_eq!((trie.get(&a).unwrap().lamports, trie.get(&b).unwrap().lamports), (1, 2));
    trie.remove(&b);
    assert_eq!(trie.root(), root);
    assert!(matches!(trie.root, Some(Node::Leaf(_))), "the whole chain of branches is gone");
}
