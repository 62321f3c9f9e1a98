//! What a program says when it fails: one line, down to the cause.

use std::error::Error;

/// The error and its causes, each once, in one line.
pub fn line(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.contains(&text) {
            line = format!("{line}: {text}");
        }
        cause = error.source();
    }
    line.replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Failed {
        #[error("cannot start: {0}")]
        Start(#[source] Box<Failed>),
        #[error("the database failed")]
        Database(#[source] std::io::Error),
    }

    #[test]
    fn every_cause_is_said_once() {
        let error = Failed::Start(Box::new(Failed::Database(std::io::Error::other("no such database\nat all"))));
        assert_eq!(line(&error), "cannot start: the database failed: no such database at all");
    }
}
