//! `PUT /api/pharmacy/{id}`: change hours, contacts and staff of a pharmacy.

use domain::id::OutboxId;
use domain::notice::Notice;
use domain::pharmacy::{Pharmacy, PharmacyRefused, checked_staff};
use domain::role::Role;
use runtime::answer;
use runtime::callers::Admin;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::activity::{Action, Line};
use store::pharmacies;
use store::table::{ItemAction, Table};

use crate::access::Parameters;
use crate::pharmacy_answer::{Change, WithStaff};

pub static FUNCTION: Function = Function::endpoint::<UpdatePharmacy>();

pub struct UpdatePharmacy;

impl Endpoint for UpdatePharmacy {
    const NAME: &'static str = "update-pharmacy";
    const SUMMARY: &'static str = "Change hours, contacts and staff of a pharmacy";
    const ROUTES: &'static [Route] = &[Route::put("/api/pharmacy/{id}")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Pharmacies, &[ItemAction::Get, ItemAction::Put]),
        // The line for admins.
        Need::Items(Table::Identity, &[ItemAction::Put]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];

    type Caller = Admin;
    type Input = (Path<Parameters>, Json<Change>);
    type Output = answer::Json<WithStaff>;

    async fn handle(
        context: &Context,
        caller: Admin,
        (Path(path), Json(change)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let seen = path.find(context).await?;
        if change.version.is_some_and(|version| version != seen.version) {
            return Err(PharmacyRefused::Changed { version: seen.version }.into());
        }
        let staff = change.staff.clone().map(checked_staff).transpose()?;
        let takes_over = change.take_over == Some(true);
        let after = Pharmacy {
            details: change.apply(seen.details.clone())?,
            owner: if takes_over { caller.user_id() } else { seen.owner },
            staff: staff.unwrap_or_else(|| seen.staff.clone()),
            version: seen.version + 1,
            updated_at: context.now,
            ..seen
        };
        let is_taken = seen.owner != after.owner;
        let action = if is_taken {
            Action::PharmacyTakenOver
        } else {
            Action::PharmacyChanged
        };
        let line = Line::new(
            context.new_id(OutboxId::new)?,
            action,
            caller.user_id(),
            Role::Admin,
            context.now,
        );
        let told = match is_taken {
            true => vec![context.tell(seen.owner, Notice::PharmacyTakenOver)?],
            false => Vec::new(),
        };
        pharmacies::update(&context.store, &seen, &after, &line, &told).await?;
        Ok(answer::Json(WithStaff::new(after, context.now)))
    }
}
