//! The long table as Parquet: text columns are dictionaries, runs are gathered into row groups.

use crate::table::{Sink, Table, World};
use crate::{FileHash, columns, value};
use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use saldo_engine::Trace;
use saldo_model::ir::Model;
use std::io;
use std::sync::Arc;

const SCHEMA: &str = "message saldo {
    REQUIRED BYTE_ARRAY period (UTF8); REQUIRED BYTE_ARRAY quantity (UTF8);
    OPTIONAL BYTE_ARRAY sector (UTF8); OPTIONAL BYTE_ARRAY instrument (UTF8);
    OPTIONAL BYTE_ARRAY unit (UTF8); OPTIONAL BYTE_ARRAY scenario (UTF8);
    OPTIONAL BYTE_ARRAY choices (UTF8);
    REQUIRED INT32 draw; REQUIRED DOUBLE value; }";

/// Rows that are gathered before they are written.
const GROUP: usize = 1 << 20;

#[derive(Default)]
struct Rows {
    /// Period, quantity, sector, instrument, unit, scenario, choices; empty means none.
    texts: [Vec<ByteArray>; 7],
    draws: Vec<i32>,
    values: Vec<f64>,
}

/// Columns: period, quantity, sector, instrument, unit, scenario, choices, draw, value.
pub struct Parquet<S: Sink + Send> {
    writer: SerializedFileWriter<S>,
    rows: Rows,
}

fn plain(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

impl<S: Sink + Send> Parquet<S> {
    pub fn begin(sink: S) -> io::Result<Self> {
        let schema = Arc::new(parse_message_type(SCHEMA).map_err(plain)?);
        // The file says nothing about when or with which build it was made: bytes repeat.
        let like = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("saldo".into())
            .build();
        let writer = SerializedFileWriter::new(sink, schema, Arc::new(like)).map_err(plain)?;
        Ok(Parquet {
            writer,
            rows: Rows::default(),
        })
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        if rows.values.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        let mut at = 0;
        while let Some(mut column) = group.next_column()? {
            match column.untyped() {
                ColumnWriter::ByteArrayColumnWriter(writer) => {
                    let all = &rows.texts[at];
                    if at < 2 {
                        writer.write_batch(all, None, None)?;
                    } else {
                        let given: Vec<i16> =
                            all.iter().map(|text| i16::from(!text.is_empty())).collect();
                        let some: Vec<ByteArray> = all
                            .iter()
                            .filter(|text| !text.is_empty())
                            .cloned()
                            .collect();
                        writer.write_batch(&some, Some(&given), None)?;
                    }
                }
                ColumnWriter::Int32ColumnWriter(writer) => {
                    writer.write_batch(&rows.draws, None, None)?;
                }
                ColumnWriter::DoubleColumnWriter(writer) => {
                    writer.write_batch(&rows.values, None, None)?;
                }
                _ => {}
            }
            column.close()?;
            at += 1;
        }
        group.close()?;
        Ok(())
    }
}

impl<S: Sink + Send> Table for Parquet<S> {
    fn add(&mut self, model: &Model, world: World, trace: &Trace) -> io::Result<()> {
        let columns = columns(model);
        let texts: Vec<[ByteArray; 4]> = columns
            .iter()
            .map(|it| {
                [&it.name, &it.sector, &it.instrument, &it.unit].map(|text| text.as_str().into())
            })
            .collect();
        let scenario = ByteArray::from(world.scenario.unwrap_or_default());
        let choices = ByteArray::from(world.choices.unwrap_or_default());
        for row in 0..=trace.completed {
            let period = ByteArray::from(model.calendar.label(row as i64).as_str());
            for (column, [name, sector, instrument, unit]) in columns.iter().zip(&texts) {
                let value = value(model, trace, column, row);
                if !value.is_finite() {
                    continue;
                }
                let cells = [&period, name, sector, instrument, unit, &scenario, &choices];
                for (kept, cell) in self.rows.texts.iter_mut().zip(cells) {
                    kept.push(cell.clone());
                }
                self.rows.draws.push(world.draw.unwrap_or(0) as i32);
                self.rows.values.push(value);
            }
        }
        match self.rows.values.len() >= GROUP {
            true => self.flush().map_err(plain),
            false => Ok(()),
        }
    }

    fn keep(mut self: Box<Self>) -> io::Result<FileHash> {
        self.flush().map_err(plain)?;
        self.writer.into_inner().map_err(plain)?.keep()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;
    use saldo_model::{Setup, build};

    const SIM: &str = "model m \"M\"
time yearly from 1 to 3
unit usd : money to 0.01
sector a
sector b
instrument cash [usd] { issued by a held by b }
flows in cash { gift : a -> b = 2 usd/year }
start empty
";

    /// Every number of the long CSV is read back, with its names.
    #[test]
    fn what_is_written_is_read_back() {
        let files = [("model.saldo".to_string(), SIM.into())];
        let built = build(
            &files,
            &saldo_exchange::Memory::default(),
            &Setup::default(),
        );
        let model = built.model.expect("a model");
        let program = saldo_plan::plan(&model);
        let keep = saldo_engine::Keep {
            lines: None,
            books: true,
        };
        let trace = saldo_engine::run(&model, &program, 0, &keep, &|_| true);
        let mut bytes = Vec::new();
        let mut table: Box<dyn Table> = Box::new(Parquet::begin(&mut bytes).expect("a table"));
        let world = World {
            scenario: None,
            choices: None,
            draw: Some(7),
        };
        table.add(&model, world, &trace).expect("rows");
        table.keep().expect("a file");
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).expect("Parquet");
        let rows: Vec<_> = reader.get_row_iter(None).expect("rows").flatten().collect();
        let told = |row: &parquet::record::Row| {
            let text = |at| row.get_string(at).cloned().unwrap_or_default();
            (
                text(0),
                text(1),
                text(2),
                row.get_int(7).ok(),
                row.get_double(8).ok(),
            )
        };
        let last = ("3".into(), "b.cash".into(), "b".into(), Some(7), Some(6.0));
        assert!(rows.iter().any(|row| told(row) == last));
        // The opening has two balances, each period a flow and two balances.
        assert_eq!(rows.len(), 2 + 3 * 3);
    }
}
