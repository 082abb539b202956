//! CSV files: what is read of them, and where errors say that the trouble is.

#![cfg(feature = "data")]

use std::fs;
use std::path::Path;

use volta::Error;
use volta::data::{Csv, CsvOptions, CsvTrouble};
use volta::prelude::*;

fn parse_as(options: CsvOptions, text: &str) -> Result<Csv, Error> {
    options.parse(text.as_bytes(), Path::new("file.csv"))
}

fn parse(text: &str) -> Csv {
    parse_as(Csv::options(), text).unwrap()
}

fn bare() -> CsvOptions {
    Csv::options().header(false)
}

/// The trouble, after a look at whether the message names the file.
fn trouble<T: std::fmt::Debug>(result: Result<T, Error>) -> CsvTrouble {
    let error = result.unwrap_err();
    assert!(error.to_string().starts_with("file.csv: "), "{error}");
    match error {
        Error::Csv { trouble, .. } => trouble,
        other => panic!("{other}"),
    }
}

fn fields(table: &Csv) -> Vec<Vec<&str>> {
    let record = |i| (0..table.width()).map(|c| table.field(i, c)).collect();
    (0..table.len()).map(record).collect()
}

#[test]
fn records_end_where_lines_do() {
    let expected = [["1", "2"], ["3", ""]];
    for text in [
        "1,2\n3,",
        "1,2\n3,\n",
        "1,2\r\n3,\r\n",
        "\n\n1,2\n\r\n3,\n\n",
        "\u{feff}1,2\n3,\n",
        "\"1\",\"2\"\n\"3\",\"\"\n",
    ] {
        assert_eq!(
            fields(&parse_as(bare(), text).unwrap()),
            expected,
            "{text:?}"
        );
    }
    for text in ["", "\n", "\r\n\n"] {
        let empty = parse_as(bare(), text).unwrap();
        assert_eq!((empty.len(), empty.width()), (0, 0));
        let x: Tensor<s![Dyn, Dyn]> = empty.tensor().unwrap();
        assert_eq!(x.dims(), [0, 0]);
    }
}

#[test]
fn quotes_hold_delimiters_quotes_and_line_breaks() {
    let table = parse("name,text\na,\"x, \"\"y\"\"\r\nz\"\n\"b\",\"\"\"\"\n");
    assert_eq!(table.names().unwrap(), ["name", "text"]);
    assert_eq!(fields(&table), [["a", "x, \"y\"\r\nz"], ["b", "\""]]);
    let table = parse_as(bare().delimiter(';'), "1,5;\"2;5\"\n").unwrap();
    assert_eq!(fields(&table), [["1,5", "2;5"]]);
}

#[test]
fn columns_become_tensors() {
    let table = parse("x,\"y, z\",label,on\n1.5,-2e3,7,true\n inf ,NaN,9223372036854775807,0\n");
    let label = table.column::<i64>("label").unwrap();
    assert_eq!(label.to_vec(), [7, i64::MAX]);
    assert_eq!(table.column::<bool>("on").unwrap().to_vec(), [true, false]);
    let x: Tensor<s![Dyn, 2], f64> = table.columns(["y, z", "x"]).unwrap();
    let x = x.to_vec();
    assert_eq!((x[0], x[1], x[3]), (-2000.0, 1.5, f64::INFINITY));
    assert!(x[2].is_nan());
    let by_number: Tensor<s![Dyn, 1], bf16> = table.columns([0]).unwrap();
    assert_eq!(by_number.to_vec()[0], bf16::from_f32(1.5));
    let all: Tensor<s![Dyn, Dyn]> = parse("a,b\n1,2\n").tensor().unwrap();
    assert_eq!((all.dims(), all.to_vec()), (&[1, 2][..], vec![1.0, 2.0]));
}

#[test]
fn a_decimal_is_rounded_once() {
    // In f64 this is halfway between two f32, and would be rounded to the even one.
    let table = parse("x\n1.00000005960464477540\n");
    let x = table.column::<f32>("x").unwrap().to_vec();
    assert_eq!(x, [1.0 + f32::EPSILON]);
}

#[test]
fn texts_become_classes() {
    let table = parse("kind\ncat\nbird\ncat\n\"\"\n");
    let (names, numbers) = table.classes("kind").unwrap();
    assert_eq!(names, ["", "bird", "cat"]);
    assert_eq!(numbers.to_vec(), [2, 1, 2, 0]);
}

