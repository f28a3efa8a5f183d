//! `GET /api/admin/keys/rotations/current`: how far the latest change of keys is.

use domain::key_rotation::RotationRefused;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::rotation;
use store::table::{ItemAction, Table};

use crate::key_rotation::Answer;

pub static FUNCTION: Function = Function::endpoint::<GetCurrentKeyRotation>();

pub struct GetCurrentKeyRotation;

impl Endpoint for GetCurrentKeyRotation {
    const NAME: &'static str = "get-current-key-rotation";
    const SUMMARY: &'static str = "How far the latest change of keys is";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/keys/rotations/current")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Platform, &[ItemAction::Get])];

    type Caller = Admin;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Admin, (): ()) -> Result<Self::Output, Problem> {
        let rotation = rotation::current(&context.store).await?;
        Ok(Json(rotation.ok_or(RotationRefused::NeverStarted)?.into()))
    }
}
