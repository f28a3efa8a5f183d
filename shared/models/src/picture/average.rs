//! Quick shrinking by the mean of whole pixels, as `image::imageops::thumbnail` does it for any shrinking, in a
//! tenth of its time: lines are added up as they lie in memory, and only their sums are taken apart.

use crate::face::PixelBox;
use image::RgbImage;
use std::ops::Range;

/// Lines whose bytes can be added in 16 bits.
const LINES: usize = 257;

/// A part of the picture at a size that is no larger. The part must lie within the picture.
pub(super) fn averaged(pixels: &RgbImage, part: PixelBox, width: u32, height: u32) -> RgbImage {
    let across = blocks(part.right - part.left, width);
    let down = blocks(part.bottom - part.top, height);
    let pitch = pixels.width() as usize * 3;
    let (left, top) = (part.left as usize * 3, part.top as usize);
    let length = (part.right - part.left) as usize * 3;
    let mut output = RgbImage::new(width, height);
    let mut sums = vec![0_u32; length];
    for (target, rows) in output.chunks_exact_mut(across.len() * 3).zip(down) {
        let lines = pixels.chunks_exact(pitch).skip(top + rows.start).take(rows.len());
        add_up(lines.map(|line| &line[left..left + length]), &mut sums);
        for (pixel, columns) in target.as_chunks_mut::<3>().0.iter_mut().zip(&across) {
            let count = (rows.len() * columns.len()) as u32;
            let mut total = [count / 2; 3];
            for sum in &sums.as_chunks::<3>().0[columns.clone()] {
                total = [total[0] + sum[0], total[1] + sum[1], total[2] + sum[2]];
            }
            *pixel = total.map(|sum| (sum / count) as u8);
        }
    }
    output
}

/// Replaces `sums` by the sums of the lines.
fn add_up<'a>(mut lines: impl ExactSizeIterator<Item = &'a [u8]>, sums: &mut [u32]) {
    sums.fill(0);
    let mut some = vec![0_u16; sums.len()];
    while lines.len() > 0 {
        some.fill(0);
        for line in lines.by_ref().take(LINES) {
            for (sum, byte) in some.iter_mut().zip(line) {
                *sum += u16::from(*byte);
            }
        }
        for (sum, some) in sums.iter_mut().zip(&some) {
            *sum += u32::from(*some);
        }
    }
}

/// Which of `from` pixels each of `to` stands for: at least one, since `to` is no more.
fn blocks(from: u32, to: u32) -> Vec<Range<usize>> {
    let ratio = from as f32 / to as f32;
    let bound = |at: u32| ((at as f32 * ratio).ceil() as u32).min(from) as usize;
    (0..to)
        .map(|at| {
            let begin = bound(at).min(from as usize - 1);
            begin..((at as f32 * ratio + ratio).ceil() as usize).clamp(begin + 1, from as usize)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, imageops};

    #[test]
    fn it_is_the_thumbnail_that_the_image_crate_makes() {
        let byte = |x: u32, y: u32, channel: u32| ((x * 7919 + y * 104_729 + channel * 31) % 251) as u8;
        let pixels = RgbImage::from_fn(97, 601, |x, y| Rgb([0, 1, 2].map(|channel| byte(x, y, channel))));
        for (left, top, right, bottom, width, height) in [
            (0, 0, 97, 601, 20, 30),
            (0, 0, 97, 601, 97, 601),
            (3, 5, 90, 500, 33, 61),
            (0, 0, 97, 601, 1, 1),
            (96, 600, 97, 601, 1, 1),
            (10, 0, 60, 601, 31, 2),
        ] {
            let part = PixelBox {
                left,
                top,
                right,
                bottom,
            };
            let view = imageops::crop_imm(&pixels, left, top, right - left, bottom - top);
            let expected = imageops::thumbnail(&*view, width, height);
            assert_eq!(
                averaged(&pixels, part, width, height),
                expected,
                "{part:?} to {width} × {height}"
            );
        }
    }
}
