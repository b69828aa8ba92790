//! Who gets a flag that is on.
use std::sync::Arc;
#[derive(Debug, Clone, PartialEq)]
pub struct Rules;
#[derive(Debug, Clone, PartialEq)]
pub struct Segment;
#[derive(Debug, Clone, PartialEq)]
pub struct Variant;
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Context;
impl Context { pub fn new() -> Self { Self } pub fn user(self, _: &str) -> Self { self } }
#[derive(Debug)]
pub struct Compiled;
pub struct Decision<'a> { pub on: bool, pub variant: Option<&'a Arc<Variant>>, pub why: crate::hot::Reason }
impl Compiled {
    pub fn new(_: &str, _: &Rules, _: &dyn Fn(&str) -> Option<Arc<Segment>>) -> Self { Self }
    pub(crate) fn decide(&self, _: &Context, _: &crate::flags::Shared) -> Decision<'_> { Decision { on: true, variant: None, why: crate::hot::Reason::Everybody } }
    pub fn turns_with_time(&self) -> bool { false }
}
pub fn murmur3(b: &[u8], _: u32) -> u32 { b.iter().fold(7u32, |a, b| a.wrapping_mul(31).wrapping_add(u32::from(*b))) }
impl Rules { pub fn parse(_: &str) -> Result<Self, String> { Ok(Self) } }
impl Segment { pub fn parse(_: &str) -> Result<Self, String> { Ok(Self) } }
