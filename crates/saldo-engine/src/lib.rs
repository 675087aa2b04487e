//! Running a model: the period loop, block solvers, lanes, and the slow oracle.
//!
//! Does not print, read files or read the clock.

pub mod trace;
