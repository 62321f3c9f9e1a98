//! File descriptors: how many there are, and how many of them connections may take.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that no connection takes: the database and its files, the log, calls to a component elsewhere, and connections that
/// were accepted only to be closed.
pub const RESERVED: usize = 128;

/// Raises the number of descriptors that this process may have to what the system lets it have at most.
///
/// A limit that cannot be raised is no reason not to start: connections are bounded by what there is.
pub fn raise() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, ?current, ?maximum, "the number of file descriptors cannot be raised");
    }
}

/// How many connections there are descriptors for; no more than half of them where there are few.
pub fn for_connections() -> usize {
    let most =
        getrlimit(Resource::Nofile).current.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    beside_the_reserve(most)
}

const fn beside_the_reserve(most: usize) -> usize {
    if most / 2 < RESERVED { most / 2 } else { most - RESERVED }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_everything_else() {
        assert_eq!([64, 256, 1_024, 1_048_576].map(beside_the_reserve), [32, 128, 896, 1_048_448]);
        assert!(for_connections() > 0);
    }
}
