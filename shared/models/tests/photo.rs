//! From bytes to the verdict on a photo, as an endpoint goes through it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use domain::photo_quality::{PhotoMeasures, PhotoProblem};
use models::face::FaceDetector;
use models::picture::Picture;

fn picture(name: &str) -> Picture {
    let path = format!("{}/fixtures/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
    Picture::decode(&std::fs::read(path).unwrap()).unwrap()
}

fn verdict(picture: &Picture) -> Result<(), PhotoProblem> {
    let faces = FaceDetector::load().unwrap().detect(picture).unwrap();
    let largest = faces.first().map(|face| face.bounds);
    let measures = PhotoMeasures {
        width: picture.width(),
        height: picture.height(),
        sharpness: picture.sharpness(largest),
        face_count: faces.len(),
        max_face_ratio: largest.map_or(0.0, |face| face.ratio()),
    };
    measures.check()
}

#[test]
fn clear_portraits_pass_also_dark_or_turned() {
    for name in ["face_astronaut", "face_astronaut_dark", "face_astronaut_rot90"] {
        assert_eq!(verdict(&picture(name)), Ok(()), "{name}");
    }
}

#[test]
fn blurred_portraits_are_called_blurred() {
    for name in ["face_astronaut_blur6", "face_astronaut_blur12"] {
        assert_eq!(verdict(&picture(name)), Err(PhotoProblem::Blurred), "{name}");
    }
}

#[test]
fn sharp_pictures_of_other_things_have_no_face() {
    for name in ["nonface_chelsea", "nonface_coffee", "nonface_cell", "medical_retina"] {
        assert!(
            matches!(verdict(&picture(name)), Err(PhotoProblem::NoFace(_))),
            "{name}"
        );
    }
}

#[test]
fn a_portrait_shrunk_to_a_stamp_has_too_small_a_face() {
    let stamp = picture("face_astronaut").shrink(200);
    assert!(matches!(verdict(&stamp), Err(PhotoProblem::FaceTooSmall(_))));
}
