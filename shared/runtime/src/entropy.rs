//! Randomness from the system, for ids, names and keys.

/// The system has no randomness to give: nothing may be made from less.
#[derive(Debug, thiserror::Error)]
#[error("the system's random generator failed: {0}")]
pub struct NoEntropy(getrandom::Error);

impl domain::refusal::Refusal for NoEntropy {
    fn kind(&self) -> domain::refusal::Kind {
        domain::refusal::Kind::Internal
    }

    fn code(&self) -> &'static str {
        "internal"
    }
}

/// The system's cryptographic generator.
#[derive(Clone, Copy, Default)]
pub struct Entropy;

impl Entropy {
    pub fn bytes<const N: usize>(self) -> Result<[u8; N], NoEntropy> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(NoEntropy)?;
        Ok(bytes)
    }
}
