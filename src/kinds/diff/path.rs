//! Where in a value something stands, in a text that can be followed: the grammar of `docs/json.md`.

use std::fmt;
use std::sync::Arc;

/// One step down into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the field of a map.
    Field(Box<str>),
    /// To the item at this place of a list, from 0.
    Index(usize),
    /// To the item of a list in which fields have these values: the first of them, or the one of this number.
    Item(Vec<(&'static str, Box<str>)>, usize),
    /// To one of the items of a list that are equal to what the change says.
    Any,
}

/// The steps from the top; paths share what they have in common.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Path(Option<Arc<Link>>);

#[derive(PartialEq, Eq)]
struct Link {
    above: Path,
    step: Step,
    /// How many bytes the path has as text, about.
    len: usize,
}

impl Path {
    /// The path one step further down.
    #[must_use]
    pub fn to(&self, step: Step) -> Self {
        let own = match &step {
            Step::Field(name) => name.len() + 1,
            Step::Index(_) => 8,
            Step::Item(fields, _) => fields.iter().map(|(name, text)| name.len() + text.len() + 4).sum(),
            Step::Any => 2,
        };
        let len = self.weight() + own;
        Self(Some(Arc::new(Link { above: self.clone(), step, len })))
    }

    /// To the field of a map.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        self.to(Step::Field(name.into()))
    }

    /// All steps, from the top.
    pub fn steps(&self) -> Vec<&Step> {
        let mut steps = Vec::new();
        let mut link = self.0.as_ref();
        while let Some(this) = link {
            steps.push(&this.step);
            link = this.above.0.as_ref();
        }
        steps.reverse();
        steps
    }

    /// The last step.
    pub fn last(&self) -> Option<&Step> {
        self.0.as_ref().map(|link| &link.step)
    }

    /// The path without its last step.
    #[must_use]
    pub fn above(&self) -> Self {
        self.0.as_ref().map(|link| link.above.clone()).unwrap_or_default()
    }

    /// About how many bytes it has as text.
    pub(super) fn weight(&self) -> usize {
        self.0.as_ref().map_or(0, |link| link.len)
    }
}

impl Drop for Path {
    /// Lets go of the links above one by one, whatever their number.
    fn drop(&mut self) {
        let mut link = self.0.take();
        while let Some(this) = link {
            link = Arc::into_inner(this).and_then(|mut last| last.above.0.take());
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.steps() {
            match step {
                Step::Field(name) => write!(out, "/{}", escaped(name))?,
                Step::Index(at) => write!(out, "/{at}")?,
                Step::Any => out.write_str("/-")?,
                Step::Item(fields, number) => {
                    out.write_str("/[")?;
                    for (at, (name, text)) in fields.iter().enumerate() {
                        let comma = if at > 0 { "," } else { "" };
                        write!(out, "{comma}{name}={}", escaped(text).replace(',', "~2"))?;
                    }
                    out.write_str("]")?;
                    if *number > 1 {
                        write!(out, "#{number}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// The escapes of JSON Pointer (RFC 6901 §3).
fn escaped(text: &str) -> String {
    text.replace('~', "~0").replace('/', "~1")
}
