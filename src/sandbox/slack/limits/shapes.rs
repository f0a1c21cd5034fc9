//! The table of the blocks and elements that the bot uses: which fields each kind has, and each field's rule.

use std::ops::RangeInclusive;

use super::{optional, required};

/// One kind of block, element or part.
pub(super) struct Shape {
    pub(super) kind: &'static str,
    pub(super) fields: &'static [Field],
    /// At least one of these fields must be there.
    pub(super) any_of: &'static [&'static str],
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) rule: Rule,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Text {
    Plain,
    Any,
}

pub(super) enum Rule {
    Flag,
    Number(RangeInclusive<i64>),
    String {
        at_least: usize,
        at_most: usize,
    },
    Word(&'static [&'static str]),
    /// A text object of at most so many characters.
    Text(Text, usize),
    /// An object of [`PARTS`](super::parts::PARTS).
    Part(&'static str),
    /// An object that says its `type`, which is one of these.
    Typed(&'static [&'static str]),
    TextOr(usize, &'static [&'static str]),
    List {
        of: &'static Rule,
        at_least: usize,
        at_most: usize,
    },
    Blocks,
}

pub(super) const fn shape(kind: &'static str, fields: &'static [Field]) -> Shape {
    Shape { kind, fields, any_of: &[] }
}

pub(super) const fn string(at_most: usize) -> Rule {
    Rule::String { at_least: 1, at_most }
}

/// An id that the bot may leave out or leave empty.
pub(super) const ID: Rule = Rule::String { at_least: 0, at_most: 255 };
pub(super) const URL: Rule = string(3000);
const CONFIRM: Rule = Rule::Part("confirm");
const PLACEHOLDER: Rule = Rule::Text(Text::Plain, 150);

/// Rich text lists its elements without a stated limit; so many is more than any message can show.
pub(super) const MANY: usize = 1000;

pub(super) const BLOCKS: &[Shape] = &[
    shape(
        "header",
        &[
            required("text", Rule::Text(Text::Plain, 150)),
            optional("level", Rule::Number(1..=4)),
            optional("block_id", ID),
        ],
    ),
    Shape {
        kind: "section",
        fields: &[
            optional("text", Rule::Text(Text::Any, 3000)),
            optional("fields", Rule::List { of: &Rule::Text(Text::Any, 2000), at_least: 1, at_most: 10 }),
            optional(
                "accessory",
                Rule::Typed(&[
                    "button",
                    "overflow",
                    "static_select",
                    "external_select",
                    "users_select",
                    "image",
                ]),
            ),
            optional("expand", Rule::Flag),
            optional("block_id", ID),
        ],
        any_of: &["text", "fields"],
    },
    shape(
        "context",
        &[
            // Slack gives no length for a text in a context; it refuses what it refuses in a section.
            required(
                "elements",
                Rule::List { of: &Rule::TextOr(3000, &["image"]), at_least: 1, at_most: 10 },
            ),
            optional("block_id", ID),
        ],
    ),
    shape(
        "actions",
        &[
            required(
                "elements",
                Rule::List {
                    of: &Rule::Typed(&[
                        "button",
                        "overflow",
                        "static_select",
                        "external_select",
                        "users_select",
                    ]),
                    at_least: 1,
                    at_most: 25,
                },
            ),
            optional("block_id", ID),
        ],
    ),
    shape("divider", &[optional("block_id", ID)]),
    shape(
        "input",
        &[
            required("label", Rule::Text(Text::Plain, 2000)),
            required(
                "element",
                Rule::Typed(&["plain_text_input", "static_select", "external_select", "users_select"]),
            ),
            optional("hint", Rule::Text(Text::Plain, 2000)),
            optional("optional", Rule::Flag),
            optional("dispatch_action", Rule::Flag),
            optional("block_id", ID),
        ],
    ),
    shape(
        "rich_text",
        &[
            required(
                "elements",
                Rule::List {
                    of: &Rule::Typed(&[
                        "rich_text_section",
                        "rich_text_list",
                        "rich_text_quote",
                        "rich_text_preformatted",
                    ]),
                    at_least: 1,
                    at_most: MANY,
                },
            ),
            optional("block_id", ID),
        ],
    ),
    // As a block and as an element it has the same fields, but for the block's title and id.
    shape(
        "image",
        &[
            required("image_url", URL),
            required("alt_text", string(2000)),
            optional("title", Rule::Text(Text::Plain, 2000)),
            optional("block_id", ID),
        ],
    ),
];

pub(super) const ELEMENTS: &[Shape] = &[
    shape(
        "button",
        &[
            required("text", Rule::Text(Text::Plain, 75)),
            optional("action_id", ID),
            optional("url", URL),
            optional("value", Rule::String { at_least: 0, at_most: 2000 }),
            optional("style", STYLE),
            optional("confirm", CONFIRM),
            optional("accessibility_label", string(75)),
        ],
    ),
    shape(
        "overflow",
        &[
            required("options", Rule::List { of: &Rule::Part("option"), at_least: 1, at_most: 5 }),
            optional("action_id", ID),
            optional("confirm", CONFIRM),
        ],
    ),
    Shape {
        kind: "static_select",
        fields: &[
            optional("options", OPTIONS),
            optional(
                "option_groups",
                Rule::List { of: &Rule::Part("option_group"), at_least: 1, at_most: 100 },
            ),
            optional("initial_option", Rule::Part("option")),
            optional("action_id", ID),
            optional("placeholder", PLACEHOLDER),
            optional("confirm", CONFIRM),
            optional("focus_on_load", Rule::Flag),
        ],
        any_of: &["options", "option_groups"],
    },
    shape(
        "external_select",
        &[
            optional("initial_option", Rule::Part("option")),
            optional("min_query_length", Rule::Number(0..=1000)),
            optional("action_id", ID),
            optional("placeholder", PLACEHOLDER),
            optional("confirm", CONFIRM),
            optional("focus_on_load", Rule::Flag),
        ],
    ),
    shape(
        "users_select",
        &[
            optional("initial_user", string(255)),
            optional("action_id", ID),
            optional("placeholder", PLACEHOLDER),
            optional("confirm", CONFIRM),
            optional("focus_on_load", Rule::Flag),
        ],
    ),
    shape(
        "plain_text_input",
        &[
            optional("initial_value", Rule::String { at_least: 0, at_most: 3000 }),
            optional("multiline", Rule::Flag),
            optional("min_length", Rule::Number(0..=3000)),
            optional("max_length", Rule::Number(1..=3000)),
            optional("action_id", ID),
            optional("placeholder", PLACEHOLDER),
            optional("focus_on_load", Rule::Flag),
        ],
    ),
];

pub(super) const STYLE: Rule = Rule::Word(&["primary", "danger"]);
pub(super) const OPTIONS: Rule = Rule::List { of: &Rule::Part("option"), at_least: 1, at_most: 100 };
