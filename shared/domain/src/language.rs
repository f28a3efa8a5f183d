//! The languages people are written to in.

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Es,
    Hi,
}

impl Language {
    pub const ALL: [Language; 3] = [Language::En, Language::Es, Language::Hi];

    /// As in BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Es => "es",
            Language::Hi => "hi",
        }
    }

    /// The language of a BCP 47 tag, whatever its region or script: `es-419`, `hi-Deva-IN`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What a client likes best of what we have, by its `Accept-Language` (RFC 9110); English where it likes none.
    pub fn preferred(accept_language: &str) -> Self {
        Self::liked(accept_language).unwrap_or_default()
    }

    /// The same, and nothing where it likes none.
    pub fn liked(accept_language: &str) -> Option<Self> {
        best(accept_language, Self::of_tag)
    }

    /// The country that a client's device is set to, as an ISO 3166 code, by the best liked tag that names one, whether
    /// or not we have its language: `es-MX`, `zh-Hans-CN`. A region such as 419 is no country.
    pub fn region(accept_language: &str) -> Option<String> {
        best(accept_language, |tag| {
            let mut parts = tag.trim().split(['-', '_']).skip(1);
            let is_country = |part: &&str| part.len() == 2 && part.chars().all(|c| c.is_ascii_alphabetic());
            parts.find(is_country).map(str::to_ascii_uppercase)
        })
    }
}

/// What is made of the best liked tag that anything is made of; of equals the first.
fn best<T>(accept_language: &str, of_tag: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut best = (0, None);
    for range in accept_language.split(',') {
        let mut parts = range.split(';');
        let made = of_tag(parts.next().unwrap_or_default());
        let quality = parts.next().map_or(Some(1000), quality);
        if let (Some(made), Some(quality)) = (made, quality)
            && quality > best.0
        {
            best = (quality, Some(made));
        }
    }
    best.1
}

/// `q=0.7` in thousandths.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.trim().split_once('=')?;
    let value: f32 = value.trim().parse().ok()?;
    let is_quality = name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&value);
    is_quality.then_some((value * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_may_name_region_and_script() {
        for (tag, language) in [
            ("en", Some(Language::En)),
            ("ES-419", Some(Language::Es)),
            ("hi-Deva-IN", Some(Language::Hi)),
            ("hi_IN", Some(Language::Hi)),
            ("de", None),
            ("english", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn the_best_liked_language_that_we_have_is_taken() {
        for (header, language) in [
            ("", Language::En),
            ("*", Language::En),
            ("fr-FR, de;q=0.9", Language::En),
            ("fr, hi;q=0.8, en;q=0.5", Language::Hi),
            ("en;q=0.5, es;q=0.9", Language::Es),
            ("es-MX,es;q=0.9,en;q=0.8", Language::Es),
            ("es;q=0, en;q=0.1", Language::En),
            ("es;q=7, hi", Language::Hi),
        ] {
            assert_eq!(Language::preferred(header), language, "{header}");
        }
    }

    #[test]
    fn the_best_liked_tag_with_a_country_tells_it() {
        for (header, region) in [
            ("", None),
            ("en", None),
            ("*", None),
            ("es-419", None),
            ("en-US,en;q=0.9", Some("US")),
            ("en, fr-CH;q=0.8, de-DE;q=0.9", Some("DE")),
            ("zh-Hans-CN", Some("CN")),
            ("hi_in", Some("IN")),
            ("es-419, es-MX;q=0.5", Some("MX")),
        ] {
            assert_eq!(Language::region(header).as_deref(), region, "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_panic(text in "\\PC*") {
            Language::preferred(&text);
            Language::region(&text);
        }
    }
}
