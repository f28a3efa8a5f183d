//! The classifier against what Python computed from the same weights (`training/evaluate_skin.py --fixture`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use domain::condition::Condition;
use domain::dental::Finding;
use domain::skin::SkinCondition;
use domain::skin_reading::{Outcome, SkinReading};
use models::dental::DentalHeads;
use models::face::FaceBox;
use models::kernels::Kernels;
use models::picture::Picture;
use models::skin::SkinClassifier;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn file(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn reference() -> Value {
    serde_json::from_slice(&file("fixtures/skin_reference.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f32> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap() as f32)
        .collect()
}

fn face(value: &Value) -> Option<FaceBox> {
    let [left, top, width, height] = <[f32; 4]>::try_from(value.is_array().then(|| numbers(value))?).unwrap();
    Some(FaceBox {
        left,
        top,
        width,
        height,
    })
}

fn largest_difference(ours: impl IntoIterator<Item = f32>, expected: &Value) -> f32 {
    let expected = numbers(expected);
    let ours: Vec<f32> = ours.into_iter().collect();
    assert_eq!(ours.len(), expected.len());
    let differences = ours.iter().zip(&expected).map(|(ours, theirs)| (ours - theirs).abs());
    differences.fold(0.0, f32::max)
}

/// Colours that need no decoder and no resizing, so only the network can differ.
fn pattern() -> Picture {
    let byte = |at: u32| u8::try_from(at * 7919 % 256).unwrap();
    let pixel = |x, y| image::Rgb([0, 1, 2].map(|channel| byte((y * 224 + x) * 3 + channel)));
    Picture::from_pixels(image::RgbImage::from_fn(224, 224, pixel)).unwrap()
}

/// What the network was shown in Python, byte for byte.
fn input(name: &str) -> Picture {
    let name = name.replace(".jpg", ".png");
    Picture::decode(&file(&format!("fixtures/inputs/{name}"))).unwrap()
}

fn assert_same(name: &str, reading: &SkinReading, logits: [Vec<f32>; 3], expected: &Value) {
    let members = ["classifier_logits", "conditions_logits", "subject_logits"];
    for (member, logits) in members.into_iter().zip(logits) {
        let difference = largest_difference(logits, &expected[member]);
        assert!(difference < 1e-3, "{name}: {member}: {difference}");
    }
    let difference = largest_difference(reading.classes.values().copied(), &expected["probabilities"]);
    assert!(difference < 1e-3, "{name}: {difference}");
    let difference = largest_difference(reading.conditions.values().copied(), &expected["conditions"]);
    assert!(difference < 1e-3, "{name}: {difference}");
    assert!((reading.skin - numbers(&expected["subject"])[0]).abs() < 1e-3, "{name}");
}

#[test]
fn the_network_computes_what_python_computes() {
    let reference = reference();
    for kernels in [Kernels::Fused, Kernels::Stock] {
        let classifier = SkinClassifier::load_with(kernels).unwrap();
        let check = |name: &str, picture: Picture, expected: &Value| {
            let seen = classifier.look_at_whole(&picture).unwrap();
            let reading = classifier.read(&seen);
            assert_same(name, &reading, classifier.logits(&seen), expected);
        };
        check("pattern", pattern(), &reference["pattern_logits"]);
        // The stock operations are slow, and one picture shows whether they agree.
        if kernels == Kernels::Stock {
            continue;
        }
        for answer in reference["pictures"].as_array().unwrap() {
            let name = answer["picture"].as_str().unwrap();
            check(name, input(name), answer);
        }
    }
}

#[test]
fn the_dental_heads_compute_what_python_computes() {
    let reference: Value = serde_json::from_slice(&file("fixtures/dental_reference.json")).unwrap();
    let (classifier, heads) = (SkinClassifier::load().unwrap(), DentalHeads::load().unwrap());
    for answer in reference["pictures"].as_array().unwrap() {
        let name = answer["picture"].as_str().unwrap();
        let seen = classifier.look_at_whole(&input(name)).unwrap();
        let difference = largest_difference(heads.logits(&seen), &answer["findings_logits"]);
        assert!(difference < 1e-3, "{name}: {difference}");
        for spotted in heads.find(&seen).unwrap() {
            assert_ne!(spotted.finding, Finding::Healthy);
            let [left, top, right, bottom] = spotted.area;
            assert!(0.0 <= left && left < right && right <= 1.0 && 0.0 <= top && top < bottom && bottom <= 1.0);
        }
    }
}

#[test]
fn decoding_and_resizing_keep_the_answers_of_python() {
    let classifier = SkinClassifier::load().unwrap();
    let (mut total, mut count) = (0.0, 0.0);
    for answer in reference()["pictures"].as_array().unwrap() {
        let name = answer["picture"].as_str().unwrap();
        let picture = Picture::decode(&file(&format!("fixtures/{name}"))).unwrap();
        let reading = classifier.classify(&picture, face(&answer["face"])).unwrap();
        let difference = largest_difference(reading.classes.values().copied(), &answer["probabilities"]);
        // JPEG decoders differ by a level or two, so the last digits differ.
        assert!(difference < 0.05, "{name}: {difference}");
        (total, count) = (total + difference, count + 1.0);
    }
    assert!(total / count < 0.01, "{}", total / count);
}

#[test]
fn probabilities_are_positive_and_sum_to_one() {
    let reading = SkinClassifier::load().unwrap().classify(&pattern(), None).unwrap();
    for all in [
        reading.classes.values().copied().collect::<Vec<_>>(),
        reading.conditions.values().copied().collect(),
    ] {
        assert!(all.iter().all(|probability| (0.0..=1.0).contains(probability)));
        assert!((all.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}

#[test]
fn a_picture_of_one_pixel_gets_an_answer() {
    let picture = Picture::from_pixels(image::RgbImage::new(1, 1)).unwrap();
    assert!(SkinClassifier::load().unwrap().classify(&picture, None).is_ok());
}

/// They look like no skin, or like nothing that has a name.
#[test]
fn pictures_of_other_things_get_no_answer() {
    let classifier = SkinClassifier::load().unwrap();
    let thresholds = classifier.card().thresholds();
    for name in ["brick", "chelsea", "coffee", "coins", "rocket"] {
        let picture = Picture::decode(&file(&format!("fixtures/nonface_{name}.jpg"))).unwrap();
        let judgement = thresholds.judge_class(&classifier.classify(&picture, None).unwrap());
        assert_ne!(judgement.outcome, Outcome::Named, "{name}");
    }
}

/// The card may name a melanoma from a lower probability on than it refers one.
#[test]
fn by_the_real_card_nothing_malignant_is_named_without_a_referral() {
    let thresholds = SkinClassifier::load().unwrap().card().thresholds();
    let least = thresholds.classes[&SkinCondition::Melanoma];
    let mut reading = SkinReading {
        skin: 1.0,
        teeth: 0.0,
        classes: SkinCondition::ALL.map(|class| (class, (1.0 - least) / 5.0)).into(),
        conditions: Condition::ALL.map(|condition| (condition, 0.0)).into(),
    };
    reading.classes.insert(SkinCondition::Melanoma, least);
    reading.conditions.insert(Condition::Acne, 1.0);
    let judgement = thresholds.judge_class(&reading);
    assert_eq!((judgement.outcome, judgement.is_referred), (Outcome::Named, true));
    for condition in Condition::ALL.into_iter().filter(|condition| condition.is_malignant()) {
        assert!(thresholds.malignant_conditions.contains(&condition));
        let mut reading = reading.clone();
        reading.classes = SkinCondition::ALL.map(|class| (class, 1.0 / 6.0)).into();
        let share = thresholds.conditions[&condition];
        reading.conditions = Condition::ALL.map(|other| (other, 0.0)).into();
        reading.conditions.insert(condition, share);
        assert!(thresholds.judge_condition(&reading).is_referred, "{condition:?}");
    }
}

#[test]
fn the_cards_name_the_weights_that_are_shipped_and_a_threshold_for_each_answer() {
    let hash = |name: &str| data_encoding::HEXLOWER.encode(&Sha256::digest(file(&format!("weights/{name}"))));
    let (classifier, heads) = (SkinClassifier::load().unwrap(), DentalHeads::load().unwrap());
    let card = classifier.card();
    assert_eq!(
        card.identity().weights_sha256,
        hash("skin_efficientnet_lite0.safetensors")
    );
    assert_eq!(heads.card().identity().weights_sha256, hash("dental_heads.safetensors"));
    assert_eq!(card.classes, SkinCondition::ALL);
    let thresholds = card.thresholds();
    assert_eq!(
        (thresholds.classes.len(), thresholds.conditions.len()),
        (card.classes.len(), card.conditions.len())
    );
    assert_eq!(heads.card().thresholds.len(), heads.card().labels.len());
}
