//! Result files: tables, the folder, its manifest. Whole or absent, and versioned.

mod aside;
mod columns;
mod folder;
mod manifest;
mod parquet;
mod table;
mod text;

pub use aside::Aside;
pub use columns::{Column, Source, columns, value};
pub use folder::{hash, open_folder, write_whole};
pub use manifest::{FailedDraw, FileHash, Manifest, VERSION};
pub use parquet::Parquet;
pub use table::{ChosenCsv, LongCsv, Paths, Sink, Table, WideCsv, World, names};
pub use text::{cell, number};
