//! Who judges symptoms and teeth: the engines in this product, or outer ones that an operator chose.
//!
//! Health data leaves the product only by these switches. The model in this product that judges teeth is experimental,
//! so that in the cloud there is no default for it; see [`EngineSettings::dental`].

use std::time::Duration;

use clients::{gemini, huggingface};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineSettings {
    /// `SYMPTOM_ENGINE`: whom to ask beside the local engine, which always answers.
    pub symptoms: SymptomEngine,
    /// `DENTAL_ENGINE`: who judges teeth. None: nobody has chosen, and nobody does.
    pub dental: Option<DentalEngine>,
    pub gemini_base_url: String,
    pub gemini_model: String,
    /// For all tries of a question together.
    pub gemini_time_limit: Duration,
    pub huggingface_base_url: String,
    pub huggingface_model: String,
    pub huggingface_time_limit: Duration,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SymptomEngine {
    /// Nothing leaves the product.
    #[default]
    Local,
    HuggingFace,
    Gemini,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DentalEngine {
    Local,
    Gemini,
}

impl SymptomEngine {
    pub const ALL: [Self; 3] = [Self::Local, Self::HuggingFace, Self::Gemini];

    pub fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::HuggingFace => "huggingface",
            Self::Gemini => "gemini",
        }
    }
}

impl DentalEngine {
    pub const ALL: [Self; 2] = [Self::Local, Self::Gemini];

    pub fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Gemini => "gemini",
        }
    }
}

const GEMINI: &str = "https://generativelanguage.googleapis.com";
const HUGGINGFACE: &str = "https://router.huggingface.co";

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            symptoms: SymptomEngine::default(),
            dental: None,
            gemini_base_url: GEMINI.to_owned(),
            gemini_model: gemini::DEFAULT_MODEL.to_owned(),
            gemini_time_limit: gemini::TIME_LIMIT,
            huggingface_base_url: HUGGINGFACE.to_owned(),
            huggingface_model: huggingface::DEFAULT_MODEL.to_owned(),
            huggingface_time_limit: huggingface::TIME_LIMIT,
        }
    }
}

impl EngineSettings {
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let usual = Self::default();
        let text = |name: &str, usual: String| variable(name).unwrap_or(usual);
        let symptoms = choice("SYMPTOM_ENGINE", &variable, SymptomEngine::ALL, SymptomEngine::word)?;
        Ok(Self {
            symptoms: symptoms.unwrap_or_default(),
            dental: choice("DENTAL_ENGINE", &variable, DentalEngine::ALL, DentalEngine::word)?,
            gemini_base_url: text("GEMINI_BASE_URL", usual.gemini_base_url),
            gemini_model: text("GEMINI_MODEL", usual.gemini_model),
            huggingface_base_url: text("HUGGINGFACE_BASE_URL", usual.huggingface_base_url),
            huggingface_model: text("HUGGINGFACE_MODEL", usual.huggingface_model),
            ..usual
        })
    }

    /// The variables that these settings are read from.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let dental = self.dental.map_or("", DentalEngine::word);
        vec![
            ("SYMPTOM_ENGINE", self.symptoms.word().to_owned()),
            ("DENTAL_ENGINE", dental.to_owned()),
            ("GEMINI_BASE_URL", self.gemini_base_url.clone()),
            ("GEMINI_MODEL", self.gemini_model.clone()),
            ("HUGGINGFACE_BASE_URL", self.huggingface_base_url.clone()),
            ("HUGGINGFACE_MODEL", self.huggingface_model.clone()),
        ]
    }
}

/// None where the variable is not set.
fn choice<T: Copy, const COUNT: usize>(
    name: &str,
    variable: impl Fn(&str) -> Option<String>,
    all: [T; COUNT],
    word: impl Fn(T) -> &'static str,
) -> Result<Option<T>, String> {
    let Some(text) = variable(name) else { return Ok(None) };
    match all.into_iter().find(|each| word(*each) == text) {
        Some(found) => Ok(Some(found)),
        None => Err(format!("{name} must be one of {}", all.map(word).join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn settings_survive_the_way_through_the_environment() {
        let settings = EngineSettings {
            symptoms: SymptomEngine::HuggingFace,
            dental: Some(DentalEngine::Gemini),
            gemini_base_url: "http://127.0.0.1:1".to_owned(),
            gemini_model: "gemini-3.8-flash".to_owned(),
            huggingface_base_url: "http://127.0.0.1:2".to_owned(),
            huggingface_model: "owner/model".to_owned(),
            ..EngineSettings::default()
        };
        for settings in [settings, EngineSettings::default()] {
            let variables: HashMap<_, _> = settings.variables().into_iter().collect();
            let read = |name: &str| variables.get(name).cloned().filter(|value| !value.is_empty());
            assert_eq!(EngineSettings::read(read), Ok(settings));
        }
    }

    #[test]
    fn nothing_leaves_and_no_teeth_are_judged_before_somebody_chose() {
        let settings = EngineSettings::read(|_| None).unwrap();
        assert_eq!((settings.symptoms, settings.dental), (SymptomEngine::Local, None));
        let read = |name: &str| (name == "DENTAL_ENGINE").then(|| "oracle".to_owned());
        assert_eq!(
            EngineSettings::read(read),
            Err("DENTAL_ENGINE must be one of local, gemini".to_owned())
        );
    }
}
