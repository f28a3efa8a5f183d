//! HL7 FHIR R4 (4.0.1), as far as our exports speak it: what a resource is in JSON, and nothing of what ours mean.
//!
//! Types make what the format forbids unsayable: there are no nulls and no empty lists, objects or strings, texts have
//! only characters that FHIR takes, and choices (`value[x]`) have one side. Codes are only such of FHIR's own value sets;
//! what people wrote is text. <https://hl7.org/fhir/R4/>

mod data_types;
mod primitives;
mod resources;

pub use data_types::*;
pub use primitives::*;
pub use resources::*;

#[cfg(test)]
mod tests;
