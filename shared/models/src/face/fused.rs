//! BlazeFace as one Candle operation on the kernels of [`crate::kernels`].
//!
//! At each resolution the picture lies in planes of sixteen channels with a border of zeros, is filtered out
//! of them and projected back onto them: the shortcut is what is there already.

use super::layers::{FINE, OUTPUTS, SIDE, STRIDED, inputs, layers, packed_size};
use crate::kernels::buffer::Buffer;
use crate::kernels::depthwise::{BLOCK, Depthwise, Plane};
use crate::kernels::isa::Isa;
use crate::kernels::pack::PANEL;
use crate::kernels::panels::{Packed, Panels};
use crate::kernels::product::{Grid, Product, Rows};
use crate::kernels::{Activation, same_padding};
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, bail};
use std::sync::{Mutex, PoisonError};

const PIXEL: usize = 3;
/// Kernel of the stem, and a line of its padded input.
const KERNEL: usize = 5;
const LINE: usize = (SIDE + KERNEL - 2) * PIXEL;
/// Cells along a side, and panels of channels, at each resolution.
const RESOLUTIONS: [(usize, usize); 4] = [(64, 2), (32, 3), (16, 6), (8, 6)];

pub(super) struct Network {
    isa: Isa,
    stem: Panels,
    /// Filter and projection.
    blocks: Vec<[Panels; 2]>,
    /// Scores and boxes, of the fine and of the coarse head.
    heads: [[Panels; 2]; 2],
    /// One for each picture that was ever looked at at the same time.
    arenas: Mutex<Vec<Arena>>,
}

/// Everything that is written while a picture goes through.
struct Arena {
    /// The picture with padding.
    padded: Buffer,
    planes: [Planes; RESOLUTIONS.len()],
    filtered: Buffer,
}

/// Planes of sixteen channels, one after the other, with a border one pixel wide.
struct Planes {
    values: Buffer,
    side: usize,
}

impl Network {
    pub(super) fn load(mut packed: Packed, isa: Isa) -> Result<Self> {
        let mut layers = layers().into_iter();
        let mut next = || match layers.next() {
            Some(layer) => {
                let (depth, outputs) = packed_size(&layer);
                packed.layer(depth, outputs)
            }
            None => bail!("blazeface has fewer layers than blocks"),
        };
        let stem = next()?;
        let blocks = OUTPUTS.iter().map(|_| Ok([next()?, next()?])).collect::<Result<_>>()?;
        let heads = [[next()?, next()?], [next()?, next()?]];
        Ok(Self {
            isa,
            stem,
            blocks,
            heads,
            arenas: Mutex::default(),
        })
    }

    /// Scores of all anchors, then their boxes.
    fn run(&self, pixels: &[u8], arena: &mut Arena) -> Result<Vec<f32>> {
        let (mut scores, mut boxes) = (Vec::new(), Vec::new());
        let Arena {
            padded,
            planes,
            filtered,
        } = arena;
        // A shortcut adds to what is there, which is nothing where a block has more channels than the last.
        planes.iter_mut().for_each(|planes| planes.values.fill(0.0));
        self.stem(pixels, padded, &mut planes[0])?;
        let mut at = 0;
        for (index, [filter, project]) in self.blocks.iter().enumerate() {
            let stride = if STRIDED.contains(&index) { 2 } else { 1 };
            let area = (planes[at].side / stride) * (planes[at].side / stride);
            let filtered = &mut filtered[..inputs(index).div_ceil(BLOCK) * area * BLOCK];
            for (block, output) in filtered.chunks_exact_mut(area * BLOCK).enumerate() {
                let panel = filter.panel(block, self.isa, &mut [])?;
                planes[at].filter(self.isa, panel, block, stride, output)?;
            }
            if stride == 2 {
                let (larger, smaller) = planes.split_at_mut(at + 1);
                larger[at].pool(&mut smaller[0]);
                at += 1;
            }
            planes[at].project(self.isa, project, filtered)?;
            if index == FINE {
                planes[at].read(self.isa, &self.heads[0], &mut scores, &mut boxes)?;
            }
        }
        planes[at].read(self.isa, &self.heads[1], &mut scores, &mut boxes)?;
        scores.append(&mut boxes);
        Ok(scores)
    }

    fn stem(&self, pixels: &[u8], padded: &mut [f32], planes: &mut Planes) -> Result<()> {
        let (before, _, side) = same_padding(SIDE, KERNEL, 2);
        let lines = padded.chunks_exact_mut(LINE).skip(before);
        for (line, bytes) in lines.zip(pixels.chunks_exact(SIDE * PIXEL)) {
            for (value, byte) in line[before * PIXEL..].iter_mut().zip(bytes) {
                *value = f32::from(*byte) / 127.5 - 1.0;
            }
        }
        for panel in 0..self.stem.count() {
            for y in 0..side {
                let call = Product {
                    left: &padded[2 * y * LINE..],
                    rows: Rows {
                        pitch: 2 * PIXEL,
                        groups: KERNEL,
                        group_pitch: LINE,
                        run: KERNEL * PIXEL,
                    },
                    count: side,
                    panel: self.stem.panel(panel, self.isa, &mut [])?,
                    grid: planes.grid(),
                    range: Activation::Relu.range(),
                    accumulate: false,
                    ahead: &[],
                };
                let at = planes.place(panel, y);
                self.isa.product(&call, &mut planes.values[at..])?;
            }
        }
        Ok(())
    }
}

impl Arena {
    fn new() -> Self {
        let (side, panels) = RESOLUTIONS[0];
        Self {
            padded: Buffer::zeros(LINE * (SIDE + KERNEL - 2)),
            planes: RESOLUTIONS.map(|(side, panels)| Planes::new(side, panels)),
            filtered: Buffer::zeros(side * side * panels * BLOCK),
        }
    }
}

