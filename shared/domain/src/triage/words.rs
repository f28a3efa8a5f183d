//! Classes of words that mean the same to the tables, in English, Spanish and Hindi (also in Latin letters).

/// Name, then words; `=` and `*` as in [`super::lexicon`].
pub(super) const CLASSES: &[(&str, &str)] = &[
    (
        "pain",
        "pain pains paining painful ache aches aching achy hurt hurts hurting sore dolor dolores duele duelen doliendo \
              dolorido dard दर्द दुख दुखता पीड़ा pressure tightness tight crushing squeezing presion opresion opresivo \
              pressing heaviness दबाव जकड़न dabav burning doler dolido dolia duela dolorosa stabbing discomfort dukhta dukh",
    ),
    (
        "chest",
        "chest pecho chhati chati seene sine seena सीने सीना छाती toracico breastbone",
    ),
    ("heart", "heart corazon dil दिल"),
    (
        "breath",
        "breath breathe breathing breaths breathless breathlessness respirar respira respiracion saans sans सांस साँस श्वास",
    ),
    (
        "trouble",
        "trouble difficulty difficult difficulties hard struggling struggle problem cannot cant unable dificultad \
                 dificil cuesta problemas taklif dikkat pareshani तकलीफ दिक्कत परेशानी कठिनाई मुश्किल गम्भीर dificuldade cannt canot struggles",
    ),
    ("head", "head cabeza sir sar सिर सर headache"),
    (
        "belly",
        "belly stomach abdomen abdominal tummy barriga estomago vientre panza pet पेट",
    ),
    (
        "sudden",
        "sudden suddenly abrupt thunderclap repentino repentina repente subito subita brusco achanak अचानक",
    ),
    (
        "severe",
        "severe severely terrible worst unbearable extreme excruciating intense violent horrible massive fuerte \
                fuertes intenso intensa severo severa insoportable terriblemente peor bahut tez तेज बहुत भयानक असहनीय गंभीर जोर भयंकर",
    ),
    ("face", "face facial mouth cara rostro boca chehra muh चेहरा चेहरे मुंह"),
    (
        "droop",
        "droop drooping droops drooped crooked lopsided caida torcida torcido desviada chueca chueco tedha टेढ़ा टेढ़ी लटक लटका",
    ),
    (
        "weak",
        "weak weakness paralysed paralyzed paralysis numb numbness limp debil debilidad paralizado paralizada \
              paralisis entumecido entumecida dormido kamjor kamzor kamzori sunn कमजोर कमजोरी सुन्न लकवा dormida लकवाग्रस्त weakened weaker feeble",
    ),
    (
        "limb",
        "arm arms leg legs hand brazo brazos pierna piernas mano haath hath pair paer हाथ पैर बांह टांग टांगों पैरों",
    ),
    (
        "oneside",
        "one side left right un lado izquierdo izquierda derecho derecha ek taraf एक बाएं दाएं बायां दायां baye daye",
    ),
    (
        "speech",
        "speech speak speaking talk talking words hablar habla palabras bol bolne बोल बोलने बोली",
    ),
    (
        "slurred",
        "slurred slurring garbled cannot cant unable arrastrando arrastra trabada trouble difficulty dificultad laddkhada \
                 लड़खड़ा दिक्कत तकलीफ taklif dikkat नहीं nahi puedo",
    ),
    (
        "bleed",
        "bleed bleeding bleeds blood bloody hemorrhage haemorrhage sangre sangra sangrado sangrando hemorragia khoon khun खून रक्त रक्तस्राव sangrar sangro bled haemorrhaging hemorrhaging",
    ),
    (
        "vomit",
        "vomit vomiting vomited vomits throwing threw puking vomitar vomito vomitos vomita vomitando ulti उल्टी उल्टियां उलटी vomitando vomite",
    ),
    (
        "fever",
        "fever feverish temperature fiebre calentura temperatura bukhar bukhaar bukhār बुखार ज्वर ताप febrile fevers",
    ),
    ("skin", "skin piel twacha त्वचा चमड़ी"),
    ("neck", "neck cuello nuca gardan गर्दन"),
    (
        "stiff",
        "stiff stiffness rigid rigido rigida rigidez akad akdi अकड़ अकड़न अकड़ी जकड़",
    ),
    (
        "rash",
        "rash rashes spots hives sarpullido erupcion manchas ronchas chakatte daane दाने चकत्ते लाल ददोरे purpura",
    ),
    (
        "confused",
        "confused confusion disoriented delirious drowsy unresponsive confundido confundida confusion desorientado \
                  desorientada somnoliento behosh भ्रम भ्रमित बेसुध उलझन confusing",
    ),
    (
        "faint",
        "fainted faint passed blacked unconscious collapsed collapse desmayo desmaye desmayado desmayada inconsciente \
               behosh behoshi बेहोश बेहोशी blackout fainting",
    ),
    (
        "seizure",
        "seizure seizures convulsion convulsions convulsing convulsiones convulsion fits ataque mirgi daura दौरा दौरे मिर्गी",
    ),
    (
        "swell",
        "swelling swollen swells swelled hinchado hinchada hinchazon hinchados hincha sujan soojan सूजन सूज सूजा सूजी hinchando hinchada hinche",
    ),
    (
        "throat",
        "throat tongue tounge lips lip garganta lengua labios labio gala gale jeebh honth गला गले जीभ होंठ होंठों",
    ),
    (
        "pregnant",
        "pregnant pregnancy embarazada embarazo garbhvati pregnent गर्भवती गर्भ गर्भावस्था expecting",
    ),
    (
        "testicle",
        "testicle testicles testicular scrotum testiculo testiculos escroto andkosh अंडकोष वृषण balls",
    ),
    ("eye", "eye eyes ojo ojos aankh aankhon आंख आंखों आँख"),
    (
        "vision",
        "vision sight see vista vision ver dikhna dikhai दिखना दिखाई नजर रोशनी",
    ),
    (
        "lost",
        "lost loss losing gone lose perdi perdida perdio perdido cannot cant nahi नहीं चली puedo stopped कम खो losing",
    ),
    (
        "burn",
        "burn burnt burned burns scald scalded quemadura quemaduras quemado quemada queme jal जल जला जली जलन झुलस",
    ),
    (
        "injury",
        "hit injury injured fell fall struck blow banged accident golpe golpeo golpee caida cai caer chot gir चोट गिर गिरा लगी",
    ),
    (
        "stool",
        "stool stools poop feces faeces heces deposicion deposiciones caca tatti mal potty मल पाखाना शौच टट्टी लैट्रिन",
    ),
    ("black", "black tarry dark negras negro negra kala kale काला काली काले"),
    (
        "kill",
        "kill killing suicide suicidal suicidio matarme suicidarme marna aatmahatya khudkushi आत्महत्या मरना खुदकुशी",
    ),
    (
        "overdose",
        "overdose overdosed poison poisoned poisoning poisonous bleach pesticide sobredosis veneno intoxicacion \
                  envenenado envenenada lejia zehar jahar जहर कीटनाशक ओवरडोज रैट",
    ),
    (
        "baby",
        "baby newborn infant bebe recien nacido shishu bachcha navjat शिशु नवजात बच्चा बच्चे बेबी",
    ),
    (
        "diabetes",
        "diabetes diabetic diabetica diabetico insulin insulina madhumeh मधुमेह डायबिटीज शुगर sugar",
    ),
    ("back", "back espalda kamar peeth कमर पीठ"),
    (
        "urine",
        "urine urinate pee peeing bladder orina orinar vejiga peshab पेशाब मूत्र",
    ),
    (
        "cough",
        "cough coughing coughs coughed tos toser khansi khaansi खांसी खाँसी खांस",
    ),
    ("leg", "leg calf pierna pantorrilla pindli पिंडली टांग पैर"),
    ("cannot", "cannot cant couldnt canot cannt unable"),
    (
        "blue",
        "=blue bluish purple azul azules morado morada नीला नीली neela neeli",
    ),
    (
        "took",
        "=took =taken swallowed =ate =had tome tomo tomado trague trago ingeri khayi khaya khali kha खाई खाया खा लीं खाली",
    ),
    (
        "sweat",
        "sweat sweating sweaty clammy sudor sudando sudoracion paseena pasina पसीना पसीने",
    ),
];

