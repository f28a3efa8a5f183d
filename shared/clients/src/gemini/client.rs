//! Asks the model, and asks again where that may help.

use std::time::Duration;

use http::{HeaderValue, Uri};
use serde_json::Value;

use super::answer::{self, Said, Turn};
use super::settings::is_model;
use super::{GeminiError, GeminiSettings, Prompt, Structured};
use crate::https::{self, Connections, HttpsClient};
use crate::patience::{Patience, back_off};

const KEY_HEADER: &str = "x-goog-api-key";
const BACK_OFF: Duration = Duration::from_millis(500);
/// A person waits for the answer: what takes longer is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// An answer with the name of the model that gave it, which may be another than the one that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<T> {
    pub value: T,
    pub model_version: Option<String>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct GeminiClient {
    https: HttpsClient,
    url: Uri,
    key: HeaderValue,
    time_limit: Duration,
}

impl GeminiClient {
    pub fn new(settings: &GeminiSettings) -> Result<Self, GeminiError> {
        let GeminiSettings {
            base_url,
            model,
            api_key,
            time_limit,
        } = settings;
        if !is_model(model) {
            return Err(GeminiError::Settings("the model is no name of a model"));
        }
        if api_key.is_empty() {
            return Err(GeminiError::Settings("the API key is missing"));
        }
        Ok(Self {
            // A question is dear: it must not be lost to a connection that died while the Lambda was frozen.
            https: HttpsClient::new(Connections::OnePerRequest).map_err(|_| GeminiError::Settings("TLS"))?,
            url: https::url(base_url, &format!("/v1beta/models/{model}:generateContent"))
                .ok_or(GeminiError::Settings("the base URL is no URL"))?,
            key: https::secret_header(api_key).ok_or(GeminiError::Settings("the API key is not printable"))?,
            time_limit: *time_limit,
        })
    }

    /// Nothing of an answer that breaks its shape or bounds in one place is used.
    pub async fn generate<T: Structured>(&self, prompt: &Prompt) -> Result<T, GeminiError> {
        self.generate_named(prompt).await.map(|Named { value, .. }| value)
    }

    /// The same for answers that are kept, with what the model called itself.
    pub async fn generate_named<T: Structured>(&self, prompt: &Prompt) -> Result<Named<T>, GeminiError> {
        let Said { text, version } = self.ask(&prompt.body(&T::schema())?).await?;
        let value: T = serde_json::from_str(answer::unfenced(&text)).map_err(|_| GeminiError::Malformed)?;
        let value = value.is_sound().then_some(value).ok_or(GeminiError::Malformed)?;
        Ok(Named {
            value,
            model_version: version,
        })
    }

    /// All tries share one time limit.
    async fn ask(&self, body: &Value) -> Result<Said, GeminiError> {
        let patience = Patience::of(self.time_limit);
        let mut tries = 0;
        loop {
            let mut request = https::json(&self.url, body);
            request.headers_mut().insert(KEY_HEADER, self.key.clone());
            let turn = answer::read(self.https.send(request, patience.left()).await);
            let (error, wait) = match turn {
                Turn::Said(said) => return Ok(said),
                Turn::Failed(error) => return Err(error),
                Turn::Again { error, most, wait } if tries < most => {
                    (error, wait.unwrap_or_else(|| back_off(BACK_OFF, tries)))
                }
                Turn::Again { error, .. } => return Err(error),
            };
            if wait > LONGEST_WAIT || !patience.wait(wait).await {
                return Err(error);
            }
            tries += 1;
        }
    }
}
