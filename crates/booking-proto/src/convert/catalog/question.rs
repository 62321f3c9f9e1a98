//! The questions of an event type.

use booking_domain::event_type::{Question, QuestionKind};
use booking_domain::limits;
use booking_domain::text::{Key, Name};

use crate::convert::reader::Reader;
use crate::v1;

fn question(r: &mut Reader<'_>, message: v1::Question) -> Option<Question> {
    let key = r.take("key", Key::parse(&message.key));
    let label = r.take("label", Name::parse(&message.label));
    let kind = r.take("kind", QuestionKind::parse(&message.kind));
    let options =
        r.each("options", (message.options, limits::QUESTION_OPTIONS), |r, option| r.take("", Name::parse(&option)));
    let question = Question { key: key?, label: label?, kind: kind?, required: message.required, options: options? };
    r.take("options", question.check())?;
    Some(question)
}

pub(super) fn questions(r: &mut Reader<'_>, messages: Vec<v1::Question>) -> Option<Vec<Question>> {
    let mut seen = Vec::new();
    r.each("questions", (messages, limits::QUESTIONS), |r, message| {
        let question = question(r, message)?;
        if seen.contains(&question.key) {
            return r.wrong("key", "must not come twice");
        }
        seen.push(question.key.clone());
        Some(question)
    })
}

impl From<&Question> for v1::Question {
    fn from(question: &Question) -> Self {
        Self {
            key: question.key.to_string(),
            label: question.label.to_string(),
            kind: question.kind.name().to_owned(),
            required: question.required,
            options: question.options.iter().map(Name::to_string).collect(),
        }
    }
}
