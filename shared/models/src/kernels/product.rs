//! The matrix product behind dense and 1×1 convolutions: a register tile, bias and activation fused in.
//!
//! The left matrix is the activations, read where they lie; a dense convolution is the same product over
//! overlapping rows. The right one is weights in panels ([`super::pack`]). A tile of the result stays in
//! registers over the whole depth: R rows of 8 or 16 columns, starting from the bias, clamped at the end.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use candle_core::{Result, bail};

/// Halves in a cache line.
const LINE: usize = 32;

/// Where a row of the left matrix lies: in `groups` runs of `run` floats each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Floats from one row to the next.
    pub pitch: usize,
    pub groups: usize,
    /// Floats from one run of a row to the next.
    pub group_pitch: usize,
    pub run: usize,
}

impl Rows {
    /// Length of a row, which is the depth of the product.
    pub(crate) fn depth(&self) -> usize {
        self.groups * self.run
    }
}

/// Where results go: pixels of an image whose lines may be further apart than they are long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    /// Pixels of a line. The first result is the first pixel of one.
    pub width: usize,
    /// Floats from one pixel to the next.
    pub pixel: usize,
    /// Floats between the end of a line and the next one.
    pub gap: usize,
}

/// The product of `count` rows with one panel.
pub(crate) struct Product<'a> {
    pub left: &'a [f32],
    pub rows: Rows,
    pub count: usize,
    /// The bias of each column, then a line of columns for each step of the depth.
    pub panel: &'a [f32],
    pub grid: Grid,
    /// What results are clamped to.
    pub range: (f32, f32),
    /// Whether results are added to what is there, as a shortcut needs it, before they are clamped.
    pub accumulate: bool,
    /// Weights that are wanted next: they are called into the cache meanwhile.
    pub ahead: &'a [u16],
}

impl Product<'_> {
    /// Columns of the panel: 8 or 16.
    pub(super) fn columns(&self) -> usize {
        self.panel.len() / (1 + self.rows.depth())
    }

    /// That everything [`product`] reads and writes is there.
    pub(super) fn check(&self, output: &[f32]) -> Result<()> {
        let (rows, grid) = (&self.rows, &self.grid);
        let columns = self.columns();
        let shaped = matches!(columns, 8 | 16) && self.panel.len() == (1 + rows.depth()) * columns;
        let sized = self.count > 0 && rows.groups > 0 && rows.run > 0 && grid.width > 0;
        if !shaped || !sized {
            bail!("product: {} panel floats for {rows:?} into {grid:?}", self.panel.len());
        }
        let last = self.count - 1;
        let read = last * rows.pitch + (rows.groups - 1) * rows.group_pitch + rows.run;
        let written = last * grid.pixel + last / grid.width * grid.gap + columns;
        if read > self.left.len() || written > output.len() {
            bail!(
                "product: reads {read} of {}, writes {written} of {}",
                self.left.len(),
                output.len()
            );
        }
        Ok(())
    }
}

/// The rows in tiles of nearly equal height, none above `MAX`: a low last tile would wait for its own sums.
///
/// # Safety
/// The processor has the instruction set of `L`, [`Product::check`] passed, `N` vectors are the panel's
/// columns and `MAX` is at most 14.
#[inline(always)]
pub(super) unsafe fn product<L: Lanes, const N: usize, const MAX: usize>(call: &Product<'_>, output: &mut [f32]) {
    let tiles = call.count.div_ceil(MAX);
    let (low, taller) = (call.count / tiles, call.count % tiles);
    let mut tile = Tile {
        left: call.left.as_ptr(),
        output: output.as_mut_ptr(),
        column: 0,
    };
    let share = call.ahead.len().div_ceil(tiles).next_multiple_of(LINE);
    for index in 0..tiles {
        let mut at = index * share;
        while at < ((index + 1) * share).min(call.ahead.len()) {
            // SAFETY: a place within the slice.
            unsafe { L::prefetch(call.ahead.as_ptr().add(at)) };
            at += LINE;
        }
        let height = low + usize::from(index < taller);
        macro_rules! heights {
            ($($rows:literal)*) => {
                match height {
                    // SAFETY: the caller's conditions; tiles follow each other, so together they are
                    // the `count` rows and pixels that `check` measured.
                    $($rows if $rows <= MAX => unsafe { rows::<L, $rows, N>(call, &mut tile) },)*
                    _ => {}
                }
            };
        }
        heights!(1 2 3 4 5 6 7 8 9 10 11 12 13 14);
    }
}

