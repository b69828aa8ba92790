use insta::assert_snapshot;

use super::lowered;

#[test]
fn the_words_of_the_standard() {
    let sql = r#"
create table t (a int, b integer, c smallint, d bigint, e real, f double precision, g float, h float(24), i float(25), j decimal, k dec(5), l numeric(10, 2), m numeric(3, -2), n boolean, o smallserial, p serial, q bigserial);
create table t (a char, b char(3), c character(3), d character varying, e character varying(20), f varchar, g varchar(5), h national character(3), i nchar varying(4), j bit, k bit(3), l bit varying, m bit varying(3), n "char", o bpchar);
create table t (a time, b time(3), c time with time zone, d time(0) without time zone, e timestamp, f timestamp(3) with time zone, g timestamp without time zone, h timestamptz(3), i interval, j interval(3), k interval year to month, l interval day to second (3), m interval hour);
"#;
    assert_snapshot!(lowered(sql), @r#"
    CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "int4" } }) }, Column { name: "b", ty: Some(Type { name: { name: "int4" } }) }, Column { name: "c", ty: Some(Type { name: { name: "int2" } }) }, Column { name: "d", ty: Some(Type { name: { name: "int8" } }) }, Column { name: "e", ty: Some(Type { name: { name: "float4" } }) }, Column { name: "f", ty: Some(Type { name: { name: "float8" } }) }, Column { name: "g", ty: Some(Type { name: { name: "float8" } }) }, Column { name: "h", ty: Some(Type { name: { name: "float4" } }) }, Column { name: "i", ty: Some(Type { name: { name: "float8" } }) }, Column { name: "j", ty: Some(Type { name: { name: "numeric" } }) }, Column { name: "k", ty: Some(Type { name: { name: "numeric" }, modifiers: [5, 0] }) }, Column { name: "l", ty: Some(Type { name: { name: "numeric" }, modifiers: [10, 2] }) }, Column { name: "m", ty: Some(Type { name: { name: "numeric" }, modifiers: [3, -2] }) }, Column { name: "n", ty: Some(Type { name: { name: "bool" } }) }, Column { name: "o", ty: Some(Type { name: { name: "serial2" } }) }, Column { name: "p", ty: Some(Type { name: { name: "serial4" } }) }, Column { name: "q", ty: Some(Type { name: { name: "serial8" } }) }] })
    CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "bpchar" }, modifiers: [1] }) }, Column { name: "b", ty: Some(Type { name: { name: "bpchar" }, modifiers: [3] }) }, Column { name: "c", ty: Some(Type { name: { name: "bpchar" }, modifiers: [3] }) }, Column { name: "d", ty: Some(Type { name: { name: "varchar" } }) }, Column { name: "e", ty: Some(Type { name: { name: "varchar" }, modifiers: [20] }) }, Column { name: "f", ty: Some(Type { name: { name: "varchar" } }) }, Column { name: "g", ty: Some(Type { name: { name: "varchar" }, modifiers: [5] }) }, Column { name: "h", ty: Some(Type { name: { name: "bpchar" }, modifiers: [3] }) }, Column { name: "i", ty: Some(Type { name: { name: "varchar" }, modifiers: [4] }) }, Column { name: "j", ty: Some(Type { name: { name: "bit" }, modifiers: [1] }) }, Column { name: "k", ty: Some(Type { name: { name: "bit" }, modifiers: [3] }) }, Column { name: "l", ty: Some(Type { name: { name: "varbit" } }) }, Column { name: "m", ty: Some(Type { name: { name: "varbit" }, modifiers: [3] }) }, Column { name: "n", ty: Some(Type { name: { name: "char" } }) }, Column { name: "o", ty: Some(Type { name: { name: "bpchar" } }) }] })
    CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "time" } }) }, Column { name: "b", ty: Some(Type { name: { name: "time" }, modifiers: [3] }) }, Column { name: "c", ty: Some(Type { name: { name: "timetz" } }) }, Column { name: "d", ty: Some(Type { name: { name: "time" }, modifiers: [0] }) }, Column { name: "e", ty: Some(Type { name: { name: "timestamp" } }) }, Column { name: "f", ty: Some(Type { name: { name: "timestamptz" }, modifiers: [3] }) }, Column { name: "g", ty: Some(Type { name: { name: "timestamp" } }) }, Column { name: "h", ty: Some(Type { name: { name: "timestamptz" }, modifiers: [3] }) }, Column { name: "i", ty: Some(Type { name: { name: "interval" } }) }, Column { name: "j", ty: Some(Type { name: { name: "interval" }, modifiers: [3] }) }, Column { name: "k", ty: Some(Type { name: { name: "interval" }, fields: Some("YEAR TO MONTH") }) }, Column { name: "l", ty: Some(Type { name: { name: "interval" }, modifiers: [3], fields: Some("DAY TO SECOND") }) }, Column { name: "m", ty: Some(Type { name: { name: "interval" }, fields: Some("HOUR") }) }] })
    "#);
}

#[test]
fn names_of_the_catalog_and_of_others() {
    let sql = r#"
create table t (a pg_catalog.int4, b int4, c pg_catalog."varchar"(5), d s.my_type, e "Integer", f public.geometry(Point, 4326), g vector(3), h citext);
"#;
    assert_snapshot!(lowered(sql), @r#"CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "int4" } }) }, Column { name: "b", ty: Some(Type { name: { name: "int4" } }) }, Column { name: "c", ty: Some(Type { name: { name: "varchar" }, modifiers: [5] }) }, Column { name: "d", ty: Some(TypeRef { name: ObjectName { schema: Some("s"), name: "my_type" } }) }, Column { name: "e", ty: Some(Type { name: { name: "Integer" } }) }, Column { name: "f", ty: Some(TypeRef { name: ObjectName { schema: Some("public"), name: "geometry" }, fields: Some("(POINT, 4326)") }) }, Column { name: "g", ty: Some(Type { name: { name: "vector" }, modifiers: [3] }) }, Column { name: "h", ty: Some(Type { name: { name: "citext" } }) }] })"#);
}

#[test]
fn arrays() {
    let sql = "
create table t (a int[], b int[3][4], c int array, d int array[4], e timestamp(3)[], f s.ty[], g varchar(3)[]);
";
    assert_snapshot!(lowered(sql), @r#"CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "int4" }, dimensions: 1 }) }, Column { name: "b", ty: Some(Type { name: { name: "int4" }, dimensions: 2 }) }, Column { name: "c", ty: Some(Type { name: { name: "int4" }, dimensions: 1 }) }, Column { name: "d", ty: Some(Type { name: { name: "int4" }, dimensions: 1 }) }, Column { name: "e", ty: Some(Type { name: { name: "timestamp" }, modifiers: [3], dimensions: 1 }) }, Column { name: "f", ty: Some(TypeRef { name: ObjectName { schema: Some("s"), name: "ty" }, dimensions: 1 }) }, Column { name: "g", ty: Some(Type { name: { name: "varchar" }, modifiers: [3], dimensions: 1 }) }] })"#);
}
