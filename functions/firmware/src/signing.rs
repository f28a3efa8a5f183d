//! The key that manifests are signed with.

use domain::firmware::manifest::ManifestSigner;
use runtime::secrets::{Secret, decode_key};
use runtime::{Context, Problem};

pub async fn signer(context: &Context) -> Result<ManifestSigner, Problem> {
    let text = context.secret(Secret::FirmwareSigningKey).await?;
    let seed = decode_key(&text).ok_or_else(|| Problem::internal("the firmware signing key is malformed"))?;
    Ok(ManifestSigner::new(&seed))
}
