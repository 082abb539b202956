//! CSV: records of fields between commas (RFC 4180).

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::CsvTrouble;
use crate::dtype::{Dtype, DtypeKind};
use crate::error::Error;
use crate::shape::{D, Dyn};
use crate::tensor::Tensor;

/// How to read a CSV file: [`Csv::options`].
#[derive(Clone, Copy, Debug)]
pub struct CsvOptions {
    header: bool,
    delimiter: u8,
}

/// A table from a CSV file, its fields as text until a tensor is made of them.
///
/// A field may stand in double quotes; then it may hold delimiters and line breaks, and `""` is a
/// quote. Empty lines are passed over. The first record names the columns, unless
/// [`CsvOptions::header`] says otherwise.
///
/// ```no_run
/// use volta::data::{Csv, TensorDataset};
/// use volta::prelude::*;
///
/// let flowers = Csv::read("iris.csv")?;
/// let x: Tensor<s![Dyn, 2]> = flowers.columns(["petal_length", "petal_width"])?;
/// let (names, y): (Vec<String>, Tensor<s![Dyn], i64>) = flowers.classes("species")?;
/// let data = TensorDataset::new((x, y))?;
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Csv {
    path: PathBuf,
    names: Option<Vec<String>>,
    width: usize,
    /// The fields of all records, one after the other, without their quotes.
    text: String,
    /// Where each field ends in `text`.
    ends: Vec<usize>,
    /// The line that each record starts in.
    lines: Vec<usize>,
}

/// A column by number from 0, or by name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column",
    note = "a column is a number from 0 (`usize`) or a name (`&str`)"
)]
pub trait CsvColumn {
    #[doc(hidden)]
    fn place(&self, table: &Csv) -> Result<usize, CsvTrouble>;
}

impl CsvColumn for usize {
    fn place(&self, table: &Csv) -> Result<usize, CsvTrouble> {
        let (column, columns) = (*self, table.width);
        match column < columns {
            true => Ok(column),
            false => Err(CsvTrouble::NoColumn { column, columns }),
        }
    }
}

impl CsvColumn for &str {
    fn place(&self, table: &Csv) -> Result<usize, CsvTrouble> {
        let names = table.names.as_deref().unwrap_or(&[]);
        let mut places = (0..names.len()).filter(|place| names[*place] == *self);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => Err(CsvTrouble::TwoNames(self.to_string())),
            (None, _) => Err(CsvTrouble::NoName {
                name: self.to_string(),
                names: names.to_vec(),
            }),
        }
    }
}

impl CsvOptions {
    /// Whether the first record names the columns; it does where nothing is said.
    pub fn header(self, header: bool) -> Self {
        CsvOptions { header, ..self }
    }

    /// What stands between fields, a comma where nothing is said.
    ///
    /// # Panics
    /// If it is a quote, a line break or no ASCII character.
    pub fn delimiter(self, delimiter: char) -> Self {
        assert!(
            delimiter.is_ascii() && !['"', '\n', '\r'].contains(&delimiter),
            "{delimiter:?} cannot stand between fields"
        );
        CsvOptions {
            delimiter: delimiter as u8,
            ..self
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// As [`Csv::read`].
    pub fn read(self, path: impl AsRef<Path>) -> Result<Csv, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| Error::io(path, source))?;
        self.parse(&bytes, path)
    }

    /// Reads from memory; `path` is what errors name.
    ///
    /// # Errors
    /// As [`Csv::read`].
    pub fn parse(self, bytes: &[u8], path: &Path) -> Result<Csv, Error> {
        let table = Csv {
            path: path.to_owned(),
            names: None,
            width: 0,
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
        };
        Parser::new(bytes, self.delimiter)
            .and_then(|parser| parser.table(table, self.header))
            .map_err(|trouble| at(path, trouble))
    }
}

