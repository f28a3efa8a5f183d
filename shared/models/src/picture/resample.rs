//! Smooth resizing as Pillow does it (a triangle filter that widens when shrinking, across and then
//! down, rounded to bytes in between), so that the networks see what they were trained on.

use crate::face::PixelBox;
use image::RgbImage;

/// The inputs of one output pixel along an axis: where they begin, and their weights, which sum to 1.
struct Taps {
    start: usize,
    weights: Vec<f32>,
}

/// A part of the picture at another size. The part must lie within the picture.
pub(super) fn resample(pixels: &RgbImage, part: PixelBox, width: u32, height: u32) -> RgbImage {
    let across = taps(part.right - part.left, width);
    let down = taps(part.bottom - part.top, height);
    let stride = pixels.width() as usize * 3;
    let (left, right) = (part.left as usize * 3, part.right as usize * 3);
    let rows = pixels.as_raw().chunks_exact(stride);
    let rows = rows.skip(part.top as usize).take((part.bottom - part.top) as usize);
    let mut narrowed = Vec::with_capacity((part.bottom - part.top) as usize * across.len() * 3);
    let mut wide = vec![[0.0_f32; 4]; (part.right - part.left) as usize];
    for row in rows {
        for (pixel, bytes) in wide.iter_mut().zip(row[left..right].as_chunks::<3>().0) {
            *pixel = [f32::from(bytes[0]), f32::from(bytes[1]), f32::from(bytes[2]), 0.0];
        }
        narrow(&wide, &across, &mut narrowed);
    }
    let pitch = across.len() * 3;
    let mut output = RgbImage::new(width, height);
    let mut sums = vec![0.0_f32; pitch];
    for (target, taps) in output.chunks_exact_mut(pitch).zip(&down) {
        sums.fill(0.0);
        let rows = narrowed.chunks_exact(pitch).skip(taps.start);
        for (row, weight) in rows.zip(&taps.weights) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += weight * f32::from(*value);
            }
        }
        for (byte, sum) in target.iter_mut().zip(&sums) {
            *byte = rounded(*sum);
        }
    }
    output
}

/// One row at its new width, appended to `narrowed`. Its pixels have a fourth channel that nobody looks at, so that
/// each is a vector.
fn narrow(row: &[[f32; 4]], across: &[Taps], narrowed: &mut Vec<u8>) {
    for taps in across {
        let mut sum = [0.0_f32; 4];
        for (pixel, weight) in row[taps.start..].iter().zip(&taps.weights) {
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum += weight * value;
            }
        }
        let [red, green, blue, _] = sum.map(rounded);
        narrowed.extend([red, green, blue]);
    }
}

fn rounded(value: f32) -> u8 {
    (value + 0.5) as u8
}

fn taps(from: u32, to: u32) -> Vec<Taps> {
    let scale = f64::from(from) / f64::from(to);
    let reach = scale.max(1.0);
    let taps_of = |pixel: u32| {
        let centre = (f64::from(pixel) + 0.5) * scale;
        let start = (centre - reach + 0.5).max(0.0) as u32;
        let end = ((centre + reach + 0.5) as u32).min(from);
        let weight = |at: u32| (1.0 - ((f64::from(at) + 0.5 - centre) / reach).abs()).max(0.0);
        let total: f64 = (start..end).map(weight).sum();
        let weights = (start..end).map(|at| (weight(at) / total) as f32).collect();
        Taps {
            start: start as usize,
            weights,
        }
    };
    (0..to).map(taps_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn weights_sum_to_one_and_stay_within_the_row() {
        for (from, to) in [(1, 224), (7, 5), (5, 7), (512, 224), (320, 320), (3, 1)] {
            for taps in taps(from, to) {
                assert!((taps.weights.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{from} to {to}");
                assert!(taps.start + taps.weights.len() <= from as usize, "{from} to {to}");
            }
        }
    }

    #[test]
    fn the_same_size_is_the_same_picture_and_a_part_is_cut_out() {
        let pixels = RgbImage::from_fn(9, 7, |x, y| Rgb([x as u8 * 20, y as u8 * 30, 77]));
        let whole = PixelBox {
            left: 0,
            top: 0,
            right: 9,
            bottom: 7,
        };
        assert_eq!(resample(&pixels, whole, 9, 7), pixels);
        let part = PixelBox {
            left: 2,
            top: 3,
            right: 5,
            bottom: 7,
        };
        let cut = resample(&pixels, part, 3, 4);
        assert_eq!(cut.get_pixel(0, 0), pixels.get_pixel(2, 3));
        assert_eq!(cut.get_pixel(2, 3), pixels.get_pixel(4, 6));
    }

    #[test]
    fn one_colour_stays_that_colour_at_any_size() {
        let pixels = RgbImage::from_pixel(50, 40, Rgb([200, 3, 91]));
        let whole = PixelBox {
            left: 0,
            top: 0,
            right: 50,
            bottom: 40,
        };
        for (width, height) in [(1, 1), (224, 224), (13, 39)] {
            assert!(
                resample(&pixels, whole, width, height)
                    .pixels()
                    .all(|p| p.0 == [200, 3, 91])
            );
        }
    }
}
