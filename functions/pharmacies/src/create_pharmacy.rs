//! `POST /api/pharmacy`: add a pharmacy (contract #113).

use domain::id::{PharmacyId, UserId};
use domain::pharmacy::{Details, Pharmacy, checked_staff};
use domain::scheduling::zone::Zone;
use domain::session::Product;
use runtime::answer::Created;
use runtime::callers::Admin;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use store::pharmacies;
use store::table::{ItemAction, Table};

use crate::pharmacy_answer::WithStaff;

pub static FUNCTION: Function = Function::endpoint::<CreatePharmacy>();

pub struct CreatePharmacy;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewPharmacy")]
pub struct Body {
    name: String,
    address: String,
    city: String,
    state: String,
    pincode: String,
    phone: String,
    #[serde(default)]
    email: Option<String>,
    /// Both or none.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    latitude: Option<f64>,
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    longitude: Option<f64>,
    /// By day: `{"monday": "09:00-18:00", "saturday": ["09:00-12:00", "14:00-16:00"], "sunday": "closed"}`.
    #[serde(default, deserialize_with = "runtime::lenient::null_is_default")]
    operating_hours: Map<String, Value>,
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    is_24x7: Option<bool>,
    /// IANA name; without one, hours are shown and not judged.
    #[serde(default)]
    time_zone: Option<Zone>,
    /// Doctors who run it, at most 20. Where nobody is named, all verified doctors may say what is there, and only its owner
    /// sees who was given what.
    #[serde(default, deserialize_with = "runtime::lenient::null_is_default")]
    staff: Vec<UserId>,
}

impl Endpoint for CreatePharmacy {
    const NAME: &'static str = "create-pharmacy";
    const SUMMARY: &'static str = "Add a pharmacy";
    const ROUTES: &'static [Route] = &[Route::post("/api/pharmacy").of(Product::Telemedicine)];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Pharmacies, &[ItemAction::Put])];

    type Caller = Admin;
    type Input = Json<Body>;
    type Output = Created<WithStaff>;

    async fn handle(context: &Context, caller: Admin, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let details = Details {
            name: body.name,
            address: body.address,
            city: body.city,
            state: body.state,
            pincode: body.pincode,
            phone: body.phone,
            email: body.email,
            latitude: body.latitude,
            longitude: body.longitude,
            operating_hours: body.operating_hours,
            is_24x7: body.is_24x7.unwrap_or(false),
            time_zone: body.time_zone,
        };
        let pharmacy = Pharmacy {
            id: context.new_id(PharmacyId::new)?,
            owner: caller.user_id(),
            staff: checked_staff(body.staff)?,
            details: details.checked()?,
            version: 1,
            created_at: context.now,
            updated_at: context.now,
        };
        pharmacies::create(&context.store, &pharmacy).await?;
        Ok(Created(WithStaff::new(pharmacy, context.now)))
    }
}
