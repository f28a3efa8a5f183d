//! The rest of the suggestions, for what the dermatology clinic's app names: as [`super::catalogue`] says.

use super::catalogue::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    // AAD: Skin cancer, how to find it. For pictures that the model cannot tell.
    Entry {
        name: "Inconclusive",
        treatments: &[
            "The picture could not be told, so nothing can be suggested for it. Another one, close, sharp and in even light, may help.",
            "If something on your skin worries you, is new, changes, bleeds or does not heal, have it seen by a doctor; do not wait for a picture that can be told.",
        ],
        prevention: &[
            "Protect your skin from the sun.",
            "Look over your skin from time to time, so that you notice changes.",
        ],
        resources: &[
            "https://www.aad.org/public/diseases/skin-cancer/find",
            "https://medlineplus.gov/skinconditions.html",
        ],
    },
    // NHS: Non-melanoma skin cancer; AAD: Basal cell carcinoma.
    Entry {
        name: "Basal cell carcinoma",
        treatments: &[
            "Have this seen by a doctor soon: a picture can neither confirm nor rule out a skin cancer.",
            "Do not treat, cut or cover the spot yourself, and use no creams or home remedies on it.",
            "If a doctor confirms it, it is usually removed; found early, it can nearly always be treated well.",
        ],
        prevention: &[
            "Stay in the shade when the sun is strong, cover up, and use a broad-spectrum sunscreen with a high factor.",
            "Do not use sunbeds.",
            "Have a doctor see any spot that grows, bleeds, crusts or does not heal.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/non-melanoma-skin-cancer/",
            "https://www.aad.org/public/diseases/skin-cancer/types/common/bcc",
        ],
    },
    // NHS: Non-melanoma skin cancer; AAD: Squamous cell carcinoma.
    Entry {
        name: "Squamous cell carcinoma",
        treatments: &[
            "Have this seen by a doctor soon: a picture can neither confirm nor rule out a skin cancer, and this kind can spread.",
            "Do not treat, cut or cover the spot yourself, and use no creams or home remedies on it.",
            "If a doctor confirms it, it is usually removed; further treatment is planned by specialists.",
        ],
        prevention: &[
            "Stay in the shade when the sun is strong, cover up, and use a broad-spectrum sunscreen with a high factor.",
            "Do not use sunbeds, and do not smoke.",
            "Have a doctor see any spot that grows, bleeds, crusts or does not heal.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/non-melanoma-skin-cancer/",
            "https://www.aad.org/public/diseases/skin-cancer/types/common/scc",
        ],
    },
    // MedlinePlus: Folliculitis.
    Entry {
        name: "Folliculitis",
        treatments: &[
            "Keep the place clean and dry, and do not shave or squeeze it until it has healed.",
            "Warm, moist compresses can ease it. A pharmacist can advise on washes that reduce germs.",
            "See a doctor if it spreads, hurts, comes back, or does not get better within some days, or if you have a fever.",
        ],
        prevention: &[
            "Wear loose clothes, and change out of sweaty ones.",
            "Use a clean razor, shave with the hair, and share no razors or towels.",
        ],
        resources: &["https://medlineplus.gov/ency/article/000823.htm"],
    },
    // NHS: Cold sores; MedlinePlus: Herpes simplex.
    Entry {
        name: "Herpes simplex",
        treatments: &[
            "It mostly heals by itself within two weeks. A pharmacist can advise on creams, which work best when they are begun early.",
            "Do not touch or pick the blisters, and wash your hands often.",
            "See a doctor today if it is near an eye, in a small baby, spreads widely, or if your immune system is weakened; see one if it comes back often.",
        ],
        prevention: &[
            "Avoid kissing and skin contact until it has healed, with babies above all.",
            "Share no lip products, towels or cutlery meanwhile.",
            "Protect your lips from strong sun if that brings it on.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/cold-sores/",
            "https://medlineplus.gov/herpessimplex.html",
        ],
    },
    // NHS: Hidradenitis suppurativa.
    Entry {
        name: "Hidradenitis suppurativa",
        treatments: &[
            "See a doctor early: treatment works best before scars have formed, and there are several to talk about.",
            "Do not squeeze the lumps. Wash gently, and ask a pharmacist about washes that reduce germs.",
            "See a doctor soon if a lump is very painful or hot, or if you have a fever.",
        ],
        prevention: &[
            "Wear loose clothes, and avoid what rubs.",
            "Not smoking and losing overweight help many people.",
        ],
        resources: &["https://www.nhs.uk/conditions/hidradenitis-suppurativa/"],
    },
    // NHS: Impetigo.
    Entry {
        name: "Impetigo",
        treatments: &[
            "See a doctor or pharmacist: it spreads easily, and treatment shortens it.",
            "Keep the sores clean and covered, and do not scratch them.",
            "See a doctor soon if it spreads, becomes painful, comes back, or you have a fever; for a baby, today.",
        ],
        prevention: &[
            "Wash your hands often, and share no towels, bedding or clothes; wash them hot.",
            "Stay away from work, school and sport until the sores are dry or treatment has worked for two days.",
        ],
        resources: &["https://www.nhs.uk/conditions/impetigo/"],
    },
    // NHS: Actinic keratoses; AAD: Seborrheic keratoses.
    Entry {
        name: "Keratosis",
        treatments: &[
            "Have a doctor look at it once: harmless and harmful kinds look alike, and some become a skin cancer.",
            "Do not scratch or cut it off yourself.",
            "See a doctor soon if it grows, hurts, bleeds, or changes.",
        ],
        prevention: &[
            "Stay in the shade when the sun is strong, cover up, and use a broad-spectrum sunscreen with a high factor.",
            "Do not use sunbeds.",
            "Look over your skin regularly.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/actinic-keratoses/",
            "https://www.aad.org/public/diseases/a-z/seborrheic-keratoses-overview",
        ],
    },
    // AAD: Lupus and your skin.
    Entry {
        name: "Cutaneous lupus",
        treatments: &[
            "See a doctor: blood tests may be needed, and untreated it can leave scars.",
            "Protect the skin from the sun: light brings flare-ups.",
            "Tell a doctor soon about painful joints, chest pain, a fever, or great tiredness.",
        ],
        prevention: &[
            "Wear a hat and covering clothes, and use a broad-spectrum sunscreen with a high factor every day.",
            "Do not smoke: it makes it worse and treatment weaker.",
        ],
        resources: &["https://www.aad.org/public/diseases/a-z/lupus-overview"],
    },
    // NHS: Molluscum contagiosum.
    Entry {
        name: "Molluscum contagiosum",
        treatments: &[
            "It usually goes away by itself, though it may take a year or more, and seldom needs treatment.",
            "Do not squeeze or scratch the spots: it spreads them and may leave scars.",
            "See a doctor if they are near an eye, become hot or painful, or if your immune system is weakened.",
        ],
        prevention: &[
            "Share no towels, clothes or baths.",
            "Cover the spots with clothes or a plaster where others may touch them.",
        ],
        resources: &["https://www.nhs.uk/conditions/molluscum-contagiosum/"],
    },
    // NHS: Moles; AAD: Moles.
    Entry {
        name: "Mole",
        treatments: &[
            "Most moles are harmless and need no treatment. A picture cannot rule out a melanoma.",
            "See a doctor soon if it changes in size, shape or colour, itches, bleeds, or looks unlike your others.",
            "Do not cut or burn it off yourself.",
        ],
        prevention: &[
            "Protect your skin from the sun, and do not use sunbeds.",
            "Look over your moles once a month, and have a doctor see new ones.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/moles/",
            "https://www.aad.org/public/diseases/a-z/moles-overview",
        ],
    },
    // AAD and DermNet: Sebaceous hyperplasia.
    Entry {
        name: "Sebaceous hyperplasia",
        treatments: &[
            "It is harmless and needs no treatment, but looks like other things: have a doctor look at it once.",
            "Do not squeeze it. If it bothers you, a doctor can talk with you about removing it.",
            "See a doctor soon if it grows, bleeds or crusts.",
        ],
        prevention: &["Protect your face from the sun."],
        resources: &["https://dermnetnz.org/topics/sebaceous-hyperplasia"],
    },
    // NHS: Skin tags.
    Entry {
        name: "Skin tag",
        treatments: &[
            "It is harmless and needs no treatment.",
            "Do not cut it off yourself; a doctor can remove it if it bothers you.",
            "See a doctor if it bleeds, hurts, changes, or you are not sure what it is.",
        ],
        prevention: &["Avoid what rubs on it."],
        resources: &["https://www.nhs.uk/conditions/skin-tags/"],
    },
    // DermNet: Steroid rosacea; NHS: Topical steroid withdrawal.
    Entry {
        name: "Steroid-induced dermatitis",
        treatments: &[
            "Ask a doctor how to stop the steroid cream: stopping long use at once can make it flare up.",
            "Use mild, unscented cleansers and moisturisers, and leave out cosmetics meanwhile.",
            "See a doctor soon if it burns strongly, weeps or spreads.",
        ],
        prevention: &[
            "Use no steroid creams on the face unless a doctor has told you to, and no longer than they said.",
            "Be careful with creams that promise lighter skin: some hold steroids without saying so.",
        ],
        resources: &["https://dermnetnz.org/topics/steroid-rosacea"],
    },
    // NHS: Ringworm; Fungal nail infection.
    Entry {
        name: "Fungal infection (tinea)",
        treatments: &[
            "A pharmacist can advise on creams against fungus; use them for as long as the leaflet says, also when it looks better.",
            "See a doctor if it is on the scalp or nails, does not improve within two weeks, or if your immune system is weakened.",
            "Use no steroid cream on it without advice: it hides and spreads it.",
        ],
        prevention: &[
            "Keep the skin dry, between the toes too, and change socks and underwear daily.",
            "Share no towels, combs or shoes, and have pets with bald patches seen by a vet.",
        ],
        resources: &["https://www.nhs.uk/conditions/ringworm/"],
    },
    // NHS: Vitiligo.
    Entry {
        name: "Vitiligo",
        treatments: &[
            "See a doctor: other pale patches look alike, and there are treatments to talk about.",
            "Protect the pale skin from the sun: it burns easily.",
            "Covering creams can hide the patches. If it weighs on you, say so: there is help.",
        ],
        prevention: &[
            "Use a broad-spectrum sunscreen with a high factor on pale patches, and do not use sunbeds.",
            "Avoid injuring the skin: new patches can begin there.",
        ],
        resources: &["https://www.nhs.uk/conditions/vitiligo/"],
    },
];
