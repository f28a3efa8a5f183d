//! Times a request step by step, and what loading the networks adds to the start of a process: least and median
//! of some runs, in milliseconds. `cargo run --release -p models --example time_skin`
#![allow(clippy::print_stdout)]

use models::face::FaceDetector;
use models::kernels::Kernels;
use models::picture::Picture;
use models::skin::SkinClassifier;
use std::time::Instant;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

static PORTRAIT: &[u8] = include_bytes!("../fixtures/face_astronaut.jpg");
const RUNS: usize = 31;

fn main() -> Outcome {
    match std::env::args().nth(1).as_deref() {
        None => {
            request()?;
            photo()?;
            starts()
        }
        // What `starts` runs in processes of their own.
        Some("nothing") => Ok(()),
        Some("load") => load(),
        Some(_) => first_answer(),
    }
}

/// Every step from the file to the answer.
fn request() -> Outcome {
    let picture = Picture::decode(PORTRAIT)?;
    let detector = FaceDetector::load()?;
    let classifier = SkinClassifier::load()?;
    let faces = detector.detect(&picture)?;
    let face = faces.first().map(|face| face.bounds);
    let view = SkinClassifier::view(&picture, face)?;
    let seen = classifier.look(&view)?;
    println!("A portrait of {} × {} pixels", picture.width(), picture.height());
    time("decode", || Ok(Picture::decode(PORTRAIT)?))?;
    time("find the face", || Ok(detector.detect(&picture)?))?;
    time("sharpness", || Ok(picture.sharpness(face)))?;
    time("resize", || Ok(SkinClassifier::view(&picture, face)?))?;
    time("backbone", || Ok(classifier.backbone().features(&view)?))?;
    time("heads", || Ok(classifier.read(&seen)))?;
    time("all of it", || {
        let picture = Picture::decode(PORTRAIT)?;
        let face = detector.detect(&picture)?.first().map(|face| face.bounds);
        let _ = picture.sharpness(face);
        Ok(classifier.classify(&picture, face)?)
    })?;
    let stock = SkinClassifier::load_with(Kernels::Stock)?;
    time("backbone, stock Candle", || Ok(stock.backbone().features(&view)?))
}

/// What the size of a phone's photo adds.
fn photo() -> Outcome {
    let large = Picture::decode(&enlarged()?)?;
    let file = large.to_jpeg(4000, 90)?;
    println!("A photo of {} × {} pixels", large.width(), large.height());
    time("decode", || Ok(Picture::decode(&file)?))?;
    time("resize", || Ok(SkinClassifier::view(&large, None)?))?;
    time("shrink to JPEG", || Ok(large.to_jpeg(1600, 85)?))
}

/// Processes that do nothing, load, and load and answer once.
fn starts() -> Outcome {
    println!("From exec to exit");
    let program = std::env::current_exe()?;
    for arguments in ["nothing", "load", "first answer"] {
        time(arguments, || {
            let status = std::process::Command::new(&program).arg(arguments).status()?;
            Ok(status.success().then_some(()).ok_or("the process failed")?)
        })?;
    }
    println!("Loading, in this process");
    time("load", load)
}

fn load() -> Outcome {
    drop((FaceDetector::load()?, SkinClassifier::load()?));
    Ok(())
}

fn first_answer() -> Outcome {
    let picture = Picture::decode(PORTRAIT)?;
    let face = FaceDetector::load()?.detect(&picture)?.first().map(|face| face.bounds);
    Ok(SkinClassifier::load()?.classify(&picture, face).map(drop)?)
}

/// The portrait at the size of a phone's photo.
fn enlarged() -> Result<Vec<u8>, image::ImageError> {
    let pixels = image::load_from_memory(PORTRAIT)?.resize_exact(4000, 3000, image::imageops::FilterType::Nearest);
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Jpeg)?;
    Ok(file.into_inner())
}

fn time<T>(step: &str, mut run: impl FnMut() -> Outcome<T>) -> Outcome {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        std::hint::black_box(run()?);
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    if let (Some(least), Some(median)) = (times.first(), times.get(times.len() / 2)) {
        println!("  {step:24} least {least:7.2}, median {median:7.2}");
    }
    Ok(())
}
