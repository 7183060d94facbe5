//! The people who work here: logins, posts, areas and units, delegations, declared relatives.

use crate::answer::{Answer, Gives, Json, Kept, Made, Reply};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Route};
use anmin_app::staff::{
    ColleagueV1, DelegateV1, DoneV1, EndAreaV1, EndPostV1, EndUnitV1, HandOverAllV1, HandOverStateV1,
    KinSeenV1, KinV1, LoginLineV1, LoginMadeV1, MadeLogin, MoveAreaV1, NewAreaV1, NewLoginV1, NewPostV1,
    NewUnitV1, PlacesV1, PostLineV1, RefusePostV1, RelationV1, RenewPostV1, relations,
};
use axum::http::{Method, StatusCode};
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

const ANY_POST: &[&str] = &["post_propose", "post_approve"];

pub(super) fn routes() -> Vec<Route> {
    let mut all = logins();
    all.extend(posts());
    all.extend(places());
    all.extend(kin());
    all.extend(hand_overs());
    all.into_iter().map(|route| route.part("staff")).collect()
}

fn logins() -> Vec<Route> {
    let manage = |route: Route| route.may(&["login_manage"], &[]);
    vec![
        manage(Route::new(Method::GET, "/logins", list_logins)).named(
            "list_logins",
            "账号清单",
            "List logins",
        ),
        manage(Route::new(Method::POST, "/logins", create_login))
            .named("create_login", "新建账号", "Make a login")
            .key(Key::Of("create_login")),
        manage(Route::new(Method::POST, "/logins/{account}/enrolment", renew_enrolment))
            .named("renew_enrolment", "重发登记码", "Hand out another code of enrolment")
            .key(Key::Of("renew_enrolment")),
        manage(Route::new(Method::POST, "/logins/{account}/closing", close_login))
            .named("close_login", "停用账号", "Close a login")
            .key(Key::Of("close_login")),
        manage(Route::new(Method::POST, "/logins/{account}/opening", open_login))
            .named("open_login", "恢复账号", "Open a closed login again")
            .key(Key::Of("open_login")),
        Route::new(Method::GET, "/colleagues", colleagues)
            .named("list_colleagues", "在岗同事", "Who works here and holds a post")
            .may(&["login_manage", "post_delegate"], &[]),
    ]
}

fn posts() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/posts", list_posts)
            .named("list_posts", "岗位清单", "List posts")
            .may(&["login_manage"], &[]),
        Route::new(Method::POST, "/posts", propose_post)
            .named("propose_post", "提名岗位", "Propose a post")
            .may(&["post_propose"], &[])
            .key(Key::Of("propose_post")),
        Route::new(Method::POST, "/posts/renewals", renew_post)
            .named("renew_post", "提名续任", "Propose that a post goes on")
            .may(&["post_propose"], &[])
            .key(Key::Of("renew_post")),
        Route::new(Method::POST, "/posts/{post}/approval", approve_post)
            .named("approve_post", "批准岗位", "Approve a post that another proposed")
            .may(&["post_approve"], &[])
            .key(Key::Of("approve_post")),
        Route::new(Method::POST, "/posts/refusals", refuse_post)
            .named("refuse_post", "不批准或撤回提名", "Refuse a proposed post, or take it back")
            .may(ANY_POST, &[])
            .key(Key::Of("refuse_post")),
        Route::new(Method::POST, "/posts/endings", end_post)
            .named("end_post", "提前免去岗位", "End a post early")
            .may(&["post_propose"], &[])
            .key(Key::Of("end_post")),
        Route::new(Method::POST, "/posts/delegations", delegate_post)
            .named("delegate_post", "委托岗位", "Delegate one's own post")
            .may(&["post_delegate"], &[])
            .key(Key::Of("delegate_post")),
        Route::new(Method::POST, "/posts/{post}/taking-back", take_back)
            .named("take_back", "收回委托", "Take a delegation back")
            .may(&["post_delegate"], &[])
            .key(Key::Of("take_back")),
    ]
}

