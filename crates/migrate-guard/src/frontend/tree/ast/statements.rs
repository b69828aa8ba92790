//! Statements.

views! {
    AlterAggregate = ALTER_AGGREGATE { action: AlterAggregateAction, aggregate: Aggregate }
    AlterCollation = ALTER_COLLATION {}
    AlterConversion = ALTER_CONVERSION {}
    AlterDatabase = ALTER_DATABASE {}
    AlterDefaultPrivileges = ALTER_DEFAULT_PRIVILEGES {}
    AlterDomain = ALTER_DOMAIN { action: AlterDomainAction, domain_ref: DomainRef }
    AlterEventTrigger = ALTER_EVENT_TRIGGER {}
    AlterExtension = ALTER_EXTENSION { action: AlterExtensionAction, extension_ref: ExtensionRef }
    AlterForeignDataWrapper = ALTER_FOREIGN_DATA_WRAPPER {}
    AlterForeignTable = ALTER_FOREIGN_TABLE {
        actions: [AlterTableAction],
        if_exists: IfExists,
        table_relation_name: TableRelationName,
    }
    AlterFunction = ALTER_FUNCTION { action: AlterFunctionAction, function_sig: FunctionSig }
    AlterGroup = ALTER_GROUP {}
    AlterIndex = ALTER_INDEX { action: AlterIndexAction, if_exists: IfExists, index_ref: IndexRef }
    AlterLanguage = ALTER_LANGUAGE {}
    AlterLargeObject = ALTER_LARGE_OBJECT {}
    AlterMaterializedView = ALTER_MATERIALIZED_VIEW {
        action: [AlterMaterializedViewAction],
        if_exists: IfExists,
        view_ref: ViewRef,
    }
    AlterOperator = ALTER_OPERATOR {}
    AlterOperatorClass = ALTER_OPERATOR_CLASS {}
    AlterOperatorFamily = ALTER_OPERATOR_FAMILY {}
    AlterPolicy = ALTER_POLICY { action: AlterPolicyAction, on_table: OnTable, policy_ref: PolicyRef }
    AlterProcedure = ALTER_PROCEDURE { action: AlterProcedureAction, procedure_sig: ProcedureSig }
    AlterPropertyGraph = ALTER_PROPERTY_GRAPH {}
    AlterPublication = ALTER_PUBLICATION { action: AlterPublicationAction, publication_ref: PublicationRef }
    AlterRole = ALTER_ROLE {}
    AlterRoutine = ALTER_ROUTINE { action: AlterRoutineAction, routine_sig: RoutineSig }
    AlterRule = ALTER_RULE { on_relation: OnRelation, rule_ref: RuleRef, rule_rename_to: RuleRenameTo }
    AlterSchema = ALTER_SCHEMA { action: AlterSchemaAction, schema_ref: SchemaRef }
    AlterSequence = ALTER_SEQUENCE {
        actions: [AlterSequenceAction],
        if_exists: IfExists,
        sequence_ref: SequenceRef,
    }
    AlterServer = ALTER_SERVER {}
    AlterStatistics = ALTER_STATISTICS { action: AlterStatisticsAction, statistics_ref: StatisticsRef }
    AlterSubscription = ALTER_SUBSCRIPTION {}
    AlterSystem = ALTER_SYSTEM {}
    AlterTable = ALTER_TABLE {
        actions: [AlterTableAction],
        if_exists: IfExists,
        table_relation_name: TableRelationName,
    }
    AlterTablespace = ALTER_TABLESPACE {}
    AlterTextSearchConfiguration = ALTER_TEXT_SEARCH_CONFIGURATION {}
    AlterTextSearchDictionary = ALTER_TEXT_SEARCH_DICTIONARY {}
    AlterTextSearchParser = ALTER_TEXT_SEARCH_PARSER {}
    AlterTextSearchTemplate = ALTER_TEXT_SEARCH_TEMPLATE {}
    AlterTrigger = ALTER_TRIGGER {
        action: AlterTriggerAction,
        on_relation: OnRelation,
        trigger_ref: TriggerRef,
    }
    AlterType = ALTER_TYPE { action: AlterTypeAction, type_name_ref: TypeNameRef }
    AlterUser = ALTER_USER {}
    AlterUserMapping = ALTER_USER_MAPPING {}
    AlterView = ALTER_VIEW { action: AlterViewAction, if_exists: IfExists, view_ref: ViewRef }
    Analyze = ANALYZE { table_and_columns_list: TableAndColumnsList }
    Begin = BEGIN {}
    Call = CALL {}
    Checkpoint = CHECKPOINT {}
    Close = CLOSE {}
    Cluster = CLUSTER { cluster_legacy: ClusterLegacy, table_name_ref: TableNameRef }
    CommentOn = COMMENT_ON { comment_object: CommentObject }
    Copy = COPY {}
    CreateAccessMethod = CREATE_ACCESS_METHOD {}
    CreateAggregate = CREATE_AGGREGATE {}
    CreateCast = CREATE_CAST {}
    CreateCollation = CREATE_COLLATION {}
    CreateConversion = CREATE_CONVERSION {}
    CreateDatabase = CREATE_DATABASE {}
    CreateDomain = CREATE_DOMAIN { domain: Domain, domain_qualifiers: [DomainQualifier], ty: Type }
    CreateEventTrigger = CREATE_EVENT_TRIGGER {}
    CreateExtension = CREATE_EXTENSION { extension: Extension, extension_schema: ExtensionSchema }
    CreateForeignDataWrapper = CREATE_FOREIGN_DATA_WRAPPER {}
    CreateForeignTable = CREATE_FOREIGN_TABLE {
        if_not_exists: IfNotExists,
        partition_of: PartitionOf,
        partition_type: PartitionType,
    }
    CreateFunction = CREATE_FUNCTION {
        body: RoutineBody,
        name: FunctionName,
        option_list: FuncOptionList,
        or_replace: OrReplace,
        param_list: ParamList,
        ret_type: RetType,
    }
    CreateGroup = CREATE_GROUP {}
    CreateIndex = CREATE_INDEX {
        if_not_exists: IfNotExists,
        index: Index,
        index_include_clause: IndexIncludeClause,
        partition_item_list: PartitionItemList,
        table_relation_name: TableRelationName,
        using_method: UsingMethod,
        where_clause: WhereClause,
        concurrently_token: (CONCURRENTLY_KW),
        index_token: (INDEX_KW),
        unique_token: (UNIQUE_KW),
    }
    CreateLanguage = CREATE_LANGUAGE {}
    CreateMaterializedView = CREATE_MATERIALIZED_VIEW {
        data_option: DataOption,
        if_not_exists: IfNotExists,
        query: SelectVariant,
        view: View,
    }
    CreateOperator = CREATE_OPERATOR {}
    CreateOperatorClass = CREATE_OPERATOR_CLASS {}
    CreateOperatorFamily = CREATE_OPERATOR_FAMILY {}
    CreatePolicy = CREATE_POLICY {
        on_table: OnTable,
        policy: Policy,
        using_expr_clause: UsingExprClause,
        with_check_expr_clause: WithCheckExprClause,
    }
    CreateProcedure = CREATE_PROCEDURE {
        body: RoutineBody,
        name: ProcedureName,
        option_list: FuncOptionList,
        or_replace: OrReplace,
        param_list: ParamList,
    }
    CreatePropertyGraph = CREATE_PROPERTY_GRAPH {}
    CreatePublication = CREATE_PUBLICATION { publication_for_clause: PublicationForClause }
    CreateRole = CREATE_ROLE {}
    CreateRule = CREATE_RULE { or_replace: OrReplace, rule: Rule, rule_do: RuleDo, rule_on: RuleOn }
    CreateSchema = CREATE_SCHEMA {
        create_schema_target: CreateSchemaTarget,
        if_not_exists: IfNotExists,
        schema_elements: [SchemaElement],
    }
    CreateSequence = CREATE_SEQUENCE {
        if_not_exists: IfNotExists,
        sequence: Sequence,
        sequence_options: [SequenceOption],
    }
    CreateServer = CREATE_SERVER {}
    CreateStatistics = CREATE_STATISTICS { table: FromTable, statistics: Statistics }
    CreateSubscription = CREATE_SUBSCRIPTION {}
    CreateTable = CREATE_TABLE {
        if_not_exists: IfNotExists,
        of_type: OfType,
        partition_by: PartitionBy,
        partition_of: PartitionOf,
        partition_type: PartitionType,
        persistence: Persistence,
    }
    CreateTableAs = CREATE_TABLE_AS {
        data_option: DataOption,
        if_not_exists: IfNotExists,
        persistence: Persistence,
        query: CreateTableAsQuery,
        table_arg_list: TableArgList,
        table_name: TableName,
    }
    CreateTablespace = CREATE_TABLESPACE {}
    CreateTextSearchConfiguration = CREATE_TEXT_SEARCH_CONFIGURATION {}
    CreateTextSearchDictionary = CREATE_TEXT_SEARCH_DICTIONARY {}
    CreateTextSearchParser = CREATE_TEXT_SEARCH_PARSER {}
    CreateTextSearchTemplate = CREATE_TEXT_SEARCH_TEMPLATE {}
    CreateTransform = CREATE_TRANSFORM {}
    CreateTrigger = CREATE_TRIGGER {
        call_expr: CallExpr,
        table: FromTable,
        on_relation: OnRelation,
        or_replace: OrReplace,
        timing: Timing,
        trigger: Trigger,
        trigger_event_list: TriggerEventList,
        trigger_level: TriggerLevel,
        constraint_token: (CONSTRAINT_KW),
    }
    CreateType = CREATE_TYPE { kind: CreateTypeKind, type_name: TypeName }
    CreateUser = CREATE_USER {}
    CreateUserMapping = CREATE_USER_MAPPING {}
    CreateView = CREATE_VIEW {
        or_replace: OrReplace,
        persistence: Persistence,
        query: SelectVariant,
        view: View,
    }
    Deallocate = DEALLOCATE {}
    Declare = DECLARE { query: SelectVariant }
    Delete = DELETE {}
    Discard = DISCARD {}
    Do = DO { body: Literal, do_language: DoLanguage }
    DropAggregate = DROP_AGGREGATE {}
    DropDomain = DROP_DOMAIN {}
    DropExtension = DROP_EXTENSION {}
    DropForeignTable = DROP_FOREIGN_TABLE {}
    DropFunction = DROP_FUNCTION {}
    DropIndex = DROP_INDEX { concurrently_token: (CONCURRENTLY_KW) }
    DropMaterializedView = DROP_MATERIALIZED_VIEW {}
    DropOwned = DROP_OWNED {}
    DropPolicy = DROP_POLICY {}
    DropProcedure = DROP_PROCEDURE {}
    DropPublication = DROP_PUBLICATION {}
    DropRoutine = DROP_ROUTINE {}
    DropRule = DROP_RULE {}
    DropSchema = DROP_SCHEMA {}
    DropSequence = DROP_SEQUENCE {}
    DropStatistics = DROP_STATISTICS {}
    DropTable = DROP_TABLE {}
    DropTrigger = DROP_TRIGGER {}
    DropType = DROP_TYPE {}
    DropView = DROP_VIEW {}
    Execute = EXECUTE {}
    Explain = EXPLAIN {}
    Fetch = FETCH {}
    Grant = GRANT { on_privilege_objects_clause: OnPrivilegeObjectsClause }
    ImportForeignSchema = IMPORT_FOREIGN_SCHEMA {}
    Insert = INSERT {}
    Listen = LISTEN {}
    Load = LOAD {}
    Lock = LOCK { lock_mode_clause: LockModeClause, nowait: Nowait, relation_list: RelationList }
    Merge = MERGE {}
    Move = MOVE {}
    Notify = NOTIFY {}
    Prepare = PREPARE {}
    PrepareTransaction = PREPARE_TRANSACTION {}
    Refresh = REFRESH { data_option: DataOption, view_ref: ViewRef, concurrently_token: (CONCURRENTLY_KW) }
    Reindex = REINDEX { reindex_option_list: ReindexOptionList, reindex_target: ReindexTarget }
    ReleaseSavepoint = RELEASE_SAVEPOINT { savepoint_ref: SavepointRef }
    Repack = REPACK { table_and_columns_list: TableAndColumnsList }
    Reset = RESET { reset_target: ResetTarget }
    ResetRole = RESET_ROLE {}
    ResetSessionAuth = RESET_SESSION_AUTH {}
    Revoke = REVOKE { on_privilege_objects_clause: OnPrivilegeObjectsClause }
    SavepointCreate = SAVEPOINT_CREATE { savepoint: Savepoint }
    SecurityLabel = SECURITY_LABEL { security_label_object: SecurityLabelObject }
    Set = SET { set_scope: SetScope, set_target: SetTarget }
    SetConstraints = SET_CONSTRAINTS {}
    SetRole = SET_ROLE { set_role_target: SetRoleTarget, set_scope: SetScope }
    SetSessionAuth = SET_SESSION_AUTH { set_scope: SetScope, set_session_auth_target: SetSessionAuthTarget }
    SetTransaction = SET_TRANSACTION {}
    Show = SHOW {}
    Truncate = TRUNCATE { drop_behavior: DropBehavior, table_list: TableList }
    Unlisten = UNLISTEN {}
    Update = UPDATE {}
    Vacuum = VACUUM {
        table_and_columns_list: TableAndColumnsList,
        vacuum_option_list: VacuumOptionList,
        analyse_token: (ANALYSE_KW),
        analyze_token: (ANALYZE_KW),
        full_token: (FULL_KW),
    }
}
