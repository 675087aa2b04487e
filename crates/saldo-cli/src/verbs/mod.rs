//! One verb a file.

pub mod check;
pub mod compare;
pub mod doctor;
pub mod explain;
pub mod export;
pub mod fmt;
pub mod new;
pub mod report;
pub mod run;
pub mod show;
pub mod test;
