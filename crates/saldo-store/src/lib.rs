//! Result files: the wide table, the folder, its manifest. Whole or absent, and versioned.

mod folder;
mod manifest;
mod table;

pub use folder::{hash, write_folder, write_whole};
pub use manifest::{FileHash, Manifest, VERSION};
pub use table::{Column, Source, columns, long_csv, number, value, wide_csv};
