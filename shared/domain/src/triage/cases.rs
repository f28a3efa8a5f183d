//! Six kinds of cases for every rule; `tests.rs` asks for each.

use super::report::{Report, Severity};
use super::rules::RULES;

/// In the order of the fields, in one sentence each: raised, not raised, not raised though close, not raised for it is denied, raised
/// though misspelt, raised in another language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cases {
    pub rule: &'static str,
    pub positive: &'static str,
    pub negative: &'static str,
    pub near_miss: &'static str,
    pub negated: &'static str,
    pub misspelt: &'static str,
    pub other_languages: &'static [&'static str],
}

const fn cases(rule: &'static str, six: [&'static str; 5], other_languages: &'static [&'static str]) -> Cases {
    let [positive, negative, near_miss, negated, misspelt] = six;
    Cases {
        rule,
        positive,
        negative,
        near_miss,
        negated,
        misspelt,
        other_languages,
    }
}

pub(super) static CASES: &[Cases] = &[
    cases(
        "chest_pain",
        [
            "crushing pain in my chest",
            "itchy elbow",
            "my father had chest pain last year",
            "no chest pain",
            "cheest pain since noon",
        ],
        &["me duele el pecho", "सीने में दर्द है", "seene mein dard"],
    ),
    cases(
        "heart_attack_pattern",
        [
            "chest pain, cold sweat",
            "sweating after a run",
            "chest cold with runny nose",
            "no chest pain, sweating in the heat",
            "chest pian and sweatting",
        ],
        &["dolor de pecho, sudor frío", "सीने में दर्द, पसीना आ रहा है"],
    ),
    cases(
        "stroke_signs",
        [
            "his face is drooping",
            "my face is itchy",
            "my grandfather had a stroke ten years ago",
            "no facial drooping",
            "slured speech",
        ],
        &[
            "tiene la cara torcida",
            "चेहरा टेढ़ा हो गया है",
            "brazo derecho débil de repente",
        ],
    ),
    cases(
        "breathing_trouble",
        [
            "I cannot breathe",
            "runny nose",
            "bad breath in the morning",
            "no shortness of breath",
            "shortness of braeth",
        ],
        &["no puedo respirar", "सांस लेने में तकलीफ", "saans lene mein taklif"],
    ),
    cases(
        "airway_noise",
        [
            "drooling and cannot swallow",
            "dry lips",
            "used to have stridor as a child",
            "no stridor",
            "he is droolling",
        ],
        &["está babeando", "लार टपक रही है"],
    ),
    cases(
        "heavy_bleeding",
        [
            "bleeding heavily from the leg",
            "small scratch",
            "gave blood at the blood bank",
            "no heavy bleeding",
            "bleding heavily",
        ],
        &["sangra mucho, mucha sangre", "खून बंद नहीं हो रहा"],
    ),
    cases(
        "anaphylaxis",
        [
            "my tongue is swelling",
            "sneezing from pollen",
            "allergic to peanuts since childhood",
            "no swelling of the tongue",
            "my tounge is swolen",
        ],
        &["se me hincha la lengua", "गला सूज गया है"],
    ),
    cases(
        "meningitis_signs",
        [
            "fever with a stiff neck",
            "stiff knee",
            "stiff neck after sleeping badly",
            "fever but no stiff neck",
            "feverr, stifff neck",
        ],
        &["fiebre y rigidez de nuca", "बुखार है, गर्दन अकड़ गई है"],
    ),
    cases(
        "sepsis_signs",
        [
            "fever and he is confused",
            "fever and runny nose",
            "confused by the bill",
            "fever, not confused",
            "feverr and confussed",
        ],
        &["fiebre y está confundido", "बुखार है और भ्रम है"],
    ),
    cases(
        "suicidal_intent",
        [
            "I want to kill myself",
            "I feel tired",
            "this headache is killing me",
            "no suicidal thoughts",
            "I want to comit suicde",
        ],
        &["quiero morir", "मैं मरना चाहता हूं", "aatmahatya karna chahta hoon"],
    ),
    cases(
        "overdose_or_poisoning",
        [
            "she took an overdose of sleeping pills",
            "I take one pill a day",
            "I take my pills as the doctor told me",
            "no overdose",
            "took an overdoose",
        ],
        &["tomó demasiadas pastillas", "उसने जहर खा लिया"],
    ),
    cases(
        "sudden_worst_headache",
        [
            "the worst headache of my life",
            "mild headache",
            "the worst of the headache was last year",
            "no sudden headache",
            "sudden hedache, thunderclapp headache",
        ],
        &["el peor dolor de cabeza de mi vida", "अचानक सिर में तेज दर्द"],
    ),
    cases(
        "loss_of_consciousness",
        [
            "I fainted in the shop",
            "I am tired",
            "fainted years ago as a child",
            "did not faint, never lost consciousness",
            "lost consciousnes, unconcious",
        ],
        &["perdí el conocimiento", "वह बेहोश हो गई"],
    ),
    cases(
        "seizure",
        [
            "my son had a seizure an hour ago",
            "my hands shake when cold",
            "history of seizures in childhood",
            "no seizures",
            "having a seizzure",
        ],
        &["tiene convulsiones", "दौरा पड़ा है"],
    ),
    cases(
        "pregnancy_bleeding",
        [
            "pregnant and bleeding",
            "pregnant and tired",
            "bleeding gums",
            "pregnant, no bleeding",
            "pregnent and bleedding",
        ],
        &["embarazada y sangrando", "गर्भवती हूं, खून आ रहा है"],
    ),
    cases(
        "pregnancy_warning",
        [
            "pregnant, the baby is not moving",
            "pregnant with heartburn",
            "was pregnant years ago, cannot see well",
            "not pregnant, severe belly pain",
            "pregnantt, severe stomachh pain",
        ],
        &["embarazada, dolor fuerte de barriga", "गर्भवती हूं, पेट में तेज दर्द"],
    ),
    cases(
        "testicular_torsion",
        [
            "pain in my testicle",
            "sore knee",
            "testicle operation as a child, pain years ago",
            "no testicular pain",
            "tesicle pain",
        ],
        &["dolor en el testículo", "अंडकोष में दर्द"],
    ),
    cases(
        "cauda_equina",
        [
            "back pain and I cannot urinate",
            "back pain",
            "numb foot after sitting",
            "back pain without numbness in the groin",
            "back pain, incontinense, saddle numbnes",
        ],
        &["dolor de espalda y no puedo orinar", "कमर में दर्द, पेशाब नहीं हो रहा"],
    ),
    cases(
        "acute_abdomen",
        [
            "my belly is hard as a board",
            "hungry",
            "hard to sleep, mild cold",
            "no severe stomach pain, vomiting once",
            "stomach is riggid",
        ],
        &["abdomen duro", "पेट कड़ा हो गया है"],
    ),
    cases(
        "severe_abdominal_pain",
        [
            "severe stomach pain",
            "stomach rumbles",
            "severe pain in my knee",
            "no severe stomach pain",
            "sevare stomach pain",
        ],
        &["dolor fuerte de barriga", "पेट में तेज दर्द"],
    ),
    cases(
        "infant_fever",
        [
            "2 months old with fever",
            "2 months old with a cold",
            "10 months old with fever",
            "2 months old, no fever",
            "newborn with feverr",
        ],
        &["bebé de 2 meses con fiebre", "2 महीने का बच्चा, बुखार है"],
    ),
    cases(
        "diabetic_ketoacidosis",
        [
            "diabetic and vomiting",
            "vomiting once",
            "diabetic, sore foot",
            "diabetic, no vomiting",
            "diabetec and vommiting",
        ],
        &["diabético, con vómitos", "मधुमेह है, उल्टी हो रही है"],
    ),
    cases(
        "eye_emergency",
        [
            "sudden loss of vision",
            "itchy eyes",
            "need new glasses",
            "no loss of vision",
            "suden loss of visoin",
        ],
        &["no puedo ver con un ojo", "दिखाई नहीं दे रहा"],
    ),
    cases(
        "severe_burn",
        [
            "burned my face with oil",
            "sun was hot",
            "heartburn after meals",
            "no burns on the face",
            "third degre burn on the face",
        ],
        &["se quemó con agua hirviendo", "खौलते पानी से जल गया"],
    ),
    cases(
        "head_injury",
        [
            "hit my head and vomiting",
            "hit my toe",
            "hit my head",
            "hit my head, no vomiting",
            "head injurry, vommiting",
        ],
        &["golpe en la cabeza y vómitos", "सिर में चोट लगी, उल्टी हो रही है"],
    ),
    cases(
        "spinal_injury",
        [
            "fell and hurt his neck",
            "neck pain from the desk",
            "neck injury years ago",
            "no neck injury",
            "neck injurry",
        ],
        &["caída, golpe en el cuello", "रीढ़ में चोट"],
    ),
    cases(
        "gastrointestinal_bleeding",
        [
            "vomiting blood",
            "ate black olives",
            "vomiting food",
            "no blood in my stool",
            "vommiting blood",
        ],
        &["vomito sangre", "काला मल"],
    ),
    cases(
        "coughing_blood",
        [
            "coughing up blood",
            "dry cough",
            "cough, gave blood for a test last year",
            "cough, no blood",
            "couging blood",
        ],
        &["tos con sangre", "खांसी में खून"],
    ),
    cases(
        "leg_clot",
        [
            "my calf is swollen",
            "swollen finger",
            "had a swollen leg years ago",
            "no leg swelling",
            "leg is swolen",
        ],
        &["pierna hinchada", "पैर में सूजन"],
    ),
    cases(
        "limb_without_blood",
        [
            "my leg is cold and pale",
            "cold feet in winter",
            "pale face",
            "leg is not cold or pale",
            "pulselesss leg, leg cold and pale",
        ],
        &["la pierna está fría y pálida", "पैर ठंडा और नीला है"],
    ),
    cases(
        "heat_stroke",
        [
            "heat stroke at work",
            "warm weather",
            "risk of heat stroke next week",
            "no heatstroke",
            "heatsroke",
        ],
        &["golpe de calor", "लू लग गई"],
    ),
    cases(
        "dehydration",
        [
            "diarrhea and sunken eyes",
            "thirsty after sport",
            "diarrhea once",
            "diarrhea, not dehydrated",
            "diarhea, dehidrated, dehydratedd",
        ],
        &["diarrea y ojos hundidos", "दस्त हैं, मुंह सूख रहा है"],
    ),
    cases(
        "psychosis_with_danger",
        [
            "I am hearing voices",
            "hoarse voice",
            "used to be hearing voices years ago",
            "not hearing voices",
            "hearring voices",
        ],
        &["oigo voces", "आवाजें सुनाई देती हैं"],
    ),
    cases(
        "skin_peeling",
        [
            "blisters all over my body",
            "dry skin",
            "my skin was peeling last year",
            "no blisters in the mouth",
            "blistars in the mouth, skin peelling",
        ],
        &["ampollas en la boca", "पूरे शरीर पर छाले"],
    ),
    cases(
        "fever_without_defences",
        [
            "fever during chemotherapy",
            "fever",
            "chemotherapy tomorrow",
            "chemotherapy, no fever",
            "feverr on chemotherapy",
        ],
        &["fiebre y quimioterapia", "बुखार है, कीमोथेरेपी चल रही है"],
    ),
];

