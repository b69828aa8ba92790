/// A `handover.toml` with short times and limits that a busy machine does not trip over: only errors decide here.
#[derive(Debug, Clone)]
pub(super) struct Config {
    strategy: String,
    views: bool,
    /// More of the file.
    more: &'static str,
}

impl Config {
    /// One step at `weight` for `time`, then 100 % for a second. It needs no users.
    pub(super) fn canary(weight: &str, time: &str) -> Self {
        let steps = format!(r#"steps = [{{ weight = "{weight}", min_time = "{time}", min_requests = 0 }}]"#);
        Self::with_strategy(&format!("kind = \"canary\"\n{steps}\nbake = \"1s\""))
    }

    /// All at once, watched for `bake`.
    pub(super) fn blue_green(bake: &str) -> Self {
        Self::with_strategy(&format!("kind = \"blue-green\"\nbake = \"{bake}\""))
    }

    fn with_strategy(strategy: &str) -> Self {
        Self { strategy: strategy.to_owned(), views: false, more: "" }
    }

    /// The same, watched from outside at three paths, of which two are needed.
    pub(super) fn with_views(mut self) -> Self {
        self.views = true;
        self
    }

    /// The same, with more sections.
    pub(super) fn with(mut self, more: &'static str) -> Self {
        self.more = more;
        self
    }

    /// The file, for a service on `port`.
    pub(super) fn text(&self, port: u16) -> String {
        let Self { strategy, views, more } = self;
        let view = |number: usize| format!("\"http://127.0.0.1:{port}/view/{number}\"");
        let views =
            views.then(|| format!("views = [{}, {}, {}]\n", view(1), view(2), view(3))).unwrap_or_default();
        format!(
            r#"[service]
name = "shop"
listen = "127.0.0.1:{port}"
state_dir = "s"

[release]
artifact = "v1"
command = "sh ./start.sh"
grace = "2s"

[health]
path = "/health/ready"
interval = "50ms"
start_limit = "3s"
{views}
[[smoke]]
path = "/smoke-test"

[strategy]
{strategy}
drain = "2s"

[judge]
min_requests = 20
min_errors = 5
max_p95 = "20s"
max_p95_ratio = 100.0

[agent]
lease_ttl = "10s"
{more}"#
        )
    }
}
