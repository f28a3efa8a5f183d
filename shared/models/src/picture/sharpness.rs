//! How sharp a picture is, free of its brightness, contrast and subject.
//!
//! The variance of the Laplacian says how much fine structure a picture has, which smooth skin has little
//! of even when sharp: sharp smooth pictures measure 3 to 71, a blurred portrait 2 to 3. So the picture is
//! compared with itself, blurred again (Crété et al., "The blur effect", 2007): a sharp one loses much of
//! its contrast between neighbours, a blurred one has little to lose. `training/choose_sharpness.py` is
//! the same in Python and prints how the measure separates sharp from blurred faces.

use super::Picture;
use crate::face::FaceBox;
use image::imageops;

/// Regions are shrunk to this many pixels a side: finer blur than that the networks do not see.
const REGION_SIDE: u32 = 256;
/// Width of the second blur, a mean over this many pixels.
const BLUR: usize = 5;

impl Picture {
    /// The share of contrast between neighbouring pixels that is lost when the picture is blurred again,
    /// 0 (blurred) to 1 (sharp), across or down, whichever is less (motion blurs one way). Measured on
    /// the face, where there is one, since its background may be out of focus on purpose.
    #[must_use]
    pub fn sharpness(&self, face: Option<FaceBox>) -> f32 {
        let part = face.map_or(self.whole(), |face| face.around(self.width(), self.height(), 0.0));
        let (wide, high) = (part.right - part.left, part.bottom - part.top);
        let scale = (f64::from(REGION_SIDE) / f64::from(wide.max(high))).min(1.0);
        let fitted = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let region = if scale < 1.0 {
            self.resized(part, fitted(wide), fitted(high))
        } else {
            imageops::crop_imm(&self.0, part.left, part.top, wide, high).to_image()
        };
        let plane = Plane::of(&region);
        let soft = plane.blurred();
        plane.lost(&soft, 1).min(plane.lost(&soft, plane.width))
    }
}

/// Luma, row by row.
struct Plane {
    values: Vec<f32>,
    width: usize,
}

impl Plane {
    fn of(region: &image::RgbImage) -> Self {
        let luma = |pixel: &image::Rgb<u8>| {
            let [red, green, blue] = pixel.0.map(f32::from);
            0.299 * red + 0.587 * green + 0.114 * blue
        };
        Self {
            values: region.pixels().map(luma).collect(),
            width: region.width() as usize,
        }
    }

    /// How much of the differences between neighbours is gone in the blurred plane: neighbours in a row if
    /// `apart` is 1, in a column if it is the width.
    fn lost(&self, blurred: &Self, apart: usize) -> f32 {
        let (mut lost, mut all) = (0.0_f64, 0.0_f64);
        let (lines, length) = match apart {
            1 => (self.height(), self.width - 1),
            _ => (self.height() - 1, self.width),
        };
        for from in (0..lines).map(|y| y * self.width) {
            let (sharp, soft) = (&self.values[from..], &blurred.values[from..]);
            let (of_line, of_all) =
                differences([sharp, &sharp[apart..], soft, &soft[apart..]].map(|line| &line[..length]));
            lost += of_line;
            all += of_all;
        }
        if all > 0.0 { (lost / all) as f32 } else { 0.0 }
    }

    fn height(&self) -> usize {
        self.values.len() / self.width
    }

    /// Each value the mean of its neighbours down and across; the edges repeat outwards.
    fn blurred(&self) -> Self {
        let (width, height) = (self.width, self.height());
        let reach = BLUR / 2;
        let mut values = vec![0.0; self.values.len()];
        let mut column = vec![0.0; width + BLUR - 1];
        for (y, line) in values.chunks_exact_mut(width).enumerate() {
            let inner = &mut column[reach..reach + width];
            inner.fill(0.0);
            for near in y..y + BLUR {
                let near = near.saturating_sub(reach).min(height - 1);
                for (sum, value) in inner.iter_mut().zip(&self.values[near * width..]) {
                    *sum += value;
                }
            }
            inner.iter_mut().for_each(|sum| *sum /= BLUR as f32);
            let (first, last) = (inner[0], inner[width - 1]);
            column[..reach].fill(first);
            column[reach + width..].fill(last);
            for near in 0..BLUR {
                for (sum, value) in line.iter_mut().zip(&column[near..]) {
                    *sum += value;
                }
            }
            line.iter_mut().for_each(|sum| *sum /= BLUR as f32);
        }
        Self { values, width }
    }
}

/// What the differences between two lines lost when these became the other two, and the differences; summed.
fn differences(lines: [&[f32]; 4]) -> (f64, f64) {
    /// Sums that run side by side, as a vector holds them.
    const LANES: usize = 8;
    let (mut lost, mut all) = ([0.0_f32; LANES], [0.0_f32; LANES]);
    let mut add = |at: usize, [one, other, soft_one, soft_other]: [f32; 4]| {
        let (before, after) = ((other - one).abs(), (soft_other - soft_one).abs());
        lost[at] += (before - after).max(0.0);
        all[at] += before;
    };
    let [one, other, soft_one, soft_other] = lines.map(|line| line.as_chunks::<LANES>());
    for (((a, b), c), d) in one.0.iter().zip(other.0).zip(soft_one.0).zip(soft_other.0) {
        for at in 0..LANES {
            add(at, [a[at], b[at], c[at], d[at]]);
        }
    }
    for (((a, b), c), d) in one.1.iter().zip(other.1).zip(soft_one.1).zip(soft_other.1) {
        add(0, [*a, *b, *c, *d]);
    }
    let total = |sums: [f32; LANES]| sums.into_iter().map(f64::from).sum();
    (total(lost), total(all))
}