#[test]
fn every_rule_has_its_six_kinds() {
    for rule in RULES {
        let of_rule: Vec<&Cases> = CASES.iter().filter(|cases| cases.rule == rule.id).collect();
        assert_eq!(of_rule.len(), 1, "{} needs its cases", rule.id);
        for cases in of_rule {
            let texts = [
                cases.positive,
                cases.negative,
                cases.near_miss,
                cases.negated,
                cases.misspelt,
            ];
            assert!(
                texts.iter().all(|text| !text.is_empty()) && !cases.other_languages.is_empty(),
                "{}",
                rule.id
            );
        }
    }
}

fn raises(cases: &Cases, text: &str) -> bool {
    super::red_flags(&Report::of(text))
        .iter()
        .any(|flag| flag.rule == cases.rule)
}

#[test]
fn every_case_is_judged_as_it_says() {
    let mut wrong = Vec::new();
    for cases in CASES {
        let raised = [cases.positive, cases.misspelt]
            .into_iter()
            .chain(cases.other_languages.iter().copied());
        wrong.extend(
            raised
                .filter(|text| !raises(cases, text))
                .map(|text| format!("{} missed: {text}", cases.rule)),
        );
        let quiet = [cases.negative, cases.near_miss, cases.negated].into_iter();
        wrong.extend(
            quiet
                .filter(|text| raises(cases, text))
                .map(|text| format!("{} raised: {text}", cases.rule)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn structured_fields_count() {
    let flagged = |report: &Report, rule: &str| super::red_flags(report).iter().any(|flag| flag.rule == rule);
    let mut report = Report::of("fever");
    assert!(!flagged(&report, "infant_fever"));
    report.age = Some(0);
    assert!(flagged(&report, "infant_fever"));
    report.age = Some(40);
    report.medical_history = Some(vec!["Chemotherapy".into()]);
    assert!(flagged(&report, "fever_without_defences"));
    let mut report = Report::of("stomach pain");
    assert!(super::red_flags(&report).is_empty());
    report.symptoms[0].severity = Severity::Severe;
    assert!(flagged(&report, "severe_abdominal_pain"));
    report.current_medications = Some(vec!["insulin".into()]);
    report.additional_info = Some("vomiting since morning".into());
    assert!(flagged(&report, "diabetic_ketoacidosis"));
}