impl Csv {
    /// A file with a header and commas.
    ///
    /// # Errors
    /// If the file does not open, is no UTF-8, has records of different lengths, or a quote that
    /// does not belong where it is.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        Csv::options().read(path)
    }

    /// How to read a file of another kind.
    ///
    /// ```
    /// # use std::path::Path;
    /// # use volta::prelude::*;
    /// use volta::data::Csv;
    ///
    /// let options = Csv::options().header(false).delimiter(';');
    /// let table = options.parse(b"1;2\n3;4\n", Path::new("points.csv"))?;
    /// let x: Tensor<s![Dyn, Dyn]> = table.tensor()?;
    /// assert_eq!(x.to_vec(), [1.0, 2.0, 3.0, 4.0]);
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn options() -> CsvOptions {
        CsvOptions {
            header: true,
            delimiter: b',',
        }
    }

    /// The number of records, without the header.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The names of the columns, if there is a header.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// One field.
    ///
    /// # Panics
    /// If there are no more than `record` records, or `column` columns; see [`get`](Self::get).
    pub fn field(&self, record: usize, column: usize) -> &str {
        match self.get(record, column) {
            Some(field) => field,
            None => panic!(
                "field ({record}, {column}) of a table of {} records and {} columns",
                self.len(),
                self.width
            ),
        }
    }

    /// One field; `None` if there are no more than `record` records, or `column` columns.
    ///
    /// ```
    /// use volta::data::Csv;
    ///
    /// let table = Csv::options().parse(b"x,y\n1,2\n", "here.csv".as_ref())?;
    /// assert_eq!(table.get(0, 1), Some("2"));
    /// assert_eq!(table.get(1, 0), None);
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn get(&self, record: usize, column: usize) -> Option<&str> {
        let (len, width) = (self.len(), self.width);
        (record < len && column < width).then(|| &self.text[self.range(record * width + column)])
    }

    fn range(&self, field: usize) -> Range<usize> {
        let start = field.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[field]
    }

    /// All columns as numbers: shape `[records, columns]`.
    ///
    /// # Errors
    /// If a field is no number of the type, with its line and column.
    pub fn tensor<E: Dtype>(&self) -> Result<Tensor<(Dyn, Dyn), E>, Error> {
        let columns: Vec<usize> = (0..self.width).collect();
        Tensor::from_vec_with((Dyn(self.len()), Dyn(self.width)), self.numbers(&columns)?)
    }

    /// These columns as numbers, in this order: shape `[records, C]`.
    ///
    /// # Errors
    /// If there is no such column, or a field is no number of the type.
    pub fn columns<E: Dtype, const C: usize>(
        &self,
        columns: [impl CsvColumn; C],
    ) -> Result<Tensor<(Dyn, D<C>), E>, Error> {
        let mut places = [0; C];
        for (place, column) in places.iter_mut().zip(&columns) {
            *place = self.place(column)?;
        }
        Tensor::from_vec_with((Dyn(self.len()), D), self.numbers(&places)?)
    }

    /// One column as numbers: shape `[records]`.
    ///
    /// # Errors
    /// If there is no such column, or a field is no number of the type.
    pub fn column<E: Dtype>(&self, column: impl CsvColumn) -> Result<Tensor<(Dyn,), E>, Error> {
        let numbers = self.numbers(&[self.place(&column)?])?;
        Tensor::from_vec_with((Dyn(self.len()),), numbers)
    }

    /// The different texts of a column, sorted, and for each record the number of its own: shape
    /// `[records]`.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn classes(
        &self,
        column: impl CsvColumn,
    ) -> Result<(Vec<String>, Tensor<(Dyn,), i64>), Error> {
        let place = self.place(&column)?;
        let fields: Vec<&str> = (0..self.len()).map(|i| self.field(i, place)).collect();
        let mut classes = fields.clone();
        classes.sort_unstable();
        classes.dedup();
        let number = |field| classes.partition_point(|class| *class < field) as i64;
        let numbers = fields.into_iter().map(number).collect();
        let numbers = Tensor::from_vec_with((Dyn(self.len()),), numbers)?;
        Ok((classes.into_iter().map(str::to_owned).collect(), numbers))
    }

    fn place(&self, column: &impl CsvColumn) -> Result<usize, Error> {
        column
            .place(self)
            .map_err(|trouble| at(&self.path, trouble))
    }

    fn numbers<E: Dtype>(&self, columns: &[usize]) -> Result<Vec<E>, Error> {
        let mut numbers = Vec::with_capacity(self.len() * columns.len());
        for (record, line) in self.lines.iter().enumerate() {
            for &column in columns {
                let text = self.field(record, column);
                let Some(number) = number(text.trim()) else {
                    let trouble = CsvTrouble::Number {
                        line: *line,
                        column: column + 1,
                        name: self.names.as_ref().map(|names| names[column].clone()),
                        text: text.to_owned(),
                        dtype: E::KIND,
                    };
                    return Err(at(&self.path, trouble));
                };
                numbers.push(number);
            }
        }
        Ok(numbers)
    }
}

fn at(path: &Path, trouble: CsvTrouble) -> Error {
    Error::Csv {
        path: path.to_owned(),
        trouble,
    }
}

