//! The network as one Candle operation on the kernels of [`crate::kernels`].
//!
//! Between blocks a picture lies pixel by pixel, all channels of a pixel together. Within a block it is taken
//! sixteen channels at a time: expanded into a plane that stays in the cache, filtered from there, and
//! projected when all channels are filtered. All memory is one [`Arena`], kept from picture to picture.

use super::layers::{Block, FEATURES, SIZE, blocks, layers};
use crate::ModelError;
use crate::kernels::buffer::Buffer;
use crate::kernels::depthwise::{BLOCK, Depthwise, Plane};
use crate::kernels::isa::Isa;
use crate::kernels::panels::{Packed, Panels};
use crate::kernels::product::{Grid, Product, Rows};
use crate::kernels::{Activation, same_padding};
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, bail};
use std::sync::{Mutex, PoisonError};

/// Places along a side of the map, and numbers in it.
const MAP_SIDE: usize = SIZE / 32;
const MAP: usize = MAP_SIDE * MAP_SIDE * FEATURES;
/// A pixel of the stem's input and a line of it, with the padding to the right and below.
const PIXEL: usize = 3;
const LINE: usize = (SIZE + 1) * PIXEL;
/// Floats that are expanded before they are filtered: a small part of any second-level cache.
const STRIP: usize = 16 * 1024;
/// From this many rows on, products are done in groups of so many.
const FEW: usize = 168;
const GROUP: usize = 84;
/// Steps of the depth whose weights, with the rows that meet them, fit into a small first-level cache.
const DEPTH: usize = 320;

pub(super) struct Network {
    isa: Isa,
    stages: Vec<Stage>,
    head: Panels,
    /// One for each picture that was ever looked at at the same time.
    arenas: Mutex<Vec<Arena>>,
}

struct Stage {
    block: Block,
    /// The expansion; in the first block the stem.
    expand: Panels,
    filter: Panels,
    project: Panels,
    /// How many output lines are made at once, and the plane of the lines that they need.
    strip: usize,
    window: Plane,
    /// How the expansion reads its input, and floats from one line of that to the next.
    rows: Rows,
    line: usize,
}

/// Everything that is written while a picture goes through.
struct Arena {
    /// The picture with padding, or the output of the block before.
    pixels: Buffer,
    x: Buffer,
    /// Sixteen expanded channels.
    plane: Buffer,
    /// Filtered channels, a block of sixteen after the other.
    hidden: Buffer,
    /// Widened weights.
    panel: Buffer,
    /// The features of each place.
    map: Buffer,
}

impl Network {
    pub(super) fn load(mut packed: Packed, isa: Isa) -> std::result::Result<Self, ModelError> {
        let mut layers = layers().into_iter();
        let mut next = || match layers.next() {
            Some(layer) => packed.layer(layer.depth(), layer.outputs),
            None => bail!("the network has fewer layers than blocks"),
        };
        let mut stages = Vec::new();
        for block in blocks() {
            let (expand, filter, project) = (next()?, next()?, next()?);
            stages.push(Stage::new(block, expand, filter, project, stages.is_empty()));
        }
        let head = next()?;
        if packed.len() > 0 {
            return Err(ModelError::ExtraWeights(packed.len()));
        }
        Ok(Self {
            isa,
            stages,
            head,
            arenas: Mutex::default(),
        })
    }

    /// One picture, whose map is then in the arena.
    fn run(&self, pixels: &[u8], arena: &mut Arena) -> Result<()> {
        let lines = arena.pixels.chunks_exact_mut(LINE);
        for (line, bytes) in lines.zip(pixels.chunks_exact(SIZE * PIXEL)) {
            for (value, byte) in line.iter_mut().zip(bytes) {
                *value = (f32::from(*byte) - 127.0) / 128.0;
            }
        }
        for stage in &self.stages {
            stage.filtered(self.isa, arena)?;
            stage.projected(self.isa, arena)?;
        }
        let rows = Rows {
            pitch: self.head.depth(),
            groups: 1,
            group_pitch: 0,
            run: self.head.depth(),
        };
        let head = Pointwise {
            isa: self.isa,
            weights: &self.head,
            left: &arena.x,
            rows,
            range: Activation::Relu6.range(),
            accumulate: false,
        };
        head.run(&mut arena.panel, &mut arena.map)
    }

