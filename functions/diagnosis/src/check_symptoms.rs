//! `POST /api/ai/symptom-check`: how urgent symptoms are, and what may be behind them (contract #103).
//!
//! Red flags come first and by rule, then the engine in this product; an outer engine is asked only where the operator
//! switched one on and nothing is an emergency yet, which must be answered at once. It may raise the urgency and never
//! lower it, and whatever befalls it, the person gets the answer that is there already.
//!
//! What people tell is used for the answer and forgotten: nothing of anybody's record is read or kept but the language
//! and the country to call an ambulance in, so that there is no health data of theirs to leave a trace of.

use domain::account::{Account, AccountGone};
use domain::language::Language;
use domain::session::Product;
use domain::triage::{Answer, Report, Urgency, emergency_number, merge};
use models::symptoms;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::{AcceptLanguage, Json};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Platform, Problem, RateClass, Retry, Route};
use store::accounts;
use store::table::{ItemAction, Table};

use crate::report_form::ReportForm;
use crate::{outer_opinion, report_limits};

pub static FUNCTION: Function = Function::endpoint::<CheckSymptoms>();

pub struct CheckSymptoms;

impl Endpoint for CheckSymptoms {
    const NAME: &'static str = "check-symptoms";
    const SUMMARY: &'static str = "How urgent symptoms are, and what may be behind them";
    const ROUTES: &'static [Route] = &[Route::post("/api/ai/symptom-check").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Diagnosis;
    const RETRY: Retry = Retry::HandledAgain("nothing is kept of it");
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get]),
        Need::FieldKeys,
        Need::Secret(Secret::GeminiApiKey),
        Need::Secret(Secret::HuggingFaceToken),
    ];
    const MEMORY_MB: u16 = 1024;
    /// Longer than the outer engines may take.
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Json<ReportForm>, AcceptLanguage);
    type Output = JsonAnswer<Answer>;

    fn prepare(_: &Platform) -> Result<(), Problem> {
        // The tables of rules and words are read at the first report.
        drop(symptoms::opinion(&Report::of("fever")));
        Ok(())
    }

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Json(form), AcceptLanguage(header)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let report = Report::from(form);
        report_limits::check(&report)?;
        let account = accounts::get(&context.store, caller.user_id())
            .await?
            .ok_or(AccountGone)?;
        // The phone in the hand speaks before the profile: in an emergency the answer must be read at once.
        let language = Language::liked(&header).unwrap_or(account.personal.language);
        let number = ambulance(&account, &header);
        let judge = move || {
            let opinion = symptoms::opinion(&report);
            let answer = merge(&report, &opinion, None, language, number);
            (report, opinion, answer)
        };
        let (report, local, answer) = context.busy(judge).await?;
        if answer.primary_recommendation.urgency == Urgency::Emergency {
            return Ok(JsonAnswer(answer));
        }
        let outer = outer_opinion::ask(context, &report, &local, &account).await;
        Ok(JsonAnswer(match outer {
            None => answer,
            Some(outer) => merge(&report, &local, Some(&outer), language, number),
        }))
    }
}

/// Of the country of their phone, else of the region that their device is set to.
fn ambulance(account: &Account, accept_language: &str) -> &'static str {
    match &account.phone {
        Some(phone) => emergency_number::of_calling_code(phone.calling_code()),
        None => Language::region(accept_language).map_or(emergency_number::DEFAULT, |region| {
            emergency_number::of_country(&region)
        }),
    }
}