impl CustomOp1 for &Network {
    fn name(&self) -> &'static str {
        "blazeface"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let bytes = storage.as_slice::<u8>()?;
        let (Some((from, to)), [1, SIDE, SIDE, PIXEL]) = (layout.contiguous_offsets(), layout.dims()) else {
            bail!("blazeface: a picture (1, 128, 128, 3) in one piece is needed, not {layout:?}")
        };
        let kept = self.arenas.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut arena = kept.unwrap_or_else(Arena::new);
        let answer = self.run(&bytes[from..to], &mut arena)?;
        self.arenas.lock().unwrap_or_else(PoisonError::into_inner).push(arena);
        let length = answer.len();
        Ok((CpuStorage::F32(answer), length.into()))
    }
}

impl Planes {
    fn new(side: usize, panels: usize) -> Self {
        let values = Buffer::zeros(panels * Self::size(side));
        Self { values, side }
    }

    /// Floats of one plane. The slack lets a plane begin one pixel late, as [`Planes::filter`] needs it.
    fn size(side: usize) -> usize {
        (side + 2) * (side + 2) * BLOCK + 2 * BLOCK
    }

    /// Where line `y` of a plane begins.
    fn place(&self, block: usize, y: usize) -> usize {
        block * Self::size(self.side) + ((y + 1) * (self.side + 2) + 1) * BLOCK
    }

    fn grid(&self) -> Grid {
        Grid {
            width: self.side,
            pixel: BLOCK,
            gap: 2 * BLOCK,
        }
    }

    fn filter(&self, isa: Isa, panel: &[f32], block: usize, stride: usize, output: &mut [f32]) -> Result<()> {
        // At stride 2, SAME pads below and to the right only: the plane begins at its first pixel, and its
        // left border is the right one of the line before.
        let (before, after, begin) = match stride {
            1 => ((1, 1), (1, 1), block * Self::size(self.side)),
            _ => ((0, 0), (1, 2), self.place(block, 0)),
        };
        let call = Depthwise {
            input: &self.values[begin..],
            plane: Plane {
                height: self.side,
                width: self.side,
                before,
                after,
            },
            panel,
            kernel: 3,
            stride,
            lines: (0, self.side / stride),
            range: Activation::Identity.range(),
        };
        isa.depthwise(&call, output)
    }

    /// The larger of each four pixels, as the shortcut of a block that halves the resolution.
    fn pool(&self, target: &mut Self) {
        let pitch = (self.side + 2) * BLOCK;
        for block in 0..self.values.len() / Self::size(self.side) {
            for y in 0..target.side {
                let (from, to) = (self.place(block, 2 * y), target.place(block, y));
                let line = &mut target.values[to..to + target.side * BLOCK];
                for (x, pixel) in line.chunks_exact_mut(BLOCK).enumerate() {
                    let above = &self.values[from + 2 * x * BLOCK..][..2 * BLOCK];
                    let below = &self.values[from + pitch + 2 * x * BLOCK..][..2 * BLOCK];
                    for (channel, value) in pixel.iter_mut().enumerate() {
                        let of = |pair: &[f32]| pair[channel].max(pair[channel + BLOCK]);
                        *value = of(above).max(of(below));
                    }
                }
            }
        }
    }

    /// Adds the projected channels to what is there.
    fn project(&mut self, isa: Isa, project: &Panels, filtered: &[f32]) -> Result<()> {
        let area = self.side * self.side;
        for panel in 0..project.count() {
            let call = Product {
                left: filtered,
                rows: Rows {
                    pitch: BLOCK,
                    groups: project.depth() / BLOCK,
                    group_pitch: area * BLOCK,
                    run: BLOCK,
                },
                count: area,
                panel: project.panel(panel, isa, &mut [])?,
                grid: self.grid(),
                range: Activation::Relu.range(),
                accumulate: true,
                ahead: &[],
            };
            let at = self.place(panel, 0);
            isa.product(&call, &mut self.values[at..])?;
        }
        Ok(())
    }

    /// Appends what a head says, cell by cell.
    fn read(
        &self,
        isa: Isa,
        [scores, boxes]: &[Panels; 2],
        to_scores: &mut Vec<f32>,
        to_boxes: &mut Vec<f32>,
    ) -> Result<()> {
        // Six anchors to a cell in the coarse head, two in the fine one.
        let anchors = if self.side == 8 { 6 } else { 2 };
        to_scores.extend(self.head(isa, scores, anchors)?);
        to_boxes.extend(self.head(isa, boxes, anchors * super::layers::REGRESSORS)?);
        Ok(())
    }

    /// The first `wanted` outputs of a head for each cell.
    fn head(&self, isa: Isa, head: &Panels, wanted: usize) -> Result<Vec<f32>> {
        let outputs = head.outputs();
        let mut cells = vec![0.0; self.side * self.side * outputs];
        for y in 0..self.side {
            for panel in 0..head.count() {
                let call = Product {
                    left: &self.values[self.place(0, y)..],
                    rows: Rows {
                        pitch: BLOCK,
                        groups: head.depth() / BLOCK,
                        group_pitch: Self::size(self.side),
                        run: BLOCK,
                    },
                    count: self.side,
                    panel: head.panel(panel, isa, &mut [])?,
                    grid: Grid {
                        width: self.side,
                        pixel: outputs,
                        gap: 0,
                    },
                    range: Activation::Identity.range(),
                    accumulate: false,
                    ahead: &[],
                };
                isa.product(&call, &mut cells[y * self.side * outputs + panel * PANEL..])?;
            }
        }
        Ok(cells
            .chunks_exact(outputs)
            .flat_map(|cell| &cell[..wanted])
            .copied()
            .collect())
    }
}