    fn arena(&self) -> Arena {
        let kept = self.arenas.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.unwrap_or_else(|| {
            let most = |size: fn(&Stage) -> usize| self.stages.iter().map(size).max().unwrap_or_default();
            Arena {
                pixels: Buffer::zeros(LINE * (SIZE + 1)),
                x: Buffer::zeros(most(|stage| stage.pixels() * stage.block.outputs)),
                plane: Buffer::zeros(most(|stage| stage.window.len())),
                hidden: Buffer::zeros(most(|stage| stage.pixels() * stage.block.hidden)),
                panel: Buffer::zeros(most(Stage::scratch)),
                map: Buffer::zeros(MAP),
            }
        })
    }

    fn give_back(&self, arena: Arena) {
        self.arenas.lock().unwrap_or_else(PoisonError::into_inner).push(arena);
    }
}

/// One run of the network: to the map, or on to its mean.
pub(super) struct Run<'a> {
    pub network: &'a Network,
    pub pooled: bool,
}

impl CustomOp1 for Run<'_> {
    fn name(&self) -> &'static str {
        "efficientnet-lite0"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let bytes = storage.as_slice::<u8>()?;
        let (Some((from, to)), [count, SIZE, SIZE, PIXEL]) = (layout.contiguous_offsets(), layout.dims()) else {
            bail!("efficientnet-lite0: pictures (n, 224, 224, 3) in one piece are needed, not {layout:?}")
        };
        let each = if self.pooled { FEATURES } else { MAP };
        let mut outputs = vec![0.0; count * each];
        let mut arena = self.network.arena();
        let pictures = bytes[from..to].chunks_exact(SIZE * SIZE * PIXEL);
        for (pixels, output) in pictures.zip(outputs.chunks_exact_mut(each)) {
            self.network.run(pixels, &mut arena)?;
            if self.pooled {
                mean(&arena.map, output);
            } else {
                output.copy_from_slice(&arena.map);
            }
        }
        self.network.give_back(arena);
        let shape = if self.pooled {
            (*count, FEATURES).into()
        } else {
            (*count, MAP_SIDE, MAP_SIDE, FEATURES).into()
        };
        Ok((CpuStorage::F32(outputs), shape))
    }
}

/// The mean over all places of a map.
pub(super) fn mean(map: &[f32], means: &mut [f32]) {
    means.fill(0.0);
    let places = map.chunks_exact(means.len());
    let share = 1.0 / places.len() as f32;
    for place in places {
        for (sum, value) in means.iter_mut().zip(place) {
            *sum += value;
        }
    }
    means.iter_mut().for_each(|sum| *sum *= share);
}

impl Stage {
    fn new(block: Block, expand: Panels, filter: Panels, project: Panels, is_first: bool) -> Self {
        let (rows, line) = if is_first {
            // Three lines of three pixels, moving on by two pixels and two lines.
            let rows = Rows {
                pitch: 2 * PIXEL,
                groups: 3,
                group_pitch: LINE,
                run: 3 * PIXEL,
            };
            (rows, 2 * LINE)
        } else {
            let rows = Rows {
                pitch: block.inputs,
                groups: 1,
                group_pitch: 0,
                run: block.inputs,
            };
            (rows, block.side * block.inputs)
        };
        let Block {
            side, kernel, stride, ..
        } = block;
        let (left, right, out_side) = same_padding(side, kernel, stride);
        let pitch = (left + side + right) * BLOCK;
        let strip = (STRIP / (pitch * stride)).clamp(1, out_side);
        let window = Plane {
            height: (strip - 1) * stride + kernel,
            width: side,
            before: (0, left),
            after: (0, right),
        };
        Self {
            strip,
            window,
            block,
            expand,
            filter,
            project,
            rows,
            line,
        }
    }