fn places() -> Vec<Route> {
    let operate = |route: Route, command| route.may(&["system_operate"], &[]).key(Key::Of(command));
    vec![
        Route::new(Method::GET, "/places", list_places)
            .named("list_places", "区域和单位", "Areas and units")
            .may(&["system_operate", "login_manage"], &[]),
        operate(Route::new(Method::POST, "/areas", create_area), "create_area").named(
            "create_area",
            "新设区域",
            "Make an area below another",
        ),
        operate(Route::new(Method::POST, "/areas/moves", move_area), "move_area").named(
            "move_area",
            "调整区域隶属",
            "Put an area below another",
        ),
        operate(Route::new(Method::POST, "/areas/endings", end_area), "end_area").named(
            "end_area",
            "撤销区域",
            "End an area",
        ),
        operate(Route::new(Method::POST, "/units", create_unit), "create_unit").named(
            "create_unit",
            "新设单位",
            "Make a unit",
        ),
        operate(Route::new(Method::POST, "/units/endings", end_unit), "end_unit").named(
            "end_unit",
            "撤销单位",
            "End a unit",
        ),
    ]
}

fn kin() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/kin", own_kin)
            .named("own_kin", "我申报的近亲属", "The relatives one has declared")
            .may(&["kin_declare"], &[]),
        Route::new(Method::POST, "/kin", declare_kin)
            .named("declare_kin", "申报近亲属", "Declare a relative")
            .may(&["kin_declare"], &[])
            .key(Key::Of("declare_kin")),
        Route::new(Method::GET, "/kin/relations", kin_relations)
            .named("list_relations", "可申报的关系", "The relations that can be declared")
            .may(&["kin_declare"], &[]),
    ]
}

fn hand_overs() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/hand-overs", hand_over_all)
            .named("hand_over_all", "移交某人承办的全部案件", "Hand over all that somebody has")
            .may(&["case_assign"], &[])
            .key(Key::Of("hand_over_all")),
        Route::new(Method::GET, "/hand-overs", hand_over_state)
            .named("hand_over_state", "移交进度", "How far a hand-over is")
            .may(&["case_assign"], &[]),
    ]
}

/// The version a form was made from.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VersionV1 {
    /// The version.
    version: i64,
}

