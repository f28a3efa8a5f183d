//! EfficientNet-Lite0: 4.65 M parameters, 0.41 G multiply-adds at 224×224, 1,280 features.
//!
//! Tan and Le, "EfficientNet" (2019); the Lite variant has no squeeze-and-excite and ReLU6 throughout.
//! ImageNet weights by Google (Apache-2.0), batch norm folded in by `training/backbone.py`. It names
//! nothing by itself: linear heads such as [`crate::skin`]'s do, on the features or on the map.

mod fused;
mod layers;
mod stock;

pub use layers::{FEATURES, SIZE};

use crate::ModelError;
use crate::kernels::{Kernels, isa::Isa, panels::Packed};
use candle_core::{Result, Tensor};
use fused::{Network, Run, mean};
use stock::Reference;

/// The backbone: a picture in, its features out.
pub struct EfficientNetLite0(Implementation);

enum Implementation {
    Fused(Box<Network>),
    Stock(Reference),
}

impl EfficientNetLite0 {
    /// From weights that `build.rs` packed. On fused kernels they are used where they lie.
    pub(crate) fn load(packed: &'static [u8], kernels: Kernels) -> std::result::Result<Self, ModelError> {
        let packed = Packed::halves(packed)?;
        Ok(Self(match kernels {
            Kernels::Fused => Implementation::Fused(Box::new(Network::load(packed, Isa::best())?)),
            Kernels::Stock => Implementation::Stock(Reference::load(packed)?),
        }))
    }

    /// Features (n, 1280) of pictures (n, 224, 224, 3) in bytes of RGB: the mean of the map.
    pub fn features(&self, pixels: &Tensor) -> Result<Tensor> {
        match &self.0 {
            Implementation::Fused(network) => run(network, pixels, true),
            Implementation::Stock(reference) => reference.map(pixels)?.mean((1, 2)),
        }
    }

    /// The map (n, 7, 7, 1280): features of each of 49 places, for a head that says where it saw something.
    pub fn map(&self, pixels: &Tensor) -> Result<Tensor> {
        match &self.0 {
            Implementation::Fused(network) => run(network, pixels, false),
            Implementation::Stock(reference) => reference.map(pixels),
        }
    }

    /// The features of a map, for a head that needs both.
    pub fn pooled(map: &Tensor) -> Result<Tensor> {
        let (count, height, width, features) = map.dims4()?;
        let values = map.flatten_all()?.to_vec1::<f32>()?;
        // Candle's own mean steps through such a map number by number.
        let mut means = vec![0.0_f32; count * features];
        for (means, map) in means
            .chunks_exact_mut(features)
            .zip(values.chunks_exact(height * width * features))
        {
            mean(map, means);
        }
        Tensor::from_vec(means, (count, features), map.device())
    }
}

fn run(network: &Network, pixels: &Tensor, pooled: bool) -> Result<Tensor> {
    pixels.contiguous()?.apply_op1_no_bwd(&Run { network, pooled })
}
