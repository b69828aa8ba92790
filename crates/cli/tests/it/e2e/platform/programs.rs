//! A switcher program of one's own, and two of them as one: `examples/exec_switcher` moves a router, releases are
//! processes that a script starts.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use super::super::place::Place;
use super::super::processes::kill;
use super::super::users::Users;
use super::super::wait::until;
use super::prometheus::Prometheus;
use super::router::{Router, green};

struct Shop {
    place: Place,
    router: Router,
    slots: [SocketAddr; 2],
}

impl Shop {
    /// With `v1` serving behind one router that one program moves.
    fn with_a_program() -> Self {
        let shop = Self::idle();
        let switcher = switcher();
        shop.configure("exec", &format!("[exec]\ncommand = [\"python3\", \"{switcher}\", \"east\"]\n"));
        shop.place.deploy("v1").wait().exits(0);
        shop
    }

    /// With `v1` serving behind two routers that are moved as one.
    fn with_two() -> Self {
        let (shop, switcher) = (Self::idle(), switcher());
        fs::create_dir_all(shop.place.path("west/in-flight/blue")).unwrap();
        fs::create_dir_all(shop.place.path("west/in-flight/green")).unwrap();
        // It refuses every change while a file says that it is closed.
        let refusal = r#"{"handover": 1, "error": {"kind": "refused", "message": "the west is closed"}}"#;
        let script = format!(
            "asked=$(cat)\ncase \"$asked\" in *apply*) [ -e closed ] && echo '{refusal}' && exit;; esac\n\
             echo \"$asked\" | python3 {switcher} $1\n"
        );
        shop.place.write("switcher.sh", &script);
        let member = |name: &str, command: &str| {
            format!("[[composite.members]]\nname = \"{name}\"\nexec = {{ command = {command} }}\n")
        };
        let east = member("east", &format!("[\"python3\", \"{switcher}\", \"east\"]"));
        let west = member("west", "[\"sh\", \"switcher.sh\", \"west\"]");
        shop.configure("composite", &(east + &west));
        shop.place.deploy("v1").wait().exits(0);
        shop
    }

    fn idle() -> Self {
        let place = Place::new();
        let slots = [free(), free()];
        let router = Router::start(place.path("east"), slots);
        place.write_launcher();
        Self { place, router, slots }
    }

    fn configure(&self, backend: &str, section: &str) {
        let (port, [blue, green]) = (self.router.port(), self.slots);
        let text = format!(
            r#"
[service]
name = "shop"
listen = "127.0.0.1:{port}"
state_dir = "s"

[traffic]
backend = "{backend}"

{section}
[release]
launcher = "command"
launch = "sh ./launch.sh"
stop = "kill $(cat pid-$SLOT)"
addresses = {{ blue = "{blue}", green = "{green}" }}

[health]
path = "/health/ready"
interval = "50ms"
start_limit = "5s"

[strategy]
kind = "canary"
steps = [{{ weight = "10%", min_time = "500ms", min_requests = 0 }}]
bake = "500ms"
drain = "2s"

[judge]
on_no_data = "promote"
"#
        );
        self.place.write("handover.toml", &text);
    }

    /// From now on it is judged, for as long as it takes to be sure.
    fn judge_by(&self, prometheus: &Prometheus) {
        let text = fs::read_to_string(self.place.path("handover.toml")).unwrap();
        let text = text.replace("min_time = \"500ms\"", "min_time = \"3s\"");
        let text = text
            .replace("on_no_data = \"promote\"", "on_no_data = \"wait\"\nmin_requests = 20\nmin_errors = 5");
        let section = format!(
            r#"
[prometheus]
url = "{}"
requests = 'requests_total{{slot="{{slot}}"}}'
errors = 'errors_total{{slot="{{slot}}"}}'
buckets = 'seconds_bucket{{slot="{{slot}}"}}'
step = "250ms"
"#,
            prometheus.url()
        );
        self.place.write("handover.toml", &(text + &section));
    }

