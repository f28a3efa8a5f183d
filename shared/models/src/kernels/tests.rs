use super::depthwise::{Depthwise, depthwise};
use super::{Activation, bias::add_bias, same_padding};
use candle_core::{Device, Tensor};

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
}

/// The definition, element by element.
fn naive(
    input: &[f32],
    dims: [usize; 4],
    weight: &[f32],
    bias: &[f32],
    kernel: usize,
    stride: usize,
    activation: Activation,
) -> Vec<f32> {
    let [batch, channels, height, width] = dims;
    let (top, _, out_height) = same_padding(height, kernel, stride);
    let (left, _, out_width) = same_padding(width, kernel, stride);
    let (low, high) = activation.range();
    let mut output = Vec::new();
    for plane in 0..batch * channels {
        for y in 0..out_height {
            for x in 0..out_width {
                let mut sum = bias[plane % channels];
                for (ky, kx) in (0..kernel).flat_map(|ky| (0..kernel).map(move |kx| (ky, kx))) {
                    let (row, column) = (
                        (y * stride + ky).wrapping_sub(top),
                        (x * stride + kx).wrapping_sub(left),
                    );
                    if row < height && column < width {
                        let tap = weight[(plane % channels) * kernel * kernel + ky * kernel + kx];
                        sum += tap * input[(plane * height + row) * width + column];
                    }
                }
                output.push(sum.clamp(low, high));
            }
        }
    }
    output
}

fn largest_difference(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_kernels_agree_with_the_definition_on_shapes_of_every_kind() {
    let mut numbers = Numbers(7);
    for round in 0..300 {
        let (kernel, stride) = ([3, 5][round % 2], [1, 2][(round / 2) % 2]);
        let activation = [Activation::Identity, Activation::Relu, Activation::Relu6][round % 3];
        let dims = [
            1 + numbers.below(2),
            1 + numbers.below(5),
            1 + numbers.below(40),
            1 + numbers.below(40),
        ];
        let (input, bias) = (numbers.floats(dims.iter().product()), numbers.floats(dims[1]));
        let weight = numbers.floats(dims[1] * kernel * kernel);
        let expected = naive(&input, dims, &weight, &bias, kernel, stride, activation);
        let tensor = |values: &[f32], shape: &[usize]| Tensor::from_slice(values, shape, &Device::Cpu).unwrap();
        let (x, b) = (tensor(&input, &dims), tensor(&bias, &[dims[1]]));
        let w = tensor(&weight, &[dims[1], 1, kernel, kernel]);
        for portable in [false, true] {
            let operation = Depthwise {
                stride,
                activation,
                portable,
            };
            let output = x.apply_op3_no_bwd(&w, &b, &operation).unwrap();
            let output = output.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            let difference = largest_difference(&output, &expected);
            assert!(
                difference < 1e-4,
                "{dims:?}, kernel {kernel}, stride {stride}, portable {portable}: {difference}"
            );
        }
    }
}

#[test]
fn a_kernel_refuses_shapes_that_do_not_fit_together() {
    let zeros = |shape: &[usize]| Tensor::zeros(shape, candle_core::DType::F32, &Device::Cpu).unwrap();
    let (x, b) = (zeros(&[1, 4, 8, 8]), zeros(&[4]));
    for weight in [&[3, 1, 3, 3][..], &[4, 1, 4, 4], &[4, 2, 3, 3], &[4, 1, 3, 5]] {
        assert!(
            depthwise(&x, &zeros(weight), &b, 1, Activation::Identity).is_err(),
            "{weight:?}"
        );
    }
    assert!(depthwise(&x, &zeros(&[4, 1, 3, 3]), &zeros(&[5]), 1, Activation::Identity).is_err());
    assert!(depthwise(&x, &zeros(&[4, 1, 3, 3]), &b, 3, Activation::Identity).is_err());
    assert!(add_bias(&x, &zeros(&[5]), Activation::Identity).is_err());
}

#[test]
fn a_view_into_a_larger_tensor_is_read_where_it_begins() {
    let mut numbers = Numbers(11);
    let all = Tensor::from_vec(numbers.floats(2 * 6 * 9 * 9), (2, 6, 9, 9), &Device::Cpu).unwrap();
    let weight = Tensor::from_vec(numbers.floats(3 * 9), (3, 1, 3, 3), &Device::Cpu).unwrap();
    let bias = Tensor::from_vec(numbers.floats(3), 3, &Device::Cpu).unwrap();
    let view = all.narrow(1, 2, 3).unwrap();
    let run = |x: &Tensor| {
        depthwise(x, &weight, &bias, 1, Activation::Relu6)
            .unwrap()
            .flatten_all()
            .unwrap()
    };
    let (seen, copied) = (run(&view), run(&view.copy().unwrap()));
    assert_eq!(seen.to_vec1::<f32>().unwrap(), copied.to_vec1::<f32>().unwrap());
}

#[test]
fn same_padding_puts_the_odd_pixel_after() {
    assert_eq!(same_padding(224, 3, 2), (0, 1, 112));
    assert_eq!(same_padding(112, 5, 2), (1, 2, 56));
    assert_eq!(same_padding(7, 5, 1), (2, 2, 7));
    assert_eq!(same_padding(1, 3, 2), (1, 1, 1));
}
