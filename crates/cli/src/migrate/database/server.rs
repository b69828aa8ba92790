use std::time::Duration;

use handover_migrate_guard::PgVersion;
use sqlx::Row as _;

use super::Session;
use crate::report::Failure;
use crate::settings::ZoneName;

const VERSION: &str = "SHOW server_version_num";
/// In milliseconds, as a new session of this user begins with it: this one has set its own.
const LOCK_TIMEOUT: &str = "SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'";
const USER: &str = "SELECT session_user::text";

/// What a new session of this user begins with; the client that asks sets a time zone of its own, so it cannot be shown.
const ZONE_OF_USER: &str = "SELECT substr(entry, strpos(entry, '=') + 1) \
     FROM pg_db_role_setting AS s CROSS JOIN unnest(s.setconfig) AS entry \
     WHERE lower(split_part(entry, '=', 1)) = 'timezone' \
       AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) \
       AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user)) \
     ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1";
const MAY_READ_FILES: &str = "SELECT has_table_privilege('pg_catalog.pg_file_settings', 'select') \
     AND has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'execute')";
/// Where no file says it, it is what PostgreSQL is built with.
const ZONE_OF_FILES: &str = "SELECT coalesce((SELECT setting FROM pg_catalog.pg_file_settings \
     WHERE lower(name) = 'timezone' AND applied ORDER BY seqno DESC LIMIT 1), 'GMT')";

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// Its major version, where the rules know it.
    pub(crate) pg: Option<PgVersion>,
    /// As it calls its version.
    pub(crate) major: u32,
    /// The time zone of a new session of this user, where that can be told.
    pub(crate) zone: Option<ZoneName>,
    /// What bounds the wait for a lock in one, and who it is set for.
    pub(crate) lock_timeout: Option<String>,
}

impl Server {
    /// Asks.
    ///
    /// # Errors
    ///
    /// It does not answer as a PostgreSQL does.
    pub(crate) async fn ask(session: &mut Session) -> Result<Self, Failure> {
        let number = first::<String>(session, VERSION).await?.and_then(|text| text.parse::<u32>().ok());
        let major =
            number.ok_or_else(|| session.failed().because("it does not say which version it is"))? / 10_000;
        let pg = u16::try_from(major).ok().and_then(|major| PgVersion::new(major).ok());
        let zone = zone(session).await?.and_then(|name| ZoneName::of_server(&name));
        Ok(Self { pg, major, zone, lock_timeout: lock_timeout(session).await? })
    }
}

impl Server {
    /// What to say of a version that the rules do not know.
    pub(crate) fn unknown_version(&self) -> Option<String> {
        self.pg.is_none().then(|| {
            let default = PgVersion::default();
            format!("the rules know PostgreSQL {} to {}, and the server is a {}: judged as for {default} unless `--pg` says another", PgVersion::OLDEST, PgVersion::NEWEST, self.major)
        })
    }
}

async fn zone(session: &mut Session) -> Result<Option<String>, Failure> {
    if let Some(zone) = first(session, ZONE_OF_USER).await? {
        return Ok(Some(zone));
    }
    match first::<bool>(session, MAY_READ_FILES).await? {
        Some(true) => first(session, ZONE_OF_FILES).await,
        _ => Ok(None),
    }
}

/// The bound in words, where there is one.
async fn lock_timeout(session: &mut Session) -> Result<Option<String>, Failure> {
    let millis = first::<String>(session, LOCK_TIMEOUT).await?.and_then(|text| text.parse::<u64>().ok());
    let Some(millis) = millis.filter(|millis| *millis > 0) else { return Ok(None) };
    let user = first::<String>(session, USER).await?.unwrap_or_default();
    let time = humantime::format_duration(Duration::from_millis(millis));
    Ok(Some(format!("{time}, as the server sets it for {user}")))
}

/// The first column of the first row.
async fn first<T>(session: &mut Session, sql: &'static str) -> Result<Option<T>, Failure>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let rows = session.rows(sql).await?;
    Ok(rows.first().and_then(|row| row.try_get::<Option<T>, _>(0).ok()).flatten())
}
