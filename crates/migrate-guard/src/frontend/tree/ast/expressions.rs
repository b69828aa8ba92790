//! Expressions, types and queries.

views! {
    ArrayExpr = ARRAY_EXPR { exprs: [Expr] }
    ArrayType = ARRAY_TYPE { array_bounds: [ArrayBound], ty: Type }
    BinExpr = BIN_EXPR {}
    BitType = BIT_TYPE {}
    BitVaryingType = BIT_VARYING_TYPE {}
    CallExpr = CALL_EXPR { arg_list: ArgList, expr: Expr }
    CastExpr = CAST_EXPR { ty: Type }
    CharacterType = CHARACTER_TYPE {}
    Collate = COLLATE { collation_ref: CollationRef, expr: Expr }
    CompoundSelect = COMPOUND_SELECT {}
    DoubleType = DOUBLE_TYPE {}
    FieldExpr = FIELD_EXPR { star_token: (STAR) }
    IntervalType = INTERVAL_TYPE { interval_qualifier: IntervalQualifier, literal: Literal }
    Literal = LITERAL {}
    ParenExpr = PAREN_EXPR { expr: Expr }
    ParenSelect = PAREN_SELECT { select: SelectVariant }
    PathType = PATH_TYPE { arg_list: ArgList, path_ref: PathRef }
    PostfixExpr = POSTFIX_EXPR { expr: Expr }
    PrefixExpr = PREFIX_EXPR { expr: Expr }
    Select = SELECT {}
    SelectInto = SELECT_INTO { target: IntoClause }
    Table = TABLE {}
    TimeType = TIME_TYPE { literal: Literal, timezone: Timezone }
    TimestampType = TIMESTAMP_TYPE { literal: Literal, timezone: Timezone }
    Values = VALUES { row_list: RowList }
    VarcharType = VARCHAR_TYPE {}
}