    fn out_side(&self) -> usize {
        self.block.side.div_ceil(self.block.stride)
    }

    /// Pixels of the output.
    fn pixels(&self) -> usize {
        self.out_side() * self.out_side()
    }

    /// Floats of widened weights that are needed at once.
    fn scratch(&self) -> usize {
        let filtering = (1 + self.expand.depth()) * BLOCK + (1 + self.filter.depth()) * BLOCK;
        let one = (1 + self.project.depth()) * BLOCK;
        filtering.max(if self.pixels() < FEW { one } else { self.project.len() })
    }

    /// Expands and filters, sixteen channels at a time.
    fn filtered(&self, isa: Isa, arena: &mut Arena) -> Result<()> {
        let Arena {
            pixels,
            x,
            plane,
            hidden,
            panel,
            ..
        } = arena;
        let is_stem = self.rows.groups > 1;
        let input: &[f32] = if is_stem { pixels } else { x };
        let plane = &mut plane[..self.window.len()];
        // What lies to the left and to the right of the picture stays zero; nothing else is read unwritten.
        plane.fill(0.0);
        let (expanding, filtering) = panel.split_at_mut((1 + self.expand.depth()) * BLOCK);
        let output = hidden.chunks_exact_mut(self.pixels() * BLOCK);
        for (index, output) in output.take(self.expand.count()).enumerate() {
            let expand = self.expand.panel(index, isa, expanding)?;
            let filter = self.filter.panel(index, isa, filtering)?;
            let place = self.expand.place(index);
            let ahead = self.expand.ahead(place.end, place.len());
            self.block_of_channels(isa, input, [expand, filter], ahead, plane, output)?;
        }
        Ok(())
    }

    /// Strip by strip: lines are expanded, and filtered while they are in the cache. The plane is a window of as
    /// many lines as a strip needs, moved down the padded picture.
    fn block_of_channels(
        &self,
        isa: Isa,
        input: &[f32],
        [expand, filter]: [&[f32]; 2],
        ahead: &[u16],
        plane: &mut [f32],
        output: &mut [f32],
    ) -> Result<()> {
        let Block {
            side, kernel, stride, ..
        } = self.block;
        let (top, _, out_side) = same_padding(side, kernel, stride);
        let pitch = self.window.pitch();
        // Padded lines: where the window begins, and where what was written into it ends.
        let (mut begin, mut written) = (0, 0);
        for from in (0..out_side).step_by(self.strip) {
            let to = (from + self.strip).min(out_side);
            let (first, end) = (from * stride, (to - 1) * stride + kernel);
            // The last strip and this one share some lines.
            plane.copy_within((first - begin) * pitch..(written - begin) * pitch, 0);
            for line in (written..end).filter(|line| !(top..top + side).contains(line)) {
                plane[(line - first) * pitch..][..pitch].fill(0.0);
            }
            let (above, below) = (written.max(top), end.min(top + side));
            let ahead = if from == 0 { ahead } else { &[] };
            let target = &mut plane[self.window.line(above - first)..];
            self.expanded(isa, input, expand, ahead, target, (above - top, below - top))?;
            (begin, written) = (first, end);
            let call = Depthwise {
                input: plane,
                plane: self.window,
                panel: filter,
                kernel,
                stride,
                lines: (0, to - from),
                range: Activation::Relu6.range(),
            };
            let pitch = out_side * BLOCK;
            isa.depthwise(&call, &mut output[from * pitch..to * pitch])?;
        }
        Ok(())
    }

