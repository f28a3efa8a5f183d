//! Hashing of passwords: Argon2id with 19,456 KiB, two passes, one lane (OWASP's first choice).

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::problem::Problem;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash in PHC form. Costs tens of milliseconds of a core: call it through `Context::busy`.
pub fn hash(password: &[u8], salt: [u8; 16]) -> Result<String, Problem> {
    let hash = argon2()?.hash_password_with_salt(password, &salt);
    hash.map(|hash| hash.to_string())
        .map_err(|error| Problem::internal(error.to_string()))
}

/// Whether the password is the one behind the hash. Without a hash it takes as long and is false, so that the time
/// taken does not tell whether an account exists.
pub fn verify(password: &[u8], hash: Option<&str>) -> Result<bool, Problem> {
    let argon2 = argon2()?;
    let Some(hash) = hash else {
        // The result is of no interest; the work is.
        let _ = argon2.hash_password_with_salt(password, &[0; 16]);
        return Ok(false);
    };
    let hash = PasswordHash::new(hash).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(argon2.verify_password(password, &hash).is_ok())
}

fn argon2() -> Result<Argon2<'static>, Problem> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the reference C library (argon2-cffi 25.1.0).
    #[test]
    fn a_hash_is_the_reference_librarys() {
        let phc = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$QKHrg5tayLGcN+Y0HVPNaBqykOVLUxlMkZycXE1uWRM";
        let hash = hash(b"correct horse battery staple", *b"saltsaltsaltsalt").unwrap();
        assert_eq!(hash, phc);
        assert!(verify(b"correct horse battery staple", Some(phc)).unwrap());
        assert!(!verify(b"correct horse battery stapler", Some(phc)).unwrap());
        assert!(!verify(b"correct horse battery staple", None).unwrap());
    }
}
