//! What can go wrong in a network: never the picture's fault, always ours.

/// Weights that do not fit their network, or a computation that failed.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("the weights lack the tensor {0}")]
    MissingTensor(String),
    #[error("the weights' tensor {name} has shape {found:?} instead of {expected:?}")]
    WrongShape {
        name: String,
        found: Vec<usize>,
        expected: Vec<usize>,
    },
    #[error("the packed weights have {0} values that no layer uses")]
    ExtraWeights(usize),
    #[error("the network failed to compute")]
    Compute(#[from] candle_core::Error),
    #[error("the model's card cannot be read: {0}")]
    MalformedCard(String),
}
