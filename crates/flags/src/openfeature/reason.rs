use open_feature::{EvaluationError, EvaluationErrorCode, EvaluationReason};

use crate::rules::Basis;
use crate::{Evaluation, Reason};

/// Why a flag is as it is, in OpenFeature's words.
pub(super) fn reason(evaluation: &Evaluation, basis: Basis, stale: bool) -> EvaluationReason {
    match evaluation.reason {
        Reason::Malformed | Reason::Unreadable | Reason::RulesUnreadable | Reason::Unknown => {
            EvaluationReason::Error
        }
        Reason::Unset => EvaluationReason::Default,
        Reason::TooOld => other("STALE"),
        _ if stale => other("STALE"),
        Reason::Gate if evaluation.value => EvaluationReason::Static,
        Reason::Gate => EvaluationReason::Disabled,
        Reason::NoRule => EvaluationReason::Default,
        Reason::Prerequisite => other("PREREQUISITE_FAILED"),
        Reason::Everybody | Reason::Rule(_) => on_basis(basis),
    }
}

fn on_basis(basis: Basis) -> EvaluationReason {
    match basis {
        Basis::Constant => EvaluationReason::Static,
        Basis::Targeting => EvaluationReason::TargetingMatch,
        Basis::Split => EvaluationReason::Split,
        Basis::Rest => EvaluationReason::Default,
    }
}

fn other(word: &str) -> EvaluationReason {
    EvaluationReason::Other(word.to_owned())
}

/// Why a flag cannot be told in the type that was asked for.
pub(super) fn refused(flag: &str, evaluation: &Evaluation, reason: &EvaluationReason) -> EvaluationError {
    let said = match evaluation.reason {
        Reason::Malformed | Reason::Unreadable | Reason::RulesUnreadable => return unreadable(flag),
        Reason::Unset | Reason::TooOld => "only its safe value is known, which is on or off",
        _ if !evaluation.value => "it is off for this caller, and has no value then",
        _ => return error(EvaluationErrorCode::TypeMismatch, flag, "it holds another type"),
    };
    error(EvaluationErrorCode::General(reason.to_string()), flag, said)
}

pub(super) fn unreadable(flag: &str) -> EvaluationError {
    error(EvaluationErrorCode::ParseError, flag, "what it holds makes no sense")
}

pub(super) fn not_found(flag: &str, nothing_known: bool) -> EvaluationError {
    if nothing_known {
        return error(EvaluationErrorCode::ProviderNotReady, flag, "nothing is known of any flag yet");
    }
    error(EvaluationErrorCode::FlagNotFound, flag, "nobody knows it")
}

fn error(code: EvaluationErrorCode, flag: &str, said: &str) -> EvaluationError {
    let flag = crate::name::shown(flag);
    EvaluationError { code, message: Some(format!("flag `{flag}`: {said}")) }
}
