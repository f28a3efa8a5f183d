//! `POST /api/pharmacy/search`: where a medicine is in stock, the nearest first (contract #116).

use domain::id::PharmacyId;
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::medicine::{MedicineName, place_name};
use domain::session::Product;
use runtime::answer::PartOf;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::pharmacies::{self, Found, Hit, Search, Where};

use crate::nearby::{Nearby, kilometres};
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<SearchPharmacies>();

pub struct SearchPharmacies;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "MedicineSearch")]
pub struct Body {
    /// As it is sold, or its substance; without regard to case and accents.
    medicine_name: String,
    #[serde(flatten)]
    nearby: Nearby,
    #[serde(default)]
    city: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    pincode: Option<String>,
    /// 1 without it.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    min_quantity: Option<u64>,
    /// `false` to see those as well that are closed now.
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    open_only: Option<bool>,
    /// 1 to 100; 50 without it.
    #[serde(default, deserialize_with = "runtime::lenient::null_is_default")]
    limit: Limit,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MedicineOffer")]
pub struct Offer {
    /// As asked.
    medicine_name: String,
    pharmacy_id: PharmacyId,
    pharmacy_name: String,
    /// What can be had of it: neither reserved nor expired nor recalled.
    quantity: u64,
    unit: String,
    price: Option<f64>,
    /// Null where either position is not known.
    distance_km: Option<f64>,
    in_stock: bool,
    /// What it is sold as there.
    stocked_as: String,
    address: String,
    city: String,
    phone: String,
    is_open: bool,
}

impl Endpoint for SearchPharmacies {
    const NAME: &'static str = "search-pharmacies";
    const SUMMARY: &'static str = "Where is a medicine in stock?";
    const ROUTES: &'static [Route] = &[Route::post("/api/pharmacy/search").of(Product::Telemedicine)];
    const RETRY: Retry = Retry::HandledAgain("it changes nothing, and what there is may have changed meanwhile");
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = PartOf<Offer>;

    async fn handle(context: &Context, _: Anyone, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        for (field, name) in [("city", &body.city), ("state", &body.state), ("pincode", &body.pincode)] {
            must_be_short(field, name.as_deref())?;
        }
        let place = Where {
            city: body.city.as_deref(),
            state: body.state.as_deref(),
            pincode: body.pincode.as_deref(),
            ..body.nearby.place()?
        };
        let search = Search {
            term: MedicineName::new("medicine_name", &body.medicine_name)?.canonical(),
            place: &place,
            at_least: body.min_quantity.unwrap_or(1),
            only_open: body.open_only.unwrap_or(true),
            limit: usize::from(body.limit.0),
            now: context.now,
        };
        let Found { hits, is_cut_off } = pharmacies::search(&context.store, &search).await?;
        let offers = hits.into_iter().map(|hit| offer(context, &body.medicine_name, hit));
        Ok(PartOf {
            items: offers.collect(),
            is_cut_off,
        })
    }
}

fn must_be_short(field: &'static str, name: Option<&str>) -> Result<(), PharmacyRefused> {
    name.map_or(Ok(()), |name| place_name(field, name).map(drop))
}

fn offer(context: &Context, asked: &str, hit: Hit) -> Offer {
    let details = hit.pharmacy.details;
    Offer {
        medicine_name: asked.to_owned(),
        pharmacy_id: hit.pharmacy.id,
        quantity: hit.available,
        unit: hit.shelf.unit,
        price: hit.shelf.price,
        distance_km: hit.metres.map(kilometres),
        in_stock: true,
        stocked_as: hit.shelf.name,
        is_open: details.is_open(context.now),
        pharmacy_name: details.name,
        address: details.address,
        city: details.city,
        phone: details.phone,
    }
}
