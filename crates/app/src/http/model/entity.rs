//! What the stored things of the catalog have in common: an id and a stamp around the fields, and changes that name some of them.

use std::borrow::Cow;

use booking_domain::affected::WithAffected;
use booking_domain::draft::reader::Draft;
use booking_domain::invalid::FieldError;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::Stamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::openapi::schema::{AdditionalProperties, Schema};
use utoipa::openapi::{ObjectBuilder, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::http::json;
use crate::http::model::affected::Affected;
use crate::http::model::time::{Id, Instant};

/// A named schema of the document.
type Named = (String, RefOr<Schema>);

/// The fields of a kind of entity, as they are written.
pub trait EntityFields: ToSchema + Serialize + DeserializeOwned + From<Self::Draft> {
    /// The same, as the domain reads them.
    type Draft: Draft + From<Self>;
    /// The schema's name of the whole entity.
    const ENTITY: &'static str;
    /// The schema's name of a change to it.
    const PATCH: &'static str;
    /// What it is, in a few words.
    const IS: &'static str;

    /// What these fields say.
    ///
    /// # Errors
    /// Every field that is wrong.
    fn parse(self) -> Result<Spec<Self>, Refusal> {
        Self::Draft::from(self).parse()
    }
}

/// Such fields, of what is offered by them.
pub trait OfferedFields: EntityFields {
    /// The schema's name of the entity after a change.
    const CHANGED: &'static str;
}

/// What the fields of an entity say.
type Spec<F> = <<F as EntityFields>::Draft as Draft>::Parsed;

/// A stored thing: its fields, its id, and when it was made and changed.
#[derive(Debug, Serialize)]
pub struct Entity<F> {
    /// Its id.
    pub id: Id,
    /// What it is.
    #[serde(flatten)]
    pub fields: F,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i64,
}

impl<F: EntityFields> Entity<F> {
    /// The entity with this id, fields and stamp.
    pub fn new(id: uuid::Uuid, fields: impl Into<F::Draft>, stamp: Stamp) -> Self {
        let (created_at, updated_at) = (Instant(stamp.created_at), Instant(stamp.updated_at));
        Self { id: Id(id), fields: fields.into().into(), created_at, updated_at, version: stamp.version }
    }
}

/// A stored thing after a change, and what the change concerns.
#[derive(Debug, Serialize)]
pub struct ChangedEntity<F> {
    /// The thing.
    #[serde(flatten)]
    pub entity: Entity<F>,
    /// Whatever fitted before, and does not any more. It stays.
    pub affected: Affected,
}

impl<'a, F, E> From<&'a WithAffected<E>> for ChangedEntity<F>
where
    Entity<F>: From<&'a E>,
{
    fn from(changed: &'a WithAffected<E>) -> Self {
        Self { entity: (&changed.now).into(), affected: (&changed.affected).into() }
    }
}

/// Some of an entity's fields, and the version that was read.
pub struct Patch<F> {
    /// The version that was read; any when absent.
    pub version: Option<i64>,
    given: Map<String, Value>,
    of: std::marker::PhantomData<F>,
}

impl<F: EntityFields> Patch<F> {
    /// The change in this JSON object. The version that `If-Match` names, `seen`, goes before the one in the body.
    ///
    /// # Errors
    /// `version` is not a number, or no field is named.
    pub fn parse(mut given: Map<String, Value>, seen: Option<i64>) -> Result<Self, Refusal> {
        let version = match given.remove("version") {
            None | Some(Value::Null) => None,
            Some(version) => Some(version.as_i64().ok_or_else(|| Refusal::field("version", "must be a whole number"))?),
        };
        if given.is_empty() {
            return Err(Refusal::field("body", "must name a field to change"));
        }
        let version = seen.or(version);
        Ok(Self { version, given, of: std::marker::PhantomData })
    }

    /// What the fields say after the change: what is not named stays, at any depth (RFC 7396).
    ///
    /// # Errors
    /// Every field that is unknown or wrong.
    pub fn apply(&self, current: impl Into<F::Draft>) -> Result<Spec<F>, Refusal> {
        let Ok(Value::Object(mut merged)) = serde_json::to_value(F::from(current.into())) else {
            return Err(Refusal::InvalidArgument { errors: Vec::new() });
        };
        let known: Vec<FieldError> =
            self.given.keys().filter(|name| !merged.contains_key(*name)).map(|name| unknown(name)).collect();
        if !known.is_empty() {
            return Err(Refusal::InvalidArgument { errors: known });
        }
        merge(&mut merged, &self.given);
        json::of_value::<F>(Value::Object(merged))?.parse()
    }
}

/// Merges the members of a change into what is there. What may be absent is written as `null`, so `null` takes it away; whatever is
/// no object, a list too, is replaced.
fn merge(there: &mut Map<String, Value>, change: &Map<String, Value>) {
    for (name, value) in change {
        match (there.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(change)) => merge(there, change),
            _ => drop(there.insert(name.clone(), value.clone())),
        }
    }
}

