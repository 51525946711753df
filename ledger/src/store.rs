//! The account store: a persistent, ordered Merkle trie.
//!
//! # Shape
//! Sixteen-way, by the nibbles of a 32-byte key. A leaf sits at the shallowest depth at which
//! no other key shares its prefix, and a branch that is left with one leaf becomes that leaf.
//! So the shape, and with it the root, depends on the contents alone and not on their history.
//!
//! # Cost
//! Nodes are shared behind `Arc`: a clone is one pointer, and a change copies the nodes on one
//! path at most. Digests are kept with their nodes until the node changes, so a root costs as
//! much as the accounts changed since the last one, not as much as the accounts held.
//!
//! # Security
//! A root commits to every key and every byte of every value as far as sha256 is collision
//! resistant. Leaves and branches are hashed with different first bytes, so that neither can
//! be passed off as the other. Who can choose keys can make a path as deep as the prefix they
//! managed to grind, 64 levels at most; they cannot change what the root commits to.

use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};
use solana_account::Account;

const WIDTH: usize = 16;
/// First byte of what is hashed for a leaf.
const LEAF_TAG: u8 = 0;
/// First byte of what is hashed for a branch.
const BRANCH_TAG: u8 = 1;

pub(crate) type Key = [u8; 32];
pub(crate) type Digest32 = [u8; 32];
/// The accounts of a ledger.
pub(crate) type Accounts = Trie<Arc<Account>>;

/// A persistent map from 32-byte keys, in key order.
#[derive(Clone, Debug)]
pub(crate) struct Trie<V> {
    root: Option<Node<V>>,
    len: usize,
}

impl<V> Default for Trie<V> {
    fn default() -> Self {
        Self { root: None, len: 0 }
    }
}

#[derive(Debug)]
enum Node<V> {
    Leaf(Arc<Leaf<V>>),
    Branch(Arc<Branch<V>>),
}

#[derive(Clone, Debug)]
struct Leaf<V> {
    key: Key,
    value: V,
    digest: OnceLock<Digest32>,
}

#[derive(Clone, Debug)]
struct Branch<V> {
    children: [Option<Node<V>>; WIDTH],
    digest: OnceLock<Digest32>,
}

/// A value that a Merkle root can commit to.
pub(crate) trait Committed {
    /// Feeds the whole value to the hasher, with nothing ambiguous about where it ends.
    fn absorb(&self, hasher: &mut Sha256);
}

impl Committed for Arc<Account> {
    fn absorb(&self, hasher: &mut Sha256) {
        hasher.update(self.lamports.to_le_bytes());
        hasher.update(self.owner);
        hasher.update([u8::from(self.executable)]);
        hasher.update(self.rent_epoch.to_le_bytes());
        hasher.update((self.data.len() as u64).to_le_bytes());
        hasher.update(&self.data);
    }
}

// By hand: a derive would ask for `V: Clone`, and sharing a node copies no value.
impl<V> Clone for Node<V> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(leaf) => Self::Leaf(Arc::clone(leaf)),
            Self::Branch(branch) => Self::Branch(Arc::clone(branch)),
        }
    }
}

impl<V> Node<V> {
    fn leaf(key: Key, value: V) -> Self {
        Self::Leaf(Arc::new(Leaf { key, value, digest: OnceLock::new() }))
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(a), Self::Leaf(b)) => Arc::ptr_eq(a, b),
            (Self::Branch(a), Self::Branch(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl<V> Trie<V> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&V> {
        let mut node = self.root.as_ref()?;
        for byte in key {
            for nibble in [byte >> 4, byte & 0xf] {
                match node {
                    Node::Leaf(leaf) => return (leaf.key == *key).then_some(&leaf.value),
                    Node::Branch(branch) => node = branch.children[usize::from(nibble)].as_ref()?,
                }
            }
        }
        // Two keys that differ do so within their length, so the last branch holds leaves alone.
        match node {
            Node::Leaf(leaf) => (leaf.key == *key).then_some(&leaf.value),
            Node::Branch(_) => None,
        }
    }

    /// The entries in key order.
    pub(crate) fn iter(&self) -> Iter<'_, V> {
        Iter { pending: self.root.iter().collect() }
    }
}

impl<V: Clone> Trie<V> {
    /// Stores `value`; returns what it replaced.
    pub(crate) fn insert(&mut self, key: Key, value: V) -> Option<V> {
        let replaced = insert_at(&mut self.root, 0, key, value);
        self.len += usize::from(replaced.is_none());
        replaced
    }

    /// Removes a key; returns its value.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<V> {
        // Looked up first so that an absent key copies no path and drops no digest.
        self.get(key)?;
        self.len -= 1;
        remove_at(&mut self.root, 0, key)
    }
}

impl<V: PartialEq> Trie<V> {
    /// Reports every key whose value differs, in key order, with the value on either side.
    /// Shared subtrees are skipped, so two forks cost as much as they differ.
    pub(crate) fn diff<'a>(
        &'a self,
        newer: &'a Self,
        report: &mut impl FnMut(&'a Key, Option<&'a V>, Option<&'a V>),
    ) {
        diff_nodes(self.root.as_ref(), newer.root.as_ref(), report);
    }
}

impl<V: Committed> Trie<V> {
    /// The Merkle root; all zero for an empty trie.
    pub(crate) fn root(&self) -> Digest32 {
        self.root.as_ref().map_or([0; 32], digest)
    }
}

