//! An address as it is typed, and the nearest one where it is none.

use http::Uri;
use http::uri::{Authority, PathAndQuery};

use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::nearest;

/// What is asked, and how it is shown: without name, password and query, which may be secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) url: String,
    pub(super) shown: String,
}

/// Reads what was typed; where it has no path, `path` is asked.
///
/// # Errors
///
/// [`Exit::Usage`]: it is no address of HTTP, and what may have been meant.
pub(super) fn address(typed: &str, path: &str) -> Result<Address, Failure> {
    let Some((scheme, rest)) = typed.split_once("://") else { return Err(without_scheme(typed)) };
    if !matches!(scheme, "http" | "https") {
        return Err(other_scheme(scheme, rest));
    }
    let uri: Uri = typed.parse().map_err(|_| unreadable(typed))?;
    let host = uri.authority().and_then(host).ok_or_else(|| unreadable(typed))?;
    let bare = uri.path() == "/" && uri.query().is_none();
    let url = if bare { format!("{}{path}", typed.trim_end_matches('/')) } else { typed.to_owned() };
    let asked = if bare { path } else { uri.path_and_query().map_or("/", PathAndQuery::as_str) };
    let shown = asked.split_once('?').map_or_else(|| asked.to_owned(), |(path, _)| format!("{path}?…"));
    Ok(Address { url, shown: format!("{scheme}://{host}{shown}") })
}

/// Host and port, where they can be connected to.
fn host(authority: &Authority) -> Option<&str> {
    let host = without_user(authority.as_str());
    let port = host.strip_prefix(authority.host())?.trim_start_matches(':');
    let usable = port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0);
    (usable && !authority.host().is_empty()).then_some(host)
}

/// The last `@` ends name and password.
fn without_user(authority: &str) -> &str {
    authority.rsplit('@').next().unwrap_or_default()
}

/// What was typed, without what may be a secret in it.
fn harmless(typed: &str) -> String {
    let (scheme, rest) = typed.split_once("://").map_or(("", typed), |(scheme, rest)| (scheme, rest));
    let plain = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = plain.find('/').map_or((plain, ""), |at| plain.split_at(at));
    let mark = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{mark}{}{path}", without_user(authority))
}

fn refused(typed: &str, why: impl Into<String>) -> Failure {
    Failure::new(format!("could not ask {}", harmless(typed)), Exit::Usage).because(why)
}

fn unreadable(typed: &str) -> Failure {
    refused(typed, "it is not an address of the web: a host, perhaps a port from 1 to 65535, and a path")
        .hint("such as https://shop.example.com/health/ready; what is not ASCII is percent-encoded in a path, and `xn--…` in a host")
}

fn other_scheme(scheme: &str, rest: &str) -> Failure {
    let known = match scheme.to_ascii_lowercase().as_str() {
        "ws" => Some("http"),
        "wss" => Some("https"),
        other => nearest(other, ["http", "https"].into_iter()),
    };
    let failure = refused(
        &format!("{scheme}://{rest}"),
        format!("only http and https can be asked, and this is {scheme}"),
    );
    match known {
        Some(known) => meant(failure, &format!("{known}://{rest}")),
        None => failure.hint("name the address of its health endpoint: https://HOST:PORT/PATH"),
    }
}

fn without_scheme(typed: &str) -> Failure {
    let failure = || refused(typed, "it does not say how to ask: http:// or https://");
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if typed.is_empty() {
        return refused("\"\"", "it is empty").hint("`handover health check https://shop.example.com`");
    }
    if typed.starts_with('/') {
        return refused(typed, "it is a path, and no address").hint(
            "`--path` asks it at each address; or name both, such as http://127.0.0.1:8080/health/ready",
        );
    }
    for scheme in ["https", "http"] {
        let rest = typed.strip_prefix(scheme).filter(|rest| rest.starts_with([':', '/']));
        if let Some(rest) = rest {
            return meant(failure(), &format!("{scheme}://{}", rest.trim_start_matches([':', '/'])));
        }
    }
    let port = typed.strip_prefix(':').unwrap_or(typed);
    if digits(port.split('/').next().unwrap_or_default()) {
        return meant(failure(), &format!("http://127.0.0.1:{port}"));
    }
    meant(failure(), &format!("{}://{typed}", usual(typed)))
}

/// A port, this machine or a bare number of an address: hardly with a certificate.
fn usual(typed: &str) -> &'static str {
    let host = typed.split('/').next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let inside = host.contains([':', '[']) || name == "localhost" || name.parse::<std::net::IpAddr>().is_ok();
    if inside { "http" } else { "https" }
}

