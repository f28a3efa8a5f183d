//! Times the skin classifier on fused and on stock kernels: median of some runs, in milliseconds.
//! `RAYON_NUM_THREADS=1 cargo run --release -p models --example time_skin`
#![allow(clippy::print_stdout)]

use models::face::FaceDetector;
use models::kernels::Kernels;
use models::picture::Picture;
use models::skin::SkinClassifier;
use std::time::Instant;

static PORTRAIT: &[u8] = include_bytes!("../fixtures/face_astronaut.jpg");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let picture = Picture::decode(PORTRAIT)?;
    println!("decode    {:6.1}", median(|| Picture::decode(PORTRAIT).map(drop))?);
    let large = Picture::decode(&enlarged()?)?;
    let file = large.to_jpeg(4000, 90)?;
    println!(
        "decode 12 megapixels {:6.1}",
        median(|| Picture::decode(&file).map(drop))?
    );
    println!(
        "shrink 12 megapixels to JPEG {:6.1}",
        median(|| large.to_jpeg(1600, 85).map(drop))?
    );
    println!("load      {:6.1}", median(|| SkinClassifier::load().map(drop))?);
    let detector = FaceDetector::load()?;
    println!("face      {:6.1}", median(|| detector.detect(&picture).map(drop))?);
    let measured = || (picture.sharpness(None) > 0.0).then_some(()).ok_or("a flat picture");
    println!("sharpness {:6.1}", median(measured)?);
    for kernels in [Kernels::Fused, Kernels::Stock] {
        let classifier = SkinClassifier::load_with(kernels)?;
        println!(
            "{kernels:?}     {:6.1}",
            median(|| classifier.classify(&picture, None).map(drop))?
        );
    }
    Ok(())
}

/// The portrait at the size of a phone's photo.
fn enlarged() -> Result<Vec<u8>, image::ImageError> {
    let pixels = image::load_from_memory(PORTRAIT)?.resize_exact(4000, 3000, image::imageops::FilterType::Nearest);
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Jpeg)?;
    Ok(file.into_inner())
}

fn median<E>(mut run: impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let mut times = Vec::new();
    for _ in 0..9 {
        let began = Instant::now();
        run()?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
