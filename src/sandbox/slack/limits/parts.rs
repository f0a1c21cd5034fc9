//! The table of objects without a `type` of their own, and of the two kinds of view.

use super::shapes::{ID, OPTIONS, Rule, STYLE, Shape, Text, URL, shape};
use super::{optional, required};

/// Objects without a `type` of their own, and the two kinds of view.
pub(super) const PARTS: &[Shape] = &[
    shape(
        "option",
        &[
            required("text", Rule::Text(Text::Plain, 75)),
            required("value", Rule::String { at_least: 0, at_most: 150 }),
            optional("description", Rule::Text(Text::Plain, 75)),
            optional("url", URL),
        ],
    ),
    shape("option_group", &[required("label", Rule::Text(Text::Plain, 75)), required("options", OPTIONS)]),
    shape(
        "confirm",
        &[
            required("title", Rule::Text(Text::Plain, 100)),
            required("text", Rule::Text(Text::Any, 300)),
            required("confirm", Rule::Text(Text::Plain, 30)),
            required("deny", Rule::Text(Text::Plain, 30)),
            optional("style", STYLE),
        ],
    ),
    shape(
        "leaf_style",
        &[
            optional("bold", Rule::Flag),
            optional("italic", Rule::Flag),
            optional("strike", Rule::Flag),
            optional("code", Rule::Flag),
            optional("underline", Rule::Flag),
        ],
    ),
    shape(
        "modal",
        &[
            required("title", Rule::Text(Text::Plain, 24)),
            required("blocks", Rule::Blocks),
            optional("submit", Rule::Text(Text::Plain, 24)),
            optional("close", Rule::Text(Text::Plain, 24)),
            optional("private_metadata", METADATA),
            optional("callback_id", ID),
            optional("external_id", ID),
            optional("clear_on_close", Rule::Flag),
            optional("notify_on_close", Rule::Flag),
            optional("submit_disabled", Rule::Flag),
        ],
    ),
    shape(
        "home",
        &[
            required("blocks", Rule::Blocks),
            optional("private_metadata", METADATA),
            optional("callback_id", ID),
            optional("external_id", ID),
        ],
    ),
];

const METADATA: Rule = Rule::String { at_least: 0, at_most: 3000 };
