//! Figures from samples.
