//! One verb a file.

pub mod check;
pub mod run;
