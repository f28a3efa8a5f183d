//! The classifier against what Python computed from the same weights (`training/evaluate_skin.py --fixture`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use candle_core::Tensor;
use domain::skin::SkinCondition;
use models::efficientnet::EfficientNetLite0;
use models::face::FaceBox;
use models::kernels::Kernels;
use models::picture::Picture;
use models::skin::{SkinClassifier, SkinScores};
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

fn largest_difference(scores: &SkinScores, expected: &[f32]) -> f32 {
    scores
        .iter()
        .zip(expected)
        .map(|((_, ours), theirs)| (ours - theirs).abs())
        .fold(0.0, f32::max)
}

/// Colours that need no decoder and no resizing, so only the network can differ.
fn pattern() -> Picture {
    let byte = |at: u32| u8::try_from(at * 7919 % 256).unwrap();
    let pixel = |x, y| image::Rgb([0, 1, 2].map(|channel| byte((y * 224 + x) * 3 + channel)));
    Picture::from_pixels(image::RgbImage::from_fn(224, 224, pixel)).unwrap()
}

#[test]
fn the_network_computes_what_python_computes() {
    let expected = numbers(&reference()["pattern"]);
    for kernels in [Kernels::Fused, Kernels::Stock] {
        let scores = SkinClassifier::load_with(kernels)
            .unwrap()
            .classify(&pattern(), None)
            .unwrap();
        let difference = largest_difference(&scores, &expected);
        assert!(difference < 1e-3, "{kernels:?}: {difference}");
    }
}

#[test]
fn the_map_is_the_same_on_both_kernels_and_its_mean_is_the_features() {
    let view = SkinClassifier::view(&pattern(), None).unwrap();
    let views = Tensor::cat(&[&view, &view.flip(&[1]).unwrap()], 0).unwrap();
    let values = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let [fused, stock] = [Kernels::Fused, Kernels::Stock].map(|kernels| {
        let classifier = SkinClassifier::load_with(kernels).unwrap();
        let map = classifier.backbone().map(&views).unwrap();
        assert_eq!(map.dims(), [2, 7, 7, 1280]);
        let features = values(&classifier.backbone().features(&views).unwrap());
        let pooled = values(&EfficientNetLite0::pooled(&map).unwrap());
        let close = features
            .iter()
            .zip(&pooled)
            .all(|(one, other)| (one - other).abs() < 1e-4);
        assert!(close, "{kernels:?}");
        values(&map)
    });
    let close = fused.iter().zip(&stock).all(|(one, other)| (one - other).abs() < 1e-3);
    assert!(close && fused.len() == stock.len());
    assert!(fused[..49 * 1280] != fused[49 * 1280..]);
}

#[test]
fn decoding_and_resizing_keep_the_answers_of_python() {
    let classifier = SkinClassifier::load().unwrap();
    let (mut total, mut count) = (0.0, 0.0);
    for answer in reference()["pictures"].as_array().unwrap() {
        let name = answer["picture"].as_str().unwrap();
        let picture = Picture::decode(&file(&format!("fixtures/{name}"))).unwrap();
        let scores = classifier.classify(&picture, face(&answer["face"])).unwrap();
        let difference = largest_difference(&scores, &numbers(&answer["probabilities"]));
        // JPEG decoders differ by a level or two, so the last digits differ.
        assert!(difference < 0.03, "{name}: {difference}");
        (total, count) = (total + difference, count + 1.0);
    }
    assert!(total / count < 0.01, "{}", total / count);
}

#[test]
fn probabilities_are_positive_and_sum_to_one() {
    let scores = SkinClassifier::load().unwrap().classify(&pattern(), None).unwrap();
    assert!(scores.iter().all(|(_, probability)| (0.0..=1.0).contains(&probability)));
    assert!((scores.iter().map(|(_, probability)| probability).sum::<f32>() - 1.0).abs() < 1e-5);
    let (condition, probability) = scores.top();
    assert_eq!(scores.probability(condition), probability);
}

#[test]
fn a_picture_of_one_pixel_gets_an_answer() {
    let picture = Picture::from_pixels(image::RgbImage::new(1, 1)).unwrap();
    assert!(SkinClassifier::load().unwrap().classify(&picture, None).is_ok());
}

#[test]
fn the_card_names_the_weights_that_are_shipped() {
    let card = SkinClassifier::card();
    let digest = Sha256::digest(file("weights/skin_efficientnet_lite0.safetensors"));
    assert_eq!(card.weights_sha256, data_encoding::HEXLOWER.encode(&digest));
    assert_eq!(card.classes, SkinCondition::ALL);
}
