//! Correlated noises.

/// A correlation matrix, as its lower Cholesky factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// Row by row; row `i` has `i + 1` numbers and length one.
    rows: Vec<Vec<f64>>,
}

/// Correlations that no noises can have.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CorrelationError {
    /// A coefficient that is none.
    #[error("{found} is not within -1 to 1")]
    Range {
        /// The coefficient.
        found: f64,
    },
    /// An asset that is not there, or one paired with itself.
    #[error("assets {first} and {second} are no pair of {count} assets")]
    NoPair {
        /// Position of one asset.
        first: usize,
        /// Position of the other.
        second: usize,
        /// Number of assets.
        count: usize,
    },
    /// The matrix is not positive definite.
    #[error(
        "the correlations contradict each other at asset {at}: their matrix is not positive definite; bring them nearer to zero"
    )]
    NotPositiveDefinite {
        /// Position of the first asset that does not fit those before it.
        at: usize,
    },
}

/// What is left of a variance after the assets before it; less is rounding.
const LEAST_PIVOT: f64 = 1e-12;

impl Correlation {
    /// `count` noises of which none depends on another.
    pub fn independent(count: usize) -> Self {
        let row = |row: usize| (0..=row).map(|column| f64::from(column == row)).collect();
        Self { rows: (0..count).map(row).collect() }
    }

    /// `count` noises with the correlations of `pairs`; pairs not named are uncorrelated.
    ///
    /// # Errors
    /// A coefficient outside -1 to 1, a pair that is none, or a matrix that is not positive
    /// definite. Perfect correlation is refused too: two such assets are one.
    pub fn new(count: usize, pairs: &[(usize, usize, f64)]) -> Result<Self, CorrelationError> {
        let mut matrix = vec![vec![0.0; count]; count];
        for (index, row) in matrix.iter_mut().enumerate() {
            row[index] = 1.0;
        }
        for &(first, second, found) in pairs {
            if first == second || first >= count || second >= count {
                return Err(CorrelationError::NoPair { first, second, count });
            }
            if !(-1.0..=1.0).contains(&found) {
                return Err(CorrelationError::Range { found });
            }
            matrix[first][second] = found;
            matrix[second][first] = found;
        }
        factor(&matrix)
    }

    /// Number of noises.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The independent noises that move noise `asset` by `size` with the least effort: a shift
    /// along the row of the factor. Another noise moves by its correlation times `size`.
    pub(super) fn shift(&self, asset: usize, size: f64) -> Vec<f64> {
        let mut shift = vec![0.0; self.count()];
        for (slot, weight) in shift.iter_mut().zip(&self.rows[asset]) {
            *slot = weight * size;
        }
        shift
    }

    /// Mixes independent normal draws, one list a noise, into correlated ones.
    pub(super) fn mix(&self, independent: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mixed = |row: &Vec<f64>| {
            let len = independent.first().map_or(0, Vec::len);
            let at = |step: usize| row.iter().zip(independent).map(|(w, z)| w * z[step]).sum();
            (0..len).map(at).collect()
        };
        self.rows.iter().map(mixed).collect()
    }
}

/// Cholesky's factorisation.
fn factor(matrix: &[Vec<f64>]) -> Result<Correlation, CorrelationError> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (at, line) in matrix.iter().enumerate() {
        let mut row: Vec<f64> = Vec::with_capacity(at + 1);
        for (before, other) in rows.iter().enumerate() {
            let known: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
            row.push((line[before] - known) / other[before]);
        }
        let left = 1.0 - row.iter().map(|x| x * x).sum::<f64>();
        if left < LEAST_PIVOT {
            return Err(CorrelationError::NotPositiveDefinite { at });
        }
        row.push(left.sqrt());
        rows.push(row);
    }
    Ok(Correlation { rows })
}
