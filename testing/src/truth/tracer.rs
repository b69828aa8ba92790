use tokio::runtime::{Builder, Runtime};

use super::Observed;
use super::session::{After, Session};

/// Takes away all that statements can make: what a schema holds, and roles.
const RESET: &str = include_str!("reset.sql");

/// Runs migrations statement by statement, and tells what each does. Its functions block.
#[derive(Debug)]
pub struct Tracer {
    runtime: Runtime,
    session: Session,
}

impl Tracer {
    /// Connects to a database whose migrations it will run.
    pub fn connect(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let session = runtime.block_on(Session::open(url)).unwrap();
        Self { runtime, session }
    }

    /// The server's version: 15 for 15.4.
    pub fn major(&mut self) -> u16 {
        self.runtime.block_on(self.session.major()).unwrap()
    }

    /// Begins a file: what is there now is what its statements are told of.
    pub fn begin_file(&mut self) {
        self.runtime.block_on(self.session.begin_file()).unwrap();
    }

    /// Runs a statement; an error of its own is among what is observed.
    pub fn run(&mut self, sql: &str) -> Observed {
        self.runtime.block_on(self.session.run(sql, After::Commit)).unwrap()
    }

    /// Runs a statement and undoes it. What refuses to run in a transaction fails.
    pub fn try_out(&mut self, sql: &str) -> Observed {
        self.runtime.block_on(self.session.run(sql, After::Rollback)).unwrap()
    }

    /// Runs statements that nothing is to be told of.
    ///
    /// # Errors
    ///
    /// What the server says against them.
    pub fn prepare(&mut self, sql: &str) -> Result<(), String> {
        self.runtime.block_on(self.session.plainly(sql)).map_err(|error| error.to_string())
    }

    /// Makes the database as empty as a new one, and the server's roles as few.
    pub fn reset(&mut self) {
        self.prepare("DISCARD ALL").unwrap();
        self.prepare(RESET).unwrap();
    }
}
