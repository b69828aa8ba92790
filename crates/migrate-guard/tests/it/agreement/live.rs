//! A history on a real server, by way of `psql`: it runs all in one session, and takes a statement as it is written.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use handover_migrate_guard::catalog::EXPORT_SQL;

/// How the server is reached.
pub(super) struct Live {
    pub(super) psql: PathBuf,
    pub(super) url: String,
}

/// A statement, and whether the catalog is exported after it.
pub(super) type Ask<'a> = (&'a str, bool);

/// What the server has after a statement.
pub(super) struct After {
    /// Why it was refused.
    pub(super) error: Option<String>,
    /// The exported catalog, if it was asked for.
    pub(super) catalog: String,
}

/// Begins a line of output that is not the server's.
const MARK: &str = "@@@";

impl Live {
    /// Runs statements in a database of their own.
    pub(super) fn run(&self, database: &str, statements: &[Ask<'_>]) -> Vec<After> {
        self.ask(&self.url, &format!("CREATE DATABASE {database} TEMPLATE template0;\n"));
        let url = self.url.replace("/postgres", &format!("/{database}"));
        let output = self.ask(&url, &script(statements));
        output.split(&format!("{MARK}begin\n")).skip(1).map(After::read).collect()
    }

    fn ask(&self, url: &str, script: &str) -> String {
        let mut command = Command::new(&self.psql);
        command.env("PGOPTIONS", "-c jit=off -c client_min_messages=error");
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname", url]);
        let mut psql =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut input = psql.stdin.take().unwrap();
        let script = script.to_owned();
        let writer = std::thread::spawn(move || input.write_all(script.as_bytes()).unwrap());
        let output = psql.wait_with_output().unwrap();
        writer.join().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

fn script(statements: &[Ask<'_>]) -> String {
    let mut script = format!("PREPARE export AS\n{EXPORT_SQL}\n;\n");
    for (statement, export) in statements {
        writeln!(script, "\\o /dev/null\n{statement}\n;\n\\o\n\\echo '{MARK}begin'").unwrap();
        writeln!(script, "\\if :ERROR\n\\echo '{MARK}error' :LAST_ERROR_MESSAGE\n\\endif").unwrap();
        if *export {
            script += "EXECUTE export;\n";
        }
    }
    script
}

impl After {
    fn read(output: &str) -> Self {
        let (error, catalog) = match output.strip_prefix(&format!("{MARK}error ")) {
            Some(rest) => rest.split_once('\n').map(|(error, rest)| (Some(error.to_owned()), rest)).unwrap(),
            None => (None, output),
        };
        Self { error, catalog: catalog.to_owned() }
    }
}