/// The entries of a trie in key order.
#[derive(Debug)]
pub(crate) struct Iter<'a, V> {
    /// What is still to visit, the next one last.
    pending: Vec<&'a Node<V>>,
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a Key, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.pending.pop()? {
                Node::Leaf(leaf) => return Some((&leaf.key, &leaf.value)),
                Node::Branch(branch) => {
                    self.pending.extend(branch.children.iter().rev().flatten());
                }
            }
        }
    }
}

fn nibble(key: &Key, depth: usize) -> usize {
    let byte = key[depth / 2];
    usize::from(if depth.is_multiple_of(2) { byte >> 4 } else { byte & 0xf })
}

fn insert_at<V: Clone>(place: &mut Option<Node<V>>, depth: usize, key: Key, value: V) -> Option<V> {
    match place {
        Some(Node::Leaf(leaf)) if leaf.key == key => Some(replace(leaf, value)),
        Some(Node::Leaf(leaf)) => {
            // Two keys cannot stay in one place: the old leaf moves one level down, and the
            // new one follows it for as long as the keys agree.
            let mut branch = Branch { children: Default::default(), digest: OnceLock::new() };
            let position = nibble(&leaf.key, depth);
            branch.children[position] = place.take();
            *place = Some(Node::Branch(Arc::new(branch)));
            insert_at(place, depth, key, value)
        }
        Some(Node::Branch(branch)) => {
            let branch = Arc::make_mut(branch);
            branch.digest.take();
            insert_at(&mut branch.children[nibble(&key, depth)], depth + 1, key, value)
        }
        None => {
            *place = Some(Node::leaf(key, value));
            None
        }
    }
}

fn replace<V: Clone>(leaf: &mut Arc<Leaf<V>>, value: V) -> V {
    let leaf = Arc::make_mut(leaf);
    leaf.digest.take();
    std::mem::replace(&mut leaf.value, value)
}

fn remove_at<V: Clone>(place: &mut Option<Node<V>>, depth: usize, key: &Key) -> Option<V> {
    match place {
        Some(Node::Leaf(leaf)) if leaf.key == *key => {
            let value = leaf.value.clone();
            *place = None;
            Some(value)
        }
        Some(Node::Branch(branch)) => {
            let branch = Arc::make_mut(branch);
            branch.digest.take();
            let value = remove_at(&mut branch.children[nibble(key, depth)], depth + 1, key);
            if let Some(leaf) = only_leaf(branch) {
                *place = Some(leaf);
            }
            value
        }
        _ => None,
    }
}

/// The leaf that is all a branch has left.
fn only_leaf<V>(branch: &Branch<V>) -> Option<Node<V>> {
    let mut children = branch.children.iter().flatten();
    match (children.next(), children.next()) {
        (Some(leaf @ Node::Leaf(_)), None) => Some(leaf.clone()),
        _ => None,
    }
}

fn digest<V: Committed>(node: &Node<V>) -> Digest32 {
    match node {
        Node::Leaf(leaf) => *leaf.digest.get_or_init(|| {
            let mut hasher = Sha256::new_with_prefix([LEAF_TAG]);
            hasher.update(leaf.key);
            leaf.value.absorb(&mut hasher);
            hasher.finalize().into()
        }),
        Node::Branch(branch) => *branch.digest.get_or_init(|| branch_digest(branch)),
    }
}

fn branch_digest<V: Committed>(branch: &Branch<V>) -> Digest32 {
    let mut hasher = Sha256::new_with_prefix([BRANCH_TAG]);
    let mut bitmap = 0_u16;
    for (position, _) in branch.children.iter().enumerate().filter(|(_, child)| child.is_some()) {
        bitmap |= 1 << position;
    }
    hasher.update(bitmap.to_le_bytes());
    for child in branch.children.iter().flatten() {
        hasher.update(digest(child));
    }
    hasher.finalize().into()
}

fn diff_nodes<'a, V: PartialEq>(
    older: Option<&'a Node<V>>,
    newer: Option<&'a Node<V>>,
    report: &mut impl FnMut(&'a Key, Option<&'a V>, Option<&'a V>),
) {
    match (older, newer) {
        (None, None) => {}
        (Some(a), Some(b)) if a.is_same(b) => {}
        (Some(Node::Branch(a)), Some(Node::Branch(b))) => {
            for (a, b) in a.children.iter().zip(&b.children) {
                diff_nodes(a.as_ref(), b.as_ref(), report);
            }
        }
        _ => diff_entries(entries(older), entries(newer), report),
    }
}

fn entries<V>(node: Option<&Node<V>>) -> Iter<'_, V> {
    Iter { pending: node.into_iter().collect() }
}

fn diff_entries<'a, V: PartialEq>(
    older: Iter<'a, V>,
    newer: Iter<'a, V>,
    report: &mut impl FnMut(&'a Key, Option<&'a V>, Option<&'a V>),
) {
    let (mut older, mut newer) = (older.peekable(), newer.peekable());
    loop {
        let (a, b) = (older.peek().copied(), newer.peek().copied());
        let Some(key) = a.map(|a| a.0).into_iter().chain(b.map(|b| b.0)).min() else { return };
        let a = older.next_if(|a| a.0 == key).map(|a| a.1);
        let b = newer.next_if(|b| b.0 == key).map(|b| b.1);
        if a != b {
            report(key, a, b);
        }
    }
}

#[cfg(test)]
mod tests;
