//! The table of what a rich text is made of.

use super::shapes::{MANY, Rule, Shape, URL, shape, string};
use super::{optional, required};

/// What a rich text is made of.
pub(super) const LEAVES: &[Shape] = &[
    shape("rich_text_section", &[required("elements", IN_LINE)]),
    shape(
        "rich_text_list",
        &[
            required("style", Rule::Word(&["bullet", "ordered"])),
            required(
                "elements",
                Rule::List { of: &Rule::Typed(&["rich_text_section"]), at_least: 1, at_most: MANY },
            ),
            optional("indent", Rule::Number(0..=8)),
            optional("offset", FREE_NUMBER),
            optional("border", Rule::Number(0..=1)),
        ],
    ),
    shape("rich_text_quote", &[required("elements", IN_LINE), optional("border", Rule::Number(0..=1))]),
    shape(
        "rich_text_preformatted",
        &[
            required(
                "elements",
                Rule::List { of: &Rule::Typed(&["text", "link"]), at_least: 1, at_most: MANY },
            ),
            optional("border", Rule::Number(0..=1)),
            optional("language", string(100)),
        ],
    ),
    shape("text", &[required("text", FREE), optional("style", LEAF_STYLE)]),
    shape(
        "link",
        &[
            required("url", URL),
            optional("text", FREE),
            optional("unsafe", Rule::Flag),
            optional("style", LEAF_STYLE),
        ],
    ),
    shape("user", &[required("user_id", string(255)), optional("style", LEAF_STYLE)]),
    shape("channel", &[required("channel_id", string(255)), optional("style", LEAF_STYLE)]),
    shape("usergroup", &[required("usergroup_id", string(255)), optional("style", LEAF_STYLE)]),
    shape(
        "emoji",
        &[required("name", string(100)), optional("unicode", string(100)), optional("style", LEAF_STYLE)],
    ),
    shape(
        "date",
        &[
            required("timestamp", FREE_NUMBER),
            required("format", string(1000)),
            optional("url", URL),
            optional("fallback", FREE),
            optional("style", LEAF_STYLE),
        ],
    ),
    shape(
        "broadcast",
        &[required("range", Rule::Word(&["here", "channel", "everyone"])), optional("style", LEAF_STYLE)],
    ),
];

const LEAF_STYLE: Rule = Rule::Part("leaf_style");
const IN_LINE: Rule = Rule::List {
    of: &Rule::Typed(&["text", "link", "user", "channel", "usergroup", "emoji", "date", "broadcast"]),
    at_least: 1,
    at_most: MANY,
};

/// A rich text has no stated limit; 40,000 characters are the most that a whole message may have.
const FREE: Rule = string(40_000);
const FREE_NUMBER: Rule = Rule::Number(0..=i64::MAX);
