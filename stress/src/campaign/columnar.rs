//! `paths.parquet`: the table of `paths.csv` by columns, for data frames and databases.

use std::{io, sync::Arc};

use parquet::{
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};

use super::rows::{COLUMNS, Cells, cells, lines};
use crate::{outcome::PathOutcome, scenario::Scenario};

/// One row group of the whole table: a campaign has at most millions of lines.
type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

/// The rows of a campaign in Parquet. Dollars are decimals with six places, a weight is the number
/// itself, and what did not happen is null. The same rows are the same bytes.
///
/// # Errors
/// When a figure does not fit 64 bits.
pub fn parquet(scenario: &Scenario, rows: &[PathOutcome]) -> io::Result<Vec<u8>> {
    write(scenario, rows).map_err(io::Error::other)
}

fn write(scenario: &Scenario, rows: &[PathOutcome]) -> Result<Vec<u8>, ParquetError> {
    let schema = Arc::new(parse_message_type(&schema())?);
    // The default names the writer's version, so an upgrade of a library would change the bytes.
    let by = format!("cofferdam {}", env!("CARGO_PKG_VERSION"));
    let properties = WriterProperties::builder().set_created_by(by).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let all: Vec<_> = lines(scenario, rows).collect();
    let paths = all.iter().map(|(path, ..)| i64::try_from(path.path));
    let paths: Vec<i64> = paths.collect::<Result<_, _>>().map_err(external)?;
    column::<Int64Type>(&mut group, &paths, None)?;
    let weights: Vec<f64> = all.iter().map(|(path, ..)| path.weight).collect();
    column::<DoubleType>(&mut group, &weights, None)?;
    let pools: Vec<ByteArray> = all.iter().map(|(_, pool, _)| ByteArray::from(*pool)).collect();
    column::<ByteArrayType>(&mut group, &pools, None)?;
    let table: Vec<_> = all.iter().map(|(.., outcome)| cells(outcome)).collect();
    for (at, (_, kind)) in COLUMNS.iter().enumerate() {
        let column: Vec<Option<i128>> = table.iter().map(|line| line[at]).collect();
        figures(&mut group, *kind, &column)?;
    }
    group.close()?;
    writer.into_inner()
}

fn schema() -> String {
    let columns = COLUMNS.iter().map(|(name, kind)| match kind {
        Cells::Dollars => format!("optional int64 {name} (DECIMAL(18,6));"),
        Cells::Count | Cells::Seconds => format!("optional int64 {name};"),
        Cells::Truth => format!("optional boolean {name};"),
    });
    let columns: String = columns.collect();
    format!(
        "message paths {{ required int64 path; required double weight; \
         required binary pool (STRING); {columns} }}"
    )
}

fn figures(group: &mut Group<'_>, kind: Cells, cells: &[Option<i128>]) -> Result<(), ParquetError> {
    let there: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values = cells.iter().flatten();
    if kind == Cells::Truth {
        let values: Vec<bool> = values.map(|value| *value != 0).collect();
        return column::<BoolType>(group, &values, Some(&there));
    }
    let values: Result<Vec<i64>, _> = values.map(|value| i64::try_from(*value)).collect();
    column::<Int64Type>(group, &values.map_err(external)?, Some(&there))
}

fn column<T: DataType>(
    group: &mut Group<'_>,
    values: &[T::T],
    there: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let missing = || ParquetError::General("more columns than the schema has".into());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, there, None)?;
    column.close()
}

fn external(error: std::num::TryFromIntError) -> ParquetError {
    ParquetError::External(Box::new(error))
}
