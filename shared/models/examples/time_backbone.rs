//! Times the backbone alone, for `training/time_onnx.py`: answers each line of its input with the milliseconds
//! of one picture, and with the first features if the line asks for them.
#![allow(clippy::print_stdout)]

use candle_core::{Device, Tensor};
use models::efficientnet::SIZE;
use models::skin::SkinClassifier;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let classifier = SkinClassifier::load()?;
    let values = (0..SIZE * SIZE * 3).map(|at| (at * 7919 % 256) as u8).collect();
    let pixels = Tensor::from_vec::<_, u8>(values, (1, SIZE, SIZE, 3), &Device::Cpu)?;
    for line in std::io::stdin().lines() {
        let began = Instant::now();
        let features = classifier.backbone().features(&pixels)?;
        let took = began.elapsed().as_secs_f64() * 1000.0;
        if line? == "features" {
            let features = features.flatten_all()?.to_vec1::<f32>()?;
            let words: Vec<String> = features.iter().map(f32::to_string).collect();
            println!("{}", words.join(" "));
        } else {
            println!("{took}");
        }
    }
    Ok(())
}