#[test]
fn what_is_no_number_is_named_with_its_place() {
    let table = parse("a,b\n1,2\n\n\"3\",\"x\ny\"\n5,6\n");
    let error = table.tensor::<f32>().unwrap_err().to_string();
    assert_eq!(
        error,
        "file.csv: line 4, column 2 (`b`): \"x\\ny\" is no f32"
    );
    let table = parse_as(bare(), "1,256\n-1,\n").unwrap();
    let number = |column: usize| table.column::<u8>(column).unwrap_err().to_string();
    assert_eq!(number(0), "file.csv: line 2, column 1: \"-1\" is no u8");
    assert_eq!(number(1), "file.csv: line 1, column 2: \"256\" is no u8");
    let error = table.column::<f64>(1).unwrap_err().to_string();
    assert_eq!(error, "file.csv: line 2, column 2: \"\" is no f64");
    for (text, dtype) in [("1.5", "i32"), ("2147483648", "i32"), ("yes", "bool")] {
        let table = parse_as(bare(), text).unwrap();
        let error = match dtype {
            "i32" => table.tensor::<i32>().unwrap_err().to_string(),
            _ => table.tensor::<bool>().unwrap_err().to_string(),
        };
        assert!(
            error.ends_with(&format!("{text:?} is no {dtype}")),
            "{error}"
        );
    }
}

#[test]
fn columns_that_are_not_there_are_named() {
    let table = parse("a,b,a\n1,2,3\n");
    let name = |name: &str| trouble(table.column::<f32>(name));
    assert_eq!(name("a"), CsvTrouble::TwoNames("a".into()));
    let names = vec!["a".into(), "b".into(), "a".into()];
    assert_eq!(
        name("c"),
        CsvTrouble::NoName {
            name: "c".into(),
            names
        }
    );
    let number = trouble(table.columns::<f32, 1>([3]));
    assert_eq!(
        number,
        CsvTrouble::NoColumn {
            column: 3,
            columns: 3
        }
    );
    let bare = parse_as(bare(), "1\n").unwrap();
    let names = vec![];
    assert_eq!(
        trouble(bare.column::<f32>("a")),
        CsvTrouble::NoName {
            name: "a".into(),
            names
        }
    );
}

#[test]
fn damaged_files_say_where() {
    let bad = |text| trouble(parse_as(Csv::options(), text));
    assert_eq!(bad(""), CsvTrouble::NoHeader);
    assert_eq!(bad("\n"), CsvTrouble::NoHeader);
    let (expected, found) = (2, 3);
    assert_eq!(
        bad("a,b\n\n1,2,3\n"),
        CsvTrouble::Width {
            line: 3,
            expected,
            found
        }
    );
    assert_eq!(
        bad("a,b\n1,x\"y\"\n"),
        CsvTrouble::Quote { line: 2, column: 2 }
    );
    assert_eq!(
        bad("a,b\n1,\"x\"y\n"),
        CsvTrouble::Quote { line: 2, column: 2 }
    );
    assert_eq!(
        bad("a,b\n\"1\n\n,2\n"),
        CsvTrouble::OpenQuote { line: 2, column: 1 }
    );
    let error = trouble(Csv::options().parse(b"a\n1\n\xff\n", Path::new("file.csv")));
    assert_eq!(error, CsvTrouble::Utf8 { line: 3 });
    let error = Csv::read("no/such/file.csv").unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}

#[test]
#[should_panic(expected = "'\"' cannot stand between fields")]
fn a_quote_is_no_delimiter() {
    let _ = Csv::options().delimiter('"');
}

/// Python's `csv` wrote the file: quoting where it has to, lines that end in CR LF.
#[test]
fn what_python_writes_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let table = Csv::read(folder.join("python.csv")).unwrap();
    assert_eq!(table.names().unwrap(), ["id", "length, cm", "note"]);
    let x: Tensor<s![Dyn, 2]> = table.columns(["id", "length, cm"]).unwrap();
    assert_eq!(x.to_vec(), [1.0, 5.25, 2.0, -1e-3, 3.0, f32::INFINITY]);
    let notes: Vec<_> = (0..3).map(|i| table.field(i, 2)).collect();
    assert_eq!(notes, ["plain", "says \"no\", twice", "two\nlines"]);
}

/// Whatever the bytes, reading ends in a table whose fields are all there, or in an error.
#[test]
fn mutated_files_never_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let whole = fs::read(folder.join("python.csv")).unwrap();
    let mut rng = Rng::seed(1);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..=rng.below(3) {
            let place = rng.below(bytes.len() as u64) as usize;
            let odd = b"\",\n\r;x\xff"[rng.below(7) as usize];
            match rng.below(4) {
                0 => bytes.truncate(place + 1),
                1 => bytes.insert(place, odd),
                2 => bytes[place] = odd,
                _ if bytes.len() > 1 => drop(bytes.remove(place)),
                _ => {}
            }
        }
        match Csv::options().parse(&bytes, Path::new("file.csv")) {
            Ok(table) => {
                assert_eq!(fields(&table).concat().len(), table.len() * table.width());
                let _ = table.tensor::<f32>();
                read += 1;
            }
            Err(error) => {
                assert!(error.to_string().starts_with("file.csv: "));
                refused += 1;
            }
        }
    }
    assert!(read > 500 && refused > 500, "{read} {refused}");
}
