use std::fs;
use std::path::PathBuf;
use std::process::Command;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, raw_sql};
use tempfile::{TempDir, tempdir};

use crate::handover::handover;

/// A table that has long been there.
pub(super) const ORDERS: (&str, &str) =
    ("1_orders", "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric NOT NULL);\n");
/// What locks it for as long as it is large.
pub(super) const INDEX: (&str, &str) = ("2_index", "CREATE INDEX orders_total ON orders (total);\n");

/// A folder to type in, with nothing above it that anybody knows.
pub(super) struct Place {
    dir: TempDir,
}

/// How something typed ended, with the folder's name taken out.
pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Place {
    pub(super) fn new() -> Self {
        Self { dir: tempdir().unwrap() }
    }

    /// The same with files in `migrations`, as sqlx keeps them.
    pub(super) fn with(migrations: &[(&str, &str)]) -> Self {
        let place = Self::new();
        place.write("Cargo.toml", "[dependencies]\nsqlx = \"0.9\"\n");
        for (name, sql) in migrations {
            place.migration(name, sql);
        }
        place
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(super) fn migration(&self, name: &str, sql: &str) {
        self.write(&format!("migrations/{name}.sql"), sql);
    }

    /// `handover migrate …` with nothing of the surroundings but where programs are.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = handover(self.dir.path());
        command.env("PATH", "/usr/bin:/bin").arg("migrate").args(args);
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.ran(self.command(args))
    }

    pub(super) fn ran(&self, mut command: Command) -> Ran {
        let output = command.output().unwrap();
        let text =
            |bytes| String::from_utf8(bytes).unwrap().replace(&self.dir.path().display().to_string(), "DIR");
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// `handover migrate lint …` as JSON, and how it ended.
    pub(super) fn json(&self, args: &[&str]) -> (i32, serde_json::Value) {
        let ran = self.run(&[&["lint", "--json"], args].concat());
        let value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {} {}", ran.out, ran.err));
        (ran.code, value)
    }

    /// What is found: file, line and rule.
    #[track_caller]
    pub(super) fn found(&self, args: &[&str]) -> Vec<String> {
        let (code, report) = self.json(args);
        let of_files = report["files"].as_array().unwrap().iter().flat_map(|file| {
            let path = file["path"].as_str().unwrap();
            file["findings"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |finding| format!("{path} {}", finding["rule"].as_str().unwrap()))
        });
        let problems = report["problems"].as_array().unwrap().iter().map(|problem| {
            format!("{} {}", problem["path"].as_str().unwrap(), problem["rule"].as_str().unwrap())
        });
        let found: Vec<_> = of_files.chain(problems).collect();
        assert!(code == 2 || (code == 0) == found.is_empty(), "{code}: {found:?}");
        found
    }

    pub(super) fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        git.arg("-C")
            .arg(self.dir.path())
            .args(["-c", "user.name=x", "-c", "user.email=x@localhost"])
            .args(args);
        let done = git.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// A repository whose branch `main` has what is there now.
    pub(super) fn commit_as_main(&self) {
        if self.path(".git").exists() {
            self.commit();
            return self.git(&["branch", "--force", "main"]);
        }
        self.git(&["init", "--quiet", "--initial-branch=main"]);
        self.commit();
        self.git(&["checkout", "--quiet", "-b", "work"]);
    }

    pub(super) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }
}

impl Ran {
    #[track_caller]
    pub(super) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }
}

/// Runs SQL on a server.
pub(crate) fn sql(postgres: &handover_testing::Postgres, text: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(&postgres.url()).await.unwrap();
        connection.execute(raw_sql(AssertSqlSafe(text.to_owned()))).await.unwrap();
    });
}

/// Without what differs from run to run.
pub(super) fn without_hashes(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches([',', ')', ';']);
        let is_hash = bare.len() == 10 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { word.replace(bare, "COMMIT") } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}
