//! Who gets a flag that is on.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules;
#[derive(Debug, Clone, PartialEq)]
pub struct Segment;
impl Rules {
    pub fn parse(_: &str) -> Result<Self, String> {
        Ok(Self)
    }
}
impl Segment {
    pub fn parse(_: &str) -> Result<Self, String> {
        Ok(Self)
    }
}
