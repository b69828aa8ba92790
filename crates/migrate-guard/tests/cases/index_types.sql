-- Which indexes survive ALTER COLUMN TYPE.
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER b8 TYPE varbit;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER o TYPE regclass;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER rc TYPE oid;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER v TYPE varchar(9);
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER v TYPE text;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER ts TYPE timestamp(6);
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER tz TYPE timestamp;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER x TYPE text;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER n TYPE numeric(8,1);
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER tt TYPE varchar;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER i TYPE oid USING i::oid;
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER ar TYPE text[];
-- ####
CREATE TABLE t (b8 bit(8), o oid, rc regclass, ts timestamp, tz timestamptz, i int, v varchar(5), x varchar, n numeric(5,1), tt text, ar varchar[]);
CREATE INDEX i1 ON t (b8);
CREATE INDEX i2 ON t (o);
CREATE INDEX i3 ON t USING hash (v);
CREATE INDEX i4 ON t (ts);
CREATE INDEX i5 ON t (tz);
CREATE INDEX i6 ON t USING brin (x);
CREATE INDEX i7 ON t USING brin (n);
CREATE INDEX i8 ON t (i) INCLUDE (tt);
CREATE INDEX i9 ON t (rc, i);
CREATE INDEX i10 ON t USING gin (ar);
-- ====
ALTER TABLE t ALTER x TYPE bpchar;
-- ####
CREATE TABLE t (id int) PARTITION BY LIST (id);
ALTER TABLE t ADD a varchar(5), ADD b varchar(5);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX own ON t1 (a);
CREATE INDEX al ON t (b);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int) PARTITION BY LIST (id);
ALTER TABLE t ADD a varchar(5), ADD b varchar(5);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX own ON t1 (a);
CREATE INDEX al ON t (b);
-- ====
ALTER TABLE t ALTER b TYPE text;
-- ####
CREATE TABLE t (id int) PARTITION BY LIST (id);
ALTER TABLE t ADD a varchar(5), ADD b varchar(5);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX own ON t1 (a);
CREATE INDEX al ON t (b);
-- ====
ALTER TABLE t ALTER id TYPE int;
-- ####
CREATE TABLE p (ts timestamp PRIMARY KEY, i int UNIQUE, v varchar(9) UNIQUE, c text COLLATE "C" UNIQUE);
CREATE TABLE f (id int, ts timestamp REFERENCES p, i int REFERENCES p (i), v varchar(9) REFERENCES p (v));
-- ====
ALTER TABLE p ALTER ts TYPE timestamptz;
-- ####
CREATE TABLE p (ts timestamp PRIMARY KEY, i int UNIQUE, v varchar(9) UNIQUE, c text COLLATE "C" UNIQUE);
CREATE TABLE f (id int, ts timestamp REFERENCES p, i int REFERENCES p (i), v varchar(9) REFERENCES p (v));
-- ====
ALTER TABLE f ALTER ts TYPE timestamptz;
-- ####
CREATE TABLE p (ts timestamp PRIMARY KEY, i int UNIQUE, v varchar(9) UNIQUE, c text COLLATE "C" UNIQUE);
CREATE TABLE f (id int, ts timestamp REFERENCES p, i int REFERENCES p (i), v varchar(9) REFERENCES p (v));
-- ====
ALTER TABLE p ALTER i TYPE oid USING i::oid;
-- ####
CREATE TABLE p (ts timestamp PRIMARY KEY, i int UNIQUE, v varchar(9) UNIQUE, c text COLLATE "C" UNIQUE);
CREATE TABLE f (id int, ts timestamp REFERENCES p, i int REFERENCES p (i), v varchar(9) REFERENCES p (v));
-- ====
ALTER TABLE p ALTER v TYPE text, ALTER c TYPE varchar COLLATE "C";
-- ####
CREATE TABLE p (ts timestamp PRIMARY KEY, i int UNIQUE, v varchar(9) UNIQUE, c text COLLATE "C" UNIQUE);
CREATE TABLE f (id int, ts timestamp REFERENCES p, i int REFERENCES p (i), v varchar(9) REFERENCES p (v));
-- ====
ALTER TABLE f ALTER v TYPE text, ALTER ts TYPE timestamp(6);
-- ####
CREATE TABLE p (ts timestamp PRIMARY KEY, i int UNIQUE, v varchar(9) UNIQUE, c text COLLATE "C" UNIQUE);
CREATE TABLE f (id int, ts timestamp REFERENCES p, i int REFERENCES p (i), v varchar(9) REFERENCES p (v));
-- ====
ALTER TABLE p ALTER v TYPE varchar(20) COLLATE "C";
-- ####
CREATE TABLE t (a varchar(5), b varchar(5), c int);
CREATE UNIQUE INDEX u ON t (a) WHERE c > 0;
CREATE INDEX e ON t (c, lower(b));
CREATE UNIQUE INDEX w ON t (a, b);
ALTER TABLE t ADD CONSTRAINT w UNIQUE USING INDEX w;
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (a varchar(5), b varchar(5), c int);
CREATE UNIQUE INDEX u ON t (a) WHERE c > 0;
CREATE INDEX e ON t (c, lower(b));
CREATE UNIQUE INDEX w ON t (a, b);
ALTER TABLE t ADD CONSTRAINT w UNIQUE USING INDEX w;
-- ====
ALTER TABLE t ALTER b TYPE text;
-- ####
CREATE TABLE t (a varchar(5), b varchar(5), c int);
CREATE UNIQUE INDEX u ON t (a) WHERE c > 0;
CREATE INDEX e ON t (c, lower(b));
CREATE UNIQUE INDEX w ON t (a, b);
ALTER TABLE t ADD CONSTRAINT w UNIQUE USING INDEX w;
-- ====
ALTER TABLE t ALTER c TYPE int;
-- ####
CREATE TABLE t (a varchar(5) CHECK (a <> ''), b varchar(5), d varchar(5) NOT NULL);
ALTER TABLE t ADD CONSTRAINT nv CHECK (b <> '') NOT VALID;
CREATE TABLE k () INHERITS (t);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (a varchar(5) CHECK (a <> ''), b varchar(5), d varchar(5) NOT NULL);
ALTER TABLE t ADD CONSTRAINT nv CHECK (b <> '') NOT VALID;
CREATE TABLE k () INHERITS (t);
-- ====
ALTER TABLE t ALTER b TYPE text;
-- ####
CREATE TABLE t (a varchar(5) CHECK (a <> ''), b varchar(5), d varchar(5) NOT NULL);
ALTER TABLE t ADD CONSTRAINT nv CHECK (b <> '') NOT VALID;
CREATE TABLE k () INHERITS (t);
-- ====
ALTER TABLE t ALTER d TYPE text;
-- ####
CREATE TABLE t (a varchar(5) CHECK (a <> ''), b varchar(5), d varchar(5) NOT NULL);
ALTER TABLE t ADD CONSTRAINT nv CHECK (b <> '') NOT VALID;
CREATE TABLE k () INHERITS (t);
-- ====
ALTER TABLE t ALTER a TYPE varchar(5);
-- ####
CREATE TABLE t (a varchar(5) CHECK (a <> ''), b varchar(5), d varchar(5) NOT NULL);
ALTER TABLE t ADD CONSTRAINT nv CHECK (b <> '') NOT VALID;
CREATE TABLE k () INHERITS (t);
-- ====
ALTER TABLE t ALTER a SET DATA TYPE text, ALTER d SET NOT NULL;