/// Where the next tile begins.
struct Tile {
    left: *const f32,
    output: *mut f32,
    /// Which pixel of its line `output` points to.
    column: usize,
}

/// One tile of R rows; moves `tile` behind it.
///
/// # Safety
/// As [`product`], and R rows and R pixels are left.
#[inline(always)]
unsafe fn rows<L: Lanes, const R: usize, const N: usize>(call: &Product<'_>, tile: &mut Tile) {
    // SAFETY: all reads are within the R rows and the panel that `check` measured.
    let sums = unsafe { sums::<L, R, N>(call, tile.left) };
    // SAFETY: a constant.
    let (low, high) = unsafe { (L::splat(call.range.0), L::splat(call.range.1)) };
    // Plain indices here and below: closures and iterators are functions without the instruction set, and
    // one that is not inlined costs more than all the arithmetic.
    for row in sums {
        let mut index = 0;
        while index < N {
            // SAFETY: `output` points to one of the R pixels, `columns` floats of which are within
            // `check`'s measure, and N vectors are `columns` floats.
            unsafe {
                let to = tile.output.add(index * L::WIDTH);
                let sum = if call.accumulate {
                    L::add(row[index], L::load(to))
                } else {
                    row[index]
                };
                L::store(L::min(L::max(sum, low), high), to);
            }
            index += 1;
        }
        tile.column += 1;
        let mut step = call.grid.pixel;
        if tile.column == call.grid.width {
            tile.column = 0;
            step += call.grid.gap;
        }
        // Behind the last pixel there may be no memory, and nothing reads there: a wrapping step is enough.
        tile.output = tile.output.wrapping_add(step);
    }
    tile.left = tile.left.wrapping_add(R * call.rows.pitch);
}

/// Bias plus products of R rows.
///
/// # Safety
/// As [`rows`]; `left` is where the first of the rows begins.
#[inline(always)]
unsafe fn sums<L: Lanes, const R: usize, const N: usize>(call: &Product<'_>, left: *const f32) -> [[L::Vector; N]; R] {
    let shape = call.rows;
    let mut line = call.panel.as_ptr();
    // SAFETY: the panel has 1 + depth lines of N vectors; `line` moves by one for each step of the depth,
    // and is read before it is moved. `left` moves along the runs of a row.
    unsafe {
        let mut sums = [[L::splat(0.0); N]; R];
        let mut index = 0;
        while index < N {
            let bias = L::load(line.add(index * L::WIDTH));
            let mut row = 0;
            while row < R {
                sums[row][index] = bias;
                row += 1;
            }
            index += 1;
        }
        let mut starts = [left; R];
        let mut row = 0;
        while row < R {
            starts[row] = left.wrapping_add(row * shape.pitch);
            row += 1;
        }
        let mut group = 0;
        while group < shape.groups {
            let mut at = group * shape.group_pitch;
            let end = at + shape.run;
            while at + 4 <= end {
                step::<L, R, N>(&mut sums, line.add(N * L::WIDTH), &starts, at);
                step::<L, R, N>(&mut sums, line.add(2 * N * L::WIDTH), &starts, at + 1);
                step::<L, R, N>(&mut sums, line.add(3 * N * L::WIDTH), &starts, at + 2);
                step::<L, R, N>(&mut sums, line.add(4 * N * L::WIDTH), &starts, at + 3);
                line = line.add(4 * N * L::WIDTH);
                at += 4;
            }
            while at < end {
                line = line.add(N * L::WIDTH);
                step::<L, R, N>(&mut sums, line, &starts, at);
                at += 1;
            }
            group += 1;
        }
        sums
    }
}

/// One step of the depth: a column of R rows times a line of the panel.
///
/// # Safety
/// The processor has the instruction set of `L`; N vectors can be read at `line`, and float `at` of each row.
#[inline(always)]
unsafe fn step<L: Lanes, const R: usize, const N: usize>(
    sums: &mut [[L::Vector; N]; R],
    line: *const f32,
    starts: &[*const f32; R],
    at: usize,
) {
    // SAFETY: the caller's own conditions.
    unsafe {
        let mut weights = [L::splat(0.0); N];
        let mut index = 0;
        while index < N {
            weights[index] = L::load(line.add(index * L::WIDTH));
            index += 1;
        }
        let mut row = 0;
        while row < R {
            let value = L::splat(*starts[row].add(at));
            let mut index = 0;
            while index < N {
                sums[row][index] = L::multiply_add(value, weights[index], sums[row][index]);
                index += 1;
            }
            row += 1;
        }
    }
}
