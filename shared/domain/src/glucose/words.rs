//! What charts and reports say, in each language. In braces stands what is filled in.

use crate::language::Language;

pub struct Words {
    pub language: Language,
    pub profile_title: &'static str,
    pub report_title: &'static str,
    /// `{from}`, `{until}`, `{zone}`.
    pub period: &'static str,
    /// `{days}`, `{share}`, `{readings}`.
    pub coverage: &'static str,
    pub not_enough: &'static str,
    pub no_readings: &'static str,
    /// `{low}`, `{low_at}`, `{high}`, `{high_at}`.
    pub median_goes: &'static str,
    /// `{low}`, `{high}`, at the time of the widest day. `{at}`.
    pub widest: &'static str,
    pub median: &'static str,
    /// `{percent}`.
    pub percentile: &'static str,
    pub above: &'static str,
    pub below: &'static str,
    /// From the lowest to the highest.
    pub ranges: [&'static str; 5],
    pub ranges_title: &'static str,
    pub figures_title: &'static str,
    pub days_title: &'static str,
    /// `{days}`.
    pub days_text: &'static str,
    pub mean: &'static str,
    pub sd: &'static str,
    pub cv: &'static str,
    pub gmi: &'static str,
    pub ea1c: &'static str,
    pub gri: &'static str,
    pub j_index: &'static str,
    pub risks: &'static str,
    pub mage: &'static str,
    /// Of lows, very lows, prolonged lows, highs and very highs; `{count}`, `{minutes}`.
    pub episodes: [&'static str; 5],
    pub episode_count: &'static str,
    /// Readings that nobody can believe.
    pub set_aside: &'static str,
    pub name: &'static str,
    /// `{made}`.
    pub footer: &'static str,
}

impl Words {
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::En => &ENGLISH,
            Language::Es => &SPANISH,
            Language::Hi => &HINDI,
        }
    }
}

/// With each of `what` put in for its name in braces.
pub fn filled(text: &str, what: &[(&str, String)]) -> String {
    what.iter().fold(text.to_owned(), |text, (name, with)| {
        text.replace(&format!("{{{name}}}"), with)
    })
}

static ENGLISH: Words = Words {
    language: Language::En,
    profile_title: "Daily glucose profile",
    report_title: "Glucose report",
    period: "From {from} to {until}, times of {zone}.",
    coverage: "{readings} readings over {days} days: {share} % of the time.",
    not_enough: "Less than 14 days with 70 % of the readings: too little to speak for the person.",
    no_readings: "No readings",
    median_goes: "The median is lowest at {low_at} with {low}, and highest at {high_at} with {high}.",
    widest: "Days differ most at {at}: nine of ten readings lie between {low} and {high}.",
    median: "Median",
    percentile: "{percent} %",
    above: "above",
    below: "below",
    ranges: ["Very low", "Low", "In range", "High", "Very high"],
    ranges_title: "Time in ranges",
    figures_title: "Figures",
    days_title: "Day by day",
    days_text: "One small chart for each of the last {days} days; the dashed lines are the target range.",
    mean: "Mean",
    sd: "Standard deviation",
    cv: "Coefficient of variation",
    gmi: "Glucose management indicator (GMI)",
    ea1c: "Estimated A1c",
    gri: "Glycaemia risk index",
    j_index: "J index",
    risks: "Risk of low / high (LBGI / HBGI)",
    mage: "Mean amplitude of swings (MAGE)",
    episodes: ["Lows", "Very lows", "Lows of over two hours", "Highs", "Very highs"],
    episode_count: "{count}, {minutes} min on average",
    set_aside: "Readings set aside as impossible",
    name: "Name",
    footer: "Worked out from sensor readings, for talking it over with a clinician. It is no \
             diagnosis and no advice on a dose. Made on {made}.",
};

