//! `POST /api/pharmacy/{id}/movements`: receive, give out, discard or count stock, all lines or none.

use data_encoding::HEXLOWER;
use domain::audit::Action;
use domain::id::{OutboxId, PharmacyId, ShelfId, StockMovementId, UserId};
use domain::pharmacy::lot::{self, LotCode};
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::{LONGEST_REASON, MovedLine, Movement, Order, Wish, by_medicine};
use domain::pharmacy::{Pharmacy, PharmacyRefused};
use domain::role::Role;
use domain::session::Session;
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::DoctorOrAdmin;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::accounts;
use store::outbox::Entry;
use store::pharmacies::{self, Moving};

use crate::access::{self, Parameters};
use crate::needs;
use crate::stock_answer::LabelBody;

pub static FUNCTION: Function = Function::endpoint::<MoveStock>();

pub struct MoveStock;

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "StockMovement")]
pub struct Body {
    /// Drawn by the client, so that what was done offline may be sent again: it is carried out once.
    #[serde(default)]
    movement_id: Option<StockMovementId>,
    kind: Order,
    /// 1 to 20, of at most five medicines.
    lines: Vec<Line>,
    /// Who is given it; of a dispensing alone.
    #[serde(default)]
    patient_id: Option<UserId>,
    /// At most 500 characters.
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "StockMovementLine")]
struct Line {
    medicine_name: String,
    /// Without it: of what is given out, those that expire first; else the packs whose lot nobody knows.
    #[serde(default)]
    lot: Option<LotCode>,
    /// Of a count: all that lies there of the lot, reserved or not.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "u64", required)]
    quantity: Option<u64>,
    /// The last day on which the lot is given out, or the month; where it is received.
    #[serde(default)]
    expiry_date: Option<String>,
    /// The version of the stock that a count was made over.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    expected_version: Option<u64>,
    /// Where it is received.
    #[serde(flatten)]
    label: LabelBody,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StockMoved")]
pub struct Answer {
    movement_id: StockMovementId,
    pharmacy_id: PharmacyId,
    kind: Order,
    /// By lot: what several lines came to, and what a line took from several.
    lines: Vec<MovedLine>,
    reason: Option<String>,
    #[schemars(with = "String")]
    at: Timestamp,
}

impl Endpoint for MoveStock {
    const NAME: &'static str = "move-stock";
    const SUMMARY: &'static str = "Receive, give out, discard or count stock";
    const ROUTES: &'static [Route] = &[Route::post("/api/pharmacy/{id}/movements")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::MOVE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = DoctorOrAdmin;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = Created<Answer>;

    async fn handle(
        context: &Context,
        caller: DoctorOrAdmin,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let digest = digest(&body)?;
        let wishes = body.lines.into_iter().map(|line| line.wish(body.kind));
        let wishes = by_medicine(wishes.collect::<Result<_, _>>()?)?;
        let reason = checked_reason(body.reason)?;
        let pharmacy = path.find_to_stock(context, &caller.session).await?;
        let id = match body.movement_id {
            Some(id) => id,
            None => context.new_id(StockMovementId::new)?,
        };
        let note = match body.patient_id {
            Some(patient) => Some(given(context, &caller.session, (&pharmacy, body.kind), patient, id).await?),
            None => None,
        };
        let moving = Moving {
            pharmacy: &pharmacy,
            id,
            is_named: body.movement_id.is_some(),
            order: body.kind,
            wishes: &wishes,
            patient: body.patient_id,
            by: caller.user_id(),
            reason: reason.as_deref(),
            digest: &digest,
            shelf: context.new_id(ShelfId::new)?,
            low: context.new_id(OutboxId::new)?,
            now: context.now,
        };
        let moved = pharmacies::move_stock(&context.store, &moving, note.as_ref()).await?;
        Ok(Created(Answer::from(moved)))
    }
}

/// Who is given something is a patient, and those who run the pharmacy give it.
async fn given(
    context: &Context,
    session: &Session,
    (pharmacy, order): (&Pharmacy, Order),
    patient: UserId,
    id: StockMovementId,
) -> Result<Entry, Problem> {
    access::must_run(pharmacy, session)?;
    let none = PharmacyRefused::Invalid("patient_id", "names no patient");
    if order != Order::Dispense {
        return Err(PharmacyRefused::Invalid("patient_id", "belongs to what is given out").into());
    }
    let account = accounts::get(&context.store, patient).await?;
    account.filter(|account| account.role == Role::Patient).ok_or(none)?;
    let why = access::right_of(session);
    Ok(context.audit(session, patient, Action::Create, access::one(id), why)?)
}

impl Line {
    fn wish(self, order: Order) -> Result<Wish, PharmacyRefused> {
        let expiry = self.expiry_date.as_deref().filter(|text| !text.trim().is_empty());
        Wish {
            medicine: MedicineName::new("medicine_name", &self.medicine_name)?,
            lot: self.lot,
            quantity: self
                .quantity
                .ok_or(PharmacyRefused::Invalid("quantity", "is required"))?,
            expiry: expiry.map(lot::expiry).transpose()?,
            seen: self.expected_version,
            label: self.label.label()?,
            name: self.medicine_name,
        }
        .checked(order)
    }
}

fn checked_reason(reason: Option<String>) -> Result<Option<String>, PharmacyRefused> {
    let reason = reason
        .map(|reason| reason.trim().to_owned())
        .filter(|reason| !reason.is_empty());
    match reason
        .as_ref()
        .is_some_and(|reason| reason.chars().count() > LONGEST_REASON)
    {
        true => Err(PharmacyRefused::Invalid("reason", "must have at most 500 characters")),
        false => Ok(reason),
    }
}

/// Two with one id are the same if they ask for the same.
fn digest(body: &Body) -> Result<String, Problem> {
    let text = serde_json::to_vec(body).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(HEXLOWER.encode(&Sha256::digest(text)))
}

impl From<Movement> for Answer {
    fn from(movement: Movement) -> Self {
        Self {
            movement_id: movement.id,
            pharmacy_id: movement.pharmacy,
            kind: movement.order,
            lines: movement.lines,
            reason: movement.reason,
            at: movement.at,
        }
    }
}
