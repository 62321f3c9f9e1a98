//! Corrections: what a booking says of its booker, their answers and its notes, changed part by part.

use std::collections::BTreeMap;

use crate::booking::{Answer, Booking, checked_answer};
use crate::event_type::Question;
use crate::refusal::{Fields, Refusal};
use crate::text::{Email, Name, Phone, Prose};

/// What is written where only those who run an organization may.
pub const OPERATORS_ONLY: &str = "is for operators";

/// What of a booking changes; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookingChange {
    /// Who booked.
    pub booker: BookerChange,
    /// Answers by the question's key; nothing takes an answer away.
    pub answers: BTreeMap<String, Option<Answer>>,
    /// What those who run the organization note about it.
    pub staff_notes: Option<Prose>,
}

/// What of a booker changes; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BookerChange {
    pub name: Option<Name>,
    pub email: Option<Option<Email>>,
    pub phone: Option<Option<Phone>>,
    pub notes: Option<Prose>,
}

impl BookingChange {
    /// The change as it may be made: an answer is held against its question as it is when one books. What is not named was let in
    /// by the questions of its time.
    ///
    /// # Errors
    /// Every answer that its question does not allow, and every one that answers no question.
    pub fn checked(mut self, questions: &[Question]) -> Result<Self, Refusal> {
        let mut fields = Fields::default();
        for (key, given) in &mut self.answers {
            let field = format!("answers.{key}");
            match questions.iter().find(|question| question.key.as_str() == key) {
                Some(question) => {
                    if let Some(checked) = fields.take(field, checked_answer(question, given.as_ref())) {
                        *given = checked;
                    }
                }
                None if given.is_none() => {}
                None => fields.wrong(field, "answers no question of this event type"),
            }
        }
        fields.finish(Some(self))
    }

    /// Refuses what is not for bookers to change.
    ///
    /// # Errors
    /// Every field that is for operators alone.
    pub fn for_booker(self) -> Result<Self, Refusal> {
        let mut fields = Fields::default();
        if self.booker.email.is_some() {
            fields.wrong("booker.email", OPERATORS_ONLY);
        }
        if self.staff_notes.is_some() {
            fields.wrong("staff_notes", OPERATORS_ONLY);
        }
        fields.finish(Some(self))
    }

    /// The booking with this change.
    #[must_use]
    pub fn applied(&self, mut booking: Booking) -> Booking {
        let (change, booker) = (&self.booker, &mut booking.booker);
        replace(&mut booker.name, change.name.as_ref());
        replace(&mut booker.email, change.email.as_ref());
        replace(&mut booker.phone, change.phone.as_ref());
        replace(&mut booker.notes, change.notes.as_ref());
        replace(&mut booking.staff_notes, self.staff_notes.as_ref());
        for (key, answer) in &self.answers {
            match answer {
                Some(answer) => drop(booking.answers.insert(key.clone(), answer.clone())),
                None => drop(booking.answers.remove(key)),
            }
        }
        booking
    }
}

fn replace<T: Clone>(place: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        place.clone_from(value);
    }
}
