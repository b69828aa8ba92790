use crate::ddl::TypeRef;

/// By what a relation is locked or worked on. Rules ask for it; it is the why of a claim.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// `CREATE INDEX`, not concurrently.
    BuildIndex,
    /// `CREATE INDEX CONCURRENTLY`.
    BuildIndexConcurrently,
    /// A check constraint that is proven on every row.
    ProveCheck,
    /// A foreign key that is proven on every row; on the referenced table too.
    ProveForeignKey,
    /// A foreign key that is not proven: `NOT VALID`, or on a new column that is null.
    AddForeignKey,
    /// `UNIQUE`.
    BuildUnique,
    /// `PRIMARY KEY`.
    BuildPrimaryKey,
    /// `EXCLUDE`.
    BuildExclusion,
    /// `SET NOT NULL` that must read every row.
    ProveNotNull,
    /// `SET NOT NULL` that a valid check constraint proves; its name.
    NotNullProven(String),
    /// A column that gets a type of another shape.
    RewriteType {
        /// From which type, where it is known.
        from: Option<TypeRef>,
        /// To which.
        to: TypeRef,
    },
    /// A column whose new type keeps its bytes, while its indexes must be built anew, or its checks proven.
    ReindexType {
        /// From which type, where it is known.
        from: Option<TypeRef>,
        /// To which.
        to: TypeRef,
    },
    /// A column whose new type keeps its bytes.
    WidenType,
    /// The same, and indexes have the column: they are made anew as objects and keep their files (`TryReuseIndex`), so
    /// no time grows with the table though the catalog shows new indexes.
    KeepIndex,
    /// A new column whose default must be computed for every row; what is volatile in it.
    VolatileDefault(String),
    /// A new `serial` column.
    AddSerial,
    /// A new identity column.
    AddIdentity,
    /// A new stored generated column, or another expression for one.
    AddStoredGenerated,
    /// A new column of a domain that has constraints.
    AddConstrainedDomain,
    /// A new column that is required and has no default: every row is read.
    AddRequired,
    /// A new column otherwise.
    AddColumn,
    /// `DROP COLUMN`.
    DropColumn,
    /// `REINDEX`; whether concurrently.
    Reindex(bool),
    /// `REFRESH MATERIALIZED VIEW`; whether concurrently.
    RefreshView(bool),
    /// `VACUUM FULL`, `CLUSTER`, `SET LOGGED | UNLOGGED`, `SET TABLESPACE`, `SET ACCESS METHOD`: its words.
    Rewrite(&'static str),
    /// `TRUNCATE`.
    Truncate,
    /// `ATTACH PARTITION`: rows are read unless a check constraint proves them.
    Attach,
    /// `DETACH PARTITION`; whether concurrently.
    Detach(bool),
    /// `VALIDATE CONSTRAINT`.
    Validate,
    /// Constraints of a domain that are proven in every table that has it.
    ProveDomain,
    /// Rows written by the migration; whether by a `WHERE`, a `LIMIT` or a row's own values they are few.
    Write {
        /// `UPDATE` or `DELETE` of every row, or of unknown rows.
        unbounded: bool,
    },
    /// Rows read by the migration.
    Read,
    /// `SELECT … FOR UPDATE` and its kin, of every row or of unknown rows.
    LockRows,
    /// Checked by a foreign key of a row that is written.
    ForeignKeyCheck,
    /// `CREATE TABLE … REFERENCES` locks what it references.
    CreateReferencing,
    /// `CREATE TABLE … PARTITION OF`, `INHERITS`, `LIKE` lock what they name.
    CreateBelow,
    /// `DROP TABLE`.
    DropTable,
    /// A dropped foreign key locks what it references, and a dropped table what references it.
    DropForeignKey,
    /// `DROP CONSTRAINT`.
    DropConstraint,
    /// `DROP INDEX`; whether concurrently.
    DropIndex(bool),
    /// A trigger is made, dropped, enabled or disabled.
    Trigger,
    /// A policy or row security.
    Policy,
    /// A rule.
    Rule,
    /// A rename.
    Rename,
    /// A default is set or dropped.
    Default,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `LOCK TABLE`.
    LockTable,
    /// `VACUUM`, `ANALYZE`, settings, statistics, comments, grants: what hurts nobody.
    Harmless,
    /// Anything else: its words.
    Other(&'static str),
}
