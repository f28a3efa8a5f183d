//! Clinicians' opinions on what a model said of a picture: agreement, correction, or that they cannot tell either.
//!
//! An opinion is signed as a review is, and only ever added: a doctor who thinks otherwise gives a newer one. A review
//! is another thing: it answers what a patient asked, in words, and says of no reading whether it was right.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::condition::names_something_malignant;
use crate::id::UserId;
use crate::prediction::ModelIdentity;
use crate::readings::{Named, Reading, Readings, ReferralWord, ResultId, SkinResult};
use crate::refusal::{FieldError, Kind, Refusal};
use crate::review::text;
use crate::signing::{Signer, joined};
use crate::skin_reading::Outcome;

const LONGEST_CONDITION: usize = 100;
const LONGEST_NOTE: usize = 1_000;
/// Opinions on one result, but for one more that sends the patient to a doctor. All of them go with it in one
/// transaction.
pub const MOST_OPINIONS: u32 = 80;
/// Of one doctor on one reading: nobody keeps the others out.
const MOST_BY_ONE: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "OpinionVerdict")]
pub enum Verdict {
    Agree,
    Correct,
    CannotTell,
}

impl Verdict {
    /// As it is signed: never another word for the same thing.
    fn word(self) -> &'static str {
        match self {
            Verdict::Agree => "agree",
            Verdict::Correct => "correct",
            Verdict::CannotTell => "cannot_tell",
        }
    }
}

/// What a doctor says of a reading.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub verdict: Verdict,
    /// What it is instead: spelt as the model does where the model knows it.
    pub condition: Option<String>,
    pub note: Option<String>,
    /// Whether a doctor must still see the patient; none where the opinion leaves that as it is. What is malignant by
    /// it sends the patient to a doctor unless the opinion says otherwise.
    pub referral: Option<bool>,
}

impl Said {
    /// `reading`: what it is said of.
    pub fn new<C: Named>(
        verdict: Verdict,
        condition: Option<&str>,
        note: Option<&str>,
        referral: Option<bool>,
        reading: &Reading<C>,
    ) -> Result<Self, OpinionRefused> {
        let condition = bounded("condition", condition, LONGEST_CONDITION)?;
        match (verdict, &condition) {
            (Verdict::Correct, None) => return Err(OpinionRefused::NoCondition),
            (Verdict::Correct, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(OpinionRefused::NeedlessCondition),
        }
        let known = |name: &String| {
            let words = reading.probabilities.keys().map(|class| class.words());
            words.into_iter().find(|words| words.eq_ignore_ascii_case(name))
        };
        let condition = condition.map(|name| known(&name).map_or(name, str::to_owned));
        let is = match verdict {
            Verdict::Agree => Some(reading.label()),
            Verdict::Correct => condition.as_deref(),
            Verdict::CannotTell => None,
        };
        let is_malignant = is.is_some_and(names_something_malignant);
        Ok(Self {
            verdict,
            condition,
            note: bounded("note", note, LONGEST_NOTE)?,
            referral: referral.or(is_malignant.then_some(true)),
        })
    }
}

fn bounded(field: &'static str, given: Option<&str>, limit: usize) -> Result<Option<String>, OpinionRefused> {
    text(field, given, limit).map_err(|_| OpinionRefused::TooLong { field, limit })
}

/// What of a reading was in front of the doctor.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Whether it was shown or not.
    pub condition: String,
    pub outcome: Outcome,
    pub confidence: f32,
    pub model: ModelIdentity,
}

/// What is said of which reading, before it is signed.
#[derive(Clone)]
pub struct Draft {
    pub patient: UserId,
    pub result: ResultId,
    /// From 1.
    pub reading: u32,
    pub doctor: UserId,
    pub said: Said,
    pub judged: Judged,
}

impl Draft {
    /// On the newest reading where none is named. Who takes a referral back says of which: a newer one may have come
    /// that they have not seen.
    pub fn new<R: SkinResult>(
        doctor: UserId,
        result: &R,
        reading: Option<u32>,
        say: impl FnOnce(&Reading<R::Class>) -> Result<Said, OpinionRefused>,
    ) -> Result<Self, OpinionRefused> {
        let readings: &Readings<R::Class> = result.readings();
        if result.patient() == doctor {
            return Err(OpinionRefused::OwnResult);
        }
        let number = reading.unwrap_or_else(|| readings.count());
        let judged = readings.numbered(number).ok_or(OpinionRefused::NoReading)?;
        let said = say(judged)?;
        if said.referral == Some(false) && reading.is_none() {
            return Err(OpinionRefused::ReadingNotNamed);
        }
        Ok(Self {
            patient: result.patient(),
            result: result.id(),
            reading: number,
            doctor,
            said,
            judged: Judged {
                condition: judged.condition.words().to_owned(),
                outcome: judged.outcome,
                confidence: judged.confidence,
                model: judged.model.clone(),
            },
        })
    }

    pub fn referral_word(&self) -> Option<ReferralWord> {
        let word = |referral| ReferralWord {
            referral,
            reading: self.reading,
        };
        self.said.referral.map(word)
    }

