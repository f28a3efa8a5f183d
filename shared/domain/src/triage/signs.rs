//! What the rules look for, and the phrases people use for it. The language of phrases is in [`super::lexicon`].

use std::sync::LazyLock;

use super::lexicon::Lexicon;

macro_rules! signs {
    ($($name:ident: $($phrase:literal),+;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Sign { $($name),+ }
        const PHRASES: &[&[&str]] = &[$(&[$($phrase),+]),+];
    };
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(PHRASES.iter().copied()));

signs! {
    ChestPain: "@chest @pain", "heart attack", "heart @pain", "infarto", "ataque corazon", "दिल दौरा", "dil daura", "angina";
    BreathTrouble: "@trouble @breath", "short* @breath", "breathless*", "cant breathe", "cannot breathe", "not breathing",
        "gasping", "suffocating", "choking", "no puedo respirar", "no puede respirar", "no respira", "falta aire",
        "falta respiracion", "me ahogo", "ahogando", "asfixia*", "सांस फूल", "saans phool", "saans nahi", "सांस नहीं", "सांस घुट",
        "दम घुट", "dam ghut", "turning blue", "blue lips", "labios azules", "disnea", "dyspnea";
    FaceDroop: "@face @droop", "@face @weak", "चेहरा लकवा", "@face @oneside @droop";
    OneSideWeak: "@oneside @limb @weak", "@oneside body @weak", "@oneside cuerpo @weak", "@oneside शरीर @weak",
        "@oneside sharir @weak", "@limb @sudden @weak", "cant move arm", "cannot move arm", "cant lift arm", "no puedo mover brazo";
    SpeechTrouble: "@speech @slurred", "slurred", "slurring", "habla arrastrada", "cant find words";
    StrokeNamed: "stroke", "derrame cerebral", "ictus", "embolia cerebral", "लकवा", "lakwa", "स्ट्रोक";
    HeavyBleeding: "@bleed heav*", "@bleed @severe", "@bleed wont stop", "@bleed not stop*", "@bleed lots", "lot @bleed",
        "@bleed profuse*", "mucha sangre", "mucho sangrado", "@bleed no para", "@bleed abundante", "khoon ruk nahi",
        "खून रुक नहीं", "खून बंद नहीं", "ज्यादा खून", "zyada khoon", "spurting @bleed", "soaked @bleed", "does not stop @bleed",
        "desangr*";
    ThroatSwelling: "@throat @swell", "@face @swell", "anaphyla*", "anafila*", "throat closing", "garganta cierra";
    Allergen: "allerg*", "alerg*", "sting", "stung", "picadura", "abeja", "bee", "wasp", "peanut", "peanuts", "cacahuate", "mani", "एलर्जी",
        "मधुमक्खी", "मूंगफली", "shellfish", "mariscos", "penicillin", "penicilina";
    Rash: "@rash", "@skin red", "रैश", "urticaria";
    Fever: "@fever", "burning up", "high temperature", "बुखार";
    StiffNeck: "@neck @stiff", "cant bend neck", "cant touch chin chest", "गर्दन नहीं मोड़";
    NonBlanching: "rash not fade", "rash does not fade", "rash doesnt fade", "purple @rash", "non blanching", "purple spots", "manchas moradas", "बैंगनी दाने",
        "बैंगनी धब्बे";
    LightHurts: "light @eye @pain", "light hurts", "bright light", "photophobia", "molesta luz", "fotofobia", "रोशनी चुभ", "roshni chubh";
    Headache: "headache", "head @pain", "cabeza @pain", "cefalea", "migraine", "सिरदर्द", "sirdard", "@head @pain";
    Confusion: "@confused", "not making sense", "hard to wake", "cant wake", "no despierta", "होश नहीं", "hosh nahi", "very sleepy baby";
    RacingOrCold: "heart racing", "fast heart", "rapid breathing", "fast breathing", "breathing fast", "shivering @severe", "mottled", "cold hands",
        "not urinated", "no urine", "respiracion rapida", "corazon acelerado", "escalofrios @severe", "piel fria", "तेज सांस", "कंपकंपी", "kapkapi", "sepsis", "blood poisoning";
    Suicidal: "suicid*", "suicide", "suicidal", "suicidio", "kill myself", "killing myself", "end my life", "ending my life", "want to die", "dont want live", "better off dead", "take my own life", "hurt myself",
        "harm myself", "self harm", "matarme", "quitarme vida", "quiero morir", "no quiero vivir", "hacerme dano", "आत्महत्या", "मरना चाहता", "मरना चाहती",
        "जान देना", "जीना नहीं चाहता", "जीना नहीं चाहती", "khudkushi", "aatmahatya", "marna chahta", "marna chahti", "खुदकुशी";
    Overdose: "@overdose", "overdos*", "too many pills", "too many tablets", "swallowed pills", "took whole bottle pills", "drank bleach", "muchas pastillas", "demasiadas pastillas",
        "tomo lejia", "zyada goliyan", "ज्यादा गोलियां", "बहुत गोलियां", "जहर", "snake bite", "snakebite", "mordedura serpiente", "सांप काट", "saanp kaat", "swallowed battery";
    WorstHeadache: "worst headache", "thunderclap", "@sudden @severe headache", "@sudden @severe @head @pain", "peor @pain cabeza", "worst @pain head",
        "@sudden headache", "@pain cabeza @sudden", "अचानक सिर दर्द", "अचानक सिरदर्द", "achanak sir dard", "सबसे भयानक सिरदर्द";
    LostConsciousness: "@faint", "lost conscious*", "loss conscious*", "perdio conocimiento", "perdi conocimiento", "perdida conocimiento", "passed out", "blacked out",
        "चक्कर गिर", "syncope";
    Seizure: "@seizure", "convuls*", "epileptic", "मिर्गी दौरा", "दौरा पड़", "daura pad", "jerking unconscious";
    Pregnant: "@pregnant", "weeks pregnant", "trimester", "पेट बच्चा";
    VaginalBleeding: "@bleed", "spotting", "manchado";
    BellyPain: "@belly @pain", "stomachache", "पेटदर्द", "cramps belly";
    ReducedMovement: "baby not moving", "baby moving less", "bebe no se mueve", "बच्चा हिल नहीं", "bachcha hil nahi", "waters broke", "rompio fuente";
    TesticlePain: "@testicle @pain", "@testicle @swell", "testicular torsion";
    SaddleNumb: "saddle @weak", "groin @weak", "numb between legs", "between legs @weak", "genital* @weak", "ingle @weak", "entrepierna @weak", "जांघों बीच सुन्न", "जांघ सुन्न", "jangh sunn",
        "private parts @weak", "buttocks @weak";
    BladderLost: "cant @urine", "cannot @urine", "lost control @urine", "control bladder", "control bowel*", "incontinen*", "no puedo orinar", "पेशाब नहीं", "peshab nahi", "पेशाब कंट्रोल",
        "control esfinter*", "bladder control", "wet myself", "unable @urine";
    BackPain: "@back @pain", "backache", "sciatica", "lumbago", "ciatica", "कमरदर्द";
    RigidBelly: "@belly rigid", "@belly hard", "@belly board", "@belly @stiff", "vientre duro", "abdomen duro", "पेट कड़ा", "पेट सख्त", "pet sakht";
    SevereBellyPain: "@severe @belly @pain", "पेट असहनीय दर्द";
    Baby: "@baby", "months old", "weeks old", "days old", "महीने का", "महीने की", "meses", "semanas nacido";
    DiabetesKnown: "@diabetes", "type 1", "tipo 1", "metformin", "इंसुलिन", "diabetic ketoacidosis", "high blood sugar";
    KetoSigns: "fruity breath", "@vomit", "very thirsty", "extreme thirst", "mucha sed", "ketone*", "cetona*", "aliento frutas", "बहुत प्यास", "bahut pyaas", "deep breathing", "ज्यादा प्यास";
    VisionLoss: "@sudden @lost @vision", "@lost @vision @eye", "@lost @vision", "cant see", "cannot see", "blind", "no puedo ver", "ciego", "दिखना बंद", "दिखाई नहीं", "dikhai nahi", "curtain vision", "dikhna band", "no veo";
    EyeInjury: "chemical @eye", "bleach @eye", "acid @eye", "@injury @eye", "@severe @eye @pain", "quimico @eye", "lejia @eye", "acido @eye", "आंख केमिकल", "आंख तेजाब", "aankh chot", "something stuck @eye";
    Burn: "@burn", "quemad*", "तेजाब", "electrocuted", "electric shock", "descarga electrica";
    BigBurn: "third degree", "tercer grado", "large @burn", "blister* @face", "@burn @face", "@burn @severe", "charred", "white leathery", "@burn whole", "@burn chest", "electrocuted", "electric shock",
        "@burn boiling", "agua hirviendo", "खौलते पानी", "खौलता पानी", "descarga electrica", "chemical @burn", "तेजाब";
    HeadInjury: "@head @injury", "concussion", "golpe cabeza", "conmocion cerebral", "सिर चोट", "sir chot", "@injury @head";
    Vomiting: "@vomit", "उल्टी";
    VomitBlood: "@vomit @bleed", "@bleed @vomit", "coffee ground*", "hematemesis", "posos cafe", "spitting blood vomit";
    BlackStool: "@black @stool", "@stool @bleed", "melena", "blood in stool", "rectal @bleed", "मल खून";
    CoughBlood: "@cough @bleed", "coughing up blood", "hemoptysis", "hemoptisis", "खांसी खून";
    LegSwelling: "@leg @swell", "calf @pain", "pantorrilla @pain", "dvt", "trombosis", "पिंडली दर्द";
    Stridor: "stridor", "drooling", "high pitched breath*", "estridor", "babeando", "babea", "लार टपक", "laar tapak", "noisy breath*";
    SpinalInjury: "broken neck", "@neck @injury", "@back @injury @weak", "accident cannot move legs", "spine @injury", "@injury columna", "रीढ़ चोट", "reedh chot", "@injury cuello";
    Heat: "heat stroke", "heatstroke", "golpe calor", "लू लग", "loo lag", "sunstroke", "insolacion", "insolación";
    Dehydrated: "sunken eyes", "no tears", "dry mouth", "not urinated", "no wet diapers", "no urine", "ojos hundidos", "sin orinar", "boca seca", "धंसी आंखें", "पेशाब नहीं", "मुंह सूख", "muh sukh", "dehydrat*", "deshidrat*", "निर्जलीकरण";
    Diarrhoea: "diarrh*", "diarrea", "loose stool*", "loose motion*", "दस्त", "dast", "watery @stool", "ulti dast";
    LimbPale: "@limb cold pale", "@limb cold blue", "leg pale cold", "cold numb leg", "pierna fria palida", "pierna palida", "पैर ठंडा नीला", "पैर ठंडा पीला", "pair thanda neela", "no pulse leg";
    Psychosis: "hearing voices", "voices telling", "oigo voces", "escucho voces", "आवाजें सुनाई", "aawazein sunai", "kill someone", "hurt someone", "matar alguien", "किसी को मार";
    Sweating: "@sweat", "sweat*", "cold sweat", "sudor frio";
    Radiating: "spread* arm", "radiat*", "down left arm", "arm and jaw", "jaw @pain", "left arm @pain", "brazo izquierdo", "irradia*", "mandibula", "बाएं हाथ", "जबड़े", "baye haath", "jabde";
    Blistering: "skin peeling", "peeling skin", "blisters all over", "blisters mouth", "piel cayendo", "ampollas boca", "ampollas por todo", "चमड़ी उतर", "छाले पूरे शरीर", "chhale pure sharir";
    Chemo: "chemo*", "quimio*", "कीमो*", "keemo", "transplant*", "trasplante", "immunosuppress*", "inmunosupr*", "neutropeni*", "hiv", "vih";
}