    fn share(&self, router: &str) -> u64 {
        green(&self.place.path(router))
    }
}

fn switcher() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let file: PathBuf = root.join("examples/exec_switcher/switcher.py");
    assert!(file.is_file(), "{}", file.display());
    file.display().to_string()
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn a_program_moves_users_to_a_good_release_and_back() {
    let shop = Shop::with_a_program();
    let before = shop.share("east");
    let users = Users::spawn(shop.place.command(), shop.router.port(), 50);
    let ran = shop.place.deploy("v2").wait().exits(0);
    let wanted = ["shift-10", "verify-10", "judge-10", "shift-100", "verify-100", "bake"];
    assert!(wanted.iter().all(|step| ran.steps().iter().any(|done| done == step)), "{:?}", ran.steps());
    assert_eq!((shop.place.stable(), shop.share("east")), ("v2".to_owned(), 10_000 - before));
    shop.place.run(&["rollback"]).exits(0);
    assert_eq!((shop.place.stable(), shop.share("east")), ("v1".to_owned(), before));
    let report = users.leave();
    assert_eq!((report.harmed, report.failed), (0, 0), "{report:?}");
}

#[test]
fn a_deployment_by_a_program_whose_driver_is_killed_is_resumed() {
    let shop = Shop::with_a_program();
    let before = shop.share("east");
    let typed = shop.place.deploy("v2");
    until("the newcomer has its share", || (shop.share("east").abs_diff(before) == 1_000).then_some(()));
    kill(typed.pid());
    shop.place.run(&["resume"]).exits(0);
    assert_eq!((shop.place.stable(), shop.share("east")), ("v2".to_owned(), 10_000 - before));
}

#[test]
fn a_bad_release_is_taken_back_by_what_a_prometheus_has_scraped() {
    let shop = Shop::with_a_program();
    let Some(prometheus) = Prometheus::scraping(&shop.place, shop.router.port()) else { return };
    let before = shop.share("east");
    shop.judge_by(&prometheus);
    shop.place.write("bad", "--fail-share 0.5");
    let users = Users::spawn(shop.place.command(), shop.router.port(), 100);
    let ran = shop.place.deploy("bad").wait().exits(5);
    let why = ran.result()["why"].as_str().unwrap().to_owned();
    assert!(why.contains("candidate requests failed"), "{why}");
    assert_eq!((shop.place.stable(), shop.share("east")), ("v1".to_owned(), before));
    let good = shop.place.deploy("v2").wait().exits(0);
    assert_eq!(good.result()["outcome"], "promoted");
    assert_eq!(users.leave().failed, 0);
}

#[test]
fn two_routers_move_as_one() {
    let shop = Shop::with_two();
    shop.place.deploy("v2").wait().exits(0);
    assert_eq!(shop.share("east"), shop.share("west"));
    assert_eq!(shop.place.stable(), "v2");
}

#[test]
fn where_the_second_router_does_not_move_the_first_one_is_taken_back() {
    let shop = Shop::with_two();
    let before = shop.share("east");
    shop.place.write("closed", "");
    let ran = shop.place.deploy("v2").wait().exits(3);
    insta::assert_snapshot!(ran.result()["error"]["causes"][0].as_str().unwrap(), @"could not move traffic to blue 10 % green 90 %: the composite refused the change: member 2 of 2: the switcher program refused the change: the west is closed");
    assert_eq!((shop.share("east"), shop.share("west")), (before, before));
}

#[test]
fn a_program_that_cannot_be_started_is_said() {
    let shop = Shop::idle();
    fs::create_dir(shop.place.path("s")).unwrap();
    shop.configure("exec", "[exec]\ncommand = [\"./no-such-program\"]\n");
    let said = shop.place.run(&["status"]).exits(3).err;
    insta::assert_snapshot!(shop.place.plain(&said), @"
    error: could not ask the switcher program
      because: the switcher program could not be reached
      because: ./no-such-program could not be started: No such file or directory (os error 2)

    hint: run `handover doctor` to see what answers and what does not
    ");
}
