use crate::QualifiedName;
use crate::catalog::TypeDef;
use crate::ddl::TypeRef;
use crate::replay::World;

/// How many domains may stand on one another.
const DEPTH: usize = 16;

/// A type as a cast sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// The type beneath the domains, with its modifiers; the name has no schema where only that differs.
    pub(super) ty: TypeRef,
    /// The domain, if it is one.
    pub(super) domain: Option<QualifiedName>,
    /// Whether a domain asks anything of a value.
    pub(super) constrained: bool,
}

impl Facts {
    /// What is known of `ty`.
    pub(super) fn of(world: &World<'_>, ty: &TypeRef) -> Self {
        let mut facts = Self { ty: bare(ty), domain: None, constrained: false };
        let mut next = ty.clone();
        for _ in 0..DEPTH {
            let Some(TypeDef::Domain { base, constrained, .. }) = domain(world, &next) else { break };
            let outer = || next.name.or_in(world.path.first());
            facts.domain = facts.domain.or_else(|| Some(outer()));
            facts.constrained |= constrained;
            facts.ty = bare(base);
            next = base.clone();
        }
        facts
    }

    /// The same once it is the value of a cast: a domain's modifiers are not seen from outside.
    pub(super) fn after_cast(self) -> Self {
        if self.domain.is_some() { self.plain() } else { self }
    }

    /// Without modifiers.
    pub(super) fn plain(mut self) -> Self {
        self.ty.modifiers.clear();
        self.ty.fields = None;
        self
    }

    /// A name that types with the same operators for indexes and foreign keys have in common.
    pub(super) fn operators(&self) -> (&str, bool) {
        let name = match self.ty.name.name.as_str() {
            "varchar" => "text",
            "cidr" => "inet",
            name if name.starts_with("reg") => "oid",
            name => name,
        };
        (name, self.ty.dimensions > 0)
    }
}

fn domain<'w>(world: &'w World<'_>, ty: &TypeRef) -> Option<&'w TypeDef> {
    (ty.dimensions == 0).then(|| world.catalog.type_named(&ty.name, &world.path)).flatten()
}

/// A type by its own name.
fn bare(ty: &TypeRef) -> TypeRef {
    let mut bare = ty.clone();
    bare.name.schema = None;
    bare
}
