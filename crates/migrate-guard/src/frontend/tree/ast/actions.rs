//! Actions and options of statements.

views! {
    AddAttribute = ADD_ATTRIBUTE {
        collate: Collate,
        composite_field: CompositeField,
        drop_behavior: DropBehavior,
        ty: Type,
    }
    AddColumn = ADD_COLUMN { column_name: ColumnName, if_not_exists: IfNotExists, ty: Type }
    AddConstraint = ADD_CONSTRAINT { constraint: Constraint }
    AddGenerated = ADD_GENERATED {}
    AddPublicationObjects = ADD_PUBLICATION_OBJECTS { publication_objects: [PublicationObject] }
    AddValue = ADD_VALUE { if_not_exists: IfNotExists, literal: Literal }
    All = ALL {}
    AlterAttribute = ALTER_ATTRIBUTE {
        collate: Collate,
        composite_field_ref: CompositeFieldRef,
        drop_behavior: DropBehavior,
        ty: Type,
    }
    AlterColumn = ALTER_COLUMN { column_name_ref: ColumnNameRef, option: AlterColumnOption }
    AlterConstraint = ALTER_CONSTRAINT { constraint_name_ref: ConstraintNameRef }
    AlterPolicyTo = ALTER_POLICY_TO {
        using_expr_clause: UsingExprClause,
        with_check_expr_clause: WithCheckExprClause,
    }
    AlterSetStatistics = ALTER_SET_STATISTICS {
        column_name_ref: ColumnNameRef,
        expr: Expr,
        set_options: SetOptions,
    }
    AlterTypeAttributeActionList = ALTER_TYPE_ATTRIBUTE_ACTION_LIST { actions: [AlterTypeAttributeAction] }
    AlterViewColumn = ALTER_VIEW_COLUMN {
        alter_view_column_action: AlterViewColumnAction,
        name: ColumnNameRef,
    }
    AsFuncOption = AS_FUNC_OPTION { as_func_target: AsFuncTarget }
    AttachIndexPartition = ATTACH_INDEX_PARTITION { index_ref: IndexRef }
    AttachPartition = ATTACH_PARTITION { partition_type: PartitionType, table_name_ref: TableNameRef }
    AttributeList = ATTRIBUTE_LIST { attribute_options: [AttributeOption] }
    Cascade = CASCADE {}
    ClusterOn = CLUSTER_ON {}
    DependsOnExtension = DEPENDS_ON_EXTENSION {}
    DetachConcurrently = DETACH_CONCURRENTLY {}
    DetachFinalize = DETACH_FINALIZE {}
    DetachPartition = DETACH_PARTITION {
        detach_partition_option: DetachPartitionOption,
        table_name_ref: TableNameRef,
    }
    DisableRls = DISABLE_RLS {}
    DisableRule = DISABLE_RULE { rule_ref: RuleRef }
    DisableTrigger = DISABLE_TRIGGER { trigger_target: TriggerTarget }
    DomainRenameTo = DOMAIN_RENAME_TO {}
    DropAttribute = DROP_ATTRIBUTE {
        composite_field_ref: CompositeFieldRef,
        drop_behavior: DropBehavior,
        if_exists: IfExists,
    }
    DropColumn = DROP_COLUMN {
        column_name_ref: ColumnNameRef,
        drop_behavior: DropBehavior,
        if_exists: IfExists,
    }
    DropConstraint = DROP_CONSTRAINT {
        constraint_name_ref: ConstraintNameRef,
        drop_behavior: DropBehavior,
        if_exists: IfExists,
    }
    DropDefault = DROP_DEFAULT {}
    DropExpression = DROP_EXPRESSION {}
    DropIdentity = DROP_IDENTITY {}
    DropNotNull = DROP_NOT_NULL {}
    DropPublicationObjects = DROP_PUBLICATION_OBJECTS { publication_objects: [PublicationObject] }
    EnableAlwaysRule = ENABLE_ALWAYS_RULE { rule_ref: RuleRef }
    EnableAlwaysTrigger = ENABLE_ALWAYS_TRIGGER { trigger_ref: TriggerRef }
    EnableReplicaRule = ENABLE_REPLICA_RULE { rule_ref: RuleRef }
    EnableReplicaTrigger = ENABLE_REPLICA_TRIGGER { trigger_ref: TriggerRef }
    EnableRls = ENABLE_RLS {}
    EnableRule = ENABLE_RULE { rule_ref: RuleRef }
    EnableTrigger = ENABLE_TRIGGER { trigger_target: TriggerTarget }
    ExcludingProperty = EXCLUDING_PROPERTY { table_property: TableProperty }
    ForceRls = FORCE_RLS {}
    FuncOptionList = FUNC_OPTION_LIST { options: [FuncOption] }
    Immutable = IMMUTABLE {}
    IncludingProperty = INCLUDING_PROPERTY { table_property: TableProperty }
    IndexRenameTo = INDEX_RENAME_TO { index: Index }
    Inherit = INHERIT {}
    InheritTable = INHERIT_TABLE { table_name_ref: TableNameRef }
    InitiallyDeferredConstraintOption = INITIALLY_DEFERRED_CONSTRAINT_OPTION {}
    LanguageFuncOption = LANGUAGE_FUNC_OPTION { language_ref: LanguageRef, literal: Literal }
    MergePartitions = MERGE_PARTITIONS { table_name_ref_list: TableNameRefList }
    NoAction = NO_ACTION {}
    NoDependsOnExtension = NO_DEPENDS_ON_EXTENSION {}
    NoForceRls = NO_FORCE_RLS {}
    NoInherit = NO_INHERIT {}
    NoInheritTable = NO_INHERIT_TABLE { table_name_ref: TableNameRef }
    NotEnforced = NOT_ENFORCED {}
    NotOf = NOT_OF {}
    NotValid = NOT_VALID {}
    Nothing = NOTHING {}
    OfType = OF_TYPE { ty: Type }
    OnDeleteAction = ON_DELETE_ACTION { ref_action: RefAction }
    OnUpdateAction = ON_UPDATE_ACTION { ref_action: RefAction }
    OptionOwnedBy = OPTION_OWNED_BY { owned_by_target: OwnedByTarget }
    OwnerTo = OWNER_TO {}
    PolicyRenameTo = POLICY_RENAME_TO { policy: Policy }
    ReindexOptionConcurrently = REINDEX_OPTION_CONCURRENTLY { literal: Literal }
    RenameAttribute = RENAME_ATTRIBUTE {
        composite_field: CompositeField,
        composite_field_ref: CompositeFieldRef,
    }
    RenameColumn = RENAME_COLUMN { column_name: ColumnName, column_name_ref: ColumnNameRef }
    RenameConstraint = RENAME_CONSTRAINT {
        constraint_name: ConstraintName,
        constraint_name_ref: ConstraintNameRef,
    }
    RenameValue = RENAME_VALUE {}
    ReplicaIdentity = REPLICA_IDENTITY { replica_identity_option: ReplicaIdentityOption }
    ResetOptions = RESET_OPTIONS { attribute_list: AttributeList }
    Restart = RESTART {}
    Restrict = RESTRICT {}
    RuleStmtList = RULE_STMT_LIST { rule_stmts: [RuleStmt] }
    SequenceRenameTo = SEQUENCE_RENAME_TO { sequence: Sequence }
    SetAccessMethod = SET_ACCESS_METHOD { access_method_ref: AccessMethodRef }
    SetAllPublicationObjectList = SET_ALL_PUBLICATION_OBJECT_LIST {
        all_publication_objects: [AllPublicationObject],
    }
    SetCompression = SET_COMPRESSION {}
    SetConfigParam = SET_CONFIG_PARAM {
        config_assignment: ConfigAssignment,
        config_parameter_ref: ConfigParameterRef,
    }
    SetDefault = SET_DEFAULT { expr: Expr }
    SetDefaultColumns = SET_DEFAULT_COLUMNS {}
    SetExpression = SET_EXPRESSION { expr: Expr }
    SetFuncOption = SET_FUNC_OPTION { set_config_param: SetConfigParam }
    SetGenerated = SET_GENERATED {}
    SetGeneratedOptions = SET_GENERATED_OPTIONS {}
    SetLogged = SET_LOGGED {}
    SetNotNull = SET_NOT_NULL {}
    SetNullColumns = SET_NULL_COLUMNS {}
    SetOptions = SET_OPTIONS { attribute_list: AttributeList }
    SetOptionsList = SET_OPTIONS_LIST {}
    SetPublicationObjects = SET_PUBLICATION_OBJECTS { publication_objects: [PublicationObject] }
    SetSchema = SET_SCHEMA { schema_ref: SchemaRef }
    SetSequenceOption = SET_SEQUENCE_OPTION {}
    SetStatistics = SET_STATISTICS {}
    SetStorage = SET_STORAGE {}
    SetTablespace = SET_TABLESPACE {}
    SetType = SET_TYPE { collate: Collate, ty: Type, using_expr: UsingExpr }
    SetUnlogged = SET_UNLOGGED {}
    SetWithoutCluster = SET_WITHOUT_CLUSTER {}
    SplitPartition = SPLIT_PARTITION { table_name_ref: TableNameRef }
    Stable = STABLE {}
    TableRenameTo = TABLE_RENAME_TO { table_name: TableName }
    TriggerRenameTo = TRIGGER_RENAME_TO { trigger: Trigger }
    ValidateConstraint = VALIDATE_CONSTRAINT { constraint_name_ref: ConstraintNameRef }
    ViewRenameTo = VIEW_RENAME_TO { view: View }
    WithNoData = WITH_NO_DATA {}
}
