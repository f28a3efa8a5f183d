//! What a picture of teeth shows: six findings, each with a probability of its own, and roughly where.
//!
//! Heads on the skin classifier's backbone (`training/train_dental.py`; card in `weights/dental_heads.md`).
//! Experimental: in distribution it does well, on pictures of another source hardly better than chance. It never says
//! that teeth are healthy, and where something is can be shown as an area only.

use crate::ModelError;
use crate::card;
use crate::efficientnet::FEATURES;
use crate::linear::{Linear, sigmoid};
use crate::skin::Seen;
use crate::weights::Weights;
use domain::dental::{DentalThresholds, Finding};
use domain::prediction::ModelIdentity;
use serde::Deserialize;

/// `weights/dental_heads.safetensors`, by `build.rs`.
static WEIGHTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/dental_heads.heads"));
static WEIGHTS_SHA256: &str = include_str!("../weights/dental_heads.sha256");
static CARD: &str = include_str!("../weights/dental_heads.json");

/// Cells of the backbone's map along a side.
const CELLS: usize = 7;

pub struct DentalHeads {
    findings: Linear,
    card: DentalCard,
}

#[derive(Debug, Clone, Deserialize)]
pub struct DentalCard {
    pub name: String,
    pub version: String,
    pub labels: Vec<Finding>,
    temperatures: Vec<f32>,
    pub thresholds: Vec<f32>,
    never_told: Vec<Finding>,
}

impl DentalCard {
    /// To be kept with every answer.
    #[must_use]
    pub fn identity(&self) -> ModelIdentity {
        card::identity(&self.name, &self.version, WEIGHTS_SHA256)
    }

    /// `teeth`: of the model that looks for teeth.
    #[must_use]
    pub fn thresholds(&self, teeth: f32) -> DentalThresholds {
        let findings = self.labels.iter().copied().zip(self.thresholds.iter().copied());
        DentalThresholds {
            teeth,
            findings: findings.filter(|(label, _)| !self.never_told.contains(label)).collect(),
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spotted {
    pub finding: Finding,
    /// Calibrated, 0 to 1.
    pub probability: f32,
    /// The cell that spoke for it most, as left, top, right, bottom in parts of the picture's sides.
    pub area: [f32; 4],
}

impl DentalHeads {
    pub fn load() -> Result<Self, ModelError> {
        let card: DentalCard = card::read(CARD)?;
        let weights = Weights::read(WEIGHTS)?;
        Ok(Self {
            findings: Linear::load(&weights, "findings", card.labels.len())?,
            card,
        })
    }

    #[must_use]
    pub fn card(&self) -> &DentalCard {
        &self.card
    }

    /// The logits of all labels, in the card's order.
    #[must_use]
    pub fn logits(&self, seen: &Seen) -> Vec<f32> {
        self.findings.logits(&seen.features)
    }

    /// What is likely enough to be told, most likely first. Of the whole picture.
    pub fn find(&self, seen: &Seen) -> Result<Vec<Spotted>, ModelError> {
        let logits = self.logits(seen);
        let numbers = self.card.temperatures.iter().zip(&self.card.thresholds);
        let mut found = Vec::new();
        for (place, ((finding, logit), (temperature, threshold))) in
            self.card.labels.iter().zip(logits).zip(numbers).enumerate()
        {
            let probability = sigmoid(logit, *temperature);
            if probability >= *threshold && !self.card.never_told.contains(finding) {
                let area = self.hottest(seen, place)?;
                found.push(Spotted {
                    finding: *finding,
                    probability,
                    area,
                });
            }
        }
        found.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Ok(found)
    }

    /// The cell of the class activation map (Zhou et al., 2016) with the highest value.
    fn hottest(&self, seen: &Seen, label: usize) -> Result<[f32; 4], ModelError> {
        let map = seen.map.flatten_all()?.to_vec1::<f32>()?;
        let heat = |cell: &[f32]| self.findings.logits(cell).get(label).copied().unwrap_or(f32::MIN);
        let heats = map.chunks_exact(FEATURES).map(heat).enumerate();
        let place = heats.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(place, _)| place);
        let edge = |cell: usize| cell as f32 / CELLS as f32;
        let (row, column) = (place / CELLS, place % CELLS);
        Ok([edge(column), edge(row), edge(column + 1), edge(row + 1)])
    }
}
