//! A linear head: from features to logits, and from logits to probabilities.

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
