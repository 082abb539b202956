//! Sums and products of sizes.

mod table;
