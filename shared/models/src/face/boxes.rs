//! From anchors to faces: decoding, and one face out of each heap of overlapping boxes.

/// Boxes that overlap more than this (intersection over union) are the same face.
const SAME_FACE: f32 = 0.3;
/// Regressors are in pixels of the 128×128 input; sixteen for each anchor, four of them the box.
const INPUT_SIDE: f32 = 128.0;
const REGRESSORS: usize = 16;

/// A face that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    pub bounds: FaceBox,
    /// How sure the network is, 0 to 1.
    pub score: f32,
}

/// A box around a face, brow to chin, in fractions of the picture; it may reach beyond the edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceBox {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

/// Whole pixels of a picture: left and top are inside, right and bottom are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelBox {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl FaceBox {
    /// Which part of the picture's area lies in the box, 0 to 1.
    #[must_use]
    pub fn ratio(&self) -> f32 {
        let inside = |from: f32, size: f32| ((from + size).min(1.0) - from.max(0.0)).max(0.0);
        inside(self.left, self.width) * inside(self.top, self.height)
    }

    /// The square around the face, widened on each side by `margin` of the longer side, cut to the picture.
    #[must_use]
    pub fn around(&self, width: u32, height: u32, margin: f32) -> PixelBox {
        let (across, down) = (width as f32, height as f32);
        let half = (self.width * across).max(self.height * down) * (0.5 + margin);
        let x = (self.left + self.width / 2.0) * across;
        let y = (self.top + self.height / 2.0) * down;
        let begin = |at: f32, end: u32| (at.floor().max(0.0) as u32).min(end.saturating_sub(1));
        let (left, top) = (begin(x - half, width), begin(y - half, height));
        let end = |at: f32, from: u32, end: u32| (at.ceil().max(0.0) as u32).clamp(from + 1, end.max(from + 1));
        PixelBox {
            left,
            top,
            right: end(x + half, left, width),
            bottom: end(y + half, top, height),
        }
    }

    fn overlap(&self, other: &Self) -> f32 {
        let shared = |a: f32, a_size: f32, b: f32, b_size: f32| ((a + a_size).min(b + b_size) - a.max(b)).max(0.0);
        let both = shared(self.left, self.width, other.left, other.width)
            * shared(self.top, self.height, other.top, other.height);
        let either = self.width * self.height + other.width * other.height - both;
        if either > 0.0 { both / either } else { 0.0 }
    }
}

/// Centres of the 896 anchors: 16×16 cells of two, then 8×8 cells of six.
fn anchors() -> impl Iterator<Item = (f32, f32)> {
    [(16_u16, 2), (8, 6)].into_iter().flat_map(|(cells, each)| {
        let centre = move |cell: u16| (f32::from(cell) + 0.5) / f32::from(cells);
        let row = move |y| (0..cells).map(move |x| (centre(x), centre(y)));
        (0..cells)
            .flat_map(row)
            .flat_map(move |at| std::iter::repeat_n(at, each))
    })
}

/// Faces in fractions of the network's input, from score logits and regressors.
pub(super) fn faces(logits: &[f32], regressors: &[f32], threshold: f32) -> Vec<Face> {
    let mut candidates: Vec<Face> = anchors()
        .zip(logits)
        .zip(regressors.chunks_exact(REGRESSORS))
        .filter_map(|((anchor, logit), numbers)| {
            let score = 1.0 / (1.0 + (-logit).exp());
            (score >= threshold).then(|| Face {
                bounds: decode(anchor, numbers),
                score,
            })
        })
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut found = Vec::new();
    while let Some(best) = candidates.first().copied() {
        let (same, others): (Vec<Face>, Vec<Face>) = candidates
            .into_iter()
            .partition(|face: &Face| face.bounds.overlap(&best.bounds) > SAME_FACE);
        found.push(Face {
            bounds: mean(&same, best),
            score: best.score,
        });
        // A box without area overlaps not even itself.
        candidates = others;
        candidates.retain(|face| *face != best);
    }
    found
}

fn decode((x, y): (f32, f32), numbers: &[f32]) -> FaceBox {
    let number = |at: usize| numbers.get(at).copied().unwrap_or_default() / INPUT_SIDE;
    let (width, height) = (number(2), number(3));
    FaceBox {
        left: x + number(0) - width / 2.0,
        top: y + number(1) - height / 2.0,
        width,
        height,
    }
}

/// The mean of overlapping boxes, weighted by score; steadier than the best one alone.
fn mean(same: &[Face], best: Face) -> FaceBox {
    let total: f32 = same.iter().map(|face| face.score).sum();
    if total <= 0.0 {
        return best.bounds;
    }
    let weighted =
        |side: fn(&FaceBox) -> f32| same.iter().map(|face| side(&face.bounds) * face.score).sum::<f32>() / total;
    FaceBox {
        left: weighted(|bounds| bounds.left),
        top: weighted(|bounds| bounds.top),
        width: weighted(|bounds| bounds.width),
        height: weighted(|bounds| bounds.height),
    }
}
