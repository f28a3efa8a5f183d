//! One diagnosis on one thread, step by step, and the backbone on our kernels beside Candle's own.

use std::time::Instant;

use models::face::FaceDetector;
use models::kernels::Kernels;
use models::picture::Picture;
use models::skin::SkinClassifier;
use tests::photos;

use crate::table::{Table, median};

const RUNS: usize = 15;
const HEAD: &[&str] = &["step", "ms"];

pub fn table() -> Table {
    let threads = std::env::var(crate::THREADS).unwrap_or_default();
    let mut table = Table::new(format!("Inference: {threads} thread, median of {RUNS}"), HEAD);
    let mut row = |step: &str, milliseconds: f64| table.row(vec![step.to_owned(), format!("{milliseconds:.1}")]);

    let photo = photos::twelve_megapixels(90);
    row(
        "decode a photo of 12 megapixels",
        time(|| Picture::decode(&photo).map(drop)),
    );
    let picture = Picture::decode(&photos::face()).expect("a picture");
    let detector = FaceDetector::load().expect("a detector");
    row("find the face", time(|| detector.detect(&picture).map(drop)));
    row("load the classifier", time(|| SkinClassifier::load().map(drop)));
    let fused = SkinClassifier::load_with(Kernels::Fused).expect("a classifier");
    let stock = SkinClassifier::load_with(Kernels::Stock).expect("a classifier");
    let ours = time(|| fused.classify(&picture, None).map(drop));
    let candles = time(|| stock.classify(&picture, None).map(drop));
    row("classify, our kernels", ours);
    row("classify, stock Candle", candles);
    row("stock Candle ÷ ours (times, not ms)", candles / ours);
    table
}

fn time<E: std::fmt::Debug>(mut step: impl FnMut() -> Result<(), E>) -> f64 {
    step().expect("it works");
    median((0..RUNS).map(|_| {
        let started = Instant::now();
        step().expect("it works");
        started.elapsed().as_secs_f64() * 1000.0
    }))
}
