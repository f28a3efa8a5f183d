//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::gateway::sockets::SocketTimes;

pub const USAGE: &str = "\
Usage: cargo run [-- OPTIONS]

  --port PORT   where to listen on 127.0.0.1 (default 3000; 0 takes any free port)
  --data DIR    where state is kept (default .polyclinic)
  --memory      keep nothing: state goes when the program ends
  --reset       remove the state in the data folder first
  --new-keys    print new keys for a deployment, and end
  --help        show this";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub port: u16,
    /// None keeps everything in memory.
    pub data: Option<PathBuf>,
    pub reset: bool,
    /// `RATE_LIMITS=off` in the environment turns them off as well.
    pub rate_limits: bool,
    /// Tests do not wait for ten minutes.
    pub socket_times: SocketTimes,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 3000,
            data: Some(PathBuf::from(".polyclinic")),
            reset: false,
            rate_limits: true,
            socket_times: SocketTimes::default(),
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Run(Options),
    NewKeys,
    Help,
}

pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("data") => options.data = Some(parser.value()?.into()),
            Long("memory") => options.data = None,
            Long("reset") => options.reset = true,
            Long("new-keys") => return Ok(Command::NewKeys),
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Run(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &[&str]) -> Result<Command, lexopt::Error> {
        parse(words.iter().map(OsString::from))
    }

    #[test]
    fn options_have_defaults_and_can_be_changed() {
        assert_eq!(parse_words(&[]).unwrap(), Command::Run(Options::default()));
        let changed = Options {
            port: 0,
            data: None,
            ..Options::default()
        };
        assert_eq!(
            parse_words(&["--port", "0", "--memory"]).unwrap(),
            Command::Run(changed)
        );
        assert_eq!(parse_words(&["--help"]).unwrap(), Command::Help);
        assert_eq!(parse_words(&["--new-keys"]).unwrap(), Command::NewKeys);
        assert!(parse_words(&["--port", "many"]).is_err());
        assert!(parse_words(&["--nonsense"]).is_err());
    }
}
