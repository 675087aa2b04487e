//! Vectors and tables of numbers in JSON, where a gap is `null`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub fn serialize<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(values.iter().map(|value| Gap(*value)))
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
    let values: Vec<Option<f64>> = Vec::deserialize(from)?;
    Ok(values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect())
}

/// Whole numbers without `.0`, gaps as `null`.
struct Gap(f64);

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if !value.is_finite() => to.serialize_none(),
            value if value == value.trunc() && value.abs() < 1e9 => to.serialize_i64(value as i64),
            value => to.serialize_f64(value),
        }
    }
}

/// The same for tables.
pub(crate) mod rows {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Row(#[serde(with = "super")] Vec<f64>);

    pub fn serialize<S: Serializer>(rows: &[Vec<f64>], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(rows.iter().map(|row| Row(row.clone())))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<f64>>, D::Error> {
        let rows: Vec<Row> = Vec::deserialize(from)?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }
}
