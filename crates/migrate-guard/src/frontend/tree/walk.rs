use squawk_parser::SyntaxKind;

use super::{Part, SyntaxNode};

impl SyntaxNode {
    /// The nodes right in it.
    pub(in crate::frontend) fn children(&self) -> impl Iterator<Item = Self> + use<> {
        self.elements().filter(|element| !element.part().is_token)
    }

    /// The nodes and tokens right in it.
    pub(in crate::frontend) fn elements(&self) -> impl Iterator<Item = Self> + use<> {
        let node = self.clone();
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let part = node.within(at)?;
            let element = node.beside(at);
            at = part.after;
            Some(element)
        })
    }

    pub(in crate::frontend) fn first_child(&self) -> Option<Self> {
        self.child(|_| true)
    }

    /// The first node right in it of such a kind.
    pub(super) fn child(&self, is: impl Fn(SyntaxKind) -> bool) -> Option<Self> {
        self.next_child(self.at + 1, is)
    }

    /// The same from this part of it on.
    pub(super) fn next_child(&self, mut at: u32, is: impl Fn(SyntaxKind) -> bool) -> Option<Self> {
        while let Some(part) = self.within(at) {
            if !part.is_token && is(part.kind) {
                return Some(self.beside(at));
            }
            at = part.after;
        }
        None
    }

    /// The first token right in it of that kind.
    pub(super) fn token(&self, kind: SyntaxKind) -> Option<Self> {
        let mut at = self.at + 1;
        while let Some(part) = self.within(at) {
            if part.is_token && part.kind == kind {
                return Some(self.beside(at));
            }
            at = part.after;
        }
        None
    }

    /// The first token in it, however deep.
    pub(in crate::frontend) fn first_token(&self) -> Option<Self> {
        let deep = self.at..self.part().after;
        deep.map(|at| self.beside(at)).find(|element| element.part().is_token)
    }

    /// The node it is right in.
    pub(in crate::frontend) fn parent(&self) -> Option<Self> {
        (self.at > 0).then(|| self.beside(self.part().above))
    }

    /// It, what it is in, and so on.
    pub(in crate::frontend) fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(self.clone()), Self::parent)
    }

    /// It and the nodes in it, however deep, in the order of their text.
    pub(in crate::frontend) fn descendants(&self) -> impl Iterator<Item = Self> + use<> {
        let node = self.clone();
        let deep = self.at..self.part().after;
        deep.map(move |at| node.beside(at)).filter(|element| !element.part().is_token)
    }

    /// What stands beside it in the node it is in, from behind it on.
    pub(super) fn followers(&self) -> impl Iterator<Item = Self> + use<> {
        let (at, above) = (self.at, self.parent());
        above.into_iter().flat_map(|above| above.elements()).filter(move |element| element.at > at)
    }

    /// Where the next part of its parent begins.
    pub(super) fn after(&self) -> u32 {
        self.part().after
    }

    fn within(&self, at: u32) -> Option<Part> {
        if at < self.part().after { self.tree.parts.get(at as usize).copied() } else { None }
    }
}
