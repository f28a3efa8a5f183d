//! From free text in English, Spanish and Hindi to the names of `training/symptom_features.py`.

use std::sync::LazyLock;

use domain::triage::{Lexicon, Report, Standing};

use super::{clauses, is_present};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(PHRASES.iter().map(|(_, phrases)| *phrases)));

/// Signs that are present, each once.
pub fn of(report: &Report) -> Vec<&'static str> {
    let now = LEXICON.read(&clauses(&report.complaints()));
    let before = LEXICON.read(&clauses(&report.background()));
    let stands = |at: usize| {
        let known = before
            .get(at)
            .copied()
            .flatten()
            .is_some_and(|standing| standing != Standing::Denied);
        is_present(now.get(at).copied().flatten()) || known
    };
    let found = PHRASES
        .iter()
        .enumerate()
        .filter(|(at, _)| stands(*at))
        .flat_map(|(_, (names, _))| names.iter());
    let mut signs = Vec::new();
    for sign in found {
        if !signs.contains(sign) {
            signs.push(*sign);
        }
    }
    signs
}

type Entry = (&'static [&'static str], &'static [&'static str]);

const PHRASES: &[Entry] = &[
    (&["fever"], &["@fever"]),
    (
        &["chills"],
        &["chills", "shiver*", "escalofrios", "ठंड लग", "thand lag", "कंपकंपी"],
    ),
    (&["cough"], &["@cough"]),
    (
        &["sputum", "cough"],
        &["phlegm", "sputum", "flema", "productive @cough", "बलगम", "balgam", "कफ"],
    ),
    (&["coughing_blood"], &["@cough @bleed"]),
    (&["coughing_fits"], &["@cough fits", "ataques tos", "violent @cough"]),
    (&["whooping"], &["whoop*", "tos ferina"]),
    (
        &["sore_throat", "pain", "pain_in_throat"],
        &[
            "throat @pain",
            "garganta @pain",
            "गले दर्द",
            "gale dard",
            "गले खराश",
            "scratchy throat",
            "खराश",
        ],
    ),
    (
        &["hoarse"],
        &[
            "hoarse*",
            "lost voice",
            "ronco",
            "ronca",
            "afonia",
            "आवाज बैठ",
            "awaz baith",
            "voice gone",
        ],
    ),
    (
        &["trouble_swallowing"],
        &[
            "@trouble swallow*",
            "@trouble tragar",
            "निगल*",
            "nigal*",
            "cant swallow",
        ],
    ),
    (
        &["runny_nose"],
        &[
            "runny nose",
            "nose running",
            "stuffy nose",
            "blocked nose",
            "congest*",
            "nariz tapada",
            "moqueo",
            "mocos",
            "नाक बह",
            "naak bah",
            "नाक बंद",
            "naak band",
            "जुकाम",
            "zukam",
            "cold",
        ],
    ),
    (
        &["thick_nasal_discharge"],
        &[
            "green snot",
            "yellow snot",
            "green mucus",
            "yellow mucus",
            "green discharge nose",
            "moco verde",
            "mocos verdes",
            "moco amarillo",
            "पीला नाक",
        ],
    ),
    (
        &["itchy_nose"],
        &["itchy nose", "sneez*", "estornud*", "picor nariz", "छींक*", "chheenk"],
    ),
    (
        &["itchy_eyes"],
        &["itchy @eye", "picor ojos", "आंख खुजली", "aankh khujli"],
    ),
    (&["watery_eyes"], &["watery @eye", "ojos llorosos", "आंख पानी"]),
    (&["red_eyes"], &["red @eye", "ojos rojos", "आंख लाल"]),
    (
        &["lost_smell"],
        &["@lost smell", "perdida olfato", "no huelo", "गंध नहीं"],
    ),
    (
        &["pain", "pain_in_head"],
        &["headache", "@head @pain", "cefalea", "सिरदर्द", "sirdard", "migraine"],
    ),
    (
        &["pain_in_cheek", "pain"],
        &[
            "cheek @pain",
            "face @pain",
            "sinus @pain",
            "mejilla @pain",
            "cara @pain",
            "गाल दर्द",
        ],
    ),
    (
        &["pain_in_ear", "pain"],
        &["ear @pain", "earache", "oido @pain", "कान दर्द", "kaan dard"],
    ),
    (&["pain_in_eye", "pain"], &["@eye @pain", "behind eye @pain"]),
    (&["pain", "pain_in_chest"], &["@chest @pain"]),
    (
        &["pain", "pain_in_upper_belly"],
        &[
            "upper @belly @pain",
            "epigastric @pain",
            "stomach pit @pain",
            "boca estomago",
        ],
    ),
    (
        &["pain", "pain_in_belly"],
        &["@belly @pain", "stomachache", "पेटदर्द", "belly cramps"],
    ),
    (
        &["pain", "pain_in_groin"],
        &["groin @pain", "ingle @pain", "जांघ दर्द", "lump groin", "bulto ingle"],
    ),
    (&["pain", "pain_in_back"], &["@back @pain", "backache"]),
    (
        &["pain_spreads_to_arm"],
        &["left arm", "brazo izquierdo", "बाएं हाथ", "down arm"],
    ),
    (&["pain_spreads_to_jaw"], &["jaw", "mandibula", "जबड़े"]),
    (
        &["pain_heavy"],
        &[
            "pressure",
            "heaviness",
            "squeezing",
            "crushing",
            "presion",
            "opresion",
            "दबाव",
            "tightness",
        ],
    ),
    (&["pain_burning"], &["burning", "ardor", "जलन", "jalan"]),
    (
        &["pain_sharp", "pain_stabbing"],
        &["stabbing", "sharp", "punzante", "चुभ*", "चुभन"],
    ),
    (
        &["pain_throbbing"],
        &["throbbing", "pulsating", "palpitante", "pulsatil"],
    ),
    (&["pain_sudden"], &["@sudden @pain"]),
    (
        &["worse_breathing_in"],
        &[
            "worse breath*",
            "hurts breathe",
            "deep breath @pain",
            "peor respirar",
            "duele respirar",
            "सांस लेने दर्द",
        ],
    ),
    (&["better_leaning_forward"], &["lean* forward", "inclinarme adelante"]),
    (
        &["worse_lying"],
        &[
            "worse lying",
            "lie flat",
            "lying down",
            "peor acostado",
            "acostarme",
            "लेटने",
        ],
    ),
    (
        &["worse_on_effort"],
        &[
            "exertion",
            "climbing stairs",
            "exercise",
            "esfuerzo",
            "subir escaleras",
            "चढ़ने",
            "walking uphill",
        ],
    ),
    (&["pain_at_rest"], &["at rest", "reposo", "even resting", "आराम करते"]),
    (
        &["breathless"],
        &[
            "@trouble @breath",
            "short* @breath",
            "breathless*",
            "cant breathe",
            "falta aire",
            "me ahogo",
            "सांस फूल",
            "saans phool",
            "no puedo respirar",
        ],
    ),
    (
        &["wakes_breathless"],
        &["wake* night breath*", "wake* breathless", "despierto ahogo"],
    ),
    (
        &["wheezing"],
        &[
            "wheez*",
            "silbido*",
            "sibilancia*",
            "pitos pecho",
            "घरघराहट",
            "ghargharahat",
            "whistling",
        ],
    ),
    (
        &["noisy_breathing_in"],
        &[
            "stridor",
            "barking @cough",
            "noisy breath*",
            "estridor",
            "tos perro",
            "tos perruna",
        ],
    ),
    (
        &["palpitations"],
        &[
            "palpitation*",
            "@heart racing",
            "heart pounding",
            "heart fast",
            "palpitaciones",
            "corazon acelerado",
            "धड़कन",
            "dhadkan",
        ],
    ),
    (
        &["irregular_heartbeat"],
        &[
            "irregular heart*",
            "heart irregular*",
            "skipping beats",
            "latidos irregulares",
            "धड़कन अनियमित",
        ],
    ),
    (&["sweating"], &["@sweat"]),
    (
        &["nausea"],
        &[
            "nausea*",
            "nauseous",
            "nauseas",
            "mareo estomago",
            "queasy",
            "जी मिचला",
            "मतली",
            "ji michla",
            "feel sick",
        ],
    ),
    (&["vomiting", "nausea"], &["@vomit"]),
    (
        &["diarrhoea"],
        &[
            "diarrh*",
            "diarrea",
            "loose motion*",
            "loose stool*",
            "watery stool*",
            "दस्त",
            "dast",
        ],
    ),
    (&["blood_in_stool"], &["@stool @bleed"]),
    (&["black_stool"], &["@black @stool", "melena"]),
    (
        &["heartburn", "pain_burning"],
        &[
            "heartburn",
            "acid reflux",
            "acidity",
            "acidez",
            "reflujo",
            "एसिडिटी",
            "सीने जलन",
            "bitter taste",
            "खट्टी डकार",
        ],
    ),
    (
        &["worse_after_eating"],
        &[
            "after eating",
            "after meal*",
            "despues comer",
            "खाने के बाद",
            "khane baad",
        ],
    ),
    (
        &["bloated"],
        &["bloat*", "distended", "hinchado vientre", "gases", "पेट फूल", "गैस"],
    ),
    (
        &["weight_loss", "lost_weight_or_appetite"],
        &[
            "@lost weight",
            "weight loss",
            "bajado peso",
            "perdida peso",
            "वजन कम",
            "vajan kam",
            "adelgaz*",
        ],
    ),
    (
        &["poor_appetite"],
        &[
            "no appetite",
            "@lost appetite",
            "sin apetito",
            "poor appetite",
            "भूख नहीं",
            "bhookh nahi",
        ],
    ),
    (
        &["tired"],
        &[
            "tired*",
            "fatigue*",
            "cansad*",
            "cansancio",
            "agotad*",
            "थकान",
            "thakan",
            "exhaust*",
            "no energy",
            "थका",
        ],
    ),
    (
        &["unwell_and_aching", "muscle_pain"],
        &[
            "body @pain",
            "muscle @pain",
            "aching all",
            "muscular @pain",
            "cuerpo @pain",
            "बदन दर्द",
            "शरीर दर्द",
            "badan dard",
            "muscles @pain",
        ],
    ),
    (
        &["dizzy", "near_fainting"],
        &[
            "dizz*",
            "lightheaded",
            "mareo",
            "mareos",
            "mareado",
            "mareada",
            "चक्कर",
            "chakkar",
            "giddy",
        ],
    ),
    (&["fainting"], &["@faint"]),
    (&["pale_skin"], &["pale", "palid*", "पीला चेहरा", "पीली त्वचा"]),
    (
        &["anxious", "fear_of_dying"],
        &[
            "panic*",
            "fear dying",
            "going to die",
            "panico",
            "घबराहट",
            "ghabrahat",
            "anxious",
            "anxiety",
            "ansiedad",
            "miedo morir",
        ],
    ),
    (&["detached"], &["unreal", "detached", "irreal"]),
    (&["skin_change"], &["@rash", "@skin red", "रैश"]),
    (
        &["itching", "skin_change"],
        &["itch*", "picazon", "comezon", "खुजली", "khujli"],
    ),
    (&["swelling"], &["@swell"]),
    (
        &["swelling_of_foot", "swelling"],
        &[
            "ankle* @swell",
            "feet @swell",
            "tobillos @swell",
            "pies @swell",
            "पैर @swell",
        ],
    ),
    (&["swelling_of_leg", "swelling"], &["@leg @swell"]),
    (
        &["allergen_met"],
        &[
            "peanut*",
            "stung",
            "after eating nuts",
            "cacahuate",
            "मूंगफली",
            "shellfish",
            "mariscos",
        ],
    ),
    (
        &["ate_dark_fish", "flushed_cheeks"],
        &["tuna", "atun", "mackerel", "after eating fish"],
    ),
    (
        &["swollen_glands"],
        &["swollen glands", "lymph nodes", "ganglios", "गांठ गर्दन"],
    ),
    (
        &["mouth_ulcers"],
        &["mouth ulcer*", "mouth sores", "llagas boca", "मुंह छाले"],
    ),
    (
        &["double_vision"],
        &[
            "double vision",
            "seeing double",
            "vision doble",
            "veo doble",
            "दोहरा दिख",
        ],
    ),
    (
        &["drooping_eyelids"],
        &[
            "eyelid* droop*",
            "droopy eyelid*",
            "parpado caido",
            "parpados caidos",
            "पलक*",
        ],
    ),
    (
        &["weaker_when_tired"],
        &["weaker evening", "weakness worse evening", "worse tired", "शाम कमजोरी"],
    ),
    (
        &["weak_limbs"],
        &["legs @weak", "arms @weak", "piernas @weak", "पैर कमजोर", "पैरों कमजोरी"],
    ),
    (
        &["numb_feet", "numbness"],
        &["feet @weak", "tingling feet", "hormigueo pies", "पैर झुनझुनी", "tingling"],
    ),
    (
        &["muscle_spasms", "neck_spasm"],
        &["muscle spasm*", "neck twist*", "espasmo*", "neck spasm*"],
    ),
    (
        &["heavy_periods"],
        &[
            "heavy period*",
            "heavy menstru*",
            "menstruacion abundante",
            "regla abundante",
            "माहवारी ज्यादा",
        ],
    ),
    (
        &["pale_stool_dark_urine"],
        &["dark urine", "pale stool*", "orina oscura", "गहरा पेशाब"],
    ),
    (&["worse_at_night"], &["worse night", "at night", "por noche", "रात"]),
    (&["worse_on_straining"], &["lifting", "straining", "levantar peso"]),
    (&["smoker"], &["smok*", "fumo", "fumador*", "धूम्रपान", "बीड़ी", "सिगरेट"]),
    (&["asthma"], &["asthma*", "asma", "दमा", "dama", "अस्थमा", "inhaler"]),
    (&["copd"], &["copd", "epoc", "emphysema"]),
    (&["diabetes"], &["@diabetes", "metformin"]),
    (
        &["high_blood_pressure"],
        &[
            "high blood pressure",
            "hypertension",
            "hipertension",
            "उच्च रक्तचाप",
            "bp high",
            "amlodipine",
        ],
    ),
    (
        &["heart_disease"],
        &["heart disease", "angina", "heart attack", "infarto"],
    ),
    (&["heart_failure"], &["heart failure", "insuficiencia cardiaca"]),
    (&["past_clot"], &["dvt", "thrombosis", "trombosis"]),
    (
        &["recent_surgery"],
        &["surgery", "operation", "cirugia", "operaron", "ऑपरेशन"],
    ),
    (
        &["antipsychotic"],
        &["haloperidol", "antipsychotic", "antipsicotico", "metoclopramide"],
    ),
    (&["hiv"], &["hiv", "vih"]),
    (
        &["contact_ill"],
        &["also sick", "same symptoms", "contact with", "contagi*"],
    ),
    (
        &["everyday_urine"],
        &[
            "burn* @urine",
            "@urine burn*",
            "@urine @pain",
            "ardor orinar",
            "पेशाब जलन",
            "peshab jalan",
            "frequent urination",
            "urinating often",
        ],
    ),
    (
        &["everyday_light"],
        &[
            "light hurts",
            "sensitive light",
            "molesta luz",
            "photophobia",
            "रोशनी चुभ",
        ],
    ),
    (
        &["everyday_one_side"],
        &["one side head", "half head", "mitad cabeza", "आधे सिर", "aadhe sir"],
    ),
    (
        &["everyday_constipation"],
        &["constipat*", "estrenimiento", "estrenido", "कब्ज", "kabz"],
    ),
];
