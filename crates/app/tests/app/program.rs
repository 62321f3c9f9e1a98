//! The real program, as an operator runs it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

/// A running `holdfast serve`, or a component alone.
pub(crate) struct Program {
    child: Child,
    pub url: String,
    /// Where gRPC is served, if it is.
    pub grpc: String,
    /// What it logged until it listened.
    pub started: Vec<String>,
    /// What it logs from then on.
    log: Option<JoinHandle<Vec<String>>>,
}

/// The program with these arguments.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
    command.args(arguments).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

impl Program {
    /// Starts a server over the database in this folder, and waits until it listens.
    pub(crate) fn start(folder: &Path, flags: &[&str]) -> Self {
        Self::start_on(&format!("sqlite://{}", folder.join("holdfast.db").display()), flags)
    }

    /// The same, with a log in this format.
    pub(crate) fn logging(folder: &Path, format: &str) -> Self {
        let database = format!("sqlite://{}", folder.join("holdfast.db").display());
        Self::launch_logging(Self::serving(&database, &[]), "http", format)
    }

    /// Starts a server that may have so many file descriptors.
    pub(crate) fn with_descriptors(folder: &Path, most: u32, flags: &[&str]) -> Self {
        let database = format!("sqlite://{}", folder.join("holdfast.db").display());
        let served = Self::serving(&database, flags);
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -n {most} && exec \"$0\" \"$@\"")]);
        command.arg(served.get_program()).args(served.get_args()).env_remove("RUST_LOG").stdin(Stdio::null());
        Self::launch(command, "http")
    }

    /// Starts a server over this database, and waits until it listens.
    pub(crate) fn start_on(database: &str, flags: &[&str]) -> Self {
        Self::launch(Self::serving(database, flags), "http")
    }

    fn serving(database: &str, flags: &[&str]) -> Command {
        let mut command = command(&["serve", "--http-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0"]);
        command.args(["--metrics-addr", "127.0.0.1:0", "--database-url", database]).args(flags);
        command
    }

    /// Starts a front of the component at this URL.
    pub(crate) fn front(component: &str, key: &str) -> Self {
        let mut command = command(&["serve", "--http-addr", "127.0.0.1:0", "--metrics-addr", "off"]);
        command.args(["--component-url", component, "--front-key", key]);
        Self::launch(command, "http")
    }

    /// Starts the component alone at this gRPC address.
    pub(crate) fn component(database: &str, address: &str, flags: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_booking-component"));
        command.env_remove("RUST_LOG").stdin(Stdio::null());
        command.args(["--grpc-addr", address, "--database-url", database]).args(flags);
        Self::launch(command, "grpc")
    }

    fn launch(command: Command, listens: &str) -> Self {
        Self::launch_logging(command, listens, "json")
    }

    fn launch_logging(mut command: Command, listens: &str, format: &str) -> Self {
        command.args(["--log-format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut started = Vec::new();
        let ready = log.find_map(|line| {
            started.extend(line);
            let line = started.last()?;
            Some((listening(line, listens)?, listening(line, "grpc")?))
        });
        // Read as it comes: the pipe must not fill up.
        let log = std::thread::spawn(move || log.map_while(Result::ok).collect());
        let (address, grpc) = ready.expect("a line that says where it listens");
        Self { child, url: format!("http://{address}"), grpc, started, log: Some(log) }
    }

    /// What it has logged, once it has ended.
    pub(crate) fn logged(&mut self) -> Vec<String> {
        self.log.take().unwrap().join().unwrap()
    }

    /// Waits until it ends by itself.
    pub(crate) fn ends(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Ends it with this signal.
    pub(crate) fn end(&mut self, signal: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// What it said to who started it.
    pub(crate) fn said(&mut self) -> String {
        let mut said = String::new();
        std::io::Read::read_to_string(&mut self.child.stdout.take().unwrap(), &mut said).unwrap();
        said
    }
}

/// Where it listens, if this line says so.
pub(crate) fn listening(line: &str, listens: &str) -> Option<String> {
    if let Ok(line) = serde_json::from_str::<Value>(line) {
        let is_it = line["message"] == "listening";
        return is_it.then(|| line[listens].as_str().unwrap_or_default().to_owned());
    }
    let (_, fields) = line.split_once("listening ")?;
    let field = fields.split(' ').find_map(|field| field.strip_prefix(&format!("{listens}=")));
    field.map(|address| address.trim_matches('"').to_owned())
}

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
