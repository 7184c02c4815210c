//! Predictions: said before it is tried, and never taken back; what became of them is said once.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Decision;
use super::check::Check;
use super::crew::works_on;
use super::cycle::require_open;
use crate::error::{Error, Result};
use crate::id::CycleId;
use crate::model::{Cycle, Prediction, PredictionOutcome, PredictionResult};
use crate::text::{BODY, TITLE, TextRule};

/// Most predictions of a cycle.
const MAX_PREDICTIONS: usize = 200;

/// What one thinks will happen in a cycle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPrediction {
    /// In which cycle.
    pub cycle: CycleId,
    /// The question, 1 to 300 characters.
    pub question: String,
    /// What is predicted, 1 to 300 characters.
    pub predicted: String,
}

/// What became of a prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultOf {
    /// In which cycle.
    pub cycle: CycleId,
    /// Of which prediction.
    pub prediction: Uuid,
    /// `confirmed`, `refuted` or `unclear`.
    pub outcome: String,
    /// What was learned, 1 to 200,000 characters.
    pub learning: String,
}

pub(super) fn predict(decision: &mut Decision<'_>, input: &NewPrediction) -> Result<Cycle> {
    let before = decision.subject::<Cycle>(input.cycle)?;
    decision.permit(works_on(decision, &before))?;
    let mut check = Check::default();
    let question = check.text("question", &input.question, TITLE);
    let predicted = check.text("predicted", &input.predicted, TITLE);
    check.input()?;
    let mut check = Check::default();
    require_open(&mut check, &before);
    let few = before.predictions.len() < MAX_PREDICTIONS;
    check.require(few, "cycle", "cycle.too_many_predictions", "at most 200 predictions");
    check.state()?;
    let mut after = before.clone();
    after.predictions.insert(Prediction {
        id: decision.new_id(),
        question,
        predicted,
        by: decision.actor().member(),
        at: decision.context.now,
        late: before.began_trying().is_some(),
        result: None,
    });
    Ok(decision.change(before, after))
}

pub(super) fn record_result(decision: &mut Decision<'_>, input: &ResultOf) -> Result<Cycle> {
    let before = decision.subject::<Cycle>(input.cycle)?;
    decision.permit(works_on(decision, &before))?;
    let mut check = Check::default();
    let outcome: Option<PredictionOutcome> = check.value("outcome", &input.outcome);
    let learning = check.text("learning", &input.learning, TextRule { min_chars: 1, ..BODY });
    check.input()?;
    let missing = || Error::NotFound { kind: "prediction", id: input.prediction.to_string() };
    let found = before.predictions.iter().find(|prediction| prediction.id == input.prediction).ok_or_else(missing)?;
    let mut check = Check::default();
    require_open(&mut check, &before);
    let tried = before.began_trying().is_some();
    check.require(tried, "cycle", "prediction.untried", "what became of it is known once it was tried");
    check.require(found.result.is_none(), "prediction", "prediction.settled", "what became of it was said already");
    check.state()?;
    let (by, at) = (decision.actor().member(), decision.context.now);
    let result = PredictionResult { outcome: outcome.unwrap_or(PredictionOutcome::Unclear), learning, by, at };
    let mut after = before.clone();
    after.predictions.remove(found);
    after.predictions.insert(Prediction { result: Some(result), ..found.clone() });
    Ok(decision.change(before, after))
}
