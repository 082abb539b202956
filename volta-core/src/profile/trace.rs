//! Chrome's trace format: complete events, times in microseconds.

use std::io::{self, Write};
use std::path::Path;

use super::Profile;
use crate::error::Error;
use crate::io::replace::replace;

pub(super) fn write(profile: &Profile, path: &Path) -> Result<(), Error> {
    replace(path, |file| events(profile, file)).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
}

fn events(profile: &Profile, file: &mut impl Write) -> io::Result<()> {
    write!(file, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")?;
    for (at, event) in profile.events.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Names are Rust's identifiers: nothing in them is escaped.
        write!(
            file,
            "{comma}\n{{\"name\":\"{}\",\"cat\":\"op\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\
             \"ts\":{:.3},\"dur\":{:.3},\"args\":{{\"bytes\":{}}}}}",
            event.op,
            event.start.as_secs_f64() * 1e6,
            event.time.as_secs_f64() * 1e6,
            event.bytes
        )?;
    }
    writeln!(file, "\n]}}")
}
