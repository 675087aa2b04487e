//! Tables and files, confined to the model's folder.

mod files;
mod table;

pub use files::{load, FileError, Files, Folder, Memory, Project};
pub use table::{read_table, Row, Table};
