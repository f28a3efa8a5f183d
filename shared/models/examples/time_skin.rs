//! Times the skin classifier on fused and on stock kernels: median of some runs, in milliseconds.
//! `RAYON_NUM_THREADS=1 cargo run --release -p models --example time_skin`
#![allow(clippy::print_stdout)]

use candle_core::{DType, Device, Tensor};
use models::face::FaceDetector;
use models::kernels::depthwise::depthwise;
use models::kernels::{Activation, Kernels, same_padding};
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
    time_depthwise_layers()
}

/// The backbone's depthwise layers: channels, side of the input, kernel, stride, how often.
const LAYERS: [(usize, usize, usize, usize, usize); 10] = [
    (32, 112, 3, 1, 1),
    (96, 112, 3, 2, 1),
    (144, 56, 3, 1, 1),
    (144, 56, 5, 2, 1),
    (240, 28, 5, 1, 1),
    (240, 28, 3, 2, 1),
    (480, 14, 3, 1, 2),
    (480, 14, 5, 1, 1),
    (672, 14, 5, 1, 2),
    (1152, 7, 5, 1, 3),
];

/// Those layers alone, with bias and ReLU6, on our kernel and as Candle does it.
fn time_depthwise_layers() -> Result<(), Box<dyn std::error::Error>> {
    let (mut fused, mut stock) = (0.0, 0.0);
    for (channels, side, kernel, stride, count) in LAYERS {
        let random = |shape: &[usize]| Tensor::rand(-1f32, 1f32, shape, &Device::Cpu);
        let x = random(&[1, channels, side, side])?;
        let w = random(&[channels, 1, kernel, kernel])?;
        let b = Tensor::zeros(channels, DType::F32, &Device::Cpu)?;
        let ours = || depthwise(&x, &w, &b, stride, Activation::Relu6).map(drop);
        fused += median(ours)? * count as f64;
        let (before, after, _) = same_padding(side, kernel, stride);
        let theirs = || -> candle_core::Result<()> {
            let x = x.pad_with_zeros(2, before, after)?;
            let x = x.pad_with_zeros(3, before, after)?;
            let y = x.conv2d(&w, 0, stride, 1, channels)?;
            let y = y.broadcast_add(&b.reshape((1, channels, 1, 1))?)?;
            y.clamp(0f32, 6f32).map(drop)
        };
        stock += median(theirs)? * count as f64;
    }
    println!("depthwise layers: fused {fused:6.1}, stock {stock:6.1}");
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