/// Numbers in words that are many, of pills.
pub(super) const NUMBERS: &str = "ten eleven twelve fifteen sixteen eighteen twenty thirty forty fifty sixty hundred dozens diez \
    doce quince veinte treinta cuarenta cincuenta cien bees tees chalis pachas दस बीस तीस चालीस पचास सौ";
pub(super) const PILLS: &str = "pill pills tablet tablets tabs capsule capsules paracetamol paracetamols acetaminophen tylenol \
    panadol crocin dolo calpol ibuprofen aspirin aspirins aspirinas advil pastillas pastilla comprimidos tabletas capsulas \
    aspirina ibuprofeno painkillers goliyan goli golian गोलियां गोली गोलियाँ";

/// Words that do not count as distance.
pub(super) const FILLERS: &[&str] = &[
    "in",
    "my",
    "the",
    "of",
    "a",
    "an",
    "is",
    "are",
    "on",
    "at",
    "to",
    "from",
    "very",
    "de",
    "del",
    "el",
    "la",
    "los",
    "las",
    "mi",
    "mis",
    "en",
    "un",
    "una",
    "muy",
    "al",
    "se",
    "me",
    "में",
    "मेरे",
    "मेरी",
    "मेरा",
    "को",
    "का",
    "की",
    "के",
    "से",
    "mein",
    "mere",
    "meri",
    "mera",
    "ko",
    "ka",
    "ki",
    "ke",
    "se",
    "left",
    "right",
    "has",
    "have",
    "having",
    "i",
    "am",
    "was",
    "his",
    "her",
    "está",
    "esta",
    "tengo",
    "tiene",
    "it",
];

/// Right words that look like misspellings of ours: "three" is no "threw", "month" no "mouth".
pub(super) const COMMON: &str = "breeding feeding reading heading chess cheese heard hard beard boring hearth stuck start \
    school stood tool paint paid rain train braces brace breast breasts swearing sweet sweater fight might shoulder \
    cold could would should house hours mouse house walking talking taking pero para pecas peces caro casa mano dame \
    wheat great threat treat treated treatment sneezing feather weather leather purchase paste party throw through \
    passing posture seizing size pressed freezing bitten better battery belt three month months thirty fewer works working world than several share \
    door tried timed staff chat while write whose stack point print contract flight fight changed drop drops check \
    checks notes sleep sheet larger stock string pool string comes come move moved moves past scores stores pills bills \
    health thread shock block blank hard";
