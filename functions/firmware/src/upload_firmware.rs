//! `POST /api/firmware/upload`: an operator publishes an image that fits in a request (contract #137).

use bytes::Bytes;
use domain::firmware::release::{Draft, ReleaseNotes};
use domain::firmware::rollout::{self, EVERYBODY};
use domain::firmware::{FirmwareRefused, FirmwareVersion, Hardware};
use domain::refusal::FieldError;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Operator;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;

use crate::metadata::Metadata;
use crate::publishing::{self, Published, Wish};

pub static FUNCTION: Function = Function::endpoint::<UploadFirmware>();

pub struct UploadFirmware;

pub struct FirmwareForm {
    draft: Draft,
    file: Bytes,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    success: bool,
    message: String,
    data: Metadata,
    /// What is odd about the image and yet no reason to refuse it.
    warnings: Vec<String>,
}

impl MultipartForm for FirmwareForm {
    const FIELDS: &'static [FormField] = &[
        FormField::text("version").required(),
        FormField::file("file").required(),
        FormField::text("release_notes"),
        FormField::text("rollout_percent"),
        FormField::text("hardware"),
        FormField::text("min_version"),
    ];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        let version = parts.require("version")?;
        let version = field::<FirmwareVersion>("version", &String::from_utf8_lossy(&version))?;
        let mut optional = |name| parts.text(name);
        let (notes, percent) = (optional("release_notes")?, optional("rollout_percent")?);
        let (hardware, min_version) = (optional("hardware")?, optional("min_version")?);
        let percent = percent.map(|text| percent_field(&text)).transpose()?;
        let draft = Draft {
            version,
            hardware: optional_field::<Hardware>("hardware", hardware)?.unwrap_or_default(),
            release_notes: optional_field::<ReleaseNotes>("release_notes", notes)?,
            percent: percent.unwrap_or(EVERYBODY),
            min_version: optional_field("min_version", min_version)?,
        };
        // The name says what the uploader takes it for; it is looked at and then forgotten.
        let is_bin = parts.file_name("file").is_some_and(|name| name.ends_with(".bin"));
        let file = parts.require("file")?;
        if !is_bin {
            return Err(FirmwareRefused::NotABinFile.into());
        }
        Ok(Self { draft, file })
    }
}

fn optional_field<T>(name: &str, text: Option<String>) -> Result<Option<T>, Problem>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    text.map(|text| field(name, &text)).transpose()
}

fn field<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.trim().parse().map_err(|error| invalid(name, error))
}

fn percent_field(text: &str) -> Result<u8, Problem> {
    let out_of_range = |_| invalid("rollout_percent", rollout::PercentOutOfRange);
    let percent = text.trim().parse().map_err(out_of_range)?;
    rollout::check_percent(percent).map_err(|error| invalid("rollout_percent", error))
}

fn invalid(name: &str, error: impl std::fmt::Display) -> Problem {
    Problem::invalid(vec![FieldError::new("body", name, "invalid", error)])
}

impl Endpoint for UploadFirmware {
    const NAME: &'static str = "upload-firmware";
    const SUMMARY: &'static str = "Publish a firmware image";
    const ROUTES: &'static [Route] = &[Route::post("/api/firmware/upload").of(Product::Dental)];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &publishing::NEEDS;
    const MEMORY_MB: u16 = 512;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = Operator;
    type Input = Form<FirmwareForm>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        operator: Operator,
        Form(form): Form<FirmwareForm>,
    ) -> Result<Self::Output, Problem> {
        let wish = Wish {
            draft: form.draft,
            file: form.file.to_vec(),
            operator: operator.name().to_owned(),
            upload: None,
        };
        let Published { release, warnings } = publishing::publish(context, wish).await?;
        Ok(Json(Answer {
            success: true,
            message: format!("Firmware v{} uploaded", release.version),
            data: Metadata::of(&release, &release.manifest, &context.base_url),
            warnings,
        }))
    }
}
