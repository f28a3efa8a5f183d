//! Publishing an image, whichever way it came: everything is checked before anything is kept.

use domain::firmware::release::{Checked, Draft, Publication};
use domain::firmware::{FirmwareVersion, Head, Release};
use domain::id::FirmwareUploadId;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Problem};
use store::bucket::{Bucket, ObjectAction};
use store::firmware::{self, Notices};
use store::outbox::{Entry, Errand};
use store::table::{ItemAction, Table};

use crate::signing;

pub const NEEDS: [Need; 5] = [
    Need::Items(Table::Firmware, &[ItemAction::Get, ItemAction::Put]),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::Objects(Bucket::Firmware, &[ObjectAction::Put]),
    Need::FieldKeys,
    Need::Secret(Secret::FirmwareSigningKey),
];

pub struct Published {
    pub release: Release,
    pub warnings: Vec<String>,
}

/// What an operator wants published.
pub struct Wish {
    pub draft: Draft,
    pub file: Vec<u8>,
    pub operator: String,
    /// The upload that it came by, settled with it.
    pub upload: Option<FirmwareUploadId>,
}

/// Of one version at once, one is published.
pub async fn publish(context: &Context, wish: Wish) -> Result<Published, Problem> {
    let (draft, file, checked) = check(context, wish.draft, wish.file).await?;
    let signer = signing::signer(context).await?;
    let signed = signer.sign(&draft.manifest(&checked));
    let publication = Publication {
        manifest: signed.map_err(|error| Problem::internal(error.to_string()))?,
        operator: wish.operator,
        salt: context.random()?,
        now: context.now,
    };
    let release = draft.release(&checked, publication);
    // What can be known beforehand is refused before the image is stored; a race is decided when it is published.
    let planned = firmware::head(&context.store, release.hardware)
        .await?
        .with(release.clone())?;
    firmware::put_image(&context.store, &release.sha256, file).await?;
    let announcement = announcement(context, &release.version)?;
    let mut warnings = checked.warnings;
    if planned.known(&release.version)?.image_version.is_none() {
        warnings.push(
            "Another release's image calls itself as this one does: a device proves that it runs this one only by its version"
                .to_owned(),
        );
    }
    let publication = firmware::Publication {
        release: &release,
        upload: wish.upload.map(|id| (id, warnings.as_slice())),
        notices: Notices {
            always: &[],
            announcement: Some(&announcement),
        },
    };
    let finish = |head: Head| head.with_ways_back(|manifest| signer.sign(manifest).ok());
    firmware::publish(&context.store, &publication, finish).await?;
    Ok(Published { release, warnings })
}

/// To everybody's apps, if the version becomes what everybody should run. Owners of devices in a cohort are told when
/// their device asks.
pub fn announcement(context: &Context, version: &FirmwareVersion) -> Result<Entry, Problem> {
    let version = version.clone();
    Ok(context.entry(Errand::AnnounceFirmware { version })?)
}

/// Hashing megabytes keeps a core busy.
async fn check(context: &Context, draft: Draft, file: Vec<u8>) -> Result<(Draft, Vec<u8>, Checked), Problem> {
    let checked = context.busy(move || draft.check(&file).map(|checked| (draft, file, checked)));
    Ok(checked.await??)
}
