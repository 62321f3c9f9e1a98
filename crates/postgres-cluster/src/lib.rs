//! A throw-away PostgreSQL for tests and benches: a folder of its own, reached by a Unix socket in that folder alone.
//!
//! The server lives as long as the [`Cluster`]. A small shell script owns it and waits for the end of its input, so server and
//! folder are gone even when the process that wanted them was killed.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Makes the folder; runs the server, says where it is, and does what it is told until its input ends. `$1`: the folder of
/// PostgreSQL's programs; `$2`: `durable`, or nothing when nothing in it shall last.
const SCRIPT: &str = r#"
case $2 in
    durable) bases=/tmp lasting= ;;
    *) bases="${TMPDIR:-/dev/shm} /tmp" lasting="-c fsync=off -c full_page_writes=off" ;;
esac
for base in $bases; do
    folder=$(mktemp -d "$base/holdfast-postgres.XXXXXX" 2>/dev/null) && break
done
[ -d "$folder" ] || exit 1
trap '' INT TERM HUP
start() {
    "$1/pg_ctl" --pgdata=data --log=server.log --wait --timeout=60 --options="-k '$folder' -c listen_addresses= \
        $lasting -c max_connections=300 -c max_wal_size=256MB" start >>log 2>&1
}
signal() {
    postmaster=$(head -n 1 "$folder/data/postmaster.pid") && kill "-$1" "$postmaster" $(pgrep -P "$postmaster")
}
cd "$folder" || exit 1
"$1/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --no-locale --no-sync >log 2>&1 && start "$1" &&
echo "$folder" && while read -r action mode; do
    case $action in
        stop) "$1/pg_ctl" --pgdata=data --mode="$mode" --wait stop >>log 2>&1 ;;
        start) start "$1" ;;
        freeze) signal STOP ;;
        thaw) signal CONT ;;
        crash) kill -9 "$(pgrep -P "$(head -n 1 data/postmaster.pid)" | head -n 1)" ;;
    esac
    echo "$?"
done || cat log server.log >&2
cd /
signal CONT 2>/dev/null
"$1/pg_ctl" --pgdata="$folder/data" --mode=immediate --wait stop >/dev/null 2>&1
rm -rf "$folder"
"#;

/// A running server. Dropped, it is stopped and its folder removed.
#[derive(Debug)]
pub struct Cluster {
    keeper: Child,
    told: BufReader<ChildStdout>,
    folder: PathBuf,
}

/// How a server is stopped.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// Open transactions are ended; everything is in order.
    Fast,
    /// As if the power failed: the next start has to recover.
    Immediate,
}

impl Cluster {
    /// Starts a server, in memory if there is such a place; takes about a second. When root asks, the server runs as `postgres` or
    /// `nobody`, as it refuses root.
    pub fn start() -> Result<Self> {
        Self::run("")
    }

    /// The same, on a disk and with every commit on it, for measuring.
    pub fn start_durable() -> Result<Self> {
        Self::run("durable")
    }

    fn run(how: &str) -> Result<Self> {
        let mut keeper = command(&binaries()?)?
            .arg(how)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir("/")
            .spawn()?;
        let mut folder = String::new();
        let mut told = BufReader::new(keeper.stdout.take().ok_or(ErrorKind::BrokenPipe)?);
        told.read_line(&mut folder)?;
        match folder.trim_end() {
            "" => Err(Error::other(format!("PostgreSQL did not start: {}", last_words(&mut keeper)))),
            folder => Ok(Self { folder: PathBuf::from(folder), keeper, told }),
        }
    }

    /// Stops the server, and waits until it has stopped.
    pub fn stop(&mut self, how: Stop) -> Result<()> {
        match how {
            Stop::Fast => self.tell("stop fast"),
            Stop::Immediate => self.tell("stop immediate"),
        }
    }

    /// Starts the server again, and waits until it answers.
    pub fn start_again(&mut self) -> Result<()> {
        self.tell("start")
    }

    /// Kills one of the server's processes, as a machine without memory does: the server then recovers by itself.
    pub fn crash(&mut self) -> Result<()> {
        self.tell("crash")
    }

    /// Lets every process of the server stand still: who asks it something waits for as long as nobody thaws it.
    pub fn freeze(&mut self) -> Result<()> {
        self.tell("freeze")
    }

    /// Lets them go on.
    pub fn thaw(&mut self) -> Result<()> {
        self.tell("thaw")
    }

    fn tell(&mut self, what: &str) -> Result<()> {
        writeln!(self.keeper.stdin.as_mut().ok_or(ErrorKind::BrokenPipe)?, "{what}")?;
        let mut outcome = String::new();
        self.told.read_line(&mut outcome)?;
        match outcome.trim_end() {
            "0" => Ok(()),
            _ => Err(Error::other(format!("the server could not {what}"))),
        }
    }

    /// What the server writes down: a text file, to which it appends.
    pub fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// The URL of a database in it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing can be done about a server that does not stop, and a drop has nobody to tell.
        let _ = self.keeper.wait();
    }
}

fn last_words(keeper: &mut Child) -> String {
    drop(keeper.stdin.take());
    let mut words = String::new();
    if let Some(mut stderr) = keeper.stderr.take() {
        let _ = stderr.read_to_string(&mut words);
    }
    let _ = keeper.wait();
    words
}

/// The folder of PostgreSQL's programs: the newest of Debian's, or wherever the search path finds them.
fn binaries() -> Result<PathBuf> {
    let debian = Path::new("/usr/lib/postgresql");
    let versions = std::fs::read_dir(debian).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let number = |bin: &PathBuf| bin.parent().and_then(|v| v.file_name()?.to_str()?.parse::<u32>().ok());
    let newest = versions.filter(|bin| bin.join("initdb").exists()).max_by_key(number);
    newest.or_else(on_the_search_path).ok_or_else(|| {
        let what = "no PostgreSQL was found: install the package postgresql (initdb, pg_ctl and postgres are needed)";
        Error::new(ErrorKind::NotFound, what)
    })
}

fn on_the_search_path() -> Option<PathBuf> {
    let found = Command::new("sh").args(["-c", r#"dirname "$(readlink -f "$(command -v initdb)")""#]).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(found.stdout).ok()?.trim_end());
    folder.join("pg_ctl").exists().then_some(folder)
}

fn command(binaries: &Path) -> Result<Command> {
    let mut command = match output("id", &["-u"])?.as_str() {
        "0" => {
            let user = if output("id", &["-u", "postgres"]).is_ok() { "postgres" } else { "nobody" };
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--", "sh"]);
            command
        }
        _ => Command::new("sh"),
    };
    // Signals to the tests' process group must not end the keeper before it has cleaned up.
    command.args(["-c", SCRIPT, "sh"]).arg(binaries).process_group(0);
    Ok(command)
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    } else {
        Err(Error::other(format!("{program} failed")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let mut cluster = Cluster::start().unwrap();
        let folder = cluster.folder.clone();
        let socket = folder.to_str().unwrap();
        let one = output("psql", &["-h", socket, "-U", "postgres", "-Atc", "SELECT 1", "postgres"]).unwrap();
        assert_eq!(one, "1");
        for how in [Stop::Fast, Stop::Immediate] {
            cluster.stop(how).unwrap();
            assert!(output("psql", &["-h", socket, "-U", "postgres", "-Atc", "SELECT 1", "postgres"]).is_err());
            cluster.start_again().unwrap();
            assert_eq!(output("psql", &["-h", socket, "-U", "postgres", "-Atc", "SELECT 1", "postgres"]).unwrap(), "1");
        }
        drop(cluster);
        assert!(!folder.exists());
    }
}
