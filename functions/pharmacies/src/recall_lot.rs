//! `POST /api/pharmacy/{id}/recalls`: recall a lot: nothing of it is given out any more, and who received it is listed.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::Account;
use domain::audit::Action;
use domain::id::{OutboxId, PharmacyId, StockMovementId, UserId};
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::lot::LotCode;
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::{LONGEST_REASON, LedgerLine};
use domain::session::Session;
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::DoctorOrAdmin;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::paging::ListCursor;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::pharmacies::{self, Recall};
use store::{Page, PageRequest, accounts, outbox};

use crate::access::{self, Parameters};
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<RecallLot>();

pub struct RecallLot;

/// Lines of a lot's ledger on one page: each patient on it gets an entry in their log.
const PAGE: u16 = 50;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewRecall")]
pub struct Body {
    medicine_name: String,
    /// For good: a recall is not taken back. Not of packs whose lot nobody knows (`-`): those are discarded.
    lot: LotCode,
    /// At most 500 characters.
    reason: String,
    /// Of an earlier answer: the next page of those who received it.
    #[serde(default)]
    cursor: Option<ListCursor>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Recall")]
pub struct Answer {
    pharmacy_id: PharmacyId,
    medicine_name: MedicineName,
    lot: LotCode,
    reason: String,
    #[schemars(with = "String")]
    recalled_at: Timestamp,
    /// Those of this page, each time that they were given some.
    recipients: Vec<RecipientAnswer>,
    /// On this page, to people without an account, or whose account is gone.
    given_to_others: u64,
    /// For the next page; null on the last. Pages may be empty.
    next_cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecallRecipient")]
struct RecipientAnswer {
    patient_id: UserId,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    quantity: u64,
    movement_id: StockMovementId,
    #[schemars(with = "String")]
    given_at: Timestamp,
}

impl Endpoint for RecallLot {
    const NAME: &'static str = "recall-lot";
    const SUMMARY: &'static str = "Recall a lot, and list who received it";
    const ROUTES: &'static [Route] = &[Route::post("/api/pharmacy/{id}/recalls")];
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
        let wanted = Recall {
            medicine: MedicineName::new("medicine_name", &body.medicine_name)?,
            lot: body.lot,
            reason: checked_reason(&body.reason)?,
            by: caller.user_id(),
            at: context.now,
        };
        let pharmacy = path.find_to_stock(context, &caller.session).await?;
        access::must_run(&pharmacy, &caller.session)?;
        let ids = (context.new_id(StockMovementId::new)?, context.new_id(OutboxId::new)?);
        let recall = pharmacies::recall(&context.store, &pharmacy, &wanted, ids).await?;
        let request = PageRequest {
            limit: PAGE,
            after: body.cursor.map(|cursor| cursor.0),
        };
        let of = (&recall.medicine, Some(&recall.lot));
        let Page { items, next } = pharmacies::ledger(&context.store, pharmacy.id, of, &request).await?;
        let given: Vec<LedgerLine> = items.into_iter().filter(|line| line.given_out() > 0).collect();
        let accounts = note_and_find(context, &caller.session, &given).await?;
        let others = given.iter().filter(|line| !is_known(&accounts, line));
        Ok(Created(Answer {
            pharmacy_id: pharmacy.id,
            given_to_others: others.map(LedgerLine::given_out).sum(),
            recipients: given.iter().filter_map(|line| recipient(&accounts, line)).collect(),
            medicine_name: recall.medicine,
            lot: recall.lot,
            reason: recall.reason,
            recalled_at: recall.at,
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }
}

fn checked_reason(reason: &str) -> Result<String, PharmacyRefused> {
    let reason = reason.trim();
    match (1..=LONGEST_REASON).contains(&reason.chars().count()) {
        true => Ok(reason.to_owned()),
        false => Err(PharmacyRefused::Invalid("reason", "must have 1 to 500 characters")),
    }
}

type Accounts = BTreeMap<UserId, Account>;

/// Each patient on a page is in it by a note in their log.
async fn note_and_find(context: &Context, session: &Session, given: &[LedgerLine]) -> Result<Accounts, Problem> {
    let patients: BTreeSet<UserId> = given.iter().filter_map(|line| line.patient).collect();
    let note = |patient: &UserId| {
        let why = access::right_of(session);
        context.audit(session, *patient, Action::List, access::all(), why)
    };
    let notes = patients.iter().map(note).collect::<Result<Vec<_>, _>>()?;
    outbox::add_all(&context.store, &notes).await?;
    let patients: Vec<UserId> = patients.into_iter().collect();
    let found = accounts::get_many(&context.store, &patients).await?;
    Ok(found.into_iter().map(|account| (account.id, account)).collect())
}

fn is_known(accounts: &Accounts, line: &LedgerLine) -> bool {
    line.patient.is_some_and(|patient| accounts.contains_key(&patient))
}

fn recipient(accounts: &Accounts, line: &LedgerLine) -> Option<RecipientAnswer> {
    let account = accounts.get(&line.patient?)?;
    Some(RecipientAnswer {
        patient_id: account.id,
        name: account.display_name().to_owned(),
        phone: account.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        email: account.email.as_ref().map(|email| email.as_str().to_owned()),
        quantity: line.given_out(),
        movement_id: line.movement,
        given_at: line.at,
    })
}
