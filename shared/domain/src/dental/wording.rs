//! What patients read about their teeth.

use super::{Detail, Engine, Finding, Observation, Place, Severity, kinds};

pub const NO_TEETH: &str = "The photo does not seem to show teeth, so nothing was looked for. Please send another one: \
     mouth open, lips held back, in even light, close and sharp.";
pub const NO_PHOTO: &str = "There is no photo of your teeth yet. Send one whenever you like: mouth open, lips held back, in \
     even light, close and sharp. It does not take the place of a check-up with a dentist.";
const NOTHING_FOUND: &str =
    "Nothing stood out in this photo. That does not mean that all is well: keep to your regular check-ups.";

impl Engine {
    /// What its word is worth.
    const fn origin(self) -> &'static str {
        match self {
            Self::Local => {
                "This is an experimental automatic comparison with pictures, not a dentist's examination; it can miss things."
            }
            Self::Gemini => {
                "This is what an artificial intelligence of another company (Google's Gemini) saw in the photo, not a \
                 dentist's examination; it can be wrong and miss things."
            }
        }
    }
}

impl Finding {
    /// What it looks like, and what to do.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Caries => (
                "a place that may be tooth decay",
                "A dentist can tell from up close; until then, brush twice a day with fluoride toothpaste and keep sugar to meals.",
            ),
            Self::MouthUlcer => (
                "a place that may be a mouth ulcer",
                "It usually heals within two weeks; if it does not, or keeps coming back, have it seen.",
            ),
            Self::ToothDiscoloration => (
                "teeth that may be discoloured",
                "A dentist can tell stains from changes of the tooth, and clean what can be cleaned.",
            ),
            Self::Gingivitis => (
                "gums that may be inflamed",
                "Brush the edge of the gums gently and clean between the teeth every day; if they still bleed after a week, see a dentist.",
            ),
            Self::Calculus => (
                "deposits that may be tartar",
                "Brushing does not remove it; a dentist or hygienist can.",
            ),
            Self::Other => (
                "something else that stands out",
                "A photo does not tell what it is; a dentist can.",
            ),
            Self::Healthy => ("", ""),
        }
    }
}

impl Place {
    /// Without tooth numbers, which patients do not know.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::UpperFrontTeeth => "upper front teeth",
            Self::UpperBackTeeth => "upper back teeth",
            Self::LowerFrontTeeth => "lower front teeth",
            Self::LowerBackTeeth => "lower back teeth",
            Self::UpperGums => "upper gums",
            Self::LowerGums => "lower gums",
            Self::Tongue => "tongue",
            Self::Palate => "palate",
            Self::LipsOrCheeks => "lips or cheeks",
            Self::SeveralPlaces => "several places",
            Self::MarkedArea => "the marked area of the photo",
        }
    }
}

/// `findings`: each kind once for each place.
pub fn text(has_teeth: bool, findings: &[Observation], engine: Engine, detail: Detail) -> String {
    if !has_teeth {
        return NO_TEETH.to_owned();
    }
    if findings.is_empty() {
        return format!("{NOTHING_FOUND} {}", engine.origin());
    }
    let seen: Vec<String> = findings.iter().map(seen).collect();
    let is_severe = findings.iter().any(|each| each.severity == Severity::Severe);
    let soon = if is_severe { " soon" } else { "" };
    let mut text = format!(
        "The photo shows {}. Please have it seen by a dentist{soon}.",
        seen.join(", and ")
    );
    if detail != Detail::Short {
        for finding in kinds(findings) {
            text.push(' ');
            text.push_str(finding.words().1);
        }
    }
    if detail == Detail::Long {
        text.push_str(" Go soon if there is pain, swelling, fever or bleeding, and at once if you cannot swallow or breathe well.");
    }
    text.push(' ');
    text.push_str(engine.origin());
    text
}

fn seen(observation: &Observation) -> String {
    let what = observation.finding.words().0;
    match observation.place {
        Place::MarkedArea => what.to_owned(),
        place => format!("{what} ({})", place.words()),
    }
}