macro_rules! lists {
    ($($(#[$doc:meta])+ $name:ident { $field:ident: $line:ty })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, Serialize, JsonSchema)]
        struct $name {
            /// The entries.
            $field: Vec<$line>,
        }
    )+};
}

lists! {
    /// Logins.
    LoginsV1 { logins: LoginLineV1 }
    /// Posts.
    PostsV1 { posts: PostLineV1 }
    /// Colleagues.
    ColleaguesV1 { colleagues: ColleagueV1 }
    /// Declared relatives.
    OwnKinV1 { kin: KinSeenV1 }
    /// Relations.
    RelationsV1 { relations: RelationV1 }
}

/// A login, with the code to hand over. Only the first answer has the code: what is kept has not.
struct Handed<T, const STATUS: u16> {
    made: Kept<T, STATUS>,
    code: Option<String>,
}

/// A login as it is answered.
#[derive(Serialize, JsonSchema)]
struct HandedV1<T> {
    #[serde(flatten)]
    made: T,
    /// The code to hand over on paper, once; a repeated request does not have it, and the way to another is a renewal.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

impl<T, const STATUS: u16> From<MadeLogin> for Handed<T, STATUS> {
    fn from(made: MadeLogin) -> Self {
        Handed { made: made.result.into(), code: made.code }
    }
}

impl<T: JsonSchema + Send + 'static, const STATUS: u16> Reply for Handed<T, STATUS> {
    const GIVES: Gives = Gives {
        status: STATUS,
        content: Some(("application/json", SchemaGenerator::subschema_for::<HandedV1<T>>)),
        replays: true,
    };

    fn answer(self) -> Answer {
        let Some(code) = self.code else { return self.made.answer() };
        let made: Result<serde_json::Map<String, serde_json::Value>, _> =
            serde_json::from_slice(&self.made.0);
        let mut made = made.unwrap_or_default();
        made.insert("code".into(), code.into());
        let mut answer = Json(serde_json::Value::Object(made)).answer();
        answer.status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        answer
    }

    fn again(kept: Vec<u8>) -> Option<Answer> {
        Kept::<T, STATUS>::again(kept)
    }
}

async fn list_logins(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<LoginsV1>, Problem> {
    Ok(Json(LoginsV1 { logins: asked.office().logins(&asked.order()?).await? }))
}

async fn create_login(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<NewLoginV1>,
) -> Result<Handed<LoginMadeV1, 201>, Problem> {
    Ok(asked.office().create_login(&asked.order()?, &input).await?.into())
}

async fn renew_enrolment(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<VersionV1>,
) -> Result<Handed<DoneV1, 200>, Problem> {
    let account = asked.id("account")?;
    Ok(asked.office().renew_enrolment(&asked.order()?, account, input.version).await?.into())
}

async fn close_login(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<VersionV1>,
) -> Result<Kept<DoneV1>, Problem> {
    let account = asked.id("account")?;
    Ok(asked.office().close_login(&asked.order()?, account, input.version).await?.into())
}

async fn open_login(asked: Asked, _: NoQuery, Form(input): Form<VersionV1>) -> Result<Kept<DoneV1>, Problem> {
    let account = asked.id("account")?;
    Ok(asked.office().open_login(&asked.order()?, account, input.version).await?.into())
}

async fn colleagues(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ColleaguesV1>, Problem> {
    Ok(Json(ColleaguesV1 { colleagues: asked.office().colleagues(&asked.order()?).await? }))
}

async fn list_posts(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<PostsV1>, Problem> {
    Ok(Json(PostsV1 { posts: asked.office().posts(&asked.order()?).await? }))
}

async fn approve_post(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<VersionV1>,
) -> Result<Kept<DoneV1>, Problem> {
    let post = asked.id("post")?;
    Ok(asked.office().approve_post(&asked.order()?, post, input.version).await?.into())
}

async fn take_back(asked: Asked, _: NoQuery, Form(input): Form<VersionV1>) -> Result<Kept<DoneV1>, Problem> {
    let post = asked.id("post")?;
    Ok(asked.office().take_back(&asked.order()?, post, input.version).await?.into())
}

macro_rules! commands {
    ($($name:ident($form:ty) -> $reply:ty;)+) => {$(
        async fn $name(asked: Asked, _: NoQuery, Form(input): Form<$form>) -> Result<$reply, Problem> {
            Ok(asked.office().$name(&asked.order()?, &input).await?.into())
        }
    )+};
}

commands! {
    propose_post(NewPostV1) -> Made<DoneV1>;
    renew_post(RenewPostV1) -> Made<DoneV1>;
    refuse_post(RefusePostV1) -> Kept<DoneV1>;
    end_post(EndPostV1) -> Kept<DoneV1>;
    delegate_post(DelegateV1) -> Made<DoneV1>;
    create_area(NewAreaV1) -> Made<DoneV1>;
    move_area(MoveAreaV1) -> Kept<DoneV1>;
    end_area(EndAreaV1) -> Kept<DoneV1>;
    create_unit(NewUnitV1) -> Made<DoneV1>;
    end_unit(EndUnitV1) -> Kept<DoneV1>;
    declare_kin(KinV1) -> Made<DoneV1>;
    hand_over_all(HandOverAllV1) -> Kept<DoneV1>;
}

async fn list_places(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<PlacesV1>, Problem> {
    Ok(Json(asked.office().places(&asked.order()?).await?))
}

async fn own_kin(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<OwnKinV1>, Problem> {
    Ok(Json(OwnKinV1 { kin: asked.office().own_kin(asked.caller()?, asked.now).await? }))
}

async fn kin_relations(_: Asked, _: NoQuery, _: Nothing) -> Result<Json<RelationsV1>, Problem> {
    Ok(Json(RelationsV1 { relations: relations() }))
}

/// Whose cases go to whom.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BetweenV1 {
    /// The leaver.
    #[schemars(regex(pattern = r"^[0-9a-f]{32}$"))]
    from: String,
    /// Who takes over.
    #[schemars(regex(pattern = r"^[0-9a-f]{32}$"))]
    to: String,
}

async fn hand_over_state(asked: Asked, ask: BetweenV1, _: Nothing) -> Result<Json<HandOverStateV1>, Problem> {
    Ok(Json(asked.office().hand_over_state(&asked.order()?, &ask.from, &ask.to).await?))
}
