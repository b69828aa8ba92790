use handover_migrate_guard::{Applied, Layout};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::Session;
use super::session::said;
use crate::report::Failure;

/// What a runner recorded.
#[derive(Debug, Clone)]
pub(crate) struct History {
    /// Where.
    pub(crate) table: String,
    /// Whether there is such a table.
    pub(crate) is_there: bool,
    /// What it holds.
    pub(crate) rows: Vec<Applied>,
}

/// Asks what the runner of this layout applied; in its own table, or in another.
///
/// # Errors
///
/// The layout's runner records nothing that is known, or the table cannot be read.
pub(crate) async fn history(
    session: &mut Session,
    layout: Layout,
    table: Option<&str>,
) -> Result<History, Failure> {
    let Some(query) = layout.history() else {
        return Err(session
            .failed()
            .because(format!("nobody knows where a runner of the layout `{layout}` lists what it applied"))
            .hint("`--since GIT-REF` asks git instead; `--layout` says which runner it is"));
    };
    let table = table.unwrap_or(query.table());
    if !is_there(session, table).await? {
        return Ok(History { table: table.to_owned(), is_there: false, rows: Vec::new() });
    }
    let rows = session.rows(AssertSqlSafe(query.sql(Some(table)))).await?;
    let rows = rows.iter().map(applied).collect::<Result<Vec<_>, _>>();
    let rows = rows.map_err(|error| session.failed().because(said(&error)))?;
    Ok(History { table: table.to_owned(), is_there: true, rows })
}

/// The name is the runner's own, or was found to be plain when it was read.
async fn is_there(session: &mut Session, table: &str) -> Result<bool, Failure> {
    let rows = session.rows(AssertSqlSafe(format!("SELECT to_regclass('{table}') IS NOT NULL"))).await?;
    Ok(rows.first().is_some_and(|row| row.try_get(0).unwrap_or(false)))
}

fn applied(row: &PgRow) -> Result<Applied, sqlx::Error> {
    Ok(Applied::row(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))
}
