use async_trait::async_trait;
use open_feature::provider::{FeatureProvider, ProviderMetadata, ProviderStatus, ResolutionDetails};
use open_feature::{EvaluationContext, EvaluationResult, StructValue};

use super::caller::caller;
use super::payload::Content;
use super::reason::{not_found, reason, refused, unreadable};
use crate::{Flags, Reason, Source, Standing, Started};

/// Flags as OpenFeature's client asks for them: see the [module](crate::openfeature) for what it is told.
#[derive(Debug, Clone)]
pub struct OpenFeatureProvider {
    flags: Flags,
    metadata: ProviderMetadata,
}

impl OpenFeatureProvider {
    /// These flags, under the name `handover`.
    pub fn new(flags: &Flags) -> Self {
        Self { flags: flags.clone(), metadata: ProviderMetadata::new("handover") }
    }

    fn resolve<T>(
        &self,
        flag: &str,
        context: &EvaluationContext,
        typed: impl FnOnce(&Content) -> Option<T>,
    ) -> EvaluationResult<ResolutionDetails<T>> {
        let (evaluation, basis) = self.flags.evaluate_with_basis(flag, &caller(context));
        let (standing, started) = self.flags.standing();
        if evaluation.reason == Reason::Unknown {
            return Err(not_found(flag, nothing_known(standing, started)));
        }
        let stale = standing != Standing::Live && evaluation.source != Source::Safe;
        let reason = reason(&evaluation, basis, stale);
        let held = Content::of(&evaluation).map_err(|_| unreadable(flag))?;
        let Some(value) = typed(&held) else { return Err(refused(flag, &evaluation, &reason)) };
        let switch = if evaluation.value { "on" } else { "off" };
        let variant = evaluation.variant.as_ref().map_or(switch, |variant| &variant.name).to_owned();
        Ok(ResolutionDetails { value, variant: Some(variant), reason: Some(reason), flag_metadata: None })
    }
}

/// Whether a name that is not known may well be a flag's.
fn nothing_known(standing: Standing, started: Started) -> bool {
    standing == Standing::Never && started == Started::Safe
}

#[async_trait]
impl FeatureProvider for OpenFeatureProvider {
    fn status(&self) -> ProviderStatus {
        match self.flags.standing() {
            (Standing::Live, _) => ProviderStatus::Ready,
            (standing, started) if nothing_known(standing, started) => ProviderStatus::NotReady,
            _ => ProviderStatus::STALE,
        }
    }

    fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    async fn resolve_bool_value(
        &self,
        flag: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<bool>> {
        self.resolve(flag, context, Content::bool)
    }

    async fn resolve_int_value(
        &self,
        flag: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<i64>> {
        self.resolve(flag, context, Content::int)
    }

    async fn resolve_float_value(
        &self,
        flag: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<f64>> {
        self.resolve(flag, context, Content::float)
    }

    async fn resolve_string_value(
        &self,
        flag: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<String>> {
        self.resolve(flag, context, Content::string)
    }

    async fn resolve_struct_value(
        &self,
        flag: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<StructValue>> {
        self.resolve(flag, context, Content::structure)
    }
}
