//! People and households: entering, correcting, looking up; consents; one's own data and who has looked at it.

use crate::answer::{Json, Kept, Made};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Right, Route};
use crate::routes::day;
use anmin_app::lookups::{ActiveCaseV1, GrantV1};
use anmin_app::people::{
    ChangeHouseholdV1, ChangedHouseholdV1, ConsentV1, CorrectPersonV1, EndPaperV1, EnteredV1, FoundV1,
    GivenV1, GroundV1, HouseholdV1, LooksV1, NewHouseholdV1, NewPersonV1, OwnCasesV1, PersonV1,
    RepresentationV1, SearchV1, grounds,
};
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const ENTER: &[&str] = &["person_enter"];
const FIND: &[&str] = &["person_find"];
const SIGN: &[&str] = &["accept", "visit_record"];

pub(super) fn routes() -> Vec<Route> {
    let all = people().into_iter().chain(households()).chain(papers());
    all.map(|route| route.part("people")).chain(mine()).collect()
}

fn people() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/persons", enter_person)
            .named("enter_person", "登记人员", "Enter a person")
            .may(ENTER, &["apply"])
            .key(Key::Of("enter_person")),
        // Numbers and names belong in no address, which others keep.
        Route::new(Method::POST, "/persons/search", find_persons)
            .named("find_persons", "查找人员", "Look people up")
            .may(FIND, &[]),
        Route::new(Method::GET, "/persons/{person}", show_person)
            .named("show_person", "查看人员登记", "Look at a person's entry")
            .may(FIND, &["own_read"]),
        Route::new(Method::PUT, "/persons/{person}", correct_person)
            .named("correct_person", "更正人员登记", "Correct a person's entry")
            .may(ENTER, &["correct"])
            .key(Key::Of("correct_person")),
        Route::new(Method::GET, "/persons/{person}/active-cases", active_cases)
            .named("active_cases", "某人在办的案件", "A person's cases in a service that have not ended")
            .may(&["person_find", "case_list"], &["progress_read"]),
        Route::new(Method::GET, "/persons/{person}/grants", grants)
            .named("grants_in_force", "某人享受中的待遇", "A person's grants in force on a day")
            .may(&["person_find", "case_list"], &["progress_read"]),
    ]
}

fn households() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/households", enter_household)
            .named("enter_household", "登记家庭", "Enter a household")
            .may(ENTER, &["apply"])
            .key(Key::Of("enter_household")),
        Route::new(Method::GET, "/households/grounds", household_grounds)
            .named(
                "household_grounds",
                "家庭成员关系",
                "The grounds on which somebody belongs to a household",
            )
            .right(Right::SignedIn),
        Route::new(Method::GET, "/households/{household}", show_household)
            .named("show_household", "查看家庭", "Look at a household")
            .may(&["person_find", "case_read"], &["own_read"]),
        Route::new(Method::POST, "/households/{household}/changes", change_household)
            .named("change_household", "变更家庭成员", "Change a household")
            .may(ENTER, &[])
            .key(Key::Of("change_household")),
    ]
}

fn papers() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/consents", give_consent)
            .named("give_consent", "登记查看同意", "Record that somebody lets another see their figures")
            .may(SIGN, &["consent_give"])
            .key(Key::Of("give_consent")),
        Route::new(Method::POST, "/consents/{consent}/revocation", revoke_consent)
            .named("revoke_consent", "撤回同意", "Take a consent back")
            .may(SIGN, &["consent_revoke"])
            .key(Key::Of("revoke_consent")),
        Route::new(Method::POST, "/representations", enter_representation)
            .named("enter_representation", "登记监护、代办", "Record that somebody acts for somebody")
            .may(ENTER, &[])
            .key(Key::Of("enter_representation")),
        Route::new(Method::POST, "/representations/{paper}/ending", end_representation)
            .named("end_representation", "终止监护、代办", "End a representation")
            .may(ENTER, &["consent_revoke"])
            .key(Key::Of("end_representation")),
    ]
}

fn mine() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/my/affairs", own_cases)
            .named("own_cases", "本人的事项", "One's own cases, as a resident")
            .part("mine")
            .may(&[], &["progress_read"]),
        Route::new(Method::GET, "/my/access", own_access)
            .named("own_access_log", "谁看过我的信息", "Who has looked at one's data")
            .part("mine")
            .may(&[], &["own_log_read"]),
    ]
}