/// A number as Rust writes it, if the type has it; `true`, `false`, 1 and 0 for `bool`.
fn number<E: Dtype>(text: &str) -> Option<E> {
    match E::KIND {
        DtypeKind::F64 => text.parse().ok().map(E::from_f64),
        DtypeKind::F32 | DtypeKind::F16 | DtypeKind::Bf16 => {
            text.parse::<f32>().ok().map(|x| E::from_f64(x.into()))
        }
        DtypeKind::Bool => match text {
            "1" | "true" | "True" | "TRUE" => Some(E::ONE),
            "0" | "false" | "False" | "FALSE" => Some(E::ZERO),
            _ => None,
        },
        DtypeKind::U8 | DtypeKind::I32 | DtypeKind::I64 => {
            let number = text.parse::<i64>().ok()?;
            Some(E::from_i64(number)).filter(|x| x.to_i64() == number)
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    delimiter: u8,
    line: usize,
}

/// What a field is followed by.
enum Next {
    Field,
    Record,
}

impl<'a> Parser<'a> {
    fn new(bytes: &'a [u8], delimiter: u8) -> Result<Self, CsvTrouble> {
        let text = str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            CsvTrouble::Utf8 {
                line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            }
        })?;
        Ok(Parser {
            // Excel puts a byte order mark in front.
            rest: text.strip_prefix('\u{feff}').unwrap_or(text),
            delimiter,
            line: 1,
        })
    }

    fn table(mut self, mut table: Csv, header: bool) -> Result<Csv, CsvTrouble> {
        let mut expected = None;
        while self.skip_empty_lines() {
            let (line, before) = (self.line, table.ends.len());
            let mut column = 1;
            while let Next::Field = self.field(&mut table.text, column)? {
                table.ends.push(table.text.len());
                column += 1;
            }
            table.ends.push(table.text.len());
            let found = table.ends.len() - before;
            let expected = *expected.get_or_insert(found);
            if found != expected {
                return Err(CsvTrouble::Width {
                    line,
                    expected,
                    found,
                });
            }
            table.width = expected;
            if header && table.names.is_none() {
                let names = (0..expected).map(|field| table.text[table.range(field)].to_owned());
                table.names = Some(names.collect());
                table.text.clear();
                table.ends.clear();
            } else {
                table.lines.push(line);
            }
        }
        if header && table.names.is_none() {
            return Err(CsvTrouble::NoHeader);
        }
        Ok(table)
    }

    /// Goes on to the next record, if there is one.
    fn skip_empty_lines(&mut self) -> bool {
        while self.line_break() {}
        !self.rest.is_empty()
    }

    fn line_break(&mut self) -> bool {
        let after = self.rest.strip_prefix("\r\n");
        match after.or_else(|| self.rest.strip_prefix('\n')) {
            Some(rest) => {
                self.rest = rest;
                self.line += 1;
                true
            }
            None => false,
        }
    }

    /// Adds the next field to `text`.
    fn field(&mut self, text: &mut String, column: usize) -> Result<Next, CsvTrouble> {
        let line = self.line;
        if let Some(quoted) = self.rest.strip_prefix('"') {
            self.rest = quoted;
            loop {
                let Some(end) = self.rest.find('"') else {
                    return Err(CsvTrouble::OpenQuote { line, column });
                };
                let part = &self.rest[..end];
                self.line += part.bytes().filter(|byte| *byte == b'\n').count();
                text.push_str(part);
                self.rest = &self.rest[end + 1..];
                match self.rest.strip_prefix('"') {
                    Some(rest) => {
                        text.push('"');
                        self.rest = rest;
                    }
                    None => break,
                }
            }
        } else {
            let ends = |byte: u8| byte == self.delimiter || matches!(byte, b'\n' | b'"');
            let end = self.rest.bytes().position(ends);
            let end = end.unwrap_or(self.rest.len());
            // The line break may be of two bytes.
            let broken = self.rest[end..].starts_with('\n');
            let end = match broken && self.rest[..end].ends_with('\r') {
                true => end - 1,
                false => end,
            };
            text.push_str(&self.rest[..end]);
            self.rest = &self.rest[end..];
        }
        if self.rest.is_empty() || self.line_break() {
            Ok(Next::Record)
        } else if self.rest.as_bytes()[0] == self.delimiter {
            self.rest = &self.rest[1..];
            Ok(Next::Field)
        } else {
            let line = self.line;
            Err(CsvTrouble::Quote { line, column })
        }
    }
}
