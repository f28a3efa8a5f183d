//! `POST /api/admin/keys/rotations`: a new key for personal fields; a worker then seals everything anew.

use domain::id::RotationId;
use runtime::answer::Created;
use runtime::callers::Admin;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route};
use store::rotation::{self, StartError};

use crate::key_rotation::Answer;

pub static FUNCTION: Function = Function::endpoint::<StartKeyRotation>();

pub struct StartKeyRotation;

impl Endpoint for StartKeyRotation {
    const NAME: &'static str = "start-key-rotation";
    const SUMMARY: &'static str = "Changes the key that personal fields are encrypted with";
    const ROUTES: &'static [Route] = &[Route::post("/api/admin/keys/rotations")];
    const RETRY: Retry = Retry::HandledAgain(
        "of several one begins and the others are refused while it runs; keys must be there before they are used",
    );
    const NEEDS: &'static [Need] = &[Need::FieldKeys];

    type Caller = Admin;
    type Input = ();
    type Output = Created<Answer>;

    async fn handle(context: &Context, _: Admin, (): ()) -> Result<Self::Output, Problem> {
        let id = context.new_id(RotationId::new)?;
        match rotation::start(&context.store, id, context.now).await {
            Ok(rotation) => Ok(Created(rotation.into())),
            Err(StartError::Refused(refused)) => Err(refused.into()),
            Err(StartError::Store(error)) => Err(error.into()),
        }
    }
}