    /// Whether it may be given after those that there are: of this doctor on this reading, and in all. What sends a
    /// patient to a doctor who was not sent before is never refused.
    pub fn check_room(&self, of_doctor: u32, given: &Given) -> Result<(), OpinionRefused> {
        let is_sent = given.referral_word.is_some_and(|word| word.referral);
        if self.said.referral == Some(true) && !is_sent {
            return Ok(());
        }
        if of_doctor >= MOST_BY_ONE {
            return Err(OpinionRefused::TooManyByOne);
        }
        if given.opinions >= MOST_OPINIONS {
            return Err(OpinionRefused::TooMany);
        }
        Ok(())
    }

    /// Not signed yet.
    pub fn by(&self, signer: Signer, version: u32, now: Timestamp) -> Opinion {
        Opinion {
            patient: self.patient,
            result: self.result,
            reading: self.reading,
            doctor: self.doctor,
            version,
            said: self.said.clone(),
            signer,
            judged: self.judged.clone(),
            at: now,
            signature: String::new(),
        }
    }
}

/// What clinicians have said of a result so far, as it is kept there.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Given {
    #[serde(default)]
    pub opinions: u32,
    #[serde(default)]
    pub referral_word: Option<ReferralWord>,
}

/// Never changed afterwards. It holds health data, so it is not printed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    pub patient: UserId,
    pub result: ResultId,
    /// From 1.
    pub reading: u32,
    pub doctor: UserId,
    /// Of this doctor's opinions on this reading, from 1: the newest holds.
    pub version: u32,
    pub said: Said,
    pub signer: Signer,
    pub judged: Judged,
    pub at: Timestamp,
    /// A keyed hash over all of the above.
    pub signature: String,
}

