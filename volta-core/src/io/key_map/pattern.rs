//! Names with wildcards, and names made of what the wildcards stood for.

use super::KeyMapTrouble as Trouble;

/// Text in which `*` stands for any text without a dot and `**` for any text.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    /// `*`.
    Segment,
    /// `**`.
    Any,
}

impl Piece {
    fn takes(&self, byte: u8) -> bool {
        match self {
            Piece::Text(_) => false,
            Piece::Segment => byte != b'.',
            Piece::Any => true,
        }
    }
}

impl Pattern {
    pub(super) fn parse(source: &str) -> Result<Self, Trouble> {
        let wrong = |what| Trouble::Pattern {
            pattern: source.to_owned(),
            what,
        };
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = source.chars().peekable();
        while let Some(c) = rest.next() {
            let text = match c {
                '*' => {
                    let any = rest.next_if_eq(&'*').is_some();
                    if rest.peek() == Some(&'*') {
                        return Err(wrong("`***` is neither `*` nor `**`"));
                    }
                    pieces.push(if any { Piece::Any } else { Piece::Segment });
                    continue;
                }
                '\\' => (rest.next_if(|c| matches!(c, '*' | '\\')))
                    .ok_or_else(|| wrong("`\\` stands before `*` or `\\` alone"))?,
                c => c,
            };
            match pieces.last_mut() {
                Some(Piece::Text(before)) => before.push(text),
                _ => pieces.push(Piece::Text(text.into())),
            }
        }
        Ok(Pattern {
            source: source.to_owned(),
            pieces,
        })
    }

    /// Text without wildcards.
    pub(super) fn of_text(text: &str) -> Self {
        Pattern {
            source: text.to_owned(),
            pieces: vec![Piece::Text(text.to_owned())],
        }
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// How many wildcards it has.
    pub(super) fn wildcards(&self) -> usize {
        let text = |piece: &&Piece| matches!(piece, Piece::Text(_));
        self.pieces.len() - self.pieces.iter().filter(text).count()
    }

    /// What the wildcards stand for if it matches the whole key; the earlier of two takes as much
    /// as it can.
    pub(super) fn captures<'a>(&self, key: &'a str) -> Option<Vec<&'a str>> {
        match &self.pieces[..] {
            [] => return key.is_empty().then(Vec::new),
            [Piece::Text(text), ..] if !key.starts_with(text) => return None,
            [.., Piece::Text(text)] if !key.ends_with(text) => return None,
            _ => {}
        }
        let (bytes, n) = (key.as_bytes(), key.len());
        // `fits[i][at]`: whether the pieces from `i` on match the key from `at` on.
        let mut fits = vec![vec![false; n + 1]; self.pieces.len() + 1];
        fits[self.pieces.len()][n] = true;
        for (i, piece) in self.pieces.iter().enumerate().rev() {
            let (this, next) = fits.split_at_mut(i + 1);
            let (this, next) = (&mut this[i], &next[0]);
            for at in (0..=n).rev() {
                this[at] = match piece {
                    Piece::Text(text) => {
                        bytes[at..].starts_with(text.as_bytes()) && next[at + text.len()]
                    }
                    wildcard => next[at] || at < n && wildcard.takes(bytes[at]) && this[at + 1],
                };
            }
        }
        if !fits[0][0] {
            return None;
        }
        let (mut captures, mut at) = (Vec::new(), 0);
        for (i, piece) in self.pieces.iter().enumerate() {
            if let Piece::Text(text) = piece {
                at += text.len();
                continue;
            }
            let longest = bytes[at..].iter().take_while(|&&byte| piece.takes(byte));
            let last = at + longest.count();
            let end = (at..=last).rev().find(|&end| fits[i + 1][end]);
            let end = end.expect("it matches");
            captures.push(&key[at..end]);
            at = end;
        }
        Some(captures)
    }

    /// How many letters would have to be other ones, or more or less, for it to match.
    pub(super) fn distance(&self, key: &str) -> usize {
        // `costs[at]`: the least for what is before this place in the pattern and the key.
        let key: Vec<char> = key.chars().collect();
        let mut costs: Vec<usize> = (0..=key.len()).collect();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => {
                    for wanted in text.chars() {
                        let mut corner = costs[0];
                        costs[0] += 1;
                        for (at, &found) in key.iter().enumerate() {
                            let change = corner + usize::from(found != wanted);
                            corner = costs[at + 1];
                            costs[at + 1] = change.min(corner + 1).min(costs[at] + 1);
                        }
                    }
                }
                wildcard => {
                    for (at, &found) in key.iter().enumerate() {
                        let taken = found != '.' || *wildcard == Piece::Any;
                        let more = costs[at] + usize::from(!taken);
                        costs[at + 1] = costs[at + 1].min(more);
                    }
                }
            }
        }
        costs[key.len()]
    }
}

