//! Texts that are one of a few names: the domain has them, and the document lists them.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// Declares schemas of such texts, each with all of its names.
macro_rules! names {
    ($($(#[doc = $doc:literal])+ $name:ident = $all:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::http::model::names::one_of(concat!($($doc),+).trim(), $all)
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

pub(crate) use names;

/// The schema of a text that is one of these names.
pub fn one_of(description: &str, names: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    schema.enum_values(Some(names)).build().into()
}
