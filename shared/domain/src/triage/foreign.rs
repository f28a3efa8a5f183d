//! The gravest red flags in French, Portuguese, German, Russian, Arabic and Chinese.
//!
//! Answers are in none of these, and the conditions are not named from them: but who writes so in an emergency must
//! hear whom to call. Chinese is one character a word, in simplified and traditional script.

use super::signs::Sign::{self, *};

pub(super) const PHRASES: &[(Sign, &[&str])] = &include!("foreign.in");
