//! `GET /api/firmware/download`: an image, whole or in parts (contract #136).
//!
//! The bytes come from here, since a stock device can neither hold storage's long address in its buffer nor leave its
//! `Authorization` header out, which storage refuses. Who has room for both asks for `redirect=1`.

use bytes::Bytes;
use domain::firmware::download::{Conditions, Part};
use domain::firmware::{FirmwareRefused, Release, upload};
use domain::session::Product;
use http::header::{self, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use runtime::answer::{Answer, Output};
use runtime::callers::MaybeDevice;
use runtime::need::Need;
use runtime::openapi::Describe;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use store::bucket::{Bucket, ObjectAction};
use store::firmware;

use crate::asker::Asker;
use crate::wanted::Wanted;
use crate::{campaign, hearing};

pub static FUNCTION: Function = Function::endpoint::<DownloadFirmware>();

pub struct DownloadFirmware;

/// What fits in an answer: Lambda's 6 MB envelope less base64 and headers.
const MOST_BYTES: u64 = 4_500_000;

pub struct Image(Answer);

impl Output for Image {
    fn into_answer(self) -> Result<Answer, Problem> {
        Ok(self.0)
    }

    fn describe(operation: &mut Describe) {
        operation.answer(StatusCode::OK, "application/octet-stream");
        operation.answer(StatusCode::PARTIAL_CONTENT, "application/octet-stream");
        operation.empty_answer(StatusCode::FOUND);
        operation.empty_answer(StatusCode::NOT_MODIFIED);
        operation.empty_answer(StatusCode::RANGE_NOT_SATISFIABLE);
    }
}

impl Endpoint for DownloadFirmware {
    const NAME: &'static str = "download-firmware";
    const SUMMARY: &'static str = "A firmware image, whole or in parts";
    const ROUTES: &'static [Route] = &[
        Route::get("/api/firmware/download").of(Product::Dental),
        Route::head("/api/firmware/download").of(Product::Dental),
    ];
    const RATE: RateClass = RateClass::Devices;
    const NEEDS: &'static [Need] = &[
        campaign::NEEDS[0],
        campaign::NEEDS[1],
        campaign::NEEDS[2],
        Need::Objects(Bucket::Firmware, &[ObjectAction::Get]),
    ];
    const MEMORY_MB: u16 = 512;

    type Caller = MaybeDevice;
    type Input = (Asker, Wanted);
    type Output = Image;

    async fn handle(
        context: &Context,
        MaybeDevice(device): MaybeDevice,
        (asker, wanted): Self::Input,
    ) -> Result<Image, Problem> {
        let (label, hardware) = asker.identity(device.as_ref())?;
        let head = firmware::head(&context.store, hardware).await?;
        let release = match &wanted.version {
            Some(version) => head.find(&version.parse().map_err(|_| FirmwareRefused::FileNotFound)?)?,
            None => head.choose(label.as_ref(), asker.running.as_deref())?,
        };
        if let Some(device) = device.filter(|_| wanted.method == Method::GET) {
            hearing::fetches(context, &head, &device, release).await?;
        }
        let answer = answer(context, release, &wanted).await?;
        Ok(Image(with_headers(answer, release)?))
    }
}

async fn answer(context: &Context, release: &Release, wanted: &Wanted) -> Result<Answer, Problem> {
    let length = release.size_bytes;
    let conditions = Conditions {
        // Ranges are of GET alone.
        range: wanted.range.as_deref().filter(|_| wanted.method == Method::GET),
        if_range: wanted.if_range.as_deref(),
        if_none_match: wanted.if_none_match.as_deref(),
    };
    match conditions.part(&etag(release), &date(release.created_at)?, length) {
        Part::NotModified => Ok(Answer::empty(StatusCode::NOT_MODIFIED)),
        _ if wanted.redirect => redirect(context, release).await,
        Part::Unsatisfiable => {
            let answer = Answer::empty(StatusCode::RANGE_NOT_SATISFIABLE);
            Ok(answer.with(header::CONTENT_RANGE, value(format!("bytes */{length}"))?))
        }
        // The answer ends earlier than was asked for if it must: whoever asks for ranges goes on from where it ends.
        Part::Range { first, last } => {
            let last = last.min(first + MOST_BYTES - 1);
            let bytes = read(context, release, first, last).await?;
            let range = value(format!("bytes {first}-{last}/{length}"))?;
            Ok(octets(StatusCode::PARTIAL_CONTENT, bytes).with(header::CONTENT_RANGE, range))
        }
        // The length that API Gateway tells is that of the body, which goes no further.
        Part::Whole if length <= MOST_BYTES => Ok(octets(StatusCode::OK, read(context, release, 0, length - 1).await?)),
        Part::Whole if wanted.method == Method::HEAD => {
            let answer = octets(StatusCode::OK, Bytes::new());
            Ok(answer.with(header::CONTENT_LENGTH, HeaderValue::from(length)))
        }
        Part::Whole => redirect(context, release).await,
    }
}

async fn read(context: &Context, release: &Release, first: u64, last: u64) -> Result<Bytes, Problem> {
    let bytes = firmware::read_image(&context.store, release, first, last).await?;
    Ok(bytes.ok_or(FirmwareRefused::FileNotFound)?)
}

async fn redirect(context: &Context, release: &Release) -> Result<Answer, Problem> {
    let life = upload::LIFE.unsigned_abs();
    let address = firmware::image_address(&context.store, release, context.now, life).await?;
    Ok(Answer::empty(StatusCode::FOUND).with(header::LOCATION, value(address)?))
}

fn octets(status: StatusCode, bytes: Bytes) -> Answer {
    Answer::new(status, "application/octet-stream", bytes)
}

/// On every answer, also on those that lead elsewhere: apps read what they get from them.
fn with_headers(answer: Answer, release: &Release) -> Result<Answer, Problem> {
    let file = format!("attachment; filename=\"{}\"", release.file_name());
    let headers = [
        (header::ETAG, etag(release)),
        (header::LAST_MODIFIED, date(release.created_at)?),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_DISPOSITION, file),
        // It may be taken back: whoever has kept it asks before using it again.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (
            HeaderName::from_static("x-firmware-version"),
            release.version.to_string(),
        ),
        (HeaderName::from_static("x-firmware-checksum"), release.sha256.clone()),
        (
            HeaderName::from_static("x-firmware-size"),
            release.size_bytes.to_string(),
        ),
    ];
    let mut answer = answer;
    for (name, text) in headers {
        answer = answer.with(name, value(text)?);
    }
    Ok(answer)
}

/// The same bytes have the same, and no others.
fn etag(release: &Release) -> String {
    format!("\"{}\"", release.sha256)
}

fn date(at: Timestamp) -> Result<String, Problem> {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    date.map_err(|error| Problem::internal(error.to_string()))
}

fn value(text: String) -> Result<HeaderValue, Problem> {
    HeaderValue::try_from(text).map_err(|error| Problem::internal(error.to_string()))
}
