"""The features of the symptom engine under our own names, and which answers of the knowledge base mean them.

A patient's answers become a set of names. Regions of pain are groups of the base's body parts.
"""

NAMES = {
    "E_91": "fever", "E_159": "fainting", "E_154": "pale_skin", "E_155": "palpitations", "E_210": "vomiting_blood",
    "E_140": "black_stool", "E_51": "diarrhoea", "E_75": "choking", "E_89": "tired", "E_114": "irritable",
    "E_82": "near_fainting", "E_148": "nausea", "E_94": "chills", "E_220": "worse_breathing_in", "E_161": "early_fullness",
    "E_179": "blood_in_stool", "E_162": "weight_loss", "E_173": "heartburn", "E_33": "better_leaning_forward",
    "E_218": "worse_on_effort", "E_93": "numb_feet", "E_66": "breathless", "E_30": "bloated", "E_127": "watery_eyes",
    "E_181": "runny_nose", "E_88": "exhausted", "E_43": "seizure", "E_156": "one_sided_face_weakness",
    "E_144": "muscle_pain", "E_216": "worse_on_movement", "E_201": "cough", "E_217": "worse_lying", "E_215": "worse_after_eating",
    "E_64": "breathless_on_effort", "E_96": "weight_gain", "E_16": "anxious", "E_50": "sweating", "E_97": "sore_throat",
    "E_9": "swollen_glands", "E_76": "dizzy", "E_65": "trouble_swallowing", "E_74": "red_eyes", "E_205": "jaw_locked",
    "E_63": "trouble_speaking", "E_128": "brief_suffocation", "E_190": "more_saliva", "E_39": "confused", "E_212": "hoarse",
    "E_206": "mouth_ulcers", "E_52": "double_vision", "E_203": "coughing_fits", "E_38": "jaw_weak", "E_172": "drooping_eyelids",
    "E_84": "weak_limbs", "E_90": "weaker_when_tired", "E_211": "vomiting", "E_166": "vomiting_after_cough",
    "E_112": "noisy_after_cough", "E_178": "bruising", "E_45": "coughing_blood", "E_194": "noisy_breathing_in",
    "E_83": "weak_face", "E_157": "tingling_limbs_and_mouth", "E_176": "paralysis", "E_42": "allergen_met", "E_214": "wheezing",
    "E_32": "poor_appetite", "E_221": "worse_on_straining", "E_202": "whooping", "E_219": "worse_at_night", "E_170": "itchy_eyes",
    "E_77": "sputum", "E_13": "worsening_two_weeks", "E_14": "pain_at_rest", "E_169": "itchy_nose", "E_177": "numbness",
    "E_175": "unwell_and_aching", "E_174": "lost_weight_or_appetite", "E_145": "heavy_periods", "E_92": "flushed_cheeks",
    "E_192": "neck_spasm", "E_188": "pale_stool_dark_urine", "E_164": "irregular_heartbeat", "E_193": "muscle_spasms",
    "E_168": "tongue_out", "E_180": "eyes_turn", "E_67": "wakes_breathless", "E_171": "detached", "E_111": "fear_of_dying",
    "E_182": "thick_nasal_discharge", "E_103": "lost_smell", "E_129": "skin_change", "E_151": "swelling", "E_53": "pain",
    "E_78": "alcohol", "E_79": "smoker", "E_104": "high_blood_pressure", "E_71": "high_cholesterol", "E_41": "contact_ill",
    "E_69": "diabetes", "E_70": "overweight", "E_105": "heart_disease", "E_124": "asthma", "E_123": "copd", "E_106": "heart_failure",
    "E_226": "allergy_prone", "E_12": "food_allergy", "E_113": "kidney_failure", "E_126": "cirrhosis", "E_109": "past_clot",
    "E_110": "bed_bound", "E_196": "recent_surgery", "E_34": "cancer", "E_15": "antipsychotic", "E_116": "recent_cold",
    "E_2": "hiv", "E_227": "immunosuppressed", "E_125": "reflux_known", "E_81": "chronic_anxiety", "E_187": "ate_dark_fish",
    "E_118": "past_pneumonia", "E_119": "chronic_sinusitis", "E_209": "vaccinated", "E_115": "unsafe_sex", "E_167": "pregnant",
    "E_24": "past_anaemia", "E_73": "ebola_contact", "E_40": "whooping_contact", "E_0": "recent_viral", "E_21": "past_pneumothorax",
}

REGIONS = {
    "head": "89 62 166 167 25 124", "throat": "148 20 21 33 137 174 115 163", "chest": "29 55 56 101 159 160", "upper_belly": "197 103 104",
    "belly": "187 87 88 84 85 14 15 49 50", "groin": "16 17 153 168 169 158", "back": "170 171 39 40 127 128",
    "neck": "26 53 54 38", "arm": "30 31 177 178 27 28 45 46 78 79", "shoulder": "194 195 175 176", "jaw": "121 118",
    "eye": "125 126", "ear": "129 130", "cheek": "108 109 122", "mouth": "32 61 162 110 111 90 91 116 117",
    "leg": "51 52 119 120 172 173 92 93 105 106", "foot": "34 35 23 24 72 73 43 44 149 150", "hip": "99 100 82 83",
    "hand": "63 64 65 66 67 68 69 70 74 75 76 77 80 81",
}
REGION_OF = {f"V_{v}": region for region, values in REGIONS.items() for v in values.split()}
PLACES = {"E_55": "pain_in", "E_57": "pain_spreads_to", "E_133": "skin_change_on", "E_152": "swelling_of"}
KINDS = {"V_181": "burning", "V_182": "cramping", "V_183": "heavy", "V_184": "throbbing", "V_179": "stabbing", "V_192": "sharp",
         "V_191": "violent", "V_161": "tender", "V_180": "tugging", "V_198": "exhausting", "V_154": "dull"}


def question(answer):
    return answer.split("_@_")[0]


def features(answer):
    """What one answer says, or nothing."""
    code, _, value = answer.partition("_@_")
    if code in PLACES:
        return {f"{PLACES[code]}_{REGION_OF[value]}"} if value in REGION_OF else set()
    if code == "E_54":
        return {f"pain_{KINDS[value]}"} if value in KINDS else set()
    if code == "E_56":
        return {"pain_severe"} if int(value) >= 7 else set()
    if code == "E_59":
        return {"pain_sudden"} if int(value) >= 7 else set()
    if code == "E_136":
        return {"itching"} if int(value) >= 3 else set()
    if code == "E_204":
        return {"travelled"} if value != "V_10" else set()
    if value:
        return set()
    return {NAMES.get(code, f"other_{code[2:]}")}


def age_band(age):
    return sum(age >= edge for edge in (2, 5, 12, 18, 30, 45, 60, 75))