impl Opinion {
    /// What its signature is over.
    pub fn to_be_signed(&self) -> String {
        let (said, judged) = (&self.said, &self.judged);
        let (kind, result) = match self.result {
            ResultId::Prediction(id) => ("prediction", id.to_string()),
            ResultId::SkinRecord(number) => ("skin_record", number.to_string()),
        };
        joined(&[
            self.patient.to_string(),
            kind.to_owned(),
            result,
            self.reading.to_string(),
            self.doctor.to_string(),
            self.version.to_string(),
            said.verdict.word().to_owned(),
            said.condition.clone().unwrap_or_default(),
            said.note.clone().unwrap_or_default(),
            said.referral.map(|referral| referral.to_string()).unwrap_or_default(),
            self.signer.name.clone(),
            self.signer.license.clone().unwrap_or_default(),
            judged.condition.clone(),
            judged.outcome.word().to_owned(),
            format!("{:.6}", judged.confidence),
            judged.model.name.clone(),
            judged.model.version.clone(),
            judged.model.weights_sha256.clone(),
            self.at.to_string(),
        ])
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpinionRefused {
    #[error("A correction must name the condition")]
    NoCondition,
    #[error("Only a correction names a condition")]
    NeedlessCondition,
    #[error("{field} must have at most {limit} characters")]
    TooLong { field: &'static str, limit: usize },
    #[error("There is no such reading of this result")]
    NoReading,
    #[error("Who takes a referral back names the reading that they have looked at")]
    ReadingNotNamed,
    #[error("Doctors give no opinion on their own results: name the patient in patient_id")]
    OwnResult,
    #[error("There are too many opinions on this result")]
    TooMany,
    #[error("You have given as many opinions on this reading as one doctor may")]
    TooManyByOne,
    /// It went, or the doctor's account did, while the opinion was given.
    #[error("Result not found")]
    NotFound,
}

impl Refusal for OpinionRefused {
    fn kind(&self) -> Kind {
        match self {
            OpinionRefused::NoCondition
            | OpinionRefused::NeedlessCondition
            | OpinionRefused::TooLong { .. }
            | OpinionRefused::NoReading
            | OpinionRefused::ReadingNotNamed => Kind::Invalid,
            OpinionRefused::OwnResult => Kind::Forbidden,
            OpinionRefused::TooMany | OpinionRefused::TooManyByOne => Kind::BadRequest,
            OpinionRefused::NotFound => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            OpinionRefused::OwnResult => "opinion_on_own_result",
            OpinionRefused::TooMany | OpinionRefused::TooManyByOne => "opinions_too_many",
            OpinionRefused::NotFound => "result_not_found",
            _ => "validation_error",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let (field, kind) = match self {
            OpinionRefused::NoCondition => ("condition", "missing"),
            OpinionRefused::NeedlessCondition => ("condition", "invalid"),
            OpinionRefused::TooLong { field, .. } => (*field, "too_long"),
            OpinionRefused::NoReading => ("reading", "invalid"),
            OpinionRefused::ReadingNotNamed => ("reading", "missing"),
            _ => return Vec::new(),
        };
        vec![FieldError::new("body", field, kind, self)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PredictionId;
    use crate::readings::tests::reading;
    use crate::skin::SkinCondition;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn say(verdict: Verdict, condition: Option<&str>, note: Option<&str>) -> Result<Said, OpinionRefused> {
        Said::new(verdict, condition, note, None, &reading("1", false))
    }

    #[test]
    fn a_correction_names_a_condition_and_nothing_else_does() {
        assert_eq!(
            say(Verdict::Correct, Some(" "), None).err(),
            Some(OpinionRefused::NoCondition)
        );
        let free = say(Verdict::Correct, Some("Chilblain lupus"), None).unwrap();
        assert_eq!(free.condition.as_deref(), Some("Chilblain lupus"));
        let known = say(Verdict::Correct, Some(" aCNE "), None).unwrap();
        assert_eq!(known.condition.as_deref(), Some("Acne"));
        for verdict in [Verdict::Agree, Verdict::CannotTell] {
            assert!(say(verdict, None, Some(" ")).is_ok_and(|said| said.note.is_none()));
            let needless = say(verdict, Some("Acne"), None).err();
            assert_eq!(needless, Some(OpinionRefused::NeedlessCondition));
        }
        assert!(say(Verdict::Agree, None, Some(&"x".repeat(LONGEST_NOTE + 1))).is_err());
    }

    #[test]
    fn what_is_malignant_sends_to_a_doctor_unless_the_doctor_says_otherwise() {
        let referral = |verdict, condition, referral| {
            Said::new(verdict, condition, None, referral, &reading("1", false))
                .unwrap()
                .referral
        };
        for name in ["melanoma", "Basal cell carcinoma", "SCC", "Cáncer de piel"] {
            assert_eq!(referral(Verdict::Correct, Some(name), None), Some(true), "{name}");
            assert_eq!(referral(Verdict::Correct, Some(name), Some(false)), Some(false));
        }
        assert_eq!(referral(Verdict::Correct, Some("Rosacea"), None), None);
        assert_eq!(referral(Verdict::Agree, None, None), None);
        let mut melanoma = reading("1", false);
        melanoma.condition = SkinCondition::Melanoma;
        let agreed = Said::new(Verdict::Agree, None, None, None, &melanoma).unwrap();
        assert_eq!(agreed.referral, Some(true));
    }

    #[test]
    fn one_doctor_leaves_room_for_others_and_nothing_keeps_a_referral_out() {
        let draft = |referral| {
            let mut draft = draft();
            draft.said.referral = referral;
            draft
        };
        let given = |opinions, word: Option<bool>| Given {
            opinions,
            referral_word: word.map(|referral| ReferralWord { referral, reading: 1 }),
        };
        let plain = draft(None);
        assert_eq!(plain.check_room(4, &given(79, None)), Ok(()));
        assert_eq!(plain.check_room(5, &given(5, None)), Err(OpinionRefused::TooManyByOne));
        assert_eq!(plain.check_room(0, &given(80, None)), Err(OpinionRefused::TooMany));
        let sends = draft(Some(true));
        assert_eq!(sends.check_room(5, &given(80, Some(false))), Ok(()));
        assert_eq!(sends.check_room(5, &given(81, None)), Ok(()));
        // Who is sent already is not sent again: there is one such opinion beyond the limit at most.
        assert!(sends.check_room(5, &given(81, Some(true))).is_err());
        assert!(draft(Some(false)).check_room(0, &given(81, Some(true))).is_err());
    }

    fn draft() -> Draft {
        Draft {
            patient: UserId::new(NOW, [1; 6]),
            result: ResultId::Prediction(PredictionId::new(NOW, [2; 6])),
            reading: 1,
            doctor: UserId::new(NOW, [3; 6]),
            said: say(Verdict::Agree, None, None).unwrap(),
            judged: Judged {
                condition: "Acne".to_owned(),
                outcome: Outcome::Named,
                confidence: 0.75,
                model: reading("1", false).model,
            },
        }
    }

    #[test]
    fn a_signature_is_over_every_part_of_an_opinion() {
        let draft = draft();
        let signer = |name: &str| Signer {
            name: name.to_owned(),
            license: None,
        };
        let usual = draft.by(signer("Dr A"), 1, NOW);
        let mut texts = vec![
            usual.to_be_signed(),
            draft.by(signer("Dr B"), 1, NOW).to_be_signed(),
            draft.by(signer("Dr A"), 2, NOW).to_be_signed(),
            draft
                .by(signer("Dr A"), 1, NOW + jiff::SignedDuration::from_secs(1))
                .to_be_signed(),
        ];
        let changed = |change: fn(&mut Opinion)| {
            let mut other = usual.clone();
            change(&mut other);
            other.to_be_signed()
        };
        texts.extend([
            changed(|opinion| opinion.reading = 2),
            changed(|opinion| opinion.said.verdict = Verdict::CannotTell),
            changed(|opinion| opinion.said.note = Some("Look again".to_owned())),
            changed(|opinion| opinion.said.referral = Some(false)),
            changed(|opinion| opinion.signer.license = Some("LIC-1".to_owned())),
            changed(|opinion| opinion.judged.model.version = "2".to_owned()),
        ]);
        let all = texts.len();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), all);
        assert_eq!(draft.by(signer("Dr A"), 1, NOW).to_be_signed(), usual.to_be_signed());
    }
}
