-- What ALTER COLUMN TYPE does.
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(10);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(5);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE char(10);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE varchar;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE varchar(50);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE char(4);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE bpchar;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER d TYPE varchar(3);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER d TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER n TYPE numeric(12,2);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER n TYPE numeric(8,2);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER n TYPE numeric(12,3);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER n TYPE numeric(12,1);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER n TYPE numeric;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER n TYPE decimal(11,2);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER nn TYPE numeric(10,2);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER n TYPE int USING n::int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ts TYPE timestamptz;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tz TYPE timestamp;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ts TYPE timestamptz USING ts AT TIME ZONE 'UTC';
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ts TYPE timestamp(3);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ts TYPE timestamp(6);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamp;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamp(6);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamp(0);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamp(3);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamptz;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamptz(3);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamptz(6);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tp TYPE timestamptz(1);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tzp TYPE timestamp;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tz TYPE timestamptz(3);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tzp TYPE timestamptz;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tz TYPE date;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER dt TYPE timestamp;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER dt TYPE timestamptz;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ti TYPE timetz;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tm TYPE time(6);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tm TYPE time;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER tm TYPE time(1);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER iv TYPE interval;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER iv TYPE interval(6);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER iv TYPE interval(2);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER i0 TYPE interval(6);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER i0 TYPE interval day to second;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER i0 TYPE interval year to month;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER i0 TYPE interval(3);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER bv TYPE varbit(16);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER bv TYPE varbit(4);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER bv TYPE varbit;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER vv TYPE varbit(4);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER bv TYPE bit(8);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b1 TYPE bit(8);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b1 TYPE varbit(8);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b1 TYPE varbit;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b1 TYPE bit(16);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ch TYPE char(10);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ch TYPE char(5);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ch TYPE varchar(5);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ch TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ci TYPE inet;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER nm TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER nm TYPE varchar;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ii TYPE int USING ii::int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER sm TYPE int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b TYPE int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b TYPE oid USING b::oid;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER o TYPE int USING o::int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER o TYPE regclass;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER o TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b TYPE numeric;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER r4 TYPE float8;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER r8 TYPE float4;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arr TYPE varchar(10)[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arr TYPE varchar(3)[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arr TYPE varchar[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arr TYPE text[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arrt TYPE varchar[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arrt TYPE varchar(9)[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arrt TYPE text[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arr TYPE text USING arr::text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER arrt TYPE jsonb USING to_jsonb(arrt);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER js TYPE jsonb;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER jb TYPE json;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER js TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER jb TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE json USING c::json;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE jsonb USING c::jsonb;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE uuid USING c::uuid;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER uu TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER x TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE xml USING c::xml;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER bo TYPE int USING bo::int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING a;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING a::text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING (a);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING (a::text);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING lower(a);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING c;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING 'x';
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE text USING NULL;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20) USING a::varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20) USING a::varchar(15);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20) USING a::varchar(5);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20) USING a::text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE varchar(20) USING substring(c, 1, 20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE varchar(20) USING c::varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE varchar USING c::varchar;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b TYPE bigint USING b::bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE text COLLATE "C";
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE varchar COLLATE "C";
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE bytea USING c::bytea;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER ba TYPE text USING encode(ba, 'hex');
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20), ALTER b TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20), ALTER c TYPE varchar, ALTER n TYPE numeric(12,2);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20), ALTER b SET NOT NULL;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b TYPE bigint, ALTER b SET NOT NULL;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER b DROP DEFAULT, ALTER b TYPE bigint USING b::bigint, ALTER b SET DEFAULT 0;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER mo TYPE numeric;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER c TYPE "char";
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE t ALTER nope TYPE int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE IF EXISTS t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int, c text, d varchar, n numeric(10,2), nn numeric, ts timestamp, tz timestamptz, iv interval(3), bv varbit(8), ch char(5), ci cidr, nm name, ba bytea, tp timestamp(3), dt date, ti time, tzp timestamptz(3), b1 bit(8), arr varchar(5)[], arrt text[], js json, jb jsonb, r4 float4, r8 float8, bo boolean, uu uuid, o oid, ii int8, sm int2, vv varbit, i0 interval, tm time(3), x xml, mo money);
-- ====
ALTER TABLE ONLY t ALTER a TYPE text;
-- ####
SET timezone = 'Europe/Berlin';
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE varchar;
-- ####
SET timezone = 'Europe/Berlin';
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE varchar(9);
-- ####
SET timezone = 'Europe/Berlin';
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE char(9);
-- ####
SET timezone = 'Europe/Berlin';
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE text COLLATE "C";
-- ####
SET timezone = 'Europe/Berlin';
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER a TYPE varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER b TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER b TYPE varchar(5);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER n TYPE numeric(7,2);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER n TYPE numeric;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER ts TYPE timestamptz;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER ci TYPE inet;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER ch TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER e TYPE varchar(5);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER e TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER id TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar, n numeric(5,2), ts timestamp, ci cidr, ch char(4), e varchar(3));
CREATE INDEX ia ON t (a);
CREATE INDEX ib ON t (b);
CREATE INDEX nn ON t (n);
CREATE INDEX it ON t (ts);
CREATE INDEX ic ON t (ci);
CREATE INDEX il ON t (lower(e));
CREATE INDEX ip ON t (id) WHERE e IS NOT NULL;
-- ====
ALTER TABLE t ALTER a TYPE text COLLATE "C";
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER c TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER c TYPE varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER d TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER d TYPE text COLLATE "C";
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER d TYPE varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) UNIQUE, c varchar(10) CHECK (c <> ''), d varchar(10) COLLATE "C");
CREATE INDEX id ON t (d);
CREATE INDEX ig ON t USING hash (d);
CREATE INDEX incl ON t (id) INCLUDE (c);
-- ====
ALTER TABLE t ALTER d TYPE varchar(20) COLLATE "C";
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b text);
CREATE INDEX i ON t (a varchar_pattern_ops);
CREATE INDEX j ON t (b text_pattern_ops);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b text);
CREATE INDEX i ON t (a varchar_pattern_ops);
CREATE INDEX j ON t (b text_pattern_ops);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b text);
CREATE INDEX i ON t (a varchar_pattern_ops);
CREATE INDEX j ON t (b text_pattern_ops);
-- ====
ALTER TABLE t ALTER b TYPE varchar;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)[], j jsonb, p text);
CREATE INDEX i ON t USING gin (a);
CREATE INDEX j ON t USING gin (to_tsvector('english', p));
CREATE INDEX k ON t USING gin (j);
CREATE INDEX brin ON t USING brin (p);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20)[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)[], j jsonb, p text);
CREATE INDEX i ON t USING gin (a);
CREATE INDEX j ON t USING gin (to_tsvector('english', p));
CREATE INDEX k ON t USING gin (j);
CREATE INDEX brin ON t USING brin (p);
-- ====
ALTER TABLE t ALTER a TYPE text[];
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)[], j jsonb, p text);
CREATE INDEX i ON t USING gin (a);
CREATE INDEX j ON t USING gin (to_tsvector('english', p));
CREATE INDEX k ON t USING gin (j);
CREATE INDEX brin ON t USING brin (p);
-- ====
ALTER TABLE t ALTER p TYPE varchar;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)[], j jsonb, p text);
CREATE INDEX i ON t USING gin (a);
CREATE INDEX j ON t USING gin (to_tsvector('english', p));
CREATE INDEX k ON t USING gin (j);
CREATE INDEX brin ON t USING brin (p);
-- ====
ALTER TABLE t ALTER j TYPE json;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)[], j jsonb, p text);
CREATE INDEX i ON t USING gin (a);
CREATE INDEX j ON t USING gin (to_tsvector('english', p));
CREATE INDEX k ON t USING gin (j);
CREATE INDEX brin ON t USING brin (p);
-- ====
ALTER TABLE t ALTER id TYPE bigint;
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE p ALTER id TYPE bigint;
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE c ALTER p TYPE bigint;
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE p ALTER k TYPE varchar(20);
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE c ALTER k TYPE varchar(20);
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE p ALTER k TYPE text;
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE c ALTER k TYPE text;
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE c ALTER k TYPE char(10);
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE c ALTER z TYPE varchar;
-- ####
CREATE TABLE p (id int PRIMARY KEY, k varchar(10) UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p, k varchar(10) REFERENCES p (k), z text);
-- ====
ALTER TABLE c ALTER id TYPE bigint;
-- ####
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int);
ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p NOT VALID;
-- ====
ALTER TABLE p ALTER id TYPE bigint;
-- ####
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int);
ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p NOT VALID;
-- ====
ALTER TABLE c ALTER p TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES t, q varchar(4));
-- ====
ALTER TABLE t ALTER id TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES t, q varchar(4));
-- ====
ALTER TABLE t ALTER p TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES t, q varchar(4));
-- ====
ALTER TABLE t ALTER id TYPE bigint, ALTER p TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
CREATE VIEW v AS SELECT a FROM t;
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
CREATE VIEW v AS SELECT a FROM t;
-- ====
ALTER TABLE t ALTER id TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
CREATE TABLE k (PRIMARY KEY (id)) INHERITS (t);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
CREATE TABLE k (PRIMARY KEY (id)) INHERITS (t);
-- ====
ALTER TABLE t ALTER id TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
CREATE TABLE k (PRIMARY KEY (id)) INHERITS (t);
-- ====
ALTER TABLE k ALTER a TYPE text;
-- ####
CREATE TABLE t (id int, a varchar(10), b int, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int, a varchar(10), b int, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER b TYPE bigint;
-- ####
CREATE TABLE t (id int, a varchar(10), b int, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE varchar(20);
-- ####
CREATE TABLE t (id int, a varchar(10), b int, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
CREATE INDEX i ON t (a);
-- ====
ALTER TABLE t ALTER a TYPE char(20);
-- ####
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE mood2 AS ENUM ('sad');
CREATE TABLE t (id int PRIMARY KEY, a text, m mood DEFAULT 'sad');
-- ====
ALTER TABLE t ALTER a TYPE mood USING a::mood;
-- ####
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE mood2 AS ENUM ('sad');
CREATE TABLE t (id int PRIMARY KEY, a text, m mood DEFAULT 'sad');
-- ====
ALTER TABLE t ALTER m TYPE text;
-- ####
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE mood2 AS ENUM ('sad');
CREATE TABLE t (id int PRIMARY KEY, a text, m mood DEFAULT 'sad');
-- ====
ALTER TABLE t ALTER m TYPE mood;
-- ####
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE mood2 AS ENUM ('sad');
CREATE TABLE t (id int PRIMARY KEY, a text, m mood DEFAULT 'sad');
-- ====
ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE mood2 USING m::text::mood2, ALTER m SET DEFAULT 'sad';
-- ####
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE mood2 AS ENUM ('sad');
CREATE TABLE t (id int PRIMARY KEY, a text, m mood DEFAULT 'sad');
-- ====
ALTER TABLE t ALTER m TYPE mood2 USING (m::text::mood2);
-- ####
CREATE TYPE mood AS ENUM ('sad');
CREATE CAST (varchar AS mood) WITH INOUT AS IMPLICIT;
CREATE TABLE t (id int PRIMARY KEY, a varchar);
-- ====
ALTER TABLE t ALTER a TYPE mood;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER a TYPE d;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER a TYPE dc;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER b TYPE text;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER c TYPE text;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER v TYPE d;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER v TYPE dn;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER a TYPE dn;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER e TYPE text;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER f TYPE text;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER f TYPE varchar(10);
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER f TYPE varchar(5);
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER f TYPE varchar(20);
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER b TYPE dc;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER c TYPE dc;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER b TYPE d;
-- ####
CREATE DOMAIN d AS text;
CREATE DOMAIN dc AS text CHECK (VALUE <> '');
CREATE DOMAIN dn AS varchar(10);
CREATE DOMAIN dd AS d;
CREATE TABLE t (id int PRIMARY KEY, a text, b d, c dc, v varchar(5), e dd, f dn);
CREATE INDEX i ON t (b);
-- ====
ALTER TABLE t ALTER b TYPE varchar;
-- ####
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(10), c citext);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (c);
-- ====
ALTER TABLE t ALTER a TYPE citext;
-- ####
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(10), c citext);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (c);
-- ====
ALTER TABLE t ALTER b TYPE citext;
-- ####
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(10), c citext);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (c);
-- ====
ALTER TABLE t ALTER c TYPE text;
-- ####
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(10), c citext);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (c);
-- ====
ALTER TABLE t ALTER c TYPE varchar;
-- ####
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(10), c citext);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (c);
-- ====
ALTER TABLE t ALTER c TYPE varchar(10);
-- ####
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(10), c citext);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (c);
-- ====
ALTER TABLE t ALTER c TYPE citext;
-- ####
CREATE TABLE t (id serial PRIMARY KEY, a int GENERATED ALWAYS AS IDENTITY, b int DEFAULT 1);
-- ====
ALTER TABLE t ALTER id TYPE bigint;
-- ####
CREATE TABLE t (id serial PRIMARY KEY, a int GENERATED ALWAYS AS IDENTITY, b int DEFAULT 1);
-- ====
ALTER TABLE t ALTER a TYPE bigint;
-- ####
CREATE TABLE t (id serial PRIMARY KEY, a int GENERATED ALWAYS AS IDENTITY, b int DEFAULT 1);
-- ====
ALTER TABLE t ALTER b TYPE bigint;
-- ####
CREATE TABLE t (id serial PRIMARY KEY, a int GENERATED ALWAYS AS IDENTITY, b int DEFAULT 1);
-- ====
ALTER TABLE t ALTER id TYPE bigint, ALTER a TYPE bigint, ALTER b TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int);
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg();
CREATE STATISTICS s ON a, b FROM t;
CREATE POLICY po ON t USING (id > 0);
-- ====
ALTER TABLE t ALTER a TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int);
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg();
CREATE STATISTICS s ON a, b FROM t;
CREATE POLICY po ON t USING (id > 0);
-- ====
ALTER TABLE t ALTER b TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int);
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg();
CREATE STATISTICS s ON a, b FROM t;
CREATE POLICY po ON t USING (id > 0);
-- ====
ALTER TABLE t ALTER id TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) STORED);
-- ====
ALTER TABLE t ALTER b TYPE bigint;
-- ####
CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) STORED);
-- ====
ALTER TABLE t ALTER a TYPE bigint;
-- ####
CREATE TABLE t (a int, b int, x tsrange, CHECK (a > b), EXCLUDE USING gist (x WITH &&));
CREATE UNIQUE INDEX u ON t (a, b);
-- ====
ALTER TABLE t ALTER a TYPE bigint;
-- ####
CREATE TABLE t (a int, b int, x tsrange, CHECK (a > b), EXCLUDE USING gist (x WITH &&));
CREATE UNIQUE INDEX u ON t (a, b);
-- ====
ALTER TABLE t ALTER x TYPE tstzrange USING NULL;
-- ####
CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;
-- ====
ALTER MATERIALIZED VIEW m ALTER COLUMN x SET STATISTICS 10;
-- ####
CREATE TABLE t (id int PRIMARY KEY, o oid, v varchar(10));
CREATE INDEX io ON t (o);
CREATE INDEX iv ON t ((v || 'x'));
CREATE INDEX iw ON t (id) WHERE v = 'a';
-- ====
ALTER TABLE t ALTER o TYPE int USING o::int;
-- ####
CREATE TABLE t (id int PRIMARY KEY, o oid, v varchar(10));
CREATE INDEX io ON t (o);
CREATE INDEX iv ON t ((v || 'x'));
CREATE INDEX iw ON t (id) WHERE v = 'a';
-- ====
ALTER TABLE t ALTER v TYPE varchar(20);
-- ####
CREATE TABLE t (id int PRIMARY KEY, o oid, v varchar(10));
CREATE INDEX io ON t (o);
CREATE INDEX iv ON t ((v || 'x'));
CREATE INDEX iw ON t (id) WHERE v = 'a';
-- ====
ALTER TABLE t ALTER v TYPE text;
-- ####
CREATE TABLE t (id int PRIMARY KEY, o oid, v varchar(10));
CREATE INDEX io ON t (o);
CREATE INDEX iv ON t ((v || 'x'));
CREATE INDEX iw ON t (id) WHERE v = 'a';
-- ====
ALTER TABLE t ALTER id TYPE oid USING id::oid;
