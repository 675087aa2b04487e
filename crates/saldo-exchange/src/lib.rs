//! Tables and files, confined to the model's folder.

mod files;
mod table;

pub use files::{FileError, Files, Folder, Memory, Project, TextFile, decode, load, texts_below};
pub use table::{Row, Table, Tables, read_table};
