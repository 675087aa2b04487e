//! The page that travels: one HTML file, asks no network, reads without scripts.
//!
//! [`document`] gathers everything the page says from runs; [`page`] writes it as HTML. What lies
//! between them is plain data, which a result folder keeps, so that the page can be written again.

mod document;
mod gather;
mod said;
mod words;
mod write;

pub use document::{Document, Made, Row as Given, kept, read};
pub use gather::{RivalRun, Scene, Shown, document, given};
pub use write::page;
