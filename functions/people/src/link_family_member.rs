//! `POST /api/users/family/link`: ask a family member for a link (contract #47; decision D7).

use domain::email_address::EmailAddress;
use domain::family::{FamilyLink, FamilyRefused, LinkStatus, Relationship};
use domain::id::FamilyLinkId;
use domain::notice::Notice;
use domain::phone_number::PhoneNumber;
use domain::refusal::FieldError;
use domain::session::Product;
use runtime::answer::Created;
use runtime::callers::PatientOrAdmin;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{accounts, families};

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<LinkFamilyMember>();

pub struct LinkFamilyMember;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    family_member_phone: Option<PhoneNumber>,
    family_member_email: Option<EmailAddress>,
    /// What the member is to the one who asks.
    relationship: Relationship,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
    link_id: FamilyLinkId,
}

impl Endpoint for LinkFamilyMember {
    const NAME: &'static str = "link-family-member";
    const SUMMARY: &'static str = "Ask a family member for a link";
    const ROUTES: &'static [Route] = &[Route::post("/api/users/family/link").of(Product::Telemedicine)];
    // It tells who has an account and writes to them.
    const RATE: RateClass = RateClass::OpenForm;
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = PatientOrAdmin;
    type Input = Json<Body>;
    type Output = Created<Answer>;

    async fn handle(
        context: &Context,
        caller: PatientOrAdmin,
        Json(body): Json<Body>,
    ) -> Result<Self::Output, Problem> {
        let found = match (body.family_member_phone, body.family_member_email) {
            (Some(phone), _) => accounts::find_by_phone(&context.store, &phone).await?,
            (None, Some(email)) => accounts::find_by_email(&context.store, &email).await?,
            (None, None) => {
                let rule = "a phone number or an e-mail address is required";
                let error = FieldError::new("body", "family_member_phone", "missing", rule);
                return Err(Problem::invalid(vec![error]));
            }
        };
        let (asker, member) = (caller.user_id(), found.ok_or(FamilyRefused::MemberNotFound)?.account.id);
        if asker == member {
            return Err(FamilyRefused::Oneself.into());
        }
        // Both are shown all their links, so neither may have more than a list holds.
        for user in [asker, member] {
            if families::list(&context.store, user).await?.len() >= families::MOST_LINKS {
                return Err(FamilyRefused::TooMany.into());
            }
        }
        let link = FamilyLink {
            id: context.new_id(FamilyLinkId::new)?,
            asker,
            member,
            relationship: body.relationship,
            status: LinkStatus::Pending,
            linked_at: context.now,
        };
        let message = context.tell(member, Notice::FamilyLinkAsked)?;
        let asked = families::ask(&context.store, &link, &message).await;
        asked.map_err(|error| error.or_if_condition_failed(|_| Problem::from(FamilyRefused::AlreadyLinked)))?;
        Ok(Created(Answer {
            message: "Family member linked; they must agree before you see more of each other",
            link_id: link.id,
        }))
    }
}
