//! Where something begins to be so, on a line of whole steps.

use std::collections::BTreeMap;

/// What was tried, and where it turned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edge<T> {
    /// The first step at which it is so, given that it stays so from there on; `None` when it is
    /// so nowhere.
    pub(super) first: Option<u64>,
    /// Everything that was tried.
    pub(super) tried: BTreeMap<u64, T>,
}

/// Halves `0..=last` until the first step at which `is_so` is known. Both ends are tried first,
/// and one step between each end and the edge afterwards: they show a line that turns twice.
pub(super) fn edge<T, E>(
    last: u64,
    mut attempt: impl FnMut(u64) -> Result<T, E>,
    is_so: impl Fn(&T) -> bool,
) -> Result<Edge<T>, E> {
    let mut tried = BTreeMap::new();
    let mut try_at = |step: u64| -> Result<bool, E> {
        if let Some(known) = tried.get(&step) {
            return Ok(is_so(known));
        }
        let found = attempt(step)?;
        let so = is_so(&found);
        let _new = tried.insert(step, found);
        Ok(so)
    };
    let (mut low, mut high) = (0, last);
    let first = if try_at(0)? {
        Some(0)
    } else if last > 0 && try_at(last)? {
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if try_at(middle)? { high = middle } else { low = middle }
        }
        Some(high)
    } else {
        None
    };
    if let Some(first) = first {
        let _before = try_at(first.saturating_sub(1) / 2)?;
        let _after = try_at(first + (last - first) / 2)?;
    }
    Ok(Edge { first, tried })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(last: u64, so: impl Fn(u64) -> bool) -> Edge<bool> {
        edge(last, |step| Ok::<_, ()>(so(step)), |so| *so).unwrap()
    }

    #[test]
    fn the_first_step_is_found_wherever_it_is() {
        for first in 0..=40 {
            let found = of(40, |step| step >= first);
            assert_eq!(found.first, Some(first));
            assert!(found.tried.len() <= 10, "{}", found.tried.len());
            assert!(first == 0 || !found.tried[&(first - 1)]);
        }
        assert_eq!(of(40, |_| false).first, None);
        assert_eq!((of(0, |_| true).first, of(0, |_| false).first), (Some(0), None));
    }
}
