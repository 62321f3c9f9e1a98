//! Addresses of databases, which may carry passwords wherever people have put them: what may be said of one, and no more.

use std::fmt;

/// What may be told of a database URL: which database, and on SQLite which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseLocation(String);

impl DatabaseLocation {
    /// Of this URL, which may be none.
    pub fn of(url: &str) -> Self {
        let told = match url.split_once(':') {
            // A path has no password; what follows a question mark is none of it.
            Some(("sqlite", rest)) => format!("sqlite:{}", rest.split(['?', '#']).next().unwrap_or_default()),
            Some((scheme @ ("postgres" | "postgresql"), _)) => format!("{scheme}:"),
            _ => "the given URL".to_owned(),
        };
        Self(told)
    }
}

impl fmt::Display for DatabaseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The parameters of a PostgreSQL URL that mean something.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// The URL without parameters that mean nothing: the driver would log them, with their values.
pub(super) fn without_strange_parameters(url: &str) -> String {
    let Some((address, query)) = url.split_once('?') else { return url.to_owned() };
    let known = |parameter: &&str| {
        let name = parameter.split('=').next().unwrap_or_default();
        PARAMETERS.contains(&name) || name.starts_with("options[")
    };
    let (kept, strange): (Vec<&str>, Vec<&str>) = query.split('&').partition(known);
    if !strange.is_empty() {
        tracing::warn!(count = strange.len(), "the database URL has parameters that mean nothing; they are left out");
    }
    format!("{address}?{}", kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_told_wherever_it_stands_in_a_url() {
        for (url, told) in [
            ("postgres://u:secret@h/x", "postgres:"),
            ("postgres://u:secret@h:secret/x", "postgres:"),
            ("postgresql://h/x?user=u&password=secret", "postgresql:"),
            ("postgres://secret", "postgres:"),
            ("postgres:secret@h", "postgres:"),
            ("sqlite://data/holdfast.db?key=secret", "sqlite://data/holdfast.db"),
            ("sqlite:holdfast.db#secret", "sqlite:holdfast.db"),
            ("mysql://u:secret@h/x", "the given URL"),
            ("secret", "the given URL"),
            ("u:secret@h", "the given URL"),
            ("POSTGRES://u:secret@h/x", "the given URL"),
            ("", "the given URL"),
        ] {
            assert_eq!(DatabaseLocation::of(url).to_string(), told, "{url}");
        }
    }

    #[test]
    fn strange_parameters_go_and_known_ones_stay() {
        let url = "postgres://h/x?pasword=secret&host=/run&options[a]=b&secret&sslmode=disable";
        assert_eq!(without_strange_parameters(url), "postgres://h/x?host=/run&options[a]=b&sslmode=disable");
        assert_eq!(without_strange_parameters("postgres://h/x"), "postgres://h/x");
    }
}
