//! The account behind a number that somebody has just proved.

use domain::account::{Account, Personal, Practice};
use domain::id::{UserId, UserNumber};
use domain::notice::Notice;
use domain::phone_number::PhoneNumber;
use domain::role::Role;
use domain::username::Username;
use runtime::{Context, Problem};
use store::accounts::{self, AccountError, StoredAccount};
use store::codes::Registration;
use store::uploads;

/// The account that has the number, or a new one. Somebody who only claimed the number is not its owner: what they set
/// and never proved goes.
pub async fn find_or_make(
    context: &Context,
    phone: &PhoneNumber,
    registration: Option<&Registration>,
) -> Result<StoredAccount, Problem> {
    // A second look finds what another call has made meanwhile.
    for _ in 0..3 {
        match accounts::find_by_phone(&context.store, phone).await? {
            Some(stored) if stored.account.phone_is_proved => return Ok(stored),
            Some(stored) => return hand_over(context, stored.account.id, phone).await,
            None => match make(context, phone, registration).await {
                Err(AccountError::Taken(_) | AccountError::Changed) => {}
                Err(error) => return Err(error.into()),
                Ok(stored) => return Ok(stored),
            },
        }
    }
    Err(Problem::unavailable("an account kept being made by others"))
}

/// Ends what the claimer could still use: their password, their sessions, an address that was not proved either.
async fn hand_over(context: &Context, user: UserId, phone: &PhoneNumber) -> Result<StoredAccount, Problem> {
    let changed = context.tell(user, Notice::ContactChanged)?;
    accounts::change::<Problem>(&context.store, user, &[changed], |stored| {
        let account = &mut stored.account;
        if account.phone.as_ref() != Some(phone) || account.phone_is_proved {
            return Ok(());
        }
        account.phone_is_proved = true;
        account.updated_at = context.now;
        if !account.email_is_proved {
            account.email = None;
            stored.password_hash = None;
            stored.epoch += 1;
        }
        Ok(())
    })
    .await
}

async fn make(
    context: &Context,
    phone: &PhoneNumber,
    registration: Option<&Registration>,
) -> Result<StoredAccount, AccountError> {
    let new = new_account(context, phone, registration.cloned().unwrap_or_default())
        .await
        .map_err(|problem| store::Error::Unavailable(problem.detail))?;
    let stored = StoredAccount::new(new, None);
    accounts::create(&context.store, &stored, &[]).await?;
    Ok(stored)
}

async fn new_account(context: &Context, phone: &PhoneNumber, registration: Registration) -> Result<Account, Problem> {
    let id = registration.user.map_or_else(|| context.new_id(UserId::new), Ok)?;
    if let Some(picture) = &registration.picture {
        uploads::keep_pending_picture(&context.store, id, picture).await?;
    }
    Ok(Account {
        id,
        number: UserNumber::from_random(context.random()?),
        username: made_up_username(context.random()?)?,
        role: Role::Patient,
        is_suspended: false,
        email: None,
        email_is_proved: false,
        phone: Some(phone.clone()),
        phone_is_proved: true,
        name: registration.name,
        verification: None,
        practice: Practice::default(),
        personal: Personal {
            age: registration.age,
            date_of_birth: registration.date_of_birth,
            picture: registration.picture,
            ..Personal::default()
        },
        created_at: context.now,
        updated_at: context.now,
    })
}

/// Products that know people by user names need one: `user-` and ten hex digits.
pub fn made_up_username(random: [u8; 5]) -> Result<Username, Problem> {
    let name = format!("user-{}", data_encoding::HEXLOWER.encode(&random));
    name.parse()
        .map_err(|_| Problem::internal("a made-up user name is malformed"))
}
