//! A linear head: from features to logits.

use crate::ModelError;
use crate::efficientnet::FEATURES;
use crate::weights::Weights;

/// Weights and a bias for each output.
pub(crate) struct Linear {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// `name.weight` (outputs, 1280) and `name.bias`.
    pub(crate) fn load(weights: &Weights, name: &str, outputs: usize) -> Result<Self, ModelError> {
        let get = |part: &str, shape: &[usize]| weights.get(&format!("{name}.{part}"), shape);
        Ok(Self {
            weight: get("weight", &[outputs, FEATURES])?.flatten_all()?.to_vec1()?,
            bias: get("bias", &[outputs])?.to_vec1()?,
        })
    }

    /// Of a picture's features, or of one place of its map.
    pub(crate) fn logits(&self, features: &[f32]) -> Vec<f32> {
        let product = |weight: &[f32]| weight.iter().zip(features).map(|(a, b)| a * b).sum::<f32>();
        let rows = self.weight.chunks_exact(FEATURES);
        rows.zip(&self.bias).map(|(row, bias)| product(row) + bias).collect()
    }
}
