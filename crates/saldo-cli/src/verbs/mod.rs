//! One verb a file.

pub mod again;
pub mod check;
pub mod run;
pub mod show;
