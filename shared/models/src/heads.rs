//! Linear heads on the backbone's features.

use crate::ModelError;
use crate::efficientnet::FEATURES;
use crate::weights::Weights;
use candle_core::Tensor;

/// One output per row of its weight.
pub(crate) struct Head {
    /// (features, outputs).
    weight: Tensor,
    bias: Tensor,
}

impl Head {
    /// `name.weight` of (outputs, features) and `name.bias`.
    pub(crate) fn load(weights: &Weights, name: &str, outputs: usize) -> Result<Self, ModelError> {
        Ok(Self {
            weight: weights.get(&format!("{name}.weight"), &[outputs, FEATURES])?.t()?,
            bias: weights.get(&format!("{name}.bias"), &[outputs])?,
        })
    }

    /// Of features (1, 1280).
    pub(crate) fn logits(&self, features: &Tensor) -> Result<Vec<f32>, ModelError> {
        let logits = features.matmul(&self.weight)?.broadcast_add(&self.bias)?;
        Ok(logits.flatten_all()?.to_vec1::<f32>()?)
    }
}

/// Probabilities that sum to 1, of logits divided by a temperature.
pub(crate) fn softmax(logits: &[f32], temperature: f32) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let raised: Vec<f32> = logits
        .iter()
        .map(|logit| ((logit - largest) / temperature).exp())
        .collect();
    let total: f32 = raised.iter().sum();
    raised.into_iter().map(|value| value / total).collect()
}

/// A probability of its own, of a logit divided by a temperature.
pub(crate) fn sigmoid(logit: f32, temperature: f32) -> f32 {
    1.0 / (1.0 + (-logit / temperature).exp())
}
