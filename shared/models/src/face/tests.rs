use super::*;
use crate::picture::Picture;

fn picture(name: &str) -> Picture {
    let path = format!("{}/fixtures/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
    Picture::decode(&std::fs::read(path).unwrap()).unwrap()
}

fn close(left: f64, right: f64, tolerance: f64) -> bool {
    (left - right).abs() < tolerance
}

#[test]
fn the_network_answers_as_the_original_does() {
    let file = include_str!("../../fixtures/blazeface_reference.json");
    let reference: serde_json::Value = serde_json::from_str(file).unwrap();
    let network = BlazeFace::load(Kernels::Fused).unwrap();
    let (canvas, _) = network::letterbox(&picture("face_astronaut"));
    let (scores, boxes) = network.forward(&canvas).unwrap();
    let best = (0..scores.len())
        .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
        .unwrap();
    assert_eq!((scores.len(), boxes.len()), (896, 896 * 16));
    assert_eq!(best, 141);
    // The original saw the picture before it became a JPEG, so the last digits differ.
    assert!(close(
        scores[best].into(),
        reference["cls_logit"].as_f64().unwrap(),
        0.05
    ));
    let mean = |values: &[f32]| values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64;
    assert!(close(mean(&scores), reference["cls_mean"].as_f64().unwrap(), 0.2));
    assert!(close(mean(&boxes), reference["reg_mean"].as_f64().unwrap(), 0.1));
    for (number, expected) in boxes[best * 16..][..16]
        .iter()
        .zip(reference["reg"].as_array().unwrap())
    {
        assert!(
            close((*number).into(), expected.as_f64().unwrap(), 0.1),
            "{number} for {expected}"
        );
    }
}

#[test]
fn fused_and_stock_kernels_see_the_same_face() {
    let (canvas, _) = network::letterbox(&picture("face_astronaut"));
    let run = |kernels| BlazeFace::load(kernels).unwrap().forward(&canvas).unwrap();
    let ((fused, _), (stock, _)) = (run(Kernels::Fused), run(Kernels::Stock));
    assert!(fused.iter().zip(&stock).all(|(a, b)| (a - b).abs() < 1e-3));
}

#[test]
fn clear_dark_and_turned_faces_are_found_once_where_they_are() {
    let detector = FaceDetector::load().unwrap();
    for name in [
        "face_astronaut",
        "face_astronaut_dark",
        "face_astronaut_rot90",
        "face_cameraman_profile",
    ] {
        let faces = detector.detect(&picture(name)).unwrap();
        assert_eq!(faces.len(), 1, "{name}");
        assert!((0.02..0.06).contains(&faces[0].bounds.ratio()), "{name}: {faces:?}");
    }
    let faces = detector.detect(&picture("face_astronaut")).unwrap();
    assert!((faces[0].score - 0.921).abs() < 0.005);
    let middle = faces[0].bounds.left + faces[0].bounds.width / 2.0;
    assert!((0.42..0.46).contains(&middle), "{middle}");
}

#[test]
fn cats_coffee_and_retinas_are_not_faces_nor_is_a_blur() {
    let detector = FaceDetector::load().unwrap();
    let others = [
        "nonface_cell",
        "nonface_chelsea",
        "nonface_coffee",
        "nonface_rocket",
        "nonface_brick",
        "nonface_coins",
    ];
    for name in others
        .into_iter()
        .chain(["medical_retina", "face_astronaut_blur6", "face_astronaut_blur12"])
    {
        assert_eq!(detector.detect(&picture(name)).unwrap(), [], "{name}");
    }
}

#[test]
fn a_box_beyond_the_edges_is_cut_to_the_picture() {
    let bounds = FaceBox {
        left: -0.2,
        top: 0.9,
        width: 0.5,
        height: 0.5,
    };
    let part = bounds.around(100, 80, 0.5);
    assert!(part.left < part.right && part.right <= 100);
    assert!(part.top < part.bottom && part.bottom <= 80);
    assert!((bounds.ratio() - 0.3 * 0.1).abs() < 1e-6);
    let nowhere = FaceBox {
        left: 7.0,
        top: f32::NAN,
        width: 1.0,
        height: 1.0,
    }
    .around(100, 80, 0.0);
    assert!(nowhere.left < nowhere.right && nowhere.right <= 100 && nowhere.bottom <= 80);
}