fn meant(failure: Failure, url: &str) -> Failure {
    failure.hint(format!("did you mean {}?", harmless(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> (String, String) {
        let Address { url, shown } = address(typed, "/health/ready").unwrap();
        (url, shown)
    }

    fn plain(url: &str) -> (String, String) {
        (url.to_owned(), url.to_owned())
    }

    #[test]
    fn an_address_without_a_path_is_asked_for_readiness() {
        assert_eq!(read("https://shop.example.com"), plain("https://shop.example.com/health/ready"));
        assert_eq!(read("http://[::1]:8080/"), plain("http://[::1]:8080/health/ready"));
        assert_eq!(read("http://h/health/live"), plain("http://h/health/live"));
        assert_eq!(read("http://h/api/"), plain("http://h/api/"));
        assert_eq!(address("http://h", "/x?k=v").unwrap().shown, "http://h/x?…");
    }

    #[test]
    fn what_may_be_secret_is_asked_with_and_not_shown() {
        let typed = "https://ann:hunter2@h:8443/x?token=hunter2";
        assert_eq!(read(typed), (typed.to_owned(), "https://h:8443/x?…".to_owned()));
        assert_eq!(read("http://ann@h/?a=1").1, "http://h/?…");
        for typed in [
            "postgres://ann:hunter2@h/db?password=hunter2",
            "htp://ann:hunter2@h",
            "ann:hunter2@h/x",
            "http://ann:hunter2@h:99999/",
            "http://ann:hunter2@",
            "http:ann:hunter2@h",
            "https://h/a b?token=hunter2",
        ] {
            let said = address(typed, "/").unwrap_err().to_string();
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn what_is_no_address_is_answered_with_the_nearest_one() {
        let said = |typed: &str| {
            let failure = address(typed, "/health/ready").unwrap_err();
            let hint = failure.next_step().unwrap_or("-").to_owned();
            format!("{}: {}\n  {hint}", failure.attempted(), failure.causes().join(": "))
        };
        let typed = [
            "localhost:8080/health",
            "shop.example.com",
            "10.0.0.1",
            "8080",
            ":3000/live",
            "/health/ready",
            "http:/h/x",
            "https//h",
            "http:localhost",
            "htp://h/x",
            "htttps://h",
            "wss://h/socket",
            "postgres://h/db",
            "",
            "http://",
            "http://h:0/",
            "http://h:99999/",
            "http://h/a b",
            "https://bücher.example/",
        ];
        insta::assert_snapshot!(typed.map(said).join("\n"), @r#"
        could not ask localhost:8080/health: it does not say how to ask: http:// or https://
          did you mean http://localhost:8080/health?
        could not ask shop.example.com: it does not say how to ask: http:// or https://
          did you mean https://shop.example.com?
        could not ask 10.0.0.1: it does not say how to ask: http:// or https://
          did you mean http://10.0.0.1?
        could not ask 8080: it does not say how to ask: http:// or https://
          did you mean http://127.0.0.1:8080?
        could not ask :3000/live: it does not say how to ask: http:// or https://
          did you mean http://127.0.0.1:3000/live?
        could not ask /health/ready: it is a path, and no address
          `--path` asks it at each address; or name both, such as http://127.0.0.1:8080/health/ready
        could not ask http:/h/x: it does not say how to ask: http:// or https://
          did you mean http://h/x?
        could not ask https//h: it does not say how to ask: http:// or https://
          did you mean https://h?
        could not ask http:localhost: it does not say how to ask: http:// or https://
          did you mean http://localhost?
        could not ask htp://h/x: only http and https can be asked, and this is htp
          did you mean http://h/x?
        could not ask htttps://h: only http and https can be asked, and this is htttps
          did you mean https://h?
        could not ask wss://h/socket: only http and https can be asked, and this is wss
          did you mean https://h/socket?
        could not ask postgres://h/db: only http and https can be asked, and this is postgres
          name the address of its health endpoint: https://HOST:PORT/PATH
        could not ask "": it is empty
          `handover health check https://shop.example.com`
        could not ask http://: it is not an address of the web: a host, perhaps a port from 1 to 65535, and a path
          such as https://shop.example.com/health/ready; what is not ASCII is percent-encoded in a path, and `xn--…` in a host
        could not ask http://h:0/: it is not an address of the web: a host, perhaps a port from 1 to 65535, and a path
          such as https://shop.example.com/health/ready; what is not ASCII is percent-encoded in a path, and `xn--…` in a host
        could not ask http://h:99999/: it is not an address of the web: a host, perhaps a port from 1 to 65535, and a path
          such as https://shop.example.com/health/ready; what is not ASCII is percent-encoded in a path, and `xn--…` in a host
        could not ask http://h/a b: it is not an address of the web: a host, perhaps a port from 1 to 65535, and a path
          such as https://shop.example.com/health/ready; what is not ASCII is percent-encoded in a path, and `xn--…` in a host
        could not ask https://bücher.example/: it is not an address of the web: a host, perhaps a port from 1 to 65535, and a path
          such as https://shop.example.com/health/ready; what is not ASCII is percent-encoded in a path, and `xn--…` in a host
        "#);
    }
}