async fn enter_person(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<NewPersonV1>,
) -> Result<Made<EnteredV1>, Problem> {
    Ok(asked.office().enter_person(&asked.order()?, input).await?.into())
}

async fn find_persons(asked: Asked, _: NoQuery, Form(ask): Form<SearchV1>) -> Result<Json<FoundV1>, Problem> {
    Ok(Json(asked.office().find_persons(&asked.order()?, &ask).await?))
}

async fn show_person(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<PersonV1>, Problem> {
    Ok(Json(asked.office().show_person(&asked.order()?, asked.id("person")?).await?))
}

async fn correct_person(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<CorrectPersonV1>,
) -> Result<Kept<EnteredV1>, Problem> {
    let person = asked.id("person")?;
    Ok(asked.office().correct_person(&asked.order()?, person, input).await?.into())
}

/// In which service.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InServiceV1 {
    /// The service.
    service: String,
}

/// Cases that have not ended.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ActiveCasesV1 {
    /// As far as the caller reaches them.
    cases: Vec<ActiveCaseV1>,
}

async fn active_cases(asked: Asked, ask: InServiceV1, _: Nothing) -> Result<Json<ActiveCasesV1>, Problem> {
    let person = asked.id("person")?;
    let cases = asked.office().active_cases(&asked.order()?, person, &ask.service).await?;
    Ok(Json(ActiveCasesV1 { cases }))
}

/// Grants.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct GrantsV1 {
    /// As far as the caller reaches the cases they come from.
    grants: Vec<GrantV1>,
}

async fn grants(asked: Asked, ask: OnV1, _: Nothing) -> Result<Json<GrantsV1>, Problem> {
    let on = day("on", ask.on.as_deref())?.unwrap_or(asked.now.on);
    let grants = asked.office().grants_in_force(&asked.order()?, asked.id("person")?, on).await?;
    Ok(Json(GrantsV1 { grants }))
}

async fn enter_household(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<NewHouseholdV1>,
) -> Result<Made<ChangedHouseholdV1>, Problem> {
    Ok(asked.office().enter_household(&asked.order()?, input).await?.into())
}

/// On which day.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OnV1 {
    /// The day, as 2026-09-01; left out, today.
    #[schemars(extend("format" = "date"))]
    on: Option<String>,
}

async fn show_household(asked: Asked, ask: OnV1, _: Nothing) -> Result<Json<HouseholdV1>, Problem> {
    let on = day("on", ask.on.as_deref())?.unwrap_or(asked.now.on);
    Ok(Json(asked.office().show_household(&asked.order()?, asked.id("household")?, on).await?))
}

async fn change_household(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<ChangeHouseholdV1>,
) -> Result<Kept<ChangedHouseholdV1>, Problem> {
    let household = asked.id("household")?;
    Ok(asked.office().change_household(&asked.order()?, household, input).await?.into())
}

/// Grounds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct GroundsV1 {
    /// In the order of a form.
    grounds: Vec<GroundV1>,
}

async fn household_grounds(_: Asked, _: NoQuery, _: Nothing) -> Result<Json<GroundsV1>, Problem> {
    Ok(Json(GroundsV1 { grounds: grounds() }))
}

async fn give_consent(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<ConsentV1>,
) -> Result<Made<GivenV1>, Problem> {
    Ok(asked.office().give_consent(&asked.order()?, input).await?.into())
}

async fn revoke_consent(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<EndPaperV1>,
) -> Result<Kept<GivenV1>, Problem> {
    let consent = asked.id("consent")?;
    Ok(asked.office().revoke_consent(&asked.order()?, consent, input).await?.into())
}

async fn enter_representation(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<RepresentationV1>,
) -> Result<Made<GivenV1>, Problem> {
    Ok(asked.office().enter_representation(&asked.order()?, input).await?.into())
}

async fn end_representation(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<EndPaperV1>,
) -> Result<Kept<GivenV1>, Problem> {
    let paper = asked.id("paper")?;
    Ok(asked.office().end_representation(&asked.order()?, paper, input).await?.into())
}

async fn own_cases(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<OwnCasesV1>, Problem> {
    Ok(Json(asked.office().own_cases(&asked.order()?).await?))
}

/// Which page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AfterV1 {
    /// What came after this: the `next` of the page before.
    after: Option<String>,
}

async fn own_access(asked: Asked, ask: AfterV1, _: Nothing) -> Result<Json<LooksV1>, Problem> {
    Ok(Json(asked.office().own_access_log(&asked.order()?, ask.after.as_deref()).await?))
}
