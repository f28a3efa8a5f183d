//! `GET /api/firmware/latest`: what a device should run (contract #135).
//!
//! One read answers it for any device: see [`domain::firmware::head`]. A registered device costs another, that of itself,
//! and writes only where something is new.

use domain::firmware::download::matches_any;
use domain::firmware::{EnrolledDevice, Head, Release, upload};
use domain::session::Product;
use runtime::answer::Fresh;
use runtime::callers::MaybeDevice;
use runtime::input::IfNoneMatch;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::bucket::{Bucket, ObjectAction};
use store::firmware;

use crate::asker::Asker;
use crate::metadata::Metadata;
use crate::{campaign, hearing};

pub static FUNCTION: Function = Function::endpoint::<GetLatestFirmware>();

pub struct GetLatestFirmware;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    #[serde(flatten)]
    release: Metadata,
    /// Storage's own address of the file, which lives for a quarter of an hour: for devices and apps with room for it.
    download_url: String,
}

impl Endpoint for GetLatestFirmware {
    const NAME: &'static str = "get-latest-firmware";
    const SUMMARY: &'static str = "The firmware that a device should run";
    const ROUTES: &'static [Route] = &[Route::get("/api/firmware/latest").of(Product::Dental)];
    const RATE: RateClass = RateClass::Devices;
    const NEEDS: &'static [Need] = &[
        campaign::NEEDS[0],
        campaign::NEEDS[1],
        campaign::NEEDS[2],
        // Whoever signs an address lends their own right to read.
        Need::Objects(Bucket::Firmware, &[ObjectAction::Get]),
    ];

    type Caller = MaybeDevice;
    type Input = (Asker, IfNoneMatch);
    type Output = Fresh<Answer>;

    async fn handle(
        context: &Context,
        MaybeDevice(device): MaybeDevice,
        (asker, IfNoneMatch(known)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (head, release) = choose(context, device, &asker).await?;
        let manifest = head.manifest_for(&release, asker.running.as_deref());
        let metadata = Metadata::of(&release, manifest, &context.base_url);
        // Not over the signed address, which is another one each time: that is what makes the tag a weak one.
        let etag = etag(&metadata)?;
        if known.is_some_and(|known| matches_any(&known, &etag)) {
            return Ok(Fresh::NotModified { etag });
        }
        let life = upload::LIFE.unsigned_abs();
        let value = Answer {
            download_url: firmware::image_address(&context.store, &release, context.now, life).await?,
            release: metadata,
        };
        Ok(Fresh::Changed { etag, value })
    }
}

/// A device without a token is believed what it calls itself, and nothing is kept of it.
async fn choose(
    context: &Context,
    mut device: Option<EnrolledDevice>,
    asker: &Asker,
) -> Result<(Head, Release), Problem> {
    let (label, hardware) = asker.identity(device.as_ref())?;
    loop {
        let head = firmware::head(&context.store, hardware).await?;
        let release = head.choose(label.as_ref(), asker.running.as_deref())?.clone();
        device = match &device {
            Some(device) => hearing::offer(context, (&head, &release), device, &asker.evidence()).await?,
            None => None,
        };
        if device.is_none() {
            return Ok((head, release));
        }
    }
}

fn etag(metadata: &Metadata) -> Result<String, Problem> {
    let text = serde_json::to_vec(metadata).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(format!(
        "W/\"{}\"",
        data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..16])
    ))
}
