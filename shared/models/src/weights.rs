//! Named tensors out of a safetensors file, widened to f32.

use crate::ModelError;
use candle_core::{DType, Device, Tensor};
use std::collections::HashMap;

pub(crate) struct Weights(HashMap<String, Tensor>);

impl Weights {
    pub(crate) fn read(file: &[u8]) -> Result<Self, ModelError> {
        Ok(Self(candle_core::safetensors::load_buffer(file, &Device::Cpu)?))
    }

    /// The tensor of this name and exactly this shape, as f32.
    pub(crate) fn get(&self, name: &str, shape: &[usize]) -> Result<Tensor, ModelError> {
        let tensor = self
            .0
            .get(name)
            .ok_or_else(|| ModelError::MissingTensor(name.to_owned()))?;
        if tensor.dims() != shape {
            return Err(ModelError::WrongShape {
                name: name.to_owned(),
                found: tensor.dims().to_vec(),
                expected: shape.to_vec(),
            });
        }
        Ok(tensor.to_dtype(DType::F32)?)
    }
}
