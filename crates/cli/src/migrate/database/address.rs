//! An address as runners write it: what only some of them understand is taken out before it is read.

/// What is known in the query of an address; all else is another client's, and may be a secret.
const KNOWN: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "statement-cache-capacity",
];

/// Where a schema is named by Prisma.
const SCHEMA: &str = "schema";

/// The address without what is another client's, and the schema it names.
pub(super) fn read(address: &str) -> (String, Option<String>) {
    let Some((place, query)) = address.split_once('?') else { return (address.to_owned(), None) };
    let key = |pair: &&str| pair.split('=').next().unwrap_or_default().to_owned();
    let known = |pair: &&str| {
        let key = key(pair);
        KNOWN.contains(&key.as_str()) || key.starts_with("options[") || key.starts_with("options%5B")
    };
    let kept: Vec<_> = query.split('&').filter(known).collect();
    let schema = query.split('&').find(|pair| key(pair) == SCHEMA).and_then(|pair| pair.split_once('='));
    let schema = schema.map(|(_, name)| name.to_owned()).filter(|name| is_plain(name));
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    (format!("{place}{query}"), schema)
}

/// A name that needs neither decoding nor quoting but for its capitals.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() < 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_prisma_understands_is_taken_out_and_its_schema_is_kept() {
        let (address, schema) =
            read("postgres://u:p@h/d?schema=app&sslmode=require&sslpassword=secret&connection_limit=1");
        assert_eq!(
            (address.as_str(), schema.as_deref()),
            ("postgres://u:p@h/d?sslmode=require", Some("app"))
        );
        assert_eq!(read("postgres://h/d?pgbouncer=true"), ("postgres://h/d".into(), None));
        assert_eq!(read("postgres://h/d"), ("postgres://h/d".into(), None));
    }

    #[test]
    fn a_schema_that_is_no_plain_name_is_none() {
        assert_eq!(read("postgres://h/d?schema=a%22;b").1, None);
        assert_eq!(read("postgres://h/d?schema=").1, None);
    }
}
