//! Both kernels against their definitions, on every instruction set that this processor has.

use super::depthwise::{BLOCK, Depthwise, Plane};
use super::half::widened;
use super::isa::Isa;
use super::pack::{Layer, PANEL, pack, packed_len};
use super::panels::Packed;
use super::product::{Grid, Product, Rows};
use super::{Activation, same_padding};

/// Numbers in −1..1 from a small generator with a fixed seed: the same on every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: u64) -> usize {
        usize::try_from(self.next() % end).unwrap()
    }

    fn floats(&mut self, count: usize) -> Vec<f32> {
        (0..count)
            .map(|_| (self.next() % 20_001) as f32 / 10_000.0 - 1.0)
            .collect()
    }

    fn activation(&mut self) -> Activation {
        [Activation::Identity, Activation::Relu, Activation::Relu6][self.below(3)]
    }
}

fn largest_difference(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// What [`Product`] says, number by number.
fn naive_product(call: &Product<'_>, output: &mut [f32]) {
    let columns = call.panel.len() / (1 + call.rows.depth());
    for row in 0..call.count {
        for column in 0..columns {
            let mut sum = call.panel[column];
            for step in 0..call.rows.depth() {
                let (group, at) = (step / call.rows.run, step % call.rows.run);
                let value = call.left[row * call.rows.pitch + group * call.rows.group_pitch + at];
                sum += value * call.panel[(1 + step) * columns + column];
            }
            let to = &mut output[row * call.grid.pixel + row / call.grid.width * call.grid.gap + column];
            let sum = if call.accumulate { sum + *to } else { sum };
            *to = sum.clamp(call.range.0, call.range.1);
        }
    }
}

#[test]
fn products_agree_with_the_definition_on_shapes_of_every_kind() {
    let mut numbers = Numbers(7);
    for round in 0..400 {
        let (groups, run) = (1 + numbers.below(4), 1 + numbers.below(33));
        let rows = Rows {
            // Shorter than a row: rows overlap, as a dense convolution's do.
            pitch: 1 + numbers.below(60),
            groups,
            group_pitch: numbers.below(200),
            run,
        };
        let (count, columns) = (1 + numbers.below(60), [8, 16][round % 2]);
        let grid = Grid {
            width: 1 + numbers.below(20),
            pixel: columns + numbers.below(9),
            gap: numbers.below(40),
        };
        let left = numbers.floats((count - 1) * rows.pitch + (groups - 1) * rows.group_pitch + run);
        let panel = numbers.floats((1 + groups * run) * columns);
        let call = Product {
            left: &left,
            rows,
            count,
            panel: &panel,
            grid,
            range: numbers.activation().range(),
            accumulate: round % 3 == 0,
            ahead: &[],
        };
        let last = count - 1;
        let before = numbers.floats(last * grid.pixel + last / grid.width * grid.gap + columns);
        let mut expected = before.clone();
        naive_product(&call, &mut expected);
        for isa in Isa::all() {
            // What lies between the pixels must stay as it was, so everything is compared.
            let mut output = before.clone();
            isa.product(&call, &mut output).unwrap();
            let difference = largest_difference(&output, &expected);
            assert!(
                difference < 1e-4,
                "{isa:?}, {rows:?}, {count} rows into {grid:?}: {difference}"
            );
        }
    }
}

/// A plane with the SAME padding of a convolution around it.
fn padded(height: usize, width: usize, kernel: usize, stride: usize) -> Plane {
    let (top, bottom, _) = same_padding(height, kernel, stride);
    let (left, right, _) = same_padding(width, kernel, stride);
    Plane {
        height,
        width,
        before: (top, left),
        after: (bottom, right),
    }
}

/// What [`Depthwise`] says, number by number, without any padding in memory.
fn naive_depthwise(picture: &[f32], call: &Depthwise<'_>) -> Vec<f32> {
    let Plane { height, width, .. } = call.plane;
    let (kernel, stride) = (call.kernel, call.stride);
    let (top, _, _) = same_padding(height, kernel, stride);
    let (left, _, out_width) = same_padding(width, kernel, stride);
    let mut output = Vec::new();
    for y in call.lines.0..call.lines.1 {
        for (x, channel) in (0..out_width).flat_map(|x| (0..BLOCK).map(move |channel| (x, channel))) {
            let mut sum = call.panel[channel];
            for (ky, kx) in (0..kernel).flat_map(|ky| (0..kernel).map(move |kx| (ky, kx))) {
                let row = (y * stride + ky).wrapping_sub(top);
                let column = (x * stride + kx).wrapping_sub(left);
                if row < height && column < width {
                    let tap = call.panel[(1 + ky * kernel + kx) * BLOCK + channel];
                    sum += tap * picture[(row * width + column) * BLOCK + channel];
                }
            }
            output.push(sum.clamp(call.range.0, call.range.1));
        }
    }
    output
}

#[test]
fn depthwise_agrees_with_the_definition_on_shapes_of_every_kind() {
    let mut numbers = Numbers(11);
    for round in 0..300 {
        let (kernel, stride) = ([3, 5][round % 2], [1, 2][(round / 2) % 2]);
        let (height, width) = (1 + numbers.below(31), 1 + numbers.below(31));
        let plane = padded(height, width, kernel, stride);
        let picture = numbers.floats(height * width * BLOCK);
        let mut input = vec![0.0; plane.len()];
        for (y, line) in picture.chunks_exact(width * BLOCK).enumerate() {
            input[plane.line(y)..][..line.len()].copy_from_slice(line);
        }
        let to = 1 + numbers.below(height.div_ceil(stride) as u64);
        let call = Depthwise {
            input: &input,
            plane,
            panel: &numbers.floats((1 + kernel * kernel) * BLOCK),
            kernel,
            stride,
            lines: (numbers.below(to as u64), to),
            range: numbers.activation().range(),
        };
        let expected = naive_depthwise(&picture, &call);
        for isa in Isa::all() {
            let mut output = vec![f32::NAN; expected.len()];
            isa.depthwise(&call, &mut output).unwrap();
            let difference = largest_difference(&output, &expected);
            assert!(
                difference < 1e-4,
                "{isa:?}, {plane:?}, kernel {kernel}, stride {stride}: {difference}"
            );
        }
    }
}

#[test]
fn calls_that_would_read_or_write_beyond_the_end_are_refused() {
    let (left, panel) = (vec![0.0; 40], vec![0.0; 5 * 16]);
    let rows = Rows {
        pitch: 4,
        groups: 1,
        group_pitch: 0,
        run: 4,
    };
    let grid = Grid {
        width: 10,
        pixel: 16,
        gap: 0,
    };
    let call = |count, panel| Product {
        left: &left,
        rows,
        count,
        panel,
        grid,
        range: Activation::Identity.range(),
        accumulate: false,
        ahead: &[],
    };
    for isa in Isa::all() {
        assert!(isa.product(&call(10, &panel), &mut [0.0; 160]).is_ok());
        assert!(isa.product(&call(10, &panel), &mut [0.0; 159]).is_err());
        assert!(isa.product(&call(11, &panel), &mut [0.0; 176]).is_err());
        assert!(isa.product(&call(0, &panel), &mut [0.0; 160]).is_err());
        assert!(isa.product(&call(1, &panel[1..]), &mut [0.0; 160]).is_err());
        let plane = padded(6, 6, 3, 1);
        let filter = |input, kernel, lines| Depthwise {
            input,
            plane,
            panel: &[0.0; 10 * BLOCK],
            kernel,
            stride: 1,
            lines,
            range: Activation::Identity.range(),
        };
        let (input, mut output) = (vec![0.0; plane.len()], vec![0.0; 36 * BLOCK]);
        assert!(isa.depthwise(&filter(&input, 3, (0, 6)), &mut output).is_ok());
        assert!(isa.depthwise(&filter(&input, 5, (0, 6)), &mut output).is_err());
        assert!(isa.depthwise(&filter(&input, 3, (1, 7)), &mut output).is_err());
        assert!(isa.depthwise(&filter(&input[1..], 3, (0, 6)), &mut output).is_err());
        assert!(isa.depthwise(&filter(&input, 3, (0, 6)), &mut output[1..]).is_err());
        assert!(isa.widen(&[0; 4], &mut [0.0; 5]).is_err());
    }
}

#[test]
fn every_finite_half_is_widened_to_its_value() {
    let halves: Vec<u16> = (0..=u16::MAX).filter(|half| half & 0x7C00 != 0x7C00).collect();
    let value = |half: u16| {
        let (exponent, fraction) = (i32::from(half >> 10 & 0x1F), f64::from(half & 0x3FF));
        let size = match exponent {
            0 => fraction * 2_f64.powi(-24),
            _ => (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
        };
        (if half >> 15 == 1 { -size } else { size }) as f32
    };
    for isa in Isa::all() {
        let mut floats = vec![0.0; halves.len()];
        isa.widen(&halves, &mut floats).unwrap();
        for (half, float) in halves.iter().zip(&floats) {
            assert_eq!(float.to_bits(), value(*half).to_bits(), "{isa:?}: {half:#06x}");
            assert_eq!(widened(*half).to_bits(), float.to_bits());
        }
    }
}

#[test]
fn what_is_packed_can_be_unpacked_and_is_zero_elsewhere() {
    for (channels, outputs, kernel) in [(3, 32, 3), (1, 24, 5), (7, 10, 1), (16, 9, 1), (5, 17, 3), (1, 16, 3)] {
        let layer = Layer::new("any", channels, outputs, kernel);
        let mut numbers = Numbers(13);
        let (weight, bias) = (numbers.floats(outputs * layer.depth()), numbers.floats(outputs));
        for (depth, room) in [
            (layer.depth(), outputs),
            (layer.depth() + 5, outputs.next_multiple_of(PANEL)),
        ] {
            let packed = pack(&layer, &weight, &bias, depth, room);
            assert_eq!(packed.len(), packed_len(depth, room));
            let kept = packed.iter().filter(|value| **value != 0.0).count();
            assert_eq!(kept, weight.iter().chain(&bias).filter(|value| **value != 0.0).count());
            let panels = Packed::Single(packed.leak()).layer(depth, room).unwrap();
            let (again, biases) = panels.unpacked(outputs, channels, kernel).unwrap();
            assert_eq!(again.flatten_all().unwrap().to_vec1::<f32>().unwrap(), weight);
            assert_eq!(biases.to_vec1::<f32>().unwrap(), bias);
        }
    }
}

#[test]
fn same_padding_puts_the_odd_pixel_after() {
    assert_eq!(same_padding(224, 3, 2), (0, 1, 112));
    assert_eq!(same_padding(112, 5, 2), (1, 2, 56));
    assert_eq!(same_padding(7, 5, 1), (2, 2, 7));
    assert_eq!(same_padding(1, 3, 2), (1, 1, 1));
}
