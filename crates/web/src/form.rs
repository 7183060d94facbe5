//! What comes with a request: the query, and the body. Both are read along the schema that the description shows, so
//! that what is described and what is accepted are one thing.

use crate::problem::Problem;
use anmin_app::record::{FieldError, from_json};
use axum::http::{HeaderMap, StatusCode, header};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Most bytes of a body of JSON.
pub(crate) const MOST_JSON: usize = 1024 * 1024;

/// Most bytes of a file.
const MOST_FILE: usize = 10 * 1024 * 1024;

/// A schema, made with others of the same description.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What a route reads from the query.
pub(crate) trait Query: DeserializeOwned + JsonSchema + Send + 'static {}
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Query for T {}

/// No query.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoQuery {}

/// What a route takes as its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    /// The media types, the first for the description.
    pub media: &'static [&'static str],
    /// Most bytes.
    pub most: usize,
    /// What is in it.
    pub schema: SchemaOf,
}

/// A body.
pub(crate) trait Body: Sized + Send + 'static {
    /// What is taken; none: nothing is read.
    const TAKES: Option<Takes>;

    /// Reads it.
    fn read(bytes: &[u8]) -> Result<Self, Problem>;
}

/// No body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nothing;

impl Body for Nothing {
    const TAKES: Option<Takes> = None;

    fn read(_: &[u8]) -> Result<Self, Problem> {
        Ok(Nothing)
    }
}

/// A form as JSON.
#[derive(Clone, Debug)]
pub(crate) struct Form<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Body for Form<T> {
    const TAKES: Option<Takes> = Some(Takes {
        media: &["application/json"],
        most: MOST_JSON,
        schema: SchemaGenerator::subschema_for::<T>,
    });

    fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let read: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(bytes);
        if let Err(error) = read {
            return Err(not_json(&error));
        }
        no_nul(bytes)?;
        from_json(bytes).map(Form).map_err(Problem::fields)
    }
}

/// A file, as it is.
#[derive(Clone, Debug)]
pub(crate) struct Upload(pub Vec<u8>);

impl Body for Upload {
    const TAKES: Option<Takes> = Some(Takes {
        media: &["application/octet-stream", "application/pdf", "image/jpeg", "image/png", "image/webp"],
        most: MOST_FILE,
        schema: bytes_schema,
    });

    fn read(bytes: &[u8]) -> Result<Self, Problem> {
        Ok(Upload(bytes.to_vec()))
    }
}

/// The schema of a file.
pub(crate) fn bytes_schema(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "type": "string", "format": "binary" })
}

fn not_json(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::new(
        StatusCode::BAD_REQUEST,
        "not_json",
        (
            format!("内容不是有效的 JSON：请检查第 {line} 行第 {column} 列附近。"),
            format!("The body is not valid JSON: look near line {line}, column {column}."),
        ),
        ("请改正后重新提交。", "Correct it and send it again."),
    )
}

/// No database keeps U+0000 in a text, and nobody means it.
fn no_nul(bytes: &[u8]) -> Result<(), Problem> {
    if !bytes.windows(5).any(|five| five == b"u0000") {
        return Ok(());
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    let mut wrong = Vec::new();
    find_nul(&value, &mut String::new(), &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(Problem::fields(wrong)) }
}

fn find_nul(value: &Value, at: &mut String, wrong: &mut Vec<FieldError>) {
    let length = at.len();
    match value {
        Value::String(text) if text.contains('\0') => wrong.push(nul(at)),
        Value::Array(entries) => {
            for (n, entry) in entries.iter().enumerate() {
                at.push_str(&format!("[{n}]"));
                find_nul(entry, at, wrong);
                at.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if name.contains('\0') {
                    wrong.push(nul(at));
                }
                if length > 0 {
                    at.push('.');
                }
                at.push_str(name);
                find_nul(field, at, wrong);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

fn nul(at: &str) -> FieldError {
    FieldError {
        at: at.to_owned(),
        zh: "不能含有空字符（U+0000）。".into(),
        en: "Must not hold the character U+0000.".into(),
    }
}

/// Checks that a body is of a kind that is taken.
pub(crate) fn check_media(takes: &Takes, headers: &HeaderMap) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let said = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if takes.media.contains(&said.as_str()) {
        return Ok(());
    }
    let wanted = takes.media.join(", ");
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "media_type",
        (
            format!("内容的格式（Content-Type）应为 {wanted}。"),
            format!("The Content-Type of the body must be {wanted}."),
        ),
        ("请改用该格式重新提交。", "Send it again in that form."),
    ))
}

/// The body has more bytes than are taken.
pub(crate) fn too_large(most: usize) -> Problem {
    let most = most / 1024;
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        (format!("内容超过 {most} KB。"), format!("The body has more than {most} KB.")),
        ("请减小后重新提交。", "Make it smaller and send it again."),
    )
}

/// Reads a query along the schema of what it is read into.
pub(crate) fn read_query<Q: Query>(query: &str) -> Result<Q, Problem> {
    let schema = SchemaGenerator::default().into_root_schema_for::<Q>().to_value();
    let mut fields = Map::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        if name.contains('\0') || text.contains('\0') {
            return Err(Problem::fields(vec![nul(&name.replace('\0', ""))]));
        }
        let value = typed(&schema["properties"][name.as_ref()], &text);
        if fields.insert(name.clone().into_owned(), value).is_some() {
            return Err(Problem::fields(vec![FieldError {
                at: name.into_owned(),
                zh: "此项写了两次，请只写一次。".into(),
                en: "Stands there twice; say it once.".into(),
            }]));
        }
    }
    let wrong = out_of_range(&schema, &fields);
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong));
    }
    let bytes = serde_json::to_vec(&fields).map_err(|error| Problem::broken(error.to_string()))?;
    from_json(&bytes).map_err(Problem::fields)
}

