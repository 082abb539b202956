//! What is asked for.

use super::peer::Peer;
use crate::arguments::{at_least, positive, value};

#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub(super) peers: Vec<Peer>,
    pub(super) threads: Vec<usize>,
    pub(super) rounds: usize,
    pub(super) filter: String,
    pub(super) budget: f64,
    pub(super) keep: bool,
    pub(super) growth: bool,
    pub(super) memory: bool,
}

impl Options {
    /// `None` for the help.
    pub(super) fn parse(arguments: &[String]) -> Result<Option<Self>, String> {
        let mut options = Options {
            peers: Peer::ALL.to_vec(),
            threads: vec![1, 2],
            rounds: 2,
            filter: String::new(),
            budget: 0.3,
            keep: false,
            growth: false,
            memory: false,
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            let mut value = || value(option, &mut arguments);
            match option.as_str() {
                "-h" | "--help" => return Ok(None),
                "--keep" => options.keep = true,
                "--growth" => options.growth = true,
                "--memory" => options.memory = true,
                "--peers" => options.peers = list(value()?, Peer::named)?,
                "--threads" => options.threads = list(value()?, |text| at_least(1, option, text))?,
                "--rounds" => options.rounds = at_least(1, option, value()?)?,
                "--filter" => options.filter = value()?.to_owned(),
                "--budget" => options.budget = positive("time in seconds", option, value()?)?,
                other => {
                    return Err(format!(
                        "`cargo xtask peers` does not take `{other}`; see `--help`"
                    ));
                }
            }
        }
        Ok(Some(options))
    }
}

impl Options {
    /// What a run adds to the results of another, as a line of results.
    pub(super) fn added(&self) -> String {
        let cases = match self.filter.as_str() {
            "" => "every case",
            filter => filter,
        };
        let peers: Vec<_> = self.peers.iter().map(|peer| peer.name()).collect();
        let threads: Vec<_> = self.threads.iter().map(usize::to_string).collect();
        format!(
            "{{\"about\":\"measured again after that run: {cases} of {}\",\
             \"is\":\"{} rounds at {} threads\"}}\n",
            peers.join(", "),
            self.rounds,
            threads.join(" and "),
        )
    }
}

fn list<T>(text: &str, item: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    text.split(',').map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Options>, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words)
    }

    #[test]
    fn nothing_asks_for_all() {
        let options = parse("").unwrap().unwrap();
        assert_eq!((options.peers.len(), options.rounds), (Peer::ALL.len(), 2));
        assert_eq!(parse("--rounds 3 --help"), Ok(None));
    }

    #[test]
    fn what_is_asked_for_is_taken() {
        let options = parse("--peers volta,pytorch --threads 2 --rounds 5 --keep")
            .unwrap()
            .unwrap();
        assert_eq!(options.peers, [Peer::Volta, Peer::PyTorch]);
        assert_eq!(
            (options.threads, options.rounds, options.keep),
            (vec![2], 5, true)
        );
    }

    #[test]
    fn what_is_added_says_so() {
        let options = parse("--peers volta,pytorch --filter conv,lenet --rounds 3 --keep");
        assert_eq!(
            options.unwrap().unwrap().added(),
            "{\"about\":\"measured again after that run: conv,lenet of volta, pytorch\",\
             \"is\":\"3 rounds at 1 and 2 threads\"}\n"
        );
    }

    #[test]
    fn what_is_not_known_is_named() {
        let trouble = |line| parse(line).unwrap_err();
        assert!(trouble("--peers numpy").contains("`numpy`"));
        assert!(trouble("--threads 0").contains("0 is no number of at least 1"));
        assert!(trouble("--budget soon").contains("`--budget soon`"));
        assert!(trouble("--rounds").contains("`--rounds` needs a value"));
        assert!(trouble("--fast").contains("`--fast`"));
    }
}
