//! What is written has the same fields whichever way it comes: each transport's own types become drafts field by field, and back.

/// Translates a transport's types to drafts and back, field by field: as it is, or in one of these ways.
///
/// - `as object`: something with fields of its own; `as optional`: the same, or a number of another kind, that may be absent
/// - `as list`: a list of such
/// - `as text`: a text that the transport leaves empty when it is absent
/// - `as message`: something that the transport may leave away, which is as good as empty then
/// - `or <value>`: something that the transport may leave away, which is this value then
#[macro_export]
macro_rules! same_fields {
    ($($carried:ty = $draft:ident { $($field:ident $(as $way:ident)? $(or $absent:literal)?),+ $(,)? })+) => {$(
        impl From<$carried> for $draft {
            fn from(carried: $carried) -> Self {
                Self { $($field: $crate::draft::fields::same_fields!(@read carried.$field $(, $way)? $(, or $absent)?)),+ }
            }
        }

        impl From<$draft> for $carried {
            fn from(draft: $draft) -> Self {
                Self { $($field: $crate::draft::fields::same_fields!(@write draft.$field $(, $way)? $(, or $absent)?)),+ }
            }
        }
    )+};
    (@$to:ident $value:expr) => { $value };
    (@$to:ident $value:expr, object) => { $value.into() };
    (@$to:ident $value:expr, optional) => { $value.map(Into::into) };
    (@$to:ident $value:expr, list) => { $value.into_iter().map(Into::into).collect() };
    (@read $value:expr, text) => { Some($value).filter(|text| !text.is_empty()) };
    (@write $value:expr, text) => { $value.unwrap_or_default() };
    (@read $value:expr, message) => { $value.unwrap_or_default().into() };
    (@write $value:expr, message) => { Some($value.into()) };
    (@read $value:expr, or $absent:literal) => { $value.unwrap_or($absent) };
    (@write $value:expr, or $absent:literal) => { Some($value) };
}

pub use same_fields;
