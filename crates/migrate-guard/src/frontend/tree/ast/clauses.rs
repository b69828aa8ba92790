//! Clauses, lists and all else in statements.

views! {
    AccessExclusive = ACCESS_EXCLUSIVE {}
    AccessShare = ACCESS_SHARE {}
    Aggregate = AGGREGATE { path_ref: PathRef }
    AllPublicationTables = ALL_PUBLICATION_TABLES {}
    Arg = ARG { func_arg_expr: FuncArgExpr }
    ArgList = ARG_LIST { args: [Arg] }
    ArrayBound = ARRAY_BOUND {}
    AsDefinition = AS_DEFINITION { literal: Literal }
    AtomicBody = ATOMIC_BODY { routine_body_stmts: [RoutineBodyStmt] }
    AttributeNamespace = ATTRIBUTE_NAMESPACE {}
    AttributeOption = ATTRIBUTE_OPTION {
        attribute_value: AttributeValue,
        name: AttributeName,
        namespace: AttributeNamespace,
    }
    AttributeValue = ATTRIBUTE_VALUE { ty: Type }
    AuthorizationSchema = AUTHORIZATION_SCHEMA { role: Role }
    BaseType = BASE_TYPE {}
    CheckConstraint = CHECK_CONSTRAINT { expr: Expr }
    ClusterLegacy = CLUSTER_LEGACY { on_path: OnPath }
    Column = COLUMN { name: ColumnName, ty: Type }
    ColumnRefList = COLUMN_REF_LIST { column_name_refs: [ColumnNameRef] }
    CommitTransaction = COMMIT_TRANSACTION {}
    CompositeField = COMPOSITE_FIELD {}
    CompositeFieldDef = COMPOSITE_FIELD_DEF { name: CompositeField, ty: Type }
    CompositeFieldList = COMPOSITE_FIELD_LIST { composite_field_defs: [CompositeFieldDef] }
    CompositeType = COMPOSITE_TYPE { composite_field_list: CompositeFieldList }
    ConstraintColumnRefList = CONSTRAINT_COLUMN_REF_LIST { column_name_refs: [ColumnNameRef] }
    ConstraintExclusion = CONSTRAINT_EXCLUSION { expr: Expr }
    ConstraintExclusionList = CONSTRAINT_EXCLUSION_LIST { constraint_exclusions: [ConstraintExclusion] }
    ConstraintIncludeClause = CONSTRAINT_INCLUDE_CLAUSE { column_ref_list: ColumnRefList }
    ConstraintIndexMethod = CONSTRAINT_INDEX_METHOD { access_method_ref: AccessMethodRef }
    ConstraintNameClause = CONSTRAINT_NAME_CLAUSE { constraint_name: ConstraintName }
    DefaultConstraint = DEFAULT_CONSTRAINT { expr: Expr }
    DoLanguage = DO_LANGUAGE { language_ref: LanguageRef, literal: Literal }
    Domain = DOMAIN {}
    EnumType = ENUM_TYPE { variant_list: VariantList }
    ExcludeConstraint = EXCLUDE_CONSTRAINT {
        constraint_exclusion_list: ConstraintExclusionList,
        constraint_include_clause: ConstraintIncludeClause,
        constraint_index_method: ConstraintIndexMethod,
    }
    Exclusive = EXCLUSIVE {}
    ExplainOption = EXPLAIN_OPTION {
        explain_option_name: ExplainOptionName,
        explain_option_value: ExplainOptionValue,
    }
    ExplainOptionList = EXPLAIN_OPTION_LIST { explain_options: [ExplainOption] }
    ExplainOptionValue = EXPLAIN_OPTION_VALUE {}
    Extension = EXTENSION {}
    ExtensionSchema = EXTENSION_SCHEMA { schema_ref: SchemaRef }
    ForAllPublicationObjects = FOR_ALL_PUBLICATION_OBJECTS {
        all_publication_objects: [AllPublicationObject],
    }
    ForEachRow = FOR_EACH_ROW {}
    ForPublicationObjects = FOR_PUBLICATION_OBJECTS { publication_objects: [PublicationObject] }
    ForeignKeyColumnList = FOREIGN_KEY_COLUMN_LIST {
        column_name_refs: [ColumnNameRef],
        period_column: PeriodColumn,
    }
    ForeignKeyConstraint = FOREIGN_KEY_CONSTRAINT {
        referential_actions: [ReferentialAction],
        table_name_ref: TableNameRef,
    }
    FromAlias = FROM_ALIAS { name: TableAlias }
    FromClause = FROM_CLAUSE {}
    FromTable = FROM_TABLE { table_name_ref: TableNameRef }
    FunctionSig = FUNCTION_SIG { function_name_ref: FunctionNameRef }
    GeneratedConstraint = GENERATED_CONSTRAINT { generated_as: GeneratedAs }
    GeneratedIdentity = GENERATED_IDENTITY {}
    GeneratedStored = GENERATED_STORED { expr: Expr, generated_kind: GeneratedKind }
    IfExists = IF_EXISTS {}
    IfNotExists = IF_NOT_EXISTS {}
    Index = INDEX {}
    IndexIncludeClause = INDEX_INCLUDE_CLAUSE { partition_item_list: PartitionItemList }
    IndexParameters = INDEX_PARAMETERS {
        column_list: ConstraintColumnRefList,
        constraint_include_clause: ConstraintIncludeClause,
    }
    Inherits = INHERITS { table_name_refs: [TableNameRef] }
    IntervalSecond = INTERVAL_SECOND { literal: Literal }
    IntoClause = INTO_CLAUSE { persistence: Persistence, table_name: TableName }
    LikeClause = LIKE_CLAUSE { like_options: [LikeOption], relation_name_ref: RelationNameRef }
    LocalScope = LOCAL_SCOPE {}
    LockModeClause = LOCK_MODE_CLAUSE { lock_mode: LockMode }
    LockingClause = LOCKING_CLAUSE { locking_of: LockingOf }
    LockingOf = LOCKING_OF { exprs: [Expr] }
    NamedArg = NAMED_ARG { expr: Expr }
    NamedSchema = NAMED_SCHEMA { schema: Schema }
    NotNullConstraint = NOT_NULL_CONSTRAINT { column_name_ref: ColumnNameRef }
    Nowait = NOWAIT {}
    NullConstraint = NULL_CONSTRAINT {}
    ObjectColumn = OBJECT_COLUMN { name: QualifiedColumnNameRef }
    ObjectConstraint = OBJECT_CONSTRAINT { domain_ref: DomainRef, table_name_ref: TableNameRef }
    ObjectPolicy = OBJECT_POLICY { table_name_ref: TableNameRef }
    ObjectRule = OBJECT_RULE { relation_name_ref: RelationNameRef }
    ObjectTrigger = OBJECT_TRIGGER { relation_name_ref: RelationNameRef }
    OnClause = ON_CLAUSE { expr: Expr }
    OnPath = ON_PATH { table_name_ref: TableNameRef }
    OnPrivilegeObjectsClause = ON_PRIVILEGE_OBJECTS_CLAUSE { privilege_objects: PrivilegeObjects }
    OnRelation = ON_RELATION { relation_name_ref: RelationNameRef }
    OnTable = ON_TABLE { table_name_ref: TableNameRef }
    OrReplace = OR_REPLACE {}
    OwnedByNone = OWNED_BY_NONE {}
    Param = PARAM { func_type: FuncType, mode: ParamMode, name: ParamName }
    ParamInOut = PARAM_IN_OUT {}
    ParamList = PARAM_LIST { params: [Param] }
    ParamOut = PARAM_OUT {}
    PartitionBy = PARTITION_BY {
        partition_item_list: PartitionItemList,
        partition_strategy: PartitionStrategy,
    }
    PartitionDefault = PARTITION_DEFAULT {}
    PartitionItem = PARTITION_ITEM { collate: Collate, expr: Expr, op_class_ref: OpClassRef }
    PartitionItemList = PARTITION_ITEM_LIST { partition_items: [PartitionItem] }
    PartitionOf = PARTITION_OF { table_name_ref: TableNameRef }
    PartitionStrategy = PARTITION_STRATEGY {}
    PercentType = PERCENT_TYPE {}
    PeriodColumn = PERIOD_COLUMN { name: ColumnNameRef }
    Policy = POLICY {}
    PrimaryKeyConstraint = PRIMARY_KEY_CONSTRAINT {
        index_parameters: IndexParameters,
        using_index: UsingIndexName,
    }
    PrivilegeAllTablesInSchema = PRIVILEGE_ALL_TABLES_IN_SCHEMA { schema_refs: [SchemaRef] }
    PrivilegeDefault = PRIVILEGE_DEFAULT { relation_name_refs: [RelationNameRef] }
    PrivilegeTable = PRIVILEGE_TABLE { relation_name_refs: [RelationNameRef] }
    ProcedureSig = PROCEDURE_SIG { procedure_name_ref: ProcedureNameRef }
    PublicationObjectCurrentSchema = PUBLICATION_OBJECT_CURRENT_SCHEMA {}
    PublicationObjectTable = PUBLICATION_OBJECT_TABLE { table_name_ref: TableNameRef }
    PublicationObjectTablesInSchema = PUBLICATION_OBJECT_TABLES_IN_SCHEMA {}
    RangeType = RANGE_TYPE { attribute_list: AttributeList }
    ReferencesConstraint = REFERENCES_CONSTRAINT {
        column: ColumnNameRef,
        referential_actions: [ReferentialAction],
        table: TableNameRef,
    }
    ReindexOptionList = REINDEX_OPTION_LIST { reindex_options: [ReindexOption] }
    ReindexTargetDatabase = REINDEX_TARGET_DATABASE { database_ref: DatabaseRef }
    ReindexTargetIndex = REINDEX_TARGET_INDEX { index_ref: IndexRef }
    ReindexTargetSchema = REINDEX_TARGET_SCHEMA { schema_ref: SchemaRef }
    ReindexTargetSystem = REINDEX_TARGET_SYSTEM { database_ref: DatabaseRef }
    ReindexTargetTable = REINDEX_TARGET_TABLE { table_name_ref: TableNameRef }
    RelationList = RELATION_LIST { relation_names: [RelationName] }
    ResetTimeZone = RESET_TIME_ZONE {}
    ResetTransactionIsolation = RESET_TRANSACTION_ISOLATION {}
    RetType = RET_TYPE { func_type: FuncType }
    ReturnStmt = RETURN_STMT { expr: Expr }
    ReturningClause = RETURNING_CLAUSE { target_list: TargetList }
    Role = ROLE {}
    RollbackToSavepoint = ROLLBACK_TO_SAVEPOINT { savepoint_ref: SavepointRef }
    RollbackTransaction = ROLLBACK_TRANSACTION {}
    RoutineSig = ROUTINE_SIG { routine_name_ref: RoutineNameRef }
    Row = ROW { exprs: [Expr] }
    RowExclusive = ROW_EXCLUSIVE {}
    RowList = ROW_LIST { rows: [Row] }
    RowShare = ROW_SHARE {}
    Rule = RULE {}
    RuleDo = RULE_DO { rule_action: RuleAction }
    RuleOn = RULE_ON { relation_name_ref: RelationNameRef, where_clause: WhereClause }
    RuleRenameTo = RULE_RENAME_TO { rule: Rule }
    Savepoint = SAVEPOINT {}
    Schema = SCHEMA {}
    SelectClause = SELECT_CLAUSE { target_list: TargetList }
    Sequence = SEQUENCE {}
    SetCatalog = SET_CATALOG { literal: Literal }
    SetConfig = SET_CONFIG { config_assignment: ConfigAssignment, config_parameter_ref: ConfigParameterRef }
    SetRoleNone = SET_ROLE_NONE {}
    SetSchemaValue = SET_SCHEMA_VALUE { literal: Literal }
    SetSessionAuthDefault = SET_SESSION_AUTH_DEFAULT {}
    SetTimeZone = SET_TIME_ZONE { cast_expr: CastExpr, config_value: ConfigValue }
    SetXmlOption = SET_XML_OPTION { xml_document_or_content: XmlDocumentOrContent }
    Share = SHARE {}
    ShareRowExclusive = SHARE_ROW_EXCLUSIVE {}
    ShareUpdateExclusive = SHARE_UPDATE_EXCLUSIVE {}
    Statistics = STATISTICS {}
    Stored = STORED {}
    TableAlias = TABLE_ALIAS {}
    TableAndColumns = TABLE_AND_COLUMNS { table_relation_name: TableRelationName }
    TableAndColumnsList = TABLE_AND_COLUMNS_LIST { table_and_columnss: [TableAndColumns] }
    TableArgList = TABLE_ARG_LIST { args: [TableArg] }
    TableList = TABLE_LIST { table_relation_names: [TableRelationName] }
    TableNameRefList = TABLE_NAME_REF_LIST { table_name_refs: [TableNameRef] }
    Target = TARGET { as_name: AsName, expr: Expr, star_token: (STAR) }
    TargetList = TARGET_LIST { targets: [Target] }
    Temp = TEMP {}
    TimingAfter = TIMING_AFTER {}
    TimingBefore = TIMING_BEFORE {}
    TimingInsteadOf = TIMING_INSTEAD_OF {}
    ToConfigValue = TO_CONFIG_VALUE { config_values: [ConfigValue] }
    Trigger = TRIGGER {}
    TriggerEventDelete = TRIGGER_EVENT_DELETE {}
    TriggerEventInsert = TRIGGER_EVENT_INSERT {}
    TriggerEventList = TRIGGER_EVENT_LIST { trigger_events: [TriggerEvent] }
    TriggerEventTruncate = TRIGGER_EVENT_TRUNCATE {}
    TriggerEventUpdate = TRIGGER_EVENT_UPDATE { column_name_refs: [ColumnNameRef] }
    UniqueConstraint = UNIQUE_CONSTRAINT { index_parameters: IndexParameters, using_index: UsingIndexName }
    Unlogged = UNLOGGED {}
    User = USER {}
    UsingExpr = USING_EXPR { expr: Expr }
    UsingExprClause = USING_EXPR_CLAUSE { expr: Expr }
    UsingMethod = USING_METHOD { access_method_ref: AccessMethodRef }
    VacuumOption = VACUUM_OPTION {
        vacuum_option_name: VacuumOptionName,
        vacuum_option_value: VacuumOptionValue,
    }
    VacuumOptionList = VACUUM_OPTION_LIST { vacuum_options: [VacuumOption] }
    VacuumOptionValue = VACUUM_OPTION_VALUE {}
    Variant = VARIANT { literal: Literal }
    VariantList = VARIANT_LIST { variants: [Variant] }
    View = VIEW {}
    WhereClause = WHERE_CLAUSE { expr: Expr }
    WithCheckExprClause = WITH_CHECK_EXPR_CLAUSE { expr: Expr }
    WithClause = WITH_CLAUSE { recursive_token: (RECURSIVE_KW) }
    WithTable = WITH_TABLE { name: CteName }
    WithTimezone = WITH_TIMEZONE {}
}
