//! The header: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.

use std::io::Read;

use super::Stop;
use crate::data::NpyTrouble;
use crate::io::FileDtype;

const MAGIC: [u8; 6] = *b"\x93NUMPY";

pub(super) struct Header {
    pub(super) dtype: FileDtype,
    pub(super) big_endian: bool,
    pub(super) fortran: bool,
    pub(super) dims: Vec<usize>,
}

/// Magic, version and dictionary, padded so that the elements start at a multiple of 64 bytes.
/// `None` for elements that NumPy has not.
pub(super) fn write(dtype: FileDtype, dims: &[usize]) -> Option<Vec<u8>> {
    let order = match dtype.word() {
        1 => '|',
        _ => '<',
    };
    let descr = format!("{order}{}", dtype.npy()?);
    let mut shape: Vec<String> = dims.iter().map(usize::to_string).collect();
    if let [only] = &mut shape[..] {
        only.push(',');
    }
    let shape = shape.join(", ");
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}");

    // Version 1 has two bytes for the length, which do for some thousand axes.
    let short = text.len() + 64 <= usize::from(u16::MAX);
    let start = if short { 10 } else { 12 };
    let end = (start + text.len() + 1).next_multiple_of(64);
    let len = end - start;
    let mut header = MAGIC.to_vec();
    if short {
        header.extend([1, 0]);
        header.extend((len as u16).to_le_bytes());
    } else {
        header.extend([2, 0]);
        header.extend((len as u32).to_le_bytes());
    }
    header.extend(text.bytes());
    header.resize(end - 1, b' ');
    header.push(b'\n');
    Some(header)
}

pub(super) fn read(reader: &mut impl Read) -> Result<Header, Stop> {
    let mut start = Vec::new();
    reader.by_ref().take(8).read_to_end(&mut start)?;
    let magic = &start[..start.len().min(6)];
    if !MAGIC.starts_with(magic) {
        return Err(NpyTrouble::Magic(magic.to_vec()).into());
    }
    let [_, _, _, _, _, _, major, minor] = start[..] else {
        return Err(NpyTrouble::TruncatedHeader(start.len()).into());
    };
    let width = match (major, minor) {
        (1, 0) => 2,
        (2 | 3, 0) => 4,
        _ => return Err(NpyTrouble::Version(major, minor).into()),
    };
    let mut length = Vec::new();
    reader.by_ref().take(width).read_to_end(&mut length)?;
    if (length.len() as u64) < width {
        return Err(NpyTrouble::TruncatedHeader(8 + length.len()).into());
    }
    let len = length.iter().rfold(0, |n, byte| n << 8 | u64::from(*byte));
    let mut text = Vec::new();
    reader.by_ref().take(len).read_to_end(&mut text)?;
    if (text.len() as u64) < len {
        let found = 8 + length.len() + text.len();
        return Err(NpyTrouble::TruncatedHeader(found).into());
    }
    // Version 1 and 2 are in Latin-1, but what volta reads has ASCII alone.
    Ok(Dictionary(&String::from_utf8_lossy(&text)).header()?)
}

fn dtype(descr: &str) -> Result<(FileDtype, bool), NpyTrouble> {
    let unknown = || NpyTrouble::Dtype(descr.to_owned());
    let mut characters = descr.chars();
    let order = characters.next().ok_or_else(unknown)?;
    let dtype = FileDtype::of_npy(characters.as_str()).ok_or_else(unknown)?;
    match order {
        '<' | '=' => Ok((dtype, false)),
        '>' => Ok((dtype, true)),
        // No order: of one byte, or without a meaning.
        '|' if dtype.word() == 1 || dtype == FileDtype::Bf16 => Ok((dtype, false)),
        _ => Err(unknown()),
    }
}

/// What is left of the text of a dictionary.
struct Dictionary<'a>(&'a str);

impl Dictionary<'_> {
    fn header(mut self) -> Result<Header, NpyTrouble> {
        let (mut descr, mut fortran, mut dims) = (None, None, None);
        self.expect('{', "brace that opens")?;
        while !self.has('}') {
            let key = self.string()?;
            self.expect(':', "colon")?;
            let twice = match key.as_str() {
                "descr" if self.peeks('[') => {
                    return Err(NpyTrouble::Dtype(self.excerpt()));
                }
                "descr" => descr.replace(dtype(&self.string()?)?).is_some(),
                "fortran_order" => fortran.replace(self.boolean()?).is_some(),
                "shape" => dims.replace(self.sizes()?).is_some(),
                _ => true,
            };
            if twice {
                let expected = "one `descr`, one `fortran_order` and one `shape`";
                let found = key;
                return Err(NpyTrouble::Header { expected, found });
            }
            if !self.has(',') {
                self.expect('}', "brace that closes")?;
                break;
            }
        }
        if !self.0.trim_start().is_empty() {
            return self.lacks("end");
        }
        match (descr, fortran, dims) {
            (Some((dtype, big_endian)), Some(fortran), Some(dims)) => Ok(Header {
                dtype,
                big_endian,
                fortran,
                dims,
            }),
            _ => self.lacks("`descr`, `fortran_order` or `shape`"),
        }
    }

    fn excerpt(&self) -> String {
        self.0.trim_start().chars().take(24).collect()
    }

    fn lacks<T>(&self, expected: &'static str) -> Result<T, NpyTrouble> {
        let found = self.excerpt();
        Err(NpyTrouble::Header { expected, found })
    }

    fn peeks(&self, mark: char) -> bool {
        self.0.trim_start().starts_with(mark)
    }

    fn has(&mut self, mark: char) -> bool {
        let rest = self.0.trim_start().strip_prefix(mark);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, mark: char, name: &'static str) -> Result<(), NpyTrouble> {
        if self.has(mark) {
            Ok(())
        } else {
            self.lacks(name)
        }
    }

    fn string(&mut self) -> Result<String, NpyTrouble> {
        for quote in ['\'', '"'] {
            if self.peeks(quote)
                && let Some((text, rest)) = self.0.trim_start()[1..].split_once(quote)
            {
                self.0 = rest;
                return Ok(text.to_owned());
            }
        }
        self.lacks("string")
    }

    fn boolean(&mut self) -> Result<bool, NpyTrouble> {
        for (name, value) in [("True", true), ("False", false)] {
            if let Some(rest) = self.0.trim_start().strip_prefix(name) {
                self.0 = rest;
                return Ok(value);
            }
        }
        self.lacks("`True` or `False`")
    }

    fn sizes(&mut self) -> Result<Vec<usize>, NpyTrouble> {
        let mut sizes = Vec::new();
        self.expect('(', "parenthesis that opens")?;
        while !self.has(')') {
            let text = self.0.trim_start();
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let Ok(size) = text[..digits].parse() else {
                return self.lacks("size");
            };
            sizes.push(size);
            self.0 = &text[digits..];
            if !self.has(',') {
                // A parenthesis around one number is no tuple.
                if sizes.len() == 1 {
                    return self.lacks("comma");
                }
                self.expect(')', "parenthesis that closes")?;
                break;
            }
        }
        Ok(sizes)
    }
}
