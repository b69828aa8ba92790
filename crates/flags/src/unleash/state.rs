//! The features and segments that a state amounts to.

use std::collections::BTreeMap;

use super::ImportError;
use super::wire::{Event, Feature, Segment, State};

/// By name and by number; of two with the same the later counts.
#[derive(Default)]
pub(super) struct Known {
    pub(super) features: BTreeMap<String, Feature>,
    pub(super) segments: BTreeMap<i64, Segment>,
}

impl Known {
    pub(super) fn of(state: State) -> Result<Self, ImportError> {
        let mut known = Self::default();
        match (state.features, state.events) {
            (None, None) => return Err(ImportError::NoState),
            (features, events) => {
                known.fill(features.unwrap_or_default(), state.segments);
                events.unwrap_or_default().into_iter().for_each(|event| known.apply(event));
            }
        }
        Ok(known)
    }

    fn fill(&mut self, features: Vec<Feature>, segments: Vec<Segment>) {
        self.features = features.into_iter().map(|feature| (feature.name.clone(), feature)).collect();
        self.segments = segments.into_iter().map(|segment| (segment.id, segment)).collect();
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::FeatureUpdated { feature } => drop(self.features.insert(feature.name.clone(), feature)),
            Event::FeatureRemoved { feature_name } => drop(self.features.remove(&feature_name)),
            Event::SegmentUpdated { segment } => drop(self.segments.insert(segment.id, segment)),
            Event::SegmentRemoved { segment_id } => drop(self.segments.remove(&segment_id)),
            Event::Hydration { features, segments } => self.fill(features, segments),
        }
    }
}
