//! Reads a form from JSON and says everything that is wrong with its shape, in both languages.
//!
//! What fits is read by serde alone. Only what does not fit is walked along the form's own documented schema, so
//! the sentences name what that schema allows: fields, types and kinds. What the values must be is said later,
//! by the form itself.
use super::field::{At, FieldError, Reading};
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Most bytes of one form. Longer texts and files are evidence, not fields.
pub const BYTES_MAX: usize = 256 * 1024;

/// The form in these bytes.
///
/// # Errors
/// No JSON, or everything that does not fit the form's schema: unknown and missing fields, wrong types.
pub fn from_json<T: DeserializeOwned + JsonSchema>(bytes: &[u8]) -> Result<T, Vec<FieldError>> {
    if bytes.len() > BYTES_MAX {
        let (most, found) = (BYTES_MAX / 1024, bytes.len().div_ceil(1024));
        return Err(vec![FieldError::whole(
            format!("内容有 {found} KB，最多 {most} KB；较长的内容请作为材料上传"),
            format!("{found} KB are more than {most} KB; hand longer texts in as evidence"),
        )]);
    }
    serde_json::from_slice(bytes).map_err(|error| match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => misfits::<T>(&value, &error),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            vec![FieldError::whole(
                format!("不是有效的 JSON：请检查第 {line} 行第 {column} 列附近"),
                format!("not valid JSON; look near line {line}, column {column}"),
            )]
        }
    })
}

fn misfits<T: JsonSchema>(value: &Value, error: &serde_json::Error) -> Vec<FieldError> {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
    let mut walk = Walk { reading: Reading::default(), definitions: &schema["$defs"] };
    walk.value(&At::Root, &schema, value);
    if walk.reading.errors.is_empty() {
        let zh = format!("内容与格式不符（{error}），请对照接口说明");
        walk.reading.wrong(&At::Root, zh, format!("does not fit the form ({error}); see its description"));
    }
    walk.reading.errors
}

/// One form walked along its schema. Of the schema language only what our forms use is known here.
struct Walk<'s> {
    reading: Reading,
    definitions: &'s Value,
}

impl<'s> Walk<'s> {
    fn value(&mut self, at: &At<'_>, schema: &'s Value, value: &Value) {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.trim_start_matches("#/$defs/");
            return self.value(at, &self.definitions[name], value);
        }
        if let Some(kinds) = schema["oneOf"].as_array() {
            return self.tagged(at, kinds, value);
        }
        if let Some(either) = schema["anyOf"].as_array() {
            // Ours have one form and null.
            let form = either.iter().find(|s| s["type"] != "null");
            return form.filter(|_| !value.is_null()).map_or((), |form| self.value(at, form, value));
        }
        let types = &schema["type"];
        let fits =
            |name: &str| types == name || types.as_array().is_some_and(|all| all.contains(&name.into()));
        if types.is_null() || (value.is_null() && fits("null")) {
            return;
        }
        match value {
            Value::Object(fields) if fits("object") => self.object(at, schema, fields, None),
            Value::Array(entries) if fits("array") => {
                let each = entries.iter().enumerate();
                each.for_each(|(n, entry)| self.value(&at.item(n), &schema["items"], entry));
            }
            Value::Number(number) if fits("integer") => self.integer(at, schema, number),
            Value::String(_) if fits("string") => {}
            Value::Bool(_) if fits("boolean") => {}
            _ => {
                let (zh, en) = expected(fits);
                self.reading.wrong(at, format!("应为{zh}"), format!("must be {en}"));
            }
        }
    }

    /// An object whose tag says which of several it is.
    fn tagged(&mut self, at: &At<'_>, kinds: &'s [Value], value: &Value) {
        let tag_of = |kind: &'s Value| {
            let fields = kind["properties"].as_object()?;
            fields.iter().find_map(|(name, schema)| Some((name.as_str(), schema["const"].as_str()?)))
        };
        let tags: Vec<(&str, &str)> = kinds.iter().filter_map(tag_of).collect();
        let (Some((tag, _)), Value::Object(fields)) = (tags.first(), value) else {
            return self.reading.wrong(at, "应为对象", "must be an object");
        };
        let names = tags.iter().map(|(_, name)| *name);
        match fields.get(*tag) {
            None => {
                let all: Vec<&str> = names.collect();
                let (zh, en) = (all.join("、"), all.join(", "));
                self.reading.wrong(
                    &at.field(tag),
                    format!("缺少此项。可用：{zh}"),
                    format!("is missing. Allowed: {en}"),
                );
            }
            Some(Value::String(given)) => {
                match kinds.iter().find(|k| tag_of(k).is_some_and(|t| t.1 == given)) {
                    Some(kind) => self.object(at, kind, fields, Some(tag)),
                    None => self.reading.unknown(&at.field(tag), ("类别", "kind"), given, names),
                }
            }
            Some(_) => self.reading.wrong(&at.field(tag), "应为文本", "must be a text"),
        }
    }

    fn object(&mut self, at: &At<'_>, schema: &'s Value, fields: &Map<String, Value>, tag: Option<&str>) {
        let none = Map::new();
        let known = schema["properties"].as_object();
        let open = schema["additionalProperties"] != false;
        for (name, value) in fields.iter().filter(|(name, _)| Some(name.as_str()) != tag) {
            match known.and_then(|known| known.get(name)) {
                Some(schema) => self.value(&at.field(name), schema, value),
                None if open => {}
                None => {
                    let known = known.unwrap_or(&none).keys().map(String::as_str);
                    self.reading.unknown(&at.field(name), ("字段", "field"), name, known);
                }
            }
        }
        let wanted = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in wanted.filter(|name| !fields.contains_key(*name)) {
            self.reading.wrong(&at.field(name), "缺少此项，请填写", "is missing; fill it in");
        }
    }

    fn integer(&mut self, at: &At<'_>, schema: &Value, number: &serde_json::Number) {
        let (least, most) = match schema["format"].as_str() {
            Some("uint32") => (0, i64::from(u32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        if number.as_i64().is_some_and(|n| (least..=most).contains(&n)) {
            return;
        }
        match least {
            0 => {
                let zh = format!("应为 0 至 {most} 的整数");
                self.reading.wrong(at, zh, format!("must be a whole number from 0 to {most}"));
            }
            _ => self.reading.wrong(at, "应为整数", "must be a whole number"),
        }
    }
}

fn expected(fits: impl Fn(&str) -> bool) -> (&'static str, &'static str) {
    const WORDS: [(&str, &str, &str); 5] = [
        ("object", "对象", "an object"),
        ("array", "列表", "a list"),
        ("integer", "整数", "a whole number"),
        ("string", "文本", "a text"),
        ("boolean", "是（true）或否（false）", "true or false"),
    ];
    WORDS.into_iter().find(|(name, ..)| fits(name)).map_or(("其他内容", "something else"), |w| (w.1, w.2))
}
