//! What the messages of every catalog entity have in common: they differ in their names alone.

/// Translates the entity and its create, get, update, delete and list messages, both ways.
macro_rules! entity_messages {
    (
        $entity:ident($id:ident, $spec:ident) drafted as $draft:ident, read by $read:ident;
        create $create:ident;
        get $get:ident;
        update $update:ident;
        delete $delete:ident $deleted:ident;
        list $list:ident $listed:ident $items:ident;
    ) => {
        /// The entity in a message.
        pub(super) fn $read(r: &mut Reader<'_>, message: v1::$entity) -> Option<$entity> {
            let id = r.id("id", &message.id);
            let spec = r.kept(|r| $draft::from(message.spec.unwrap_or_default()).read(r));
            let stamp = crate::convert::ranges::stamp(r, message.stamp);
            Some($entity { id: id?, spec: spec?, stamp: stamp? })
        }

        impl From<&$entity> for v1::$entity {
            fn from(entity: &$entity) -> Self {
                let spec = Some($draft::from(&entity.spec).into());
                Self { id: entity.id.to_string(), spec, stamp: Some((&entity.stamp).into()), affected: None }
            }
        }

        impl From<&booking_domain::affected::WithAffected<$entity>> for v1::$entity {
            fn from(changed: &booking_domain::affected::WithAffected<$entity>) -> Self {
                Self { affected: Some((&changed.affected).into()), ..(&changed.now).into() }
            }
        }

        impl TryFrom<v1::$entity> for booking_domain::affected::WithAffected<$entity> {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(mut message: v1::$entity) -> Result<Self, Self::Error> {
                booking_domain::draft::reader::parse(|r| {
                    let affected = super::affected::affected(r, message.affected.take());
                    let now = $read(r, message);
                    Some(Self { now: now?, affected: affected? })
                })
            }
        }

        impl TryFrom<v1::$entity> for $entity {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(message: v1::$entity) -> Result<Self, Self::Error> {
                booking_domain::draft::reader::parse(|r| $read(r, message))
            }
        }

        impl From<&booking_domain::request::Create<$spec>> for v1::$create {
            fn from(create: &booking_domain::request::Create<$spec>) -> Self {
                let request_id = create.request_id.as_ref().map(ToString::to_string).unwrap_or_default();
                Self { spec: Some($draft::from(&create.spec).into()), request_id }
            }
        }

        impl TryFrom<v1::$create> for booking_domain::request::Create<$spec> {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(message: v1::$create) -> Result<Self, Self::Error> {
                booking_domain::draft::reader::parse(|r| {
                    let spec = $draft::from(message.spec.unwrap_or_default()).read(r);
                    let request_id = r.request_id(crate::convert::fields::text(message.request_id));
                    Some(Self { spec: spec?, request_id: request_id? })
                })
            }
        }

        impl From<&booking_domain::request::Update<$id, $spec>> for v1::$update {
            fn from(update: &booking_domain::request::Update<$id, $spec>) -> Self {
                let spec = Some($draft::from(&update.spec).into());
                Self { id: update.id.to_string(), spec, version: update.version }
            }
        }

        impl TryFrom<v1::$update> for booking_domain::request::Update<$id, $spec> {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(message: v1::$update) -> Result<Self, Self::Error> {
                booking_domain::draft::reader::parse(|r| {
                    let id = r.id("id", &message.id);
                    let spec = $draft::from(message.spec.unwrap_or_default()).read(r);
                    let version = r.version(message.version);
                    Some(Self { id: id?, spec: spec?, version: version? })
                })
            }
        }

        super::entity::entity_messages! { by id $id $get }
        super::entity::entity_messages! { by id $id $delete }

        impl TryFrom<v1::$deleted> for () {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(_: v1::$deleted) -> Result<Self, Self::Error> {
                Ok(())
            }
        }

        impl From<&booking_domain::page::PageRequest> for v1::$list {
            fn from(page: &booking_domain::page::PageRequest) -> Self {
                Self { page_size: Some(page.size), page_token: page.token.clone().unwrap_or_default() }
            }
        }

        impl TryFrom<v1::$list> for booking_domain::page::PageRequest {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(message: v1::$list) -> Result<Self, Self::Error> {
                crate::convert::page::draft(message.page_size, message.page_token).parse()
            }
        }

        impl From<&booking_domain::page::Page<$entity>> for v1::$listed {
            fn from(page: &booking_domain::page::Page<$entity>) -> Self {
                let $items = page.items.iter().map(Into::into).collect();
                Self { $items, next_page_token: page.next.clone().unwrap_or_default() }
            }
        }

        impl TryFrom<v1::$listed> for booking_domain::page::Page<$entity> {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(message: v1::$listed) -> Result<Self, Self::Error> {
                booking_domain::draft::reader::parse(|r| {
                    let items = r.all(stringify!($items), message.$items, $read)?;
                    Some(Self { items, next: crate::convert::fields::text(message.next_page_token) })
                })
            }
        }
    };
    (by id $id:ident $message:ident) => {
        impl From<$id> for v1::$message {
            fn from(id: $id) -> Self {
                Self { id: id.to_string() }
            }
        }

        impl TryFrom<v1::$message> for $id {
            type Error = booking_domain::refusal::Refusal;

            fn try_from(message: v1::$message) -> Result<Self, Self::Error> {
                booking_domain::draft::reader::parse(|r| r.id("id", &message.id))
            }
        }
    };
}

pub(super) use entity_messages;