    /// Expands these lines into `target`, which begins at the first of them.
    fn expanded(
        &self,
        isa: Isa,
        input: &[f32],
        panel: &[f32],
        ahead: &[u16],
        target: &mut [f32],
        (from, to): (usize, usize),
    ) -> Result<()> {
        // Lines of a 1×1 convolution's input follow each other like its pixels; the stem's overlap.
        let at_once = if self.rows.groups > 1 { 1 } else { (to - from).max(1) };
        for line in (from..to).step_by(at_once) {
            let call = Product {
                left: &input[line * self.line..],
                rows: self.rows,
                count: at_once * self.block.side,
                panel,
                grid: Grid {
                    width: self.block.side,
                    pixel: BLOCK,
                    gap: self.window.gap(),
                },
                range: Activation::Relu6.range(),
                accumulate: false,
                ahead: if line == from { ahead } else { &[] },
            };
            isa.product(&call, &mut target[(line - from) * self.window.pitch()..])?;
        }
        Ok(())
    }

    /// Projects the filtered channels into `x`, which nobody reads any more, or adds to it.
    fn projected(&self, isa: Isa, arena: &mut Arena) -> Result<()> {
        let Arena { x, hidden, panel, .. } = arena;
        let rows = Rows {
            pitch: BLOCK,
            groups: self.block.hidden / BLOCK,
            group_pitch: self.pixels() * BLOCK,
            run: BLOCK,
        };
        let project = Pointwise {
            isa,
            weights: &self.project,
            left: &hidden[..self.pixels() * self.block.hidden],
            rows,
            range: Activation::Identity.range(),
            accumulate: self.block.shortcut,
        };
        project.run(panel, &mut x[..self.pixels() * self.block.outputs])
    }
}

/// A 1×1 convolution of pixels to pixels.
struct Pointwise<'a> {
    isa: Isa,
    weights: &'a Panels,
    left: &'a [f32],
    rows: Rows,
    range: (f32, f32),
    accumulate: bool,
}

impl Pointwise<'_> {
    fn run(&self, scratch: &mut [f32], output: &mut [f32]) -> Result<()> {
        if output.len() / self.weights.outputs() < FEW {
            return self.panel_by_panel(scratch, output);
        }
        let (weights, count) = (self.weights, output.len() / self.weights.outputs());
        let panels = weights.all(self.isa, scratch)?;
        for from in (0..count).step_by(GROUP) {
            for index in 0..weights.count() {
                let call = Product {
                    left: &self.left[from * self.rows.pitch..],
                    count: GROUP.min(count - from),
                    ..self.product(&panels[weights.place(index)])
                };
                self.isa
                    .product(&call, &mut output[from * weights.outputs() + index * BLOCK..])?;
            }
        }
        Ok(())
    }

    /// For few rows, which are less than the weights: these stay in the nearest cache, a part of the depth at
    /// a time, while all rows pass.
    fn panel_by_panel(&self, scratch: &mut [f32], output: &mut [f32]) -> Result<()> {
        let (weights, rows) = (self.weights, self.rows);
        let part = (DEPTH / rows.run).clamp(1, rows.groups);
        for index in 0..weights.count() {
            for group in (0..rows.groups).step_by(part) {
                let next = (group + part).min(rows.groups);
                let is_last = next == rows.groups;
                let lines = group * rows.run..next * rows.run;
                let behind = weights.place(index).start + (1 + lines.end) * BLOCK;
                let call = Product {
                    left: &self.left[group * rows.group_pitch..],
                    rows: Rows {
                        groups: next - group,
                        ..rows
                    },
                    count: output.len() / weights.outputs(),
                    range: if is_last {
                        self.range
                    } else {
                        Activation::Identity.range()
                    },
                    accumulate: self.accumulate || group > 0,
                    ahead: weights.ahead(behind, lines.len() * BLOCK),
                    ..self.product(weights.part(index, lines, self.isa, scratch)?)
                };
                self.isa.product(&call, &mut output[index * BLOCK..])?;
            }
        }
        Ok(())
    }

    fn product<'p>(&'p self, panel: &'p [f32]) -> Product<'p> {
        Product {
            left: self.left,
            rows: self.rows,
            count: 0,
            panel,
            grid: Grid {
                width: usize::MAX,
                pixel: self.weights.outputs(),
                gap: 0,
            },
            range: self.range,
            accumulate: self.accumulate,
            ahead: &[],
        }
    }
}
