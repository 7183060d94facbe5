//! The shapes of single values, for the documented schema. The checks themselves are in `check.rs`; a test holds
//! both against each other.
use super::{LINE_MAX, LIST_MAX, NAME_MAX, TEXT_MAX};
use crate::record::words::Coded;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Declares a schema that is written out where it is used.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident: $schema:expr) => {
        $(#[$doc])*
        pub(super) struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

shape! {
    /// A registry number of a person.
    PersonId: json_schema!({"type": "string", "pattern": "^[0-9a-f]{32}$"})
}
shape! {
    /// A name that the workflow gives.
    Name: json_schema!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": NAME_MAX})
}
shape! {
    /// The key of a document.
    DocumentKey: json_schema!({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": NAME_MAX})
}
shape! {
    /// One line of text.
    Line: json_schema!({"type": "string", "minLength": 1, "maxLength": LINE_MAX})
}
shape! {
    /// A text in words; lines are divided by a line feed.
    Text: json_schema!({"type": "string", "minLength": 1, "maxLength": TEXT_MAX})
}
shape! {
    /// A date.
    Day: json_schema!({"type": "string", "format": "date"})
}
shape! {
    /// A number of something in the case.
    Number: json_schema!({"type": "integer", "format": "uint32", "minimum": 1})
}

/// A member of a closed list.
pub(super) struct Choice<T>(PhantomData<T>);

impl<T: Coded> JsonSchema for Choice<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Choice of {}", T::WHAT.1).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = T::all().into_iter().map(|(name, _)| name).collect();
        json_schema!({"type": "string", "enum": names})
    }
}

/// A list of limited length.
pub(super) struct Many<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Many {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        json_schema!({"type": "array", "maxItems": LIST_MAX, "items": items})
    }
}
