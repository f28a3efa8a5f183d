//! `POST /api/auth/profile/upload-image`: set the own picture (contract #32, #33).

use bytes::Bytes;
use domain::refusal::FieldError;
use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::JsonOr;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own_change::OwnChange;
use crate::picture_change::{self, PictureChange};
use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<SetOwnPicture>();

pub struct SetOwnPicture;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// Base64 or a data URL; at most 5 MB decoded.
    image: String,
}

pub struct PictureForm(Bytes);

impl MultipartForm for PictureForm {
    const FIELDS: &'static [FormField] = &[FormField::file("file").required()];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        parts.require("file").map(Self)
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    success: bool,
    message: &'static str,
    data: Data,
}

#[derive(Serialize, JsonSchema)]
struct Data {
    image_url: Option<String>,
    image_id: Option<String>,
    user: Box<views::DentalUser>,
}

impl Endpoint for SetOwnPicture {
    const NAME: &'static str = "set-own-picture";
    const SUMMARY: &'static str = "Set the own picture";
    const ROUTES: &'static [Route] = &[
        Route::post("/api/auth/profile/upload-image").of(Product::Dental),
        Route::post("/api/auth/profile/upload-file").of(Product::Dental),
    ];
    const NEEDS: &'static [Need] = &needs::WRITE_WITH_PICTURES;
    const MEMORY_MB: u16 = 1024;

    type Caller = SignedIn;
    type Input = JsonOr<Body, Form<PictureForm>>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, caller: SignedIn, input: Self::Input) -> Result<Self::Output, Problem> {
        let bytes = match input {
            JsonOr::Json(body) => match picture_change::read(&body.image)? {
                PictureChange::Set(bytes) => bytes,
                PictureChange::None | PictureChange::Remove => {
                    let error = FieldError::new("body", "image", "invalid", "must be base64 or a data URL");
                    return Err(Problem::invalid(vec![error]));
                }
            },
            JsonOr::Other(Form(PictureForm(bytes))) => bytes,
        };
        let change = OwnChange {
            picture: PictureChange::Set(bytes),
            ..OwnChange::default()
        };
        let account = change.apply(context, &caller.session).await?;
        let name = account.personal.picture.as_ref();
        Ok(JsonAnswer(Answer {
            success: true,
            message: "Profile image updated successfully",
            data: Data {
                image_url: views::picture_address(context, &account).await?,
                image_id: name.map(|name| name.as_str().to_owned()),
                user: Box::new(views::dental_user(context, account).await?),
            },
        }))
    }
}