/// Text in which `$1` is what the first wildcard of a pattern stood for.
#[derive(Clone, Debug)]
pub(super) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// Counted from 0.
    Capture(usize),
}

impl Template {
    /// For patterns of so many wildcards.
    pub(super) fn parse(source: &str, wildcards: usize) -> Result<Self, Trouble> {
        let wrong = |what: String| Trouble::Replacement {
            replacement: source.to_owned(),
            what,
        };
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = source;
        while let Some(at) = rest.find('$') {
            parts.push(Part::Text(rest[..at].to_owned()));
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                parts.push(Part::Text("$".to_owned()));
                rest = after;
                continue;
            }
            let (digits, after) = match rest.strip_prefix('{') {
                Some(inner) => inner.split_once('}'),
                None => {
                    let end = rest.find(|c: char| !c.is_ascii_digit());
                    Some(rest.split_at(end.unwrap_or(rest.len())))
                }
            }
            .ok_or_else(|| wrong("`${` has no `}`".to_owned()))?;
            let known = |number: &usize| (1..=wildcards).contains(number);
            match digits.parse() {
                Ok(number) if known(&number) => parts.push(Part::Capture(number - 1)),
                Ok(number) => {
                    let there = match wildcards {
                        0 => "no wildcard".to_owned(),
                        1 => "one wildcard".to_owned(),
                        n => format!("{n} wildcards"),
                    };
                    return Err(wrong(format!("`${number}`, and the pattern has {there}")));
                }
                Err(_) => return Err(wrong("`$` stands before a number or `$` alone".to_owned())),
            }
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Template(parts))
    }

    pub(super) fn fill(&self, captures: &[&str]) -> String {
        let text = |part: &'_ Part| match part {
            Part::Text(text) => text.clone(),
            Part::Capture(at) => captures[*at].to_owned(),
        };
        self.0.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures<'a>(pattern: &str, key: &'a str) -> Option<Vec<&'a str>> {
        Pattern::parse(pattern).unwrap().captures(key)
    }

    #[test]
    fn a_star_stays_within_a_segment() {
        assert_eq!(
            captures("layers.*.weight", "layers.10.weight"),
            Some(vec!["10"])
        );
        assert_eq!(captures("layers.*.weight", "layers.1.fc.weight"), None);
        assert_eq!(
            captures("layers.**.weight", "layers.1.fc.weight"),
            Some(vec!["1.fc"])
        );
        assert_eq!(captures("**.*", "a.b.c"), Some(vec!["a.b", "c"]));
        assert_eq!(captures("**.**", "a.b.c"), Some(vec!["a.b", "c"]));
        assert_eq!(captures("*.**", "a.b.c"), Some(vec!["a", "b.c"]));
        assert_eq!(captures("weight*", "weight"), Some(vec![""]));
        assert_eq!(captures("weight*", "weight_g"), Some(vec!["_g"]));
        assert_eq!(captures("**", ""), Some(vec![""]));
        assert_eq!(captures("", ""), Some(vec![]));
        assert_eq!(captures("", "a"), None);
        assert_eq!(captures("aa", "aaa"), None);
        assert_eq!(captures("a*a", "a"), None);
        assert_eq!(captures("a*a", "aaa"), Some(vec!["a"]));
        assert_eq!(captures("*a", "ßaaßa"), Some(vec!["ßaaß"]));
        assert_eq!(captures("ß*ü", "ß\u{1f980}ü"), Some(vec!["\u{1f980}"]));
        assert_eq!(captures(r"\*\\.*", r"*\.x"), Some(vec!["x"]));
    }

    #[test]
    fn many_wildcards_take_no_exponential_time() {
        let pattern = "*a".repeat(60);
        assert_eq!(captures(&pattern, &"a".repeat(2_000)).unwrap().len(), 60);
        assert_eq!(captures(&format!("{pattern}b*c"), &"a".repeat(2_000)), None);
    }

    #[test]
    fn a_template_takes_what_was_captured() {
        let fill = |text: &str| Template::parse(text, 2).unwrap().fill(&["x", "y"]);
        assert_eq!(fill("$2.$1"), "y.x");
        assert_eq!(fill("${1}0$$$2"), "x0$y");
        assert_eq!(fill(""), "");
        for wrong in ["$3", "$0", "$", "$x", "${1", "${}", "$99999999999999999999"] {
            assert!(Template::parse(wrong, 2).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_nearest_key_is_a_letter_away() {
        let distance = |pattern: &str, key| Pattern::parse(pattern).unwrap().distance(key);
        assert_eq!(distance("**.gama", "bert.norm.gamma"), 1);
        assert_eq!(distance("layrs.*.weight", "layers.0.weight"), 1);
        assert_eq!(distance("layers.*.weight", "layers.0.weight"), 0);
        assert_eq!(distance("layers.*.weight", "layers.0.fc.weight"), 1);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
