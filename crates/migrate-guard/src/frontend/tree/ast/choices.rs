//! What may stand in one place.
#![expect(clippy::enum_variant_names, reason = "the names are the grammar's")]

choices! {
    AllPublicationObject = [AllPublicationTables] [] Other [ALL_PUBLICATION_SEQUENCES];
    AlterAggregateAction = [OwnerTo SetSchema] [] Other [AGGREGATE_RENAME_TO];
    AlterColumnOption = [
        AddGenerated DropDefault DropExpression DropIdentity DropNotNull Inherit NoInherit ResetOptions
        Restart SetCompression SetDefault SetExpression SetGenerated SetGeneratedOptions SetNotNull
        SetOptions SetOptionsList SetSequenceOption SetStatistics SetStorage SetType
    ] [];
    AlterDomainAction = [
        AddConstraint DomainRenameTo DropConstraint DropDefault DropNotNull OwnerTo RenameConstraint
        SetDefault SetNotNull SetSchema ValidateConstraint
    ] [];
    AlterExtensionAction = [SetSchema] [] Other [ALTER_EXTENSION_ADD ALTER_EXTENSION_DROP ALTER_EXTENSION_UPDATE];
    AlterFunctionAction = [DependsOnExtension FuncOptionList NoDependsOnExtension OwnerTo SetSchema] [] Other [FUNCTION_RENAME_TO];
    AlterIndexAction = [
        AlterSetStatistics AttachIndexPartition DependsOnExtension IndexRenameTo NoDependsOnExtension
        ResetOptions SetOptions SetTablespace
    ] [];
    AlterMaterializedViewAction = [DependsOnExtension NoDependsOnExtension RenameColumn SetSchema ViewRenameTo] [AlterTableAction];
    AlterPolicyAction = [AlterPolicyTo PolicyRenameTo] [];
    AlterProcedureAction = [DependsOnExtension FuncOptionList NoDependsOnExtension OwnerTo SetSchema] [] Other [PROCEDURE_RENAME_TO];
    AlterPublicationAction = [
        AddPublicationObjects DropPublicationObjects OwnerTo SetAllPublicationObjectList SetOptions
        SetPublicationObjects
    ] [] Other [PUBLICATION_RENAME_TO];
    AlterRoutineAction = [DependsOnExtension FuncOptionList NoDependsOnExtension OwnerTo SetSchema] [] Other [ROUTINE_RENAME_TO];
    AlterSchemaAction = [OwnerTo] [] Other [SCHEMA_RENAME_TO];
    AlterSequenceAction = [OwnerTo SequenceRenameTo SetLogged SetSchema SetUnlogged] [SequenceOption];
    AlterStatisticsAction = [OwnerTo SetSchema SetStatistics] [] Other [STATISTICS_RENAME_TO];
    AlterTableAction = [
        AddColumn AddConstraint AlterColumn AlterConstraint AttachPartition ClusterOn DetachPartition
        DisableRls DisableRule DisableTrigger DropColumn DropConstraint EnableAlwaysRule EnableAlwaysTrigger
        EnableReplicaRule EnableReplicaTrigger EnableRls EnableRule EnableTrigger ForceRls InheritTable
        MergePartitions NoForceRls NoInheritTable NotOf OfType OwnerTo RenameColumn RenameConstraint
        ReplicaIdentity ResetOptions SetAccessMethod SetLogged SetOptions SetSchema SetTablespace
        SetUnlogged SetWithoutCluster SplitPartition TableRenameTo ValidateConstraint
    ] [] Other [ALTER_OPTION_LIST OPTION_ITEM_LIST SET_WITHOUT_OIDS];
    AlterTriggerAction = [DependsOnExtension NoDependsOnExtension TriggerRenameTo] [];
    AlterTypeAction = [
        AddValue AlterTypeAttributeActionList OwnerTo RenameAttribute RenameValue SetOptions SetSchema
    ] [] Other [TYPE_RENAME_TO];
    AlterTypeAttributeAction = [AddAttribute AlterAttribute DropAttribute] [];
    AlterViewAction = [
        AlterViewColumn OwnerTo RenameColumn ResetOptions SetOptions SetSchema ViewRenameTo
    ] [];
    AlterViewColumnAction = [DropDefault SetDefault] [];
    AsFuncTarget = [AsDefinition] [] Other [AS_OBJ_FILE];
    CommentObject = [ObjectColumn ObjectConstraint ObjectPolicy ObjectRule ObjectTrigger] [] Other [
        OBJECT_ACCESS_METHOD OBJECT_AGGREGATE OBJECT_CAST OBJECT_COLLATION OBJECT_CONVERSION OBJECT_DATABASE
        OBJECT_DOMAIN OBJECT_EVENT_TRIGGER OBJECT_EXTENSION OBJECT_FOREIGN_DATA_WRAPPER OBJECT_FOREIGN_TABLE
        OBJECT_FUNCTION OBJECT_INDEX OBJECT_LANGUAGE OBJECT_LARGE_OBJECT OBJECT_MATERIALIZED_VIEW
        OBJECT_OPERATOR OBJECT_OPERATOR_CLASS OBJECT_OPERATOR_FAMILY OBJECT_PROCEDURE OBJECT_PROPERTY_GRAPH
        OBJECT_PUBLICATION OBJECT_ROLE OBJECT_ROUTINE OBJECT_SCHEMA OBJECT_SEQUENCE OBJECT_SERVER
        OBJECT_STATISTICS OBJECT_SUBSCRIPTION OBJECT_TABLE OBJECT_TABLESPACE OBJECT_TEXT_SEARCH_CONFIG
        OBJECT_TEXT_SEARCH_DICT OBJECT_TEXT_SEARCH_PARSER OBJECT_TEXT_SEARCH_TEMPLATE OBJECT_TRANSFORM
        OBJECT_TYPE OBJECT_VIEW
    ];
    Commit = [CommitTransaction] [] Other [COMMIT_PREPARED];
    ConfigAssignment = [ToConfigValue] [] Other [FROM_CURRENT];
    ConfigValue = [ConfigValueName Literal PrefixExpr] [];
    Constraint = [
        CheckConstraint DefaultConstraint ExcludeConstraint ForeignKeyConstraint GeneratedConstraint
        NotNullConstraint NullConstraint PrimaryKeyConstraint ReferencesConstraint UniqueConstraint
    ] [];
    ConstraintOption = [Inherit InitiallyDeferredConstraintOption NoInherit NotEnforced NotValid] [] Other [
        DEFERRABLE_CONSTRAINT_OPTION ENFORCED INITIALLY_IMMEDIATE_CONSTRAINT_OPTION
        NOT_DEFERRABLE_CONSTRAINT_OPTION
    ];
    CreateSchemaTarget = [AuthorizationSchema NamedSchema] [];
    CreateTableAsQuery = [Execute] [SelectVariant];
    CreateTypeKind = [BaseType CompositeType EnumType RangeType] [];
    DataOption = [WithNoData] [] Other [WITH_DATA];
    DetachPartitionOption = [DetachConcurrently DetachFinalize] [];
    DomainQualifier = [Collate] [Constraint];
    DropBehavior = [Cascade Restrict] [];
    Expr = [
        ArrayExpr BinExpr CallExpr CastExpr Collate FieldExpr Literal NameRef ParenExpr PostfixExpr
        PrefixExpr
    ] [] Other [BETWEEN_EXPR CASE_EXPR INDEX_EXPR SLICE_EXPR TUPLE_EXPR];
    FuncArgExpr = [NamedArg] [Expr];
    FuncOption = [AsFuncOption LanguageFuncOption SetFuncOption] [VolatilityFuncOption] Other [
        CALLED_ON_NULL_INPUT_FUNC_OPTION COST_FUNC_OPTION LEAKPROOF_FUNC_OPTION NOT_LEAKPROOF_FUNC_OPTION
        PARALLEL_FUNC_OPTION RESET_FUNC_OPTION RETURNS_NULL_ON_NULL_INPUT_FUNC_OPTION ROWS_FUNC_OPTION
        SECURITY_DEFINER_FUNC_OPTION SECURITY_INVOKER_FUNC_OPTION STRICT_FUNC_OPTION SUPPORT_FUNC_OPTION
        TRANSFORM_FUNC_OPTION WINDOW_FUNC_OPTION
    ];
    FuncType = [PercentType] [Type];
    GeneratedAs = [GeneratedIdentity GeneratedStored] [];
    GeneratedKind = [Stored] [] Other [VIRTUAL];
    IntervalQualifier = [IntervalSecond] [] Other [INTERVAL_DAY INTERVAL_HOUR INTERVAL_MINUTE INTERVAL_MONTH INTERVAL_YEAR];
    LikeOption = [ExcludingProperty IncludingProperty] [];
    LockMode = [
        AccessExclusive AccessShare Exclusive RowExclusive RowShare Share ShareRowExclusive
        ShareUpdateExclusive
    ] [];
    OwnedByTarget = [OwnedByNone QualifiedColumnNameRef] [];
    ParamMode = [ParamInOut ParamOut] [] Other [PARAM_IN PARAM_VARIADIC];
    PartitionType = [PartitionDefault] [] Other [PARTITION_FOR_VALUES_FROM PARTITION_FOR_VALUES_IN PARTITION_FOR_VALUES_WITH];
    Persistence = [Temp Unlogged] [];
    PrivilegeObjects = [PrivilegeAllTablesInSchema PrivilegeDefault PrivilegeTable] [] Other [
        PRIVILEGE_ALL_FUNCTIONS_IN_SCHEMA PRIVILEGE_ALL_PROCEDURES_IN_SCHEMA
        PRIVILEGE_ALL_ROUTINES_IN_SCHEMA PRIVILEGE_ALL_SEQUENCES_IN_SCHEMA PRIVILEGE_DATABASE
        PRIVILEGE_DOMAIN PRIVILEGE_FOREIGN_DATA_WRAPPER PRIVILEGE_FOREIGN_SERVER PRIVILEGE_FUNCTION
        PRIVILEGE_LANGUAGE PRIVILEGE_LARGE_OBJECT PRIVILEGE_PARAMETER PRIVILEGE_PROCEDURE
        PRIVILEGE_PROPERTY_GRAPH PRIVILEGE_ROUTINE PRIVILEGE_SCHEMA PRIVILEGE_SEQUENCE PRIVILEGE_TABLESPACE
        PRIVILEGE_TYPE
    ];
    PublicationForClause = [ForAllPublicationObjects ForPublicationObjects] [];
    PublicationObject = [
        PublicationObjectCurrentSchema PublicationObjectTable PublicationObjectTablesInSchema
    ] [];
    RefAction = [Cascade NoAction Restrict SetDefaultColumns SetNullColumns] [];
    ReferentialAction = [OnDeleteAction OnUpdateAction] [];
    ReindexOption = [ReindexOptionConcurrently] [] Other [REINDEX_OPTION_TABLESPACE REINDEX_OPTION_VERBOSE];
    ReindexTarget = [
        ReindexTargetDatabase ReindexTargetIndex ReindexTargetSchema ReindexTargetSystem ReindexTargetTable
    ] [];
    ReplicaIdentityOption = [UsingIndexName] [] Other [REPLICA_IDENTITY_DEFAULT REPLICA_IDENTITY_FULL REPLICA_IDENTITY_NOTHING];
    ResetTarget = [All ConfigParameterRef ResetTimeZone ResetTransactionIsolation] [];
    Rollback = [RollbackToSavepoint RollbackTransaction] [] Other [ROLLBACK_PREPARED];
    RoutineBody = [AtomicBody ReturnStmt] [];
    RoutineBodyStmt = [ReturnStmt] [Stmt];
    RuleAction = [Nothing RuleStmtList] [RuleStmt];
    RuleStmt = [Delete Insert Notify Update] [SelectVariant];
    SchemaElement = [
        CreateAggregate CreateCollation CreateDomain CreateFunction CreateIndex CreateOperator
        CreateProcedure CreateSequence CreateTable CreateTextSearchConfiguration CreateTextSearchDictionary
        CreateTextSearchParser CreateTextSearchTemplate CreateTrigger CreateType CreateView Grant
    ] [];
    SecurityLabelObject = [ObjectColumn] [] Other [
        OBJECT_AGGREGATE OBJECT_DATABASE OBJECT_DOMAIN OBJECT_EVENT_TRIGGER OBJECT_FOREIGN_TABLE
        OBJECT_FUNCTION OBJECT_LANGUAGE OBJECT_LARGE_OBJECT OBJECT_MATERIALIZED_VIEW OBJECT_PROCEDURE
        OBJECT_PUBLICATION OBJECT_ROLE OBJECT_ROUTINE OBJECT_SCHEMA OBJECT_SEQUENCE OBJECT_SUBSCRIPTION
        OBJECT_TABLE OBJECT_TABLESPACE OBJECT_TYPE OBJECT_VIEW
    ];
    SelectVariant = [CompoundSelect ParenSelect Select SelectInto Table Values] [];
    SequenceOption = [OptionOwnedBy] [] Other [
        OPTION_AS_TYPE OPTION_CACHE OPTION_CYCLE OPTION_INCREMENT OPTION_LOGGED OPTION_MAX_VALUE
        OPTION_MIN_VALUE OPTION_NO_CYCLE OPTION_NO_MAX_VALUE OPTION_NO_MIN_VALUE OPTION_RESTART
        OPTION_SEQUENCE_NAME OPTION_START OPTION_UNLOGGED
    ];
    SetRoleTarget = [Literal RoleRef SetRoleNone] [];
    SetScope = [LocalScope] [] Other [SESSION_SCOPE];
    SetSessionAuthTarget = [Literal RoleRef SetSessionAuthDefault] [];
    SetTarget = [SetCatalog SetConfig SetSchemaValue SetTimeZone SetXmlOption] [];
    Stmt = [
        AlterAggregate AlterCollation AlterConversion AlterDatabase AlterDefaultPrivileges AlterDomain
        AlterEventTrigger AlterExtension AlterForeignDataWrapper AlterForeignTable AlterFunction AlterGroup
        AlterIndex AlterLanguage AlterLargeObject AlterMaterializedView AlterOperator AlterOperatorClass
        AlterOperatorFamily AlterPolicy AlterProcedure AlterPropertyGraph AlterPublication AlterRole
        AlterRoutine AlterRule AlterSchema AlterSequence AlterServer AlterStatistics AlterSubscription
        AlterSystem AlterTable AlterTablespace AlterTextSearchConfiguration AlterTextSearchDictionary
        AlterTextSearchParser AlterTextSearchTemplate AlterTrigger AlterType AlterUser AlterUserMapping
        AlterView Analyze Begin Call Checkpoint Close Cluster CommentOn CompoundSelect Copy
        CreateAccessMethod CreateAggregate CreateCast CreateCollation CreateConversion CreateDatabase
        CreateDomain CreateEventTrigger CreateExtension CreateForeignDataWrapper CreateForeignTable
        CreateFunction CreateGroup CreateIndex CreateLanguage CreateMaterializedView CreateOperator
        CreateOperatorClass CreateOperatorFamily CreatePolicy CreateProcedure CreatePropertyGraph
        CreatePublication CreateRole CreateRule CreateSchema CreateSequence CreateServer CreateStatistics
        CreateSubscription CreateTable CreateTableAs CreateTablespace CreateTextSearchConfiguration
        CreateTextSearchDictionary CreateTextSearchParser CreateTextSearchTemplate CreateTransform
        CreateTrigger CreateType CreateUser CreateUserMapping CreateView Deallocate Declare Delete Discard
        Do DropAggregate DropDomain DropExtension DropForeignTable DropFunction DropIndex
        DropMaterializedView DropOwned DropPolicy DropProcedure DropPublication DropRoutine DropRule
        DropSchema DropSequence DropStatistics DropTable DropTrigger DropType DropView Execute Explain Fetch
        Grant ImportForeignSchema Insert Listen Load Lock Merge Move Notify ParenSelect Prepare
        PrepareTransaction Refresh Reindex ReleaseSavepoint Repack Reset ResetRole ResetSessionAuth Revoke
        SavepointCreate SecurityLabel Select SelectInto Set SetConstraints SetRole SetSessionAuth
        SetTransaction Show Table Truncate Unlisten Update Vacuum Values
    ] [Commit Rollback] Other [
        DROP_ACCESS_METHOD DROP_CAST DROP_COLLATION DROP_CONVERSION DROP_DATABASE DROP_EVENT_TRIGGER
        DROP_FOREIGN_DATA_WRAPPER DROP_GROUP DROP_LANGUAGE DROP_OPERATOR DROP_OPERATOR_CLASS
        DROP_OPERATOR_FAMILY DROP_PROPERTY_GRAPH DROP_ROLE DROP_SERVER DROP_SUBSCRIPTION DROP_TABLESPACE
        DROP_TEXT_SEARCH_CONFIG DROP_TEXT_SEARCH_DICT DROP_TEXT_SEARCH_PARSER DROP_TEXT_SEARCH_TEMPLATE
        DROP_TRANSFORM DROP_USER DROP_USER_MAPPING EMPTY_STMT REASSIGN
    ];
    TableArg = [Column LikeClause] [TableConstraint];
    TableConstraint = [
        CheckConstraint ExcludeConstraint ForeignKeyConstraint NotNullConstraint PrimaryKeyConstraint
        UniqueConstraint
    ] [];
    TableProperty = [] [] Other [
        PROPERTY_ALL PROPERTY_COMMENTS PROPERTY_COMPRESSION PROPERTY_CONSTRAINTS PROPERTY_DEFAULTS
        PROPERTY_GENERATED PROPERTY_IDENTITY PROPERTY_INDEXES PROPERTY_STATISTICS PROPERTY_STORAGE
    ];
    Timezone = [WithTimezone] [] Other [WITHOUT_TIMEZONE];
    Timing = [TimingAfter TimingBefore TimingInsteadOf] [];
    TriggerEvent = [TriggerEventDelete TriggerEventInsert TriggerEventTruncate TriggerEventUpdate] [];
    TriggerLevel = [ForEachRow] [] Other [FOR_EACH_STATEMENT];
    TriggerTarget = [All TriggerRef User] [];
    Type = [
        ArrayType BitType BitVaryingType CharacterType DoubleType IntervalType PathType TimeType
        TimestampType VarcharType
    ] [];
    VolatilityFuncOption = [Immutable Stable] [] Other [VOLATILE];
    XmlDocumentOrContent = [] [] Other [XML_CONTENT XML_DOCUMENT];
}