static SPANISH: Words = Words {
    language: Language::Es,
    profile_title: "Perfil diario de glucosa",
    report_title: "Informe de glucosa",
    period: "Del {from} al {until}, hora de {zone}.",
    coverage: "{readings} lecturas en {days} días: {share} % del tiempo.",
    not_enough: "Menos de 14 días con el 70 % de las lecturas: no basta para describir a la persona.",
    no_readings: "Sin lecturas",
    median_goes: "La mediana es más baja a las {low_at}, con {low}, y más alta a las {high_at}, con {high}.",
    widest: "Los días difieren más a las {at}: nueve de cada diez lecturas están entre {low} y {high}.",
    median: "Mediana",
    percentile: "{percent} %",
    above: "más de",
    below: "menos de",
    ranges: ["Muy bajo", "Bajo", "En rango", "Alto", "Muy alto"],
    ranges_title: "Tiempo en rangos",
    figures_title: "Cifras",
    days_title: "Día a día",
    days_text: "Un gráfico pequeño por cada uno de los últimos {days} días; las \
             líneas discontinuas son el rango objetivo.",
    mean: "Media",
    sd: "Desviación estándar",
    cv: "Coeficiente de variación",
    gmi: "Indicador de control de glucosa (GMI)",
    ea1c: "A1c estimada",
    gri: "Índice de riesgo glucémico",
    j_index: "Índice J",
    risks: "Riesgo de bajas / altas (LBGI / HBGI)",
    mage: "Amplitud media de oscilaciones (MAGE)",
    episodes: ["Bajas", "Muy bajas", "Bajas de más de dos horas", "Altas", "Muy altas"],
    episode_count: "{count}, {minutes} min de media",
    set_aside: "Lecturas apartadas por imposibles",
    name: "Nombre",
    footer: "Calculado a partir de lecturas del sensor, para hablarlo con un profesional. No es un \
             diagnóstico ni un consejo de dosis. Hecho el {made}.",
};

static HINDI: Words = Words {
    language: Language::Hi,
    profile_title: "दिन भर का ग्लूकोज़",
    report_title: "ग्लूकोज़ रिपोर्ट",
    period: "{from} से {until} तक, समय {zone} के अनुसार।",
    coverage: "{days} दिनों में {readings} रीडिंग: समय का {share} %।",
    not_enough: "14 दिन और 70 % रीडिंग से कम: व्यक्ति के बारे में कहने के लिए काफ़ी नहीं।",
    no_readings: "कोई रीडिंग नहीं",
    median_goes: "माध्यिका {low_at} पर सबसे कम {low} और {high_at} पर सबसे अधिक {high} है।",
    widest: "दिनों में सबसे अधिक अंतर {at} पर है: दस में से नौ रीडिंग {low} और {high} के बीच हैं।",
    median: "माध्यिका",
    percentile: "{percent} %",
    above: "इससे अधिक:",
    below: "इससे कम:",
    ranges: ["बहुत कम", "कम", "सीमा में", "अधिक", "बहुत अधिक"],
    ranges_title: "सीमाओं में समय",
    figures_title: "आँकड़े",
    days_title: "दिन-प्रतिदिन",
    days_text: "पिछले {days} दिनों में से हर दिन का एक छोटा चार्ट; टूटी रेखाएँ लक्ष्य सीमा हैं।",
    mean: "औसत",
    sd: "मानक विचलन",
    cv: "विचरण गुणांक",
    gmi: "ग्लूकोज़ प्रबंधन सूचक (GMI)",
    ea1c: "अनुमानित A1c",
    gri: "ग्लाइसीमिया जोखिम सूचकांक",
    j_index: "J सूचकांक",
    risks: "कम / अधिक का जोखिम (LBGI / HBGI)",
    mage: "उतार-चढ़ाव का औसत (MAGE)",
    episodes: ["कम", "बहुत कम", "दो घंटे से लंबे कम", "अधिक", "बहुत अधिक"],
    episode_count: "{count}, औसतन {minutes} मिनट",
    set_aside: "असंभव मानकर अलग रखी रीडिंग",
    name: "नाम",
    footer: "सेंसर की रीडिंग से निकाला गया, चिकित्सक से बात करने के लिए। \
             यह न निदान है, न खुराक की सलाह। {made} को बनाया गया।",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_the_same_in_each_language() {
        let names = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .map(|part| part.split('}').next().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        let texts = |words: &Words| {
            let texts = [
                words.period,
                words.coverage,
                words.median_goes,
                words.widest,
                words.percentile,
            ];
            let more = [words.days_text, words.episode_count, words.footer];
            texts.into_iter().chain(more).map(names).collect::<Vec<_>>()
        };
        for language in Language::ALL {
            let words = Words::of(language);
            assert_eq!(words.language, language);
            assert_eq!(texts(words), texts(&ENGLISH), "{language:?}");
        }
        assert_eq!(
            filled("{a} and {b}", &[("a", "x".to_owned()), ("b", "y".to_owned())]),
            "x and y"
        );
    }
}
