//! Keys: those of the local product, made at the first start and kept in the data folder, readable by their owner only;
//! and new ones for a deployment.

use std::io;
use std::path::Path;

/// A key of 32 bytes in base64url, from the file if there is one, else new. Without a folder it is new each time.
pub fn load_or_make(folder: Option<&Path>, name: &str) -> io::Result<String> {
    let Some(folder) = folder else { return make() };
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(key) => Ok(key.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = make()?;
            std::fs::create_dir_all(folder)?;
            write_private(&path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

/// What an operator needs before the first deployment.
pub struct DeploymentKeys {
    pub token_signing_key: String,
    pub link_signing_key: String,
    pub audit_key: String,
    pub firmware_signing_key: String,
    /// The JWKS document that goes with the token signing key.
    pub token_public_keys: String,
}

impl DeploymentKeys {
    pub fn make() -> io::Result<Self> {
        let token_signing_key = make()?;
        Ok(Self {
            token_public_keys: public_keys(&token_signing_key)?,
            token_signing_key,
            link_signing_key: make()?,
            audit_key: make()?,
            firmware_signing_key: make()?,
        })
    }
}

/// The JWKS document of a token signing key.
pub fn public_keys(token_signing_key: &str) -> io::Result<String> {
    let damaged = || io::Error::other("the token signing key is damaged; start with --reset to make a new one");
    let seed = runtime::secrets::decode_key(token_signing_key).ok_or_else(damaged)?;
    let keys = runtime::tokens::public_jwks(&seed)?;
    Ok(serde_json::to_string(&keys)?)
}

fn make() -> io::Result<String> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    Ok(runtime::secrets::encode_key(&key))
}

#[cfg(unix)]
fn write_private(path: &Path, key: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?
        .write_all(key.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, key: &str) -> io::Result<()> {
    std::fs::write(path, key)
}