/// Numbers that are not within the limits that the schema names.
fn out_of_range(schema: &Value, fields: &Map<String, Value>) -> Vec<FieldError> {
    let judge = |(name, value): (&String, &Value)| {
        let schema = &schema["properties"][name.as_str()];
        let (number, least, most) =
            (value.as_i64()?, schema["minimum"].as_i64()?, schema["maximum"].as_i64()?);
        (!(least..=most).contains(&number)).then(|| FieldError {
            at: name.clone(),
            zh: format!("应为 {least} 至 {most}。"),
            en: format!("Must be from {least} to {most}."),
        })
    };
    fields.iter().filter_map(judge).collect()
}

/// Refuses a text of more characters than its schema names.
pub(crate) fn no_longer(at: &str, text: &str, most: usize) -> Result<(), Problem> {
    if text.chars().count() <= most {
        return Ok(());
    }
    Err(Problem::fields(vec![FieldError {
        at: at.into(),
        zh: format!("最多 {most} 个字符。"),
        en: format!("At most {most} characters."),
    }]))
}

/// The text of a parameter as the value its schema wants, or as it is where it is none.
fn typed(schema: &Value, text: &str) -> Value {
    let is = |kind: &str| {
        let types = &schema["type"];
        types == kind || types.as_array().is_some_and(|all| all.iter().any(|one| one == kind))
    };
    let number = || text.parse::<i64>().ok().filter(|number| number.to_string() == text).map(Value::from);
    let truth = || text.parse::<bool>().ok().map(Value::from);
    let read = if is("integer") {
        number()
    } else if is("boolean") {
        truth()
    } else {
        None
    };
    read.unwrap_or_else(|| Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, JsonSchema, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Asks {
        name: Option<String>,
        #[serde(default)]
        mine: bool,
        #[schemars(range(min = 1, max = 100))]
        limit: Option<u32>,
    }

    fn wrong(read: Result<impl std::fmt::Debug, Problem>) -> (u16, Vec<String>) {
        let problem = read.expect_err("wrong");
        (problem.status.as_u16(), problem.fields.into_iter().map(|field| field.at).collect())
    }

    #[test]
    fn a_query_is_read_by_the_types_of_its_schema() {
        let read = read_query::<Asks>("name=12&mine=true&limit=5").expect("right");
        assert_eq!(read, Asks { name: Some("12".into()), mine: true, limit: Some(5) });
        assert_eq!(read_query::<Asks>("").expect("right"), Asks { name: None, mine: false, limit: None });
        assert_eq!(read_query::<Asks>("name=%E6%9D%8E").expect("right").name.as_deref(), Some("李"));
        for (query, at) in [
            ("limit=x", "limit"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=+1", "limit"),
            ("limit=-1", "limit"),
            ("limit=4294967296", "limit"),
            ("mine=1", "mine"),
            ("mine", "mine"),
            ("other=1", "other"),
            ("name=a&name=b", "name"),
            ("name=a%00", "name"),
        ] {
            assert_eq!(wrong(read_query::<Asks>(query)), (422, vec![at.to_owned()]), "{query}");
        }
    }

    #[test]
    fn a_body_that_is_no_json_is_told_from_one_that_does_not_fit() {
        let read = |text: &str| Form::<Asks>::read(text.as_bytes());
        assert!(read(r#"{"name": "u0000 \\u0000"}"#).is_ok());
        for (text, status, at) in [
            ("", 400, None),
            ("{", 400, None),
            ("{} {}", 400, None),
            (r#"{"other": 1}"#, 422, Some("other")),
            (r#"{"limit": "1"}"#, 422, Some("limit")),
            (r#"{"name": "a\u0000"}"#, 422, Some("name")),
            ("[]", 422, Some("")),
        ] {
            let at: Vec<String> = at.into_iter().map(str::to_owned).collect();
            assert_eq!(wrong(read(text)), (status, at), "{text}");
        }
    }
}
