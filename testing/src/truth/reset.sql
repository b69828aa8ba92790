DO $$
DECLARE
    thing record;
BEGIN
    FOR thing IN
        SELECT format('EXTENSION %I', extname) AS name FROM pg_extension WHERE extname <> 'plpgsql'
        UNION ALL SELECT format('PUBLICATION %I', pubname) FROM pg_publication
        UNION ALL SELECT format('EVENT TRIGGER %I', evtname) FROM pg_event_trigger
        UNION ALL SELECT format('FOREIGN DATA WRAPPER %I', fdwname) FROM pg_foreign_data_wrapper
        UNION ALL SELECT format('SCHEMA %I', nspname) FROM pg_namespace
            WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\_%'
    LOOP
        EXECUTE format('DROP %s CASCADE', thing.name);
    END LOOP;
    FOR thing IN SELECT rolname AS name FROM pg_roles WHERE oid >= 16384 LOOP
        EXECUTE format('DROP OWNED BY %I CASCADE', thing.name);
        EXECUTE format('DROP ROLE %I', thing.name);
    END LOOP;
    CREATE SCHEMA public;
    GRANT USAGE ON SCHEMA public TO public;
END
$$