fn unknown(name: &str) -> FieldError {
    FieldError { field: name.to_owned(), message: "is not a field of this".to_owned() }
}

fn edited<F: EntityFields>(edit: impl FnOnce(&mut utoipa::openapi::Object)) -> RefOr<Schema> {
    let mut schema = F::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        edit(object);
    }
    schema
}

impl<F: EntityFields> PartialSchema for Entity<F> {
    fn schema() -> RefOr<Schema> {
        edited::<F>(|object| {
            object.description = Some(format!("{}, as it is stored.", F::IS));
            // Answers may grow; what is read must not refuse that.
            object.additional_properties = None;
            object.properties.insert("id".to_owned(), Ref::from_schema_name("Id").into());
            for name in ["created_at", "updated_at"] {
                object.properties.insert(name.to_owned(), Ref::from_schema_name("Instant").into());
            }
            object.properties.insert("version".to_owned(), i64::schema());
            object.required = object.properties.keys().cloned().collect();
        })
    }
}

impl<F: EntityFields> ToSchema for Entity<F> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(F::ENTITY)
    }

    fn schemas(schemas: &mut Vec<Named>) {
        schemas.push(("Id".to_owned(), Id::schema()));
        schemas.push(("Instant".to_owned(), Instant::schema()));
        F::schemas(schemas);
    }
}

impl<F: OfferedFields> PartialSchema for ChangedEntity<F> {
    fn schema() -> RefOr<Schema> {
        let mut schema = Entity::<F>::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description = Some(format!("{}, as it is after a change; and whatever no longer fits.", F::IS));
            object.properties.insert("affected".to_owned(), Ref::from_schema_name("Affected").into());
            object.required = object.properties.keys().cloned().collect();
        }
        schema
    }
}

impl<F: OfferedFields> ToSchema for ChangedEntity<F> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(F::CHANGED)
    }

    fn schemas(schemas: &mut Vec<Named>) {
        schemas.push(("Affected".to_owned(), Affected::schema()));
        Entity::<F>::schemas(schemas);
    }
}

impl<F: EntityFields> PartialSchema for Patch<F> {
    fn schema() -> RefOr<Schema> {
        edited::<F>(|object| {
            object.description = Some(format!("{}: the fields to change.", F::IS));
            object.required.clear();
            object.min_properties = Some(1);
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            let version = ObjectBuilder::from(match i64::schema() {
                RefOr::T(Schema::Object(number)) => number,
                _ => utoipa::openapi::Object::new(),
            });
            let version =
                version.minimum(Some(1)).description(Some("The version that was read; the same as `If-Match`")).build();
            object.properties.insert("version".to_owned(), version.into());
        })
    }
}

impl<F: EntityFields> ToSchema for Patch<F> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(F::PATCH)
    }

    fn schemas(schemas: &mut Vec<Named>) {
        F::schemas(schemas);
    }
}
