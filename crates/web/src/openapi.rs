//! The description of all routes, in OpenAPI 3.1, made of the list and of the types themselves.

use crate::form::SchemaOf;
use crate::guard::{COOKIE, PURPOSE, REPLAYED, REQUEST_KEY};
use crate::problem::{MEDIA, ProblemV1};
use crate::route::{BASE, Brace, Face, Key, Right, Route, brace};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const SCHEMAS: &str = "#/components/schemas/";

/// The description.
pub(crate) fn document(routes: &[Arc<Route>], purposes: &[String]) -> Value {
    let mut schemas = Schemas::new(purposes);
    let mut paths = Map::new();
    for route in routes.iter().filter(|route| route.face == Face::Json) {
        let operation = schemas.operation(route);
        let path = paths.entry(format!("{BASE}{}", route.path)).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation;
    }
    let problem = schemas.given(SchemaGenerator::subschema_for::<ProblemV1>);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Anmin 安民",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Civil affairs: cases, people, services. 民政：案件、人员、业务。",
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "cookie": [] }, { "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "cookie": { "type": "apiKey", "in": "cookie", "name": COOKIE },
                "token": { "type": "http", "scheme": "bearer" },
            },
            "responses": { "Problem": {
                "description": "What is wrong, and what to do next. 问题说明和下一步。",
                "content": { MEDIA: { "schema": problem } },
            } },
        },
    });
    document["components"]["schemas"] = Value::Object(schemas.finish(&mut document));
    document
}

const ABOUT: &str = "\
Every change needs a request key: POST /api/v1/request-keys makes one for a command; send it in X-Anmin-Request. The same key with the \
same body gets the same answer and is never carried out twice; with another body it is a conflict. Problems are RFC 9457; `code` is a \
word for machines, `next` says what to do. Browsers sign in with a cookie, programs with a bearer token.\n\n\
每次变更都要带请求编号：先用 POST /api/v1/request-keys 为命令取得，再放在请求头 X-Anmin-Request 中。同一编号、同一内容重发，得到同样的结果，\
不会重复办理；内容不同则为冲突。出错时按 RFC 9457 说明，`code` 供程序识别，`next` 说明下一步。浏览器用 Cookie 登录，程序用 Bearer 令牌。";

/// The schemas of what is sent, and of what is given: the two differ where a field may be left out.
struct Schemas<'a> {
    sent: SchemaGenerator,
    given: SchemaGenerator,
    /// The purposes of the table of authority.
    purposes: &'a [String],
}

impl<'a> Schemas<'a> {
    fn new(purposes: &'a [String]) -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Schemas {
            sent: settings().into_generator(),
            given: settings().for_serialize().into_generator(),
            purposes,
        }
    }

    fn given(&mut self, schema: SchemaOf) -> Value {
        schema(&mut self.given).to_value()
    }

    fn operation(&mut self, route: &Route) -> Value {
        let (zh, en) = route.summary;
        let mut parameters: Vec<Value> = route.braces().map(in_path).collect();
        parameters.extend(in_query(route));
        parameters.extend(in_headers(route, self.purposes));
        let mut operation = json!({
            "operationId": route.name,
            "tags": [route.part],
            "summary": format!("{zh} / {en}"),
            "description": rights(route),
            "parameters": parameters,
            "responses": self.responses(route),
        });
        if route.right == Right::Public {
            operation["security"] = json!([]);
        }
        if let Some(takes) = &route.takes {
            let schema = (takes.schema)(&mut self.sent).to_value();
            let content: Map<String, Value> =
                takes.media.iter().map(|media| ((*media).to_owned(), json!({ "schema": schema }))).collect();
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        operation
    }

    fn responses(&mut self, route: &Route) -> Value {
        let gives = &route.gives;
        let mut done = json!({ "description": "Done. 办成。" });
        if let Some((media, schema)) = gives.content {
            let media = media.split(';').next().unwrap_or(media);
            done["content"] = json!({ media: { "schema": self.given(schema) } });
        }
        if gives.replays {
            let about = "The answer of an earlier request with this key. 此前同一编号请求的结果。";
            done["headers"] = json!({
                (title(REPLAYED)): { "description": about, "schema": { "type": "string", "const": "true" } }
            });
        }
        let mut responses = Map::new();
        responses.insert(gives.status.to_string(), done);
        for status in statuses(route) {
            responses.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
        }
        Value::Object(responses)
    }

    /// All schemas that are named. Where one is sent and given in two forms, what is given is called `...Given`.
    fn finish(mut self, document: &mut Value) -> Map<String, Value> {
        let mut all: Map<String, Value> = self.sent.take_definitions(true);
        let mut given: Map<String, Value> = self.given.take_definitions(true);
        // What holds a form that differs differs too: the references in it are others.
        let mut other: Vec<String> = Vec::new();
        loop {
            let differs = |name: &String, schema: &Value| {
                all.get(name).is_some_and(|sent| sent != schema || other.iter().any(|o| mentions(schema, o)))
            };
            let more = given.iter().filter(|(name, schema)| !other.contains(name) && differs(name, schema));
            let more: Vec<String> = more.map(|(name, _)| name.clone()).collect();
            if more.is_empty() {
                break;
            }
            other.extend(more);
        }
        let responses = |document: &mut Value, rename: &dyn Fn(&mut Value)| {
            rename(&mut document["components"]["responses"]);
            let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
            let operations = paths.filter_map(Value::as_object_mut).flat_map(|path| path.values_mut());
            operations.for_each(|operation| rename(&mut operation["responses"]));
        };
        responses(document, &|value| renamed(value, &other));
        for (name, mut schema) in std::mem::take(&mut given) {
            renamed(&mut schema, &other);
            let name = if other.contains(&name) { format!("{name}Given") } else { name };
            all.entry(name).or_insert(schema);
        }
        all.sort_keys();
        all
    }
}

