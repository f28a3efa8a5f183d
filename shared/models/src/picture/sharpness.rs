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
        let across = plane.lost_along_rows(&soft);
        across.min(plane.transposed().lost_along_rows(&soft.transposed()))
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

    fn transposed(&self) -> Self {
        let height = self.values.len() / self.width;
        let column = |x: usize| self.values.iter().skip(x).step_by(self.width).copied();
        Self {
            values: (0..self.width).flat_map(column).collect(),
            width: height,
        }
    }

    /// How much of the differences between neighbours in a row is gone in the blurred plane.
    fn lost_along_rows(&self, blurred: &Self) -> f32 {
        let (mut lost, mut all) = (0.0_f64, 0.0_f64);
        for (row, soft) in self
            .values
            .chunks_exact(self.width)
            .zip(blurred.values.chunks_exact(self.width))
        {
            for (pair, soft) in row.windows(2).zip(soft.windows(2)) {
                let (before, after) = ((pair[1] - pair[0]).abs(), (soft[1] - soft[0]).abs());
                lost += f64::from((before - after).max(0.0));
                all += f64::from(before);
            }
        }
        if all > 0.0 { (lost / all) as f32 } else { 0.0 }
    }

    /// Blurred both ways.
    fn blurred(&self) -> Self {
        self.transposed().rows_blurred().transposed().rows_blurred()
    }

    /// Each value the mean of its neighbours in the row; the edges repeat outwards.
    fn rows_blurred(&self) -> Self {
        let reach = BLUR / 2;
        let row_mean = |row: &[f32]| -> Vec<f32> {
            let at = |x: usize| row[x.saturating_sub(reach).min(row.len() - 1)];
            (0..row.len())
                .map(|x| (x..x + BLUR).map(at).sum::<f32>() / BLUR as f32)
                .collect()
        };
        let values = self.values.chunks_exact(self.width).flat_map(row_mean).collect();
        Self {
            values,
            width: self.width,
        }
    }
}
