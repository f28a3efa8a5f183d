//! What the rules look for, and the phrases people use for it. The language of phrases is in [`super::lexicon`].

use std::sync::LazyLock;

use super::foreign;
use super::lexicon::Lexicon;

macro_rules! signs {
    ($($name:ident: $($phrase:literal),+;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Sign { $($name),+ }
        const PHRASES: &[&[&str]] = &[$(&[$($phrase),+]),+];
    };
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut phrases: Vec<Vec<&str>> = PHRASES.iter().map(|phrases| phrases.to_vec()).collect();
    for (sign, more) in foreign::PHRASES {
        if let Some(phrases) = phrases.get_mut(*sign as usize) {
            phrases.extend_from_slice(more);
        }
    }
    Lexicon::new(phrases.iter().map(Vec::as_slice))
});

signs! {
    ChestPain: "@chest @pain", "heart attack", "heart @pain", "infarto", "ataque corazon", "दिल दौरा", "dil daura", "angina", "chestpain*", "heartattack", "@chest heavy", "@chest squeez*", "@chest tight*", "elephant @chest", "@chest stabb*", "@chest gas", "@chest uneasy", "@chest uneasiness", "heart stopped";
    BreathTrouble: "@trouble @breath", "short* @breath", "breathless*", "cant breathe", "cannot breathe", "not breathing",
        "gasping", "suffocating", "choking", "no puedo respirar", "no puede respirar", "no respira", "falta aire",
        "falta respiracion", "me ahogo", "ahogando", "asfixia*", "सांस फूल", "saans phool", "saans nahi", "सांस नहीं", "सांस घुट",
        "दम घुट", "dam ghut", "turning blue", "blue lips", "labios azules", "disnea", "dyspnea", "@cannot @breath", "@cannot catch breath", "@cannot get air", "@cannot get breath", "no air", "not getting air", "sin poder respirar", "sin aire", "sin aliento", "without able @breath", "cantbreathe", "cannotbreathe", "short breath", "breathing stopped", "stopped breathing", "winded @severe", "fighting breath", "fighting air", "not breathe", "doesnt breathe", "isnt breathing", "@baby =blue", "skin =blue", "face =blue", "lips @blue", "fingers =blue", "he =is =blue", "she =is =blue", "went =blue", "gone =blue", "going =blue", "goes =blue", "turned =blue", "se puso azul", "bebe azul", "labios morados", "बच्चा नीला", "होंठ नीले", "dam ghut raha", "struggling breath*", "bluish lips", "out =breath", "bebe morado", "nino morado", "nina morada", "hijo morado", "hija morada", "@baby breathing fast", "@baby fast breathing", "ribs suck*", "chest sucking", "asthma attack", "ataque asma", "inhaler not working", "inhaler not helping", "inhaler not help", "saans ruk", "सांस रुक", "se ahoga", "अस्थमा दौरा";
    FaceDroop: "@face @droop", "@face @weak", "चेहरा लकवा", "@face @oneside @droop", "@face dropped", "face fallen one side", "smile crooked", "half face", "mouth twisted", "no siento cara", "no siento lado cara";
    OneSideWeak: "@oneside @limb @weak", "@oneside body @weak", "@oneside cuerpo @weak", "@oneside शरीर @weak",
        "@oneside sharir @weak", "@limb @sudden @weak", "cant move arm", "cannot move arm", "cant lift arm", "no puedo mover brazo", "@cannot feel @limb", "dont feel @limb", "no feeling @limb", "lost feeling @limb", "@cannot move @limb", "@cannot lift @limb", "@cannot raise @limb", "no siento brazo", "no siento pierna", "no siento mano", "no puedo mover pierna", "no muevo brazo", "@oneside side numb", "@oneside side weak", "half body @weak", "side body @weak", "mitad cuerpo @weak", "@limb gone @weak", "@limb gone dead", "@limb went dead", "हाथ नहीं उठ", "haath nahi uth", "haath kaam nahi", "pair kaam nahi", "हाथ काम नहीं", "पैर काम नहीं", "@oneside side not working", "@oneside side not moving", "side body not working", "@limb not working", "@limb not moving", "@limb no movement";
    SpeechTrouble: "@speech @slurred", "slurred", "slurring", "habla arrastrada", "cant find words", "@cannot speak", "@cannot talk", "speech gone", "words coming wrong", "no puede hablar", "no puedo hablar", "bol nahi", "बोल नहीं", "talking nonsense", "lost speech";
    StrokeNamed: "stroke", "derrame cerebral", "ictus", "embolia cerebral", "लकवा", "lakwa", "स्ट्रोक";
    HeavyBleeding: "@bleed heav*", "@bleed @severe", "@bleed wont stop", "@bleed not stop*", "@bleed lots", "lot @bleed",
        "@bleed profuse*", "mucha sangre", "mucho sangrado", "@bleed no para", "@bleed abundante", "khoon ruk nahi",
        "खून रुक नहीं", "खून बंद नहीं", "ज्यादा खून", "zyada khoon", "spurting @bleed", "soaked @bleed", "does not stop @bleed",
        "desangr*", "@bleed mucho", "@bleed mucha", "@bleed no stop*", "@bleed never stop*", "@bleed doesnt stop*", "@bleed keeps", "no paro @bleed", "no para @bleed", "no deja @bleed", "no dejo @bleed", "no parado @bleed", "no dejado @bleed", "not stop* @bleed", "@cannot stop @bleed", "@bleed everywhere", "@bleed gushing", "pouring @bleed", "pool @bleed", "losing lots @bleed", "@bleed through pads", "@bleed too much", "so much @bleed", "@bleed uncontroll*", "khoon band nahi", "खून थम नहीं";
    ThroatSwelling: "@throat @swell", "@face @swell", "anaphyla*", "anafila*", "throat closing", "garganta cierra", "@throat closing", "throat tight* swell", "@throat closes", "throat closed", "throat swelled", "eyes lips @swell", "se cierra garganta", "cerrando garganta", "throat tight";
    Allergen: "allerg*", "alerg*", "sting", "stung", "picadura", "abeja", "bee", "wasp", "peanut", "peanuts", "cacahuate", "mani", "एलर्जी",
        "मधुमक्खी", "मूंगफली", "shellfish", "mariscos", "penicillin", "penicilina";
    Rash: "@rash", "@skin red", "रैश", "urticaria";
    Fever: "@fever", "burning up", "high temperature", "बुखार";
    StiffNeck: "@neck @stiff", "cant bend neck", "cant touch chin chest", "गर्दन नहीं मोड़";
    NonBlanching: "rash not fade", "rash does not fade", "rash doesnt fade", "purple @rash", "non blanching", "purple spots", "manchas moradas", "बैंगनी दाने",
        "बैंगनी धब्बे", "pressed glass", "glass test";
    LightHurts: "light @eye @pain", "light hurts", "bright light", "photophobia", "molesta luz", "fotofobia", "रोशनी चुभ", "roshni chubh";
    Headache: "headache", "head @pain", "cabeza @pain", "cefalea", "migraine", "सिरदर्द", "sirdard", "@head @pain";
    Confusion: "@confused", "not making sense", "hard to wake", "cant wake", "no despierta", "होश नहीं", "hosh nahi", "very sleepy baby", "@cannot wake", "wont wake", "not waking", "hard wake";
    RacingOrCold: "heart racing", "fast heart", "rapid breathing", "fast breathing", "breathing fast", "shivering @severe", "mottled", "cold hands",
        "not urinated", "no urine", "respiracion rapida", "corazon acelerado", "escalofrios @severe", "piel fria", "तेज सांस", "कंपकंपी", "kapkapi", "sepsis", "blood poisoning";
    Suicidal: "suicid*", "suicide", "suicidal", "suicidio", "kill myself", "killing myself", "end my life", "ending my life", "want to die", "dont want live", "better off dead", "take my own life", "hurt myself",
        "harm myself", "self harm", "matarme", "quitarme vida", "quiero morir", "no quiero vivir", "hacerme dano", "आत्महत्या", "मरना चाहता", "मरना चाहती",
        "जान देना", "जीना नहीं चाहता", "जीना नहीं चाहती", "khudkushi", "aatmahatya", "marna chahta", "marna chahti", "खुदकुशी", "dont want alive", "not want alive", "not want live", "dont want be here anymore", "not want be here anymore", "wish =was dead", "wish =were dead", "end it all", "no reason live", "no reason to live", "tired of living", "kill my self", "killmyself", "unalive", "going to kill me self", "hang myself", "hanging myself", "cut my wrists", "jump bridge", "jump off", "no quiero seguir viviendo", "ya no quiero vivir", "quitarme la vida", "acabar con mi vida", "me quiero morir", "me quiero matar", "want dead", "life not worth living", "not worth living", "rather dead", "rather be dead", "mar jana chahta", "mar jana chahti", "jeena nahi chahta", "jeena nahi chahti", "मर जाना चाहता", "मर जाना चाहती", "जान दे", "going end it", "want end it", "end everything tonight", "cutting myself", "self harming", "mar jana", "मर जाना", "jumping off", "marne ka man", "jeene ka man nahi", "jine ka man nahi", "मरने का मन", "जीने का मन नहीं";
    Overdose: "@overdose", "overdos*", "too many pills", "too many tablets", "swallowed pills", "took whole bottle pills", "drank bleach", "muchas pastillas", "demasiadas pastillas",
        "tomo lejia", "zyada goliyan", "ज्यादा गोलियां", "बहुत गोलियां", "जहर", "snake bite", "snakebite", "mordedura serpiente", "सांप काट", "saanp kaat", "swallowed battery", "@took #pills", "@took whole packet", "@took whole box", "@took whole bottle", "@took whole strip", "@took all pills", "@took all tablets", "@took all medicine", "too much paracetamol", "too many paracetamol", "too many sleeping", "drank @overdose", "drank detergent", "swallowed bleach", "swallowed detergent", "swallowed batteries", "button battery", "rat poison", "veneno ratas", "@took caja pastillas", "@took todas pastillas", "frasco pastillas", "bottle of pills", "drank pesticide", "weed killer", "=took all antidepressants", "=took all medicines", "=took all medication", "=took all meds", "=took all tranquilizers", "=took all insulin", "=took all sleeping", "phenyl", "harpic", "drank kerosene", "drank petrol", "ate mothball*", "फिनाइल", "phinyl";
    WorstHeadache: "worst headache", "thunderclap", "@sudden @severe headache", "@sudden @severe @head @pain", "peor @pain cabeza", "worst @pain head",
        "@sudden headache", "@pain cabeza @sudden", "अचानक सिर दर्द", "अचानक सिरदर्द", "achanak sir dard", "सबसे भयानक सिरदर्द";
    LostConsciousness: "@faint", "lost conscious*", "loss conscious*", "perdio conocimiento", "perdi conocimiento", "perdida conocimiento", "passed out", "blacked out",
        "चक्कर गिर", "syncope", "unresponsive", "not responding", "doesnt respond", "not respond", "not waking up", "wont wake up", "@cannot wake", "no despierta", "no responde", "no reacciona", "blackedout", "passedout", "went unconscious", "होश नहीं", "hosh nahi", "@faint", "not conscious", "dropped to floor", "knocked out", "jaag nahi";
    Seizure: "@seizure", "convuls*", "epileptic", "मिर्गी दौरा", "दौरा पड़", "daura pad", "jerking unconscious", "still shaking", "whole body shaking", "body jerking", "shaking uncontroll*", "having fit", "had fit", "tuvo ataque", "convulsionando", "दौरा हुआ", "दौरा आया", "daura aaya", "daura hua", "jerking all over", "shaking and foaming", "foaming mouth", "espuma boca";
    Pregnant: "@pregnant", "weeks pregnant", "trimester", "पेट बच्चा";
    VaginalBleeding: "@bleed", "spotting", "manchado";
    BellyPain: "@belly @pain", "stomachache", "पेटदर्द", "cramps belly";
    ReducedMovement: "baby not moving", "baby moving less", "bebe no se mueve", "बच्चा हिल नहीं", "bachcha hil nahi", "waters broke", "rompio fuente";
    TesticlePain: "@testicle @pain", "@testicle @swell", "testicular torsion";
    SaddleNumb: "saddle @weak", "groin @weak", "numb between legs", "between legs @weak", "genital* @weak", "ingle @weak", "entrepierna @weak", "जांघों बीच सुन्न", "जांघ सुन्न", "jangh sunn",
        "private parts @weak", "buttocks @weak";
    BladderLost: "cant @urine", "cannot @urine", "lost control @urine", "control bladder", "control bowel*", "incontinen*", "no puedo orinar", "पेशाब नहीं", "peshab nahi", "पेशाब कंट्रोल",
        "control esfinter*", "bladder control", "wet myself", "unable @urine";
    LegsWeak: "legs @weak", "leg @weak", "piernas @weak", "pierna @weak", "पैर @weak", "पैरों @weak", "pair @weak";
    BackPain: "@back @pain", "backache", "sciatica", "lumbago", "ciatica", "कमरदर्द";
    RigidBelly: "@belly rigid", "@belly hard", "@belly board", "@belly @stiff", "vientre duro", "abdomen duro", "पेट कड़ा", "पेट सख्त", "pet sakht";
    SevereBellyPain: "@severe @belly @pain", "पेट असहनीय दर्द";
    Baby: "@baby", "months old", "weeks old", "days old", "महीने का", "महीने की", "meses", "semanas nacido";
    DiabetesKnown: "@diabetes", "type 1", "tipo 1", "metformin", "इंसुलिन", "diabetic ketoacidosis", "high blood sugar";
    KetoSigns: "fruity breath", "@vomit", "very thirsty", "extreme thirst", "mucha sed", "ketone*", "cetona*", "aliento frutas", "बहुत प्यास", "bahut pyaas", "deep breathing", "ज्यादा प्यास";
    VisionLoss: "@sudden @lost @vision", "@lost @vision @eye", "@lost @vision", "cant see", "cannot see", "blind", "no puedo ver", "ciego", "दिखना बंद", "दिखाई नहीं", "dikhai nahi", "curtain vision", "dikhna band", "no veo", "@vision black", "@vision dark", "black one @eye", "@eye went black", "@eye went dark", "went blind", "gone blind", "@cannot see", "everything black eye", "vista negra", "@vision gone", "@eye gone black", "veo negro", "lost sight", "blindness", "ceguera", "no ve ojo";
    VisionBlurred: "blurr* @vision", "blurr* @eye", "seeing spots", "flashing lights", "vision borrosa", "veo borroso", "धुंधला", "dhundhla";
    EyeInjury: "chemical @eye", "bleach @eye", "acid @eye", "@injury @eye", "@severe @eye @pain", "quimico @eye", "lejia @eye", "acido @eye", "आंख केमिकल", "आंख तेजाब", "aankh chot", "something stuck @eye";
    Burn: "@burn", "quemad*", "तेजाब", "electrocuted", "electric shock", "descarga electrica";
    BigBurn: "third degree", "tercer grado", "large @burn", "blister* @face", "@burn @face", "@burn @severe", "charred", "white leathery", "@burn whole", "@burn chest", "electrocuted", "electric shock",
        "@burn boiling", "agua hirviendo", "खौलते पानी", "खौलता पानी", "descarga electrica", "chemical @burn", "तेजाब", "@burn percent", "@burn por ciento", "@burn hot oil", "@burn oil face";
    HeadInjury: "@head @injury", "concussion", "golpe cabeza", "conmocion cerebral", "सिर चोट", "sir chot", "@injury @head";
    Vomiting: "@vomit", "उल्टी";
    VomitBlood: "@vomit @bleed", "@bleed @vomit", "coffee ground*", "hematemesis", "posos cafe", "spitting blood vomit", "throwing up blood", "threw up blood", "puking blood", "blood when vomit", "vomitting blood", "sangre vomitar", "खून उल्टी", "khoon ulti";
    BlackStool: "@black @stool", "@stool @bleed", "melena", "blood in stool", "rectal @bleed", "मल खून", "@bleed poop", "pooping blood", "shitting blood", "@bleed bottom";
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
