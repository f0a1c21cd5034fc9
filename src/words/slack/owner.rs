//! Asking a group's owner: the message to them, and what the asker is told.

use super::blocks::{self, Line};
use super::message::Message;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::Opening;
use crate::words::account::account_name;
use crate::words::say::{Span, Whom, name, say};

/// Who asks an owner for what.
pub struct Request<'r> {
    /// Slack's id of whoever pressed the button.
    pub asker: &'r str,
    /// Slack's id of the person who is to be added.
    pub about: &'r str,
    pub opening: &'r Opening,
    pub reference: &'r str,
}

/// The direct message to the owner: who, what, why. The owner adds the person where they always do.
pub fn request(diagnosis: &Diagnosis, request: &Request) -> Message {
    let group = || name(request.opening.name());
    let account = || name(account_name(diagnosis));
    let is_for_oneself = request.asker == request.about;
    let mut who = vec![Line::with_person("Asked by ", request.asker)];
    if !is_for_oneself {
        who.push(Line::with_person("For ", request.about));
    }
    who.push(Line::labelled("Directory name ", &say![name(&diagnosis.question.subject)]));
    who.push(Line::labelled("Group ", &say![group()]));
    let opens = match &request.opening.permission_set {
        Some(permission_set) => say![account(), " as ", name(permission_set)],
        None => say![account()],
    };
    who.push(Line::labelled("Opens ", &opens));
    let person = match Whom::other(diagnosis) {
        Whom::Other(person) => person,
        Whom::Reader => diagnosis.question.subject.clone(),
    };
    let headline = match is_for_oneself {
        true => say![name(&person), " asks to be added to ", group(), ", which you own."],
        false => say!["The help desk asks you to add ", name(&person), " to ", group(), ", which you own."],
    };
    let counts = diagnosis.routes.iter().filter_map(|route| route.opens_accounts);
    let is_smallest = counts.min().is_some_and(|fewest| request.opening.opens_accounts == Some(fewest));
    let why = say![
        "They need ",
        account(),
        " in AWS and are in no group that opens it.",
        if is_smallest { " Of those that do, this one opens the fewest accounts." } else { "" }
    ];
    let how = say![
        "If you agree, add them where you always do. I change nothing myself, and I have told them that you were asked."
    ];
    let blocks = vec![
        blocks::rich_text(&[Line::bold(&headline)]),
        blocks::rich_text(&who),
        blocks::rich_text(&[Line::plain(&why), Line::plain(&how)]),
        blocks::context(&format!("sso-why · {}", request.reference)),
    ];
    let text = headline.then(say![" "]).then(why).plain(&jiff::tz::TimeZone::UTC);
    Message { text: blocks::text(&text), blocks }
}

/// The owner was asked.
pub fn asked(owner: Span, opening: &Opening, for_oneself: bool) -> Message {
    let sent = say!["I have asked the group's owner, ", owner, "."];
    let then = say![
        "They know who asks and for which group (",
        name(opening.name()),
        if for_oneself {
            "). Once you are added, it takes a synchronization to arrive."
        } else {
            "). Once the person is added, it takes a synchronization to arrive."
        }
    ];
    Message::of(Some(&sent), &[then])
}

/// The owner was asked before, by this same report.
pub fn asked_already(owner: Span) -> Message {
    Message::of(None, &[say!["The group's owner (", owner, ") has been asked already."]])
}

/// The access has come meanwhile.
pub fn not_needed() -> Message {
    Message::of(
        None,
        &[say!["The access is there by now, so I asked nobody. Press \"Check again\" to see it."]],
    )
}

/// Slack did not take the message.
pub fn not_asked() -> Message {
    Message::of(
        None,
        &[say![
            "I could not write to the group's owner. Nothing was sent; press the button again in a minute."
        ]],
    )
}
