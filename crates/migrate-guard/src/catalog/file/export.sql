-- One JSON value of format handover.catalog/1: the schema of this database, read only. PostgreSQL 12 to 18.
-- Set jit to off before: the query is long and quickly done.
WITH
spaces AS (
  SELECT oid, nspname AS raw, quote_ident(nspname) AS name
  FROM pg_namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND nspname !~ '^pg_(toast_)?temp_'
),
members AS (
  SELECT d.classid, d.objid, e.extname AS extension
  FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  WHERE d.deptype = 'e'
),
relations AS (
  SELECT c.*, s.name || '.' || quote_ident(c.relname) AS name
  FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S', 'c')
),
type_names AS (
  SELECT t.oid, t.typcollation,
    CASE WHEN n.nspname = 'pg_catalog' THEN t.typname::text
      ELSE quote_ident(n.nspname) || '.' || quote_ident(t.typname) END AS name
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
),
-- The type that an array is of; any other type is of itself.
elements AS (
  SELECT t.oid, coalesce(e.oid, t.oid) AS element, (e.oid IS NOT NULL)::int AS dimensions
  FROM pg_type t LEFT JOIN pg_type e ON e.typarray = t.oid
),
attributes AS (
  SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.attidentity, a.attgenerated, a.attislocal, a.attinhcount,
    n.name
      || coalesce(' ' || upper(trim(substring(f.formatted FROM '^interval ([a-z ]+)'))), '')
      || coalesce('(' || substring(f.formatted FROM '\(([0-9,-]+)\)') || ')', '')
      || repeat('[]', e.dimensions * greatest(a.attndims, 1)) AS type,
    CASE WHEN a.attcollation NOT IN (0, b.typcollation) THEN quote_ident(l.collname) END AS collation,
    d.oid AS default_oid, pg_get_expr(d.adbin, d.adrelid) AS default_text
  FROM pg_attribute a
    JOIN relations c ON c.oid = a.attrelid AND c.relkind NOT IN ('i', 'I', 'S')
    JOIN elements e ON e.oid = a.atttypid
    JOIN type_names n ON n.oid = e.element
    JOIN type_names b ON b.oid = a.atttypid
    CROSS JOIN LATERAL (SELECT format_type(a.atttypid, a.atttypmod) AS formatted) f
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped
),
columns AS (
  SELECT a.attrelid, json_agg(json_build_object(
    'name', a.attname,
    'type', a.type,
    'collation', a.collation,
    'not_null', nullif(a.attnotnull, false),
    'default', CASE WHEN a.attgenerated = '' THEN a.default_text END,
    'sequences', CASE WHEN a.attgenerated = '' THEN (
      SELECT json_agg(DISTINCT s.name)
      FROM pg_depend p JOIN relations s ON s.oid = p.refobjid AND s.relkind = 'S'
      WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = a.default_oid AND p.refclassid = 'pg_class'::regclass
    ) END,
    'identity', nullif(a.attidentity <> '', false),
    'generated', CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
    'made_of', CASE WHEN a.attgenerated <> '' THEN (
      SELECT json_agg(DISTINCT o.attname)
      FROM pg_depend p JOIN pg_attribute o ON o.attrelid = p.refobjid AND o.attnum = p.refobjsubid
      WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = a.default_oid AND p.refclassid = 'pg_class'::regclass
        AND p.refobjid = a.attrelid AND p.refobjsubid NOT IN (0, a.attnum)
    ) END,
    'inherited', nullif(a.attinhcount > 0, false),
    'local', nullif(a.attislocal, true)
  ) ORDER BY a.attnum) AS "all"
  FROM attributes a GROUP BY a.attrelid
),
constraints AS (
  SELECT con.conrelid, json_agg(json_build_object(
    'name', con.conname,
    'kind', CASE con.contype WHEN 'p' THEN 'primary-key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign-key'
      WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclude' WHEN 'n' THEN 'not-null' END,
    'columns', (
      SELECT json_agg(a.attname ORDER BY k.place)
      FROM unnest(con.conkey) WITH ORDINALITY k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum
    ),
    'text', CASE WHEN con.contype = 'c' THEN pg_get_expr(con.conbin, con.conrelid) END,
    'index', i.name,
    'references', f.name,
    'referenced', (
      SELECT json_agg(a.attname ORDER BY k.place)
      FROM unnest(con.confkey) WITH ORDINALITY k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum
    ),
    'on_delete', actions.words ->> con.confdeltype::text,
    'on_update', actions.words ->> con.confupdtype::text,
    'valid', nullif(con.convalidated, true),
    'enforced', nullif(coalesce((to_json(con) ->> 'conenforced')::boolean, true), true),
    'inherited', nullif(con.coninhcount > 0, false),
    'local', nullif(con.conislocal, true),
    'no_inherit', nullif(con.connoinherit AND con.contype IN ('c', 'n'), false),
    'part_of', whole.conname
  ) ORDER BY con.oid) AS "all"
  FROM pg_constraint con
    JOIN relations c ON c.oid = con.conrelid
    LEFT JOIN pg_constraint whole ON whole.oid = con.conparentid
    LEFT JOIN relations i ON i.oid = con.conindid AND con.conindid <> 0
    LEFT JOIN relations f ON f.oid = con.confrelid AND con.confrelid <> 0
    CROSS JOIN (
      VALUES ('{"r": "restrict", "c": "cascade", "n": "set-null", "d": "set-default"}'::json)
    ) AS actions(words)
  -- A foreign key has rows of its own for each partition of the referenced table: those are left out.
  WHERE con.contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND whole.conrelid IS DISTINCT FROM con.conrelid
  GROUP BY con.conrelid
),
indexes AS (
  SELECT x.indexrelid, json_build_object(
    'table', t.name,
    'unique', nullif(x.indisunique, false),
    'primary', nullif(x.indisprimary, false),
    'constraint', nullif(EXISTS (
      SELECT FROM pg_constraint con WHERE con.conindid = x.indexrelid AND con.contype IN ('p', 'u', 'x')
    ), false),
    'method', am.amname,
    'columns', keys.columns,
    'include', keys.include,
    'labels', (
      SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
      WHERE a.attrelid = x.indexrelid AND a.attnum > 0
    ),
    'expressions', keys.expressions,
    'predicate', pg_get_expr(x.indpred, x.indrelid),
    'special', keys.special,
    'valid', nullif(x.indisvalid, true),
    'part_of', (
      SELECT w.name FROM pg_inherits h JOIN relations w ON w.oid = h.inhparent WHERE h.inhrelid = x.indexrelid
    )
  ) AS index
  FROM pg_index x
    JOIN relations c ON c.oid = x.indexrelid
    JOIN relations t ON t.oid = x.indrelid
    JOIN pg_am am ON am.oid = c.relam
    CROSS JOIN LATERAL (
      SELECT
        json_agg(a.attname ORDER BY k.place) FILTER (WHERE k.place <= x.indnkeyatts) AS columns,
        json_agg(a.attname ORDER BY k.place) FILTER (WHERE k.place > x.indnkeyatts) AS include,
        json_agg(pg_get_indexdef(x.indexrelid, k.place::int, false) ORDER BY k.place)
          FILTER (WHERE k.attnum = 0 AND k.place <= x.indnkeyatts) AS expressions,
        json_agg(NOT o.opcdefault OR x.indcollation[k.place - 1] <> coalesce(a.attcollation, x.indcollation[k.place - 1])
          ORDER BY k.place) FILTER (WHERE k.place <= x.indnkeyatts) AS special
      FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(attnum, place)
        LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
        LEFT JOIN pg_opclass o ON k.place <= x.indnkeyatts AND o.oid = x.indclass[k.place - 1]
    ) keys
),
triggers AS (
  SELECT t.tgrelid, json_agg(json_build_object(
    'name', t.tgname,
    'function', CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(p.proname),
    'events', (
      SELECT json_agg(event ORDER BY bit)
      FROM (VALUES (4, 'insert'), (8, 'delete'), (16, 'update'), (32, 'truncate')) events(bit, event)
      WHERE t.tgtype & bit <> 0
    ),
    'columns', (
      SELECT json_agg(a.attname ORDER BY k.place)
      FROM unnest(t.tgattr::int2[]) WITH ORDINALITY k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = k.attnum
    ),
    'timing', CASE WHEN t.tgtype & 64 <> 0 THEN 'instead-of' WHEN t.tgtype & 2 <> 0 THEN 'before' ELSE 'after' END,
    'each_row', nullif(t.tgtype & 1 <> 0, false),
    'enabled', nullif(t.tgenabled <> 'D', true),
    'inherited', nullif(w.inherited, false)
  ) ORDER BY t.tgname) AS "all"
  FROM pg_trigger t
    JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_namespace n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (SELECT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.refclassid = 'pg_trigger'::regclass
        AND d.deptype IN ('P', 'I')
    ) AS inherited) w
  -- Up to PostgreSQL 14 those of partitions are marked as internal, like those of foreign keys.
  WHERE NOT t.tgisinternal OR (w.inherited AND t.tgconstraint = 0)
  GROUP BY t.tgrelid
),
parents AS (
  SELECT h.inhrelid, json_agg(p.name ORDER BY h.inhseqno) AS "all"
  FROM pg_inherits h JOIN relations p ON p.oid = h.inhparent AND p.relkind NOT IN ('i', 'I')
  GROUP BY h.inhrelid
),
reads AS (
  SELECT r.ev_class, json_agg(DISTINCT s.name) AS "all"
  FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    JOIN relations s ON s.oid = d.refobjid AND s.oid <> r.ev_class
  WHERE r.rulename = '_RETURN'
  GROUP BY r.ev_class
),
owners AS (
  SELECT d.objid, d.deptype = 'i' AS of_identity, json_build_object('table', t.name, 'column', a.attname) AS owner
  FROM pg_depend d
    JOIN relations s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN relations t ON t.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
),
all_relations AS (
  SELECT json_agg(json_build_object(
    'name', c.name,
    'kind', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' WHEN 'v' THEN 'view'
      WHEN 'm' THEN 'materialized-view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite' ELSE 'index' END,
    'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    'extension', m.extension,
    'columns', columns."all",
    'constraints', constraints."all",
    'index', indexes.index,
    'triggers', triggers."all",
    'policies', (SELECT json_agg(polname ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid),
    'rules', (SELECT json_agg(rulename ORDER BY rulename) FROM pg_rewrite
      WHERE ev_class = c.oid AND rulename <> '_RETURN'),
    'row_security', nullif(c.relrowsecurity, false),
    'partition_by', (
      SELECT json_build_object(
        'method', CASE k.partstrat WHEN 'r' THEN 'range' WHEN 'l' THEN 'list' ELSE 'hash' END,
        'columns', (
          SELECT json_agg(coalesce(a.attname::text, '') ORDER BY p.place)
          FROM unnest(k.partattrs::int2[]) WITH ORDINALITY p(attnum, place)
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.attnum AND p.attnum <> 0
        ))
      FROM pg_partitioned_table k WHERE k.partrelid = c.oid
    ),
    'partition_of', CASE WHEN c.relispartition THEN parents."all" -> 0 END,
    'default_partition', nullif(EXISTS (SELECT FROM pg_partitioned_table k WHERE k.partdefid = c.oid), false),
    'inherits', CASE WHEN NOT c.relispartition THEN parents."all" END,
    'reads', reads."all",
    'owned_by', owners.owner,
    'of_identity', nullif(owners.of_identity, false),
    'of_type', o.name
  ) ORDER BY c.oid) AS "all"
  FROM relations c
    LEFT JOIN members m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
    LEFT JOIN columns ON columns.attrelid = c.oid
    LEFT JOIN constraints ON constraints.conrelid = c.oid
    LEFT JOIN indexes ON indexes.indexrelid = c.oid
    LEFT JOIN triggers ON triggers.tgrelid = c.oid
    LEFT JOIN parents ON parents.inhrelid = c.oid AND c.relkind NOT IN ('i', 'I')
    LEFT JOIN reads ON reads.ev_class = c.oid
    LEFT JOIN owners ON owners.objid = c.oid AND c.relkind = 'S'
    LEFT JOIN type_names o ON o.oid = c.reloftype AND c.reloftype <> 0
),
all_types AS (
  SELECT json_agg(json_build_object(
    'name', s.name || '.' || quote_ident(t.typname),
    'kind', CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'base' END,
    'extension', m.extension,
    'labels', (SELECT json_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
    'over', CASE t.typtype
      WHEN 'd' THEN n.name || coalesce('(' || substring(format_type(t.typbasetype, t.typtypmod) FROM '\(([0-9,-]+)\)') || ')', '')
        || repeat('[]', e.dimensions * greatest(t.typndims, 1))
      WHEN 'r' THEN (SELECT r.name FROM pg_range g JOIN type_names r ON r.oid = g.rngsubtype WHERE g.rngtypid = t.oid) END,
    'not_null', nullif(t.typnotnull, false),
    'default', CASE t.typtype WHEN 'd' THEN t.typdefault END,
    'constraints', (
      SELECT json_agg(json_build_object('name', con.conname, 'valid', nullif(con.convalidated, true)) ORDER BY con.oid)
      FROM pg_constraint con WHERE con.contypid = t.oid AND con.contype = 'c'
    )
  ) ORDER BY t.oid) AS "all"
  FROM pg_type t
    JOIN spaces s ON s.oid = t.typnamespace
    LEFT JOIN members m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
    LEFT JOIN elements e ON e.oid = t.typbasetype
    LEFT JOIN type_names n ON n.oid = e.element
  WHERE t.typtype IN ('e', 'd', 'r', 'b') AND NOT EXISTS (SELECT FROM pg_type a WHERE a.typarray = t.oid)
),
all_functions AS (
  SELECT json_agg(json_build_object(
    'name', s.name || '.' || quote_ident(p.proname),
    'extension', m.extension,
    'arguments', (
      SELECT json_agg(n.name || repeat('[]', e.dimensions) ORDER BY a.place)
      FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a(type, place)
        JOIN elements e ON e.oid = a.type JOIN type_names n ON n.oid = e.element
    ),
    'argument_names', (
      SELECT json_agg(coalesce(a.name, '') ORDER BY a.place)
      FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY a(name, mode, place)
      WHERE coalesce(a.mode, 'i') IN ('i', 'b', 'v')
    ),
    'returns', CASE WHEN p.prokind = 'f' THEN r.name || repeat('[]', re.dimensions) END,
    'volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
    'language', l.lanname,
    'source', CASE WHEN l.lanname IN ('sql', 'plpgsql') AND m.extension IS NULL THEN nullif(p.prosrc, '') END
  ) ORDER BY p.oid) AS "all"
  FROM pg_proc p
    JOIN spaces s ON s.oid = p.pronamespace
    JOIN pg_language l ON l.oid = p.prolang
    JOIN elements re ON re.oid = p.prorettype
    JOIN type_names r ON r.oid = re.element
    LEFT JOIN members m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
  -- A range brings functions that make one.
  WHERE p.prokind IN ('f', 'p') AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
  )
)
SELECT json_strip_nulls(json_build_object(
  'format', 'handover.catalog/1',
  'server', current_setting('server_version_num')::int,
  'schemas', (SELECT json_agg(raw ORDER BY raw) FROM spaces),
  'extensions', (
    SELECT json_agg(json_build_object('name', e.extname, 'schema', n.nspname) ORDER BY e.extname)
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  ),
  'types', (SELECT "all" FROM all_types),
  'functions', (SELECT "all" FROM all_functions),
  'relations', (SELECT "all" FROM all_relations)
))