fn mentions(schema: &Value, name: &str) -> bool {
    match schema {
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            (key == "$ref" && value.as_str() == Some(&format!("{SCHEMAS}{name}"))) || mentions(value, name)
        }),
        Value::Array(entries) => entries.iter().any(|entry| mentions(entry, name)),
        _ => false,
    }
}

fn renamed(schema: &mut Value, other: &[String]) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                let name = value.as_str().and_then(|text| text.strip_prefix(SCHEMAS));
                match name.filter(|name| key == "$ref" && other.iter().any(|other| other == name)) {
                    Some(name) => *value = Value::from(format!("{SCHEMAS}{name}Given")),
                    None => renamed(value, other),
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| renamed(entry, other)),
        _ => {}
    }
}

/// A parameter that is left out is left out: it is never null.
fn not_null(schema: &mut Value) {
    if let Some(types) = schema["type"].as_array() {
        let one = types.iter().find(|one| **one != "null").cloned();
        schema["type"] = one.unwrap_or_default();
    }
    if let Some(entries) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        entries.retain(|entry| !entry.is_null());
    }
    let fields = schema.as_object_mut();
    if let Some(either) = fields.and_then(|fields| fields.shift_remove("anyOf")) {
        let one = either.as_array().and_then(|all| all.iter().find(|one| one["type"] != "null").cloned());
        *schema = one.unwrap_or_default();
    }
    if let Some(fields) = schema.as_object_mut() {
        fields.retain(|name, value| !(name == "default" && value.is_null()));
    }
}

fn in_path(name: &str) -> Value {
    let form = brace(name);
    let schema = match form {
        Brace::Number => json!({ "type": "integer", "minimum": 1, "maximum": 99_999 }),
        Brace::Id | Brace::Name | Brace::File => json!({ "type": "string", "pattern": form.pattern() }),
    };
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn in_query(route: &Route) -> Vec<Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = (route.query)(&mut settings.into_generator()).to_value();
    let wanted =
        |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let parameter = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        let about = schema.as_object_mut().and_then(|fields| fields.shift_remove("description"));
        not_null(&mut schema);
        json!({
            "name": name, "in": "query", "required": wanted(name),
            "description": about.unwrap_or_default(), "schema": schema,
        })
    };
    schema["properties"].as_object().into_iter().flatten().map(parameter).collect()
}

fn in_headers(route: &Route, purposes: &[String]) -> Vec<Value> {
    let mut headers = Vec::new();
    if route.key != Key::None {
        let made = match route.key {
            Key::None => String::new(),
            Key::Of(command) => format!("for the command `{command}`"),
            Key::OfPath(name) => format!("for the command named by {{{name}}} in the path"),
            Key::OfField(name) => format!("for the command named by `{name}` in the body"),
        };
        let about = format!("The request key, made {made}. 请求编号。");
        let schema = json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
        let name = title(REQUEST_KEY);
        let header =
            json!({ "name": name, "in": "header", "required": true, "description": about, "schema": schema });
        headers.push(header);
    }
    if matches!(route.right, Right::Action { .. } | Right::Step | Right::CaseWork) {
        let about = "Why personal records are looked into; left out: what the post is for. 查阅用途。";
        let schema = json!({ "type": "string", "enum": purposes });
        let name = title(PURPOSE);
        let header = json!({ "name": name, "in": "header", "required": false, "description": about, "schema": schema });
        headers.push(header);
    }
    headers
}

/// A header's name as people write it.
fn title(name: &str) -> String {
    let part = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}

fn rights(route: &Route) -> String {
    match route.right {
        Right::Public => "Anybody may ask. 无须登录。".into(),
        Right::SignedIn => "For whoever has signed in. 登录后可用。".into(),
        Right::Action { staff, resident } => {
            let (staff, resident) = (or_nobody(staff), or_nobody(resident));
            format!("Actions of the table of authority: staff {staff}; residents {resident}. 按权限表。")
        }
        Right::Step => "By the duties of the step. 按该步骤的职责。".into(),
        Right::CaseWork => "For whoever works on cases, or has one. 按案件承办职责。".into(),
    }
}

fn or_nobody(actions: &[&str]) -> String {
    if actions.is_empty() { "none".into() } else { format!("`{}`", actions.join("`, `")) }
}

/// The statuses of problems a route may end in.
fn statuses(route: &Route) -> Vec<u16> {
    let public = route.right == Right::Public;
    let body = route.takes.is_some();
    let key = route.key != Key::None;
    let asks = |yes: bool, status: u16| yes.then_some(status);
    let braces = route.braces().next().is_some();
    let known = [
        asks(body || key, 400),
        asks(!public || body, 401),
        asks(!public || route.changes(), 403),
        asks(!public || braces || body, 404),
        asks(key || body, 409),
        asks(body, 413),
        asks(body, 415),
        Some(422),
        asks(!public || body, 429),
        Some(500),
        Some(503),
        asks(!public || body, 507),
    ];
    known.into_iter().flatten().collect()
}
