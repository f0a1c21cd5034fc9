//! What a person sees of a message and a report, as plain lines; and what is left for the outside judges.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::workspace::messages::Message;

/// The essence of a JSON report.
pub(super) fn brief(report: &Value) -> String {
    let steps: Vec<String> = report["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| {
            format!("{}={}", step["id"].as_str().expect("id"), step["status"].as_str().expect("status"))
        })
        .collect();
    format!(
        "{} / {} / {} / {}\n{}",
        report["verdict"].as_str().unwrap_or("-"),
        report["cause"].as_str().unwrap_or("-"),
        report["failing_step"].as_str().unwrap_or("-"),
        report["fix"]["owner"].as_str().unwrap_or("-"),
        steps.join(" ")
    )
}

/// Words of a command, with quoted ones in one piece.
pub fn words(text: &str) -> Vec<String> {
    let pieces = text.split('"').enumerate();
    pieces
        .flat_map(|(position, piece)| match position % 2 {
            0 => piece.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
            _ => vec![piece.to_owned()],
        })
        .collect()
}

/// What a person sees of a message: its blocks as plain lines, buttons in brackets.
pub fn seen(message: &Message) -> String {
    seen_in(&message.blocks)
}

/// The same of blocks wherever they stand.
pub fn seen_in(blocks: &[Value]) -> String {
    let mut lines = Vec::new();
    for block in blocks {
        match block["type"].as_str().unwrap_or_default() {
            "rich_text" => {
                for element in array(&block["elements"]) {
                    match element["type"].as_str() {
                        Some("rich_text_list") => {
                            lines.extend(
                                array(&element["elements"]).iter().map(|item| format!("• {}", inline(item))),
                            );
                        }
                        Some("rich_text_quote") => lines.push(format!("> {}", inline(element))),
                        _ => lines.push(inline(element).trim_end().to_owned()),
                    }
                }
            }
            "context" => {
                lines.push(array(&block["elements"])[0]["text"].as_str().unwrap_or_default().to_owned())
            }
            "actions" => {
                let buttons = array(&block["elements"]).iter();
                lines.push(
                    buttons
                        .map(|control| match control["placeholder"]["text"].as_str() {
                            Some(menu) => format!("[{menu} \u{25be}]"),
                            None => format!("[{}]", control["text"]["text"].as_str().unwrap_or_default()),
                        })
                        .collect::<Vec<_>>()
                        .join(" "),
                );
            }
            other => lines.push(format!("<{other}>")),
        }
    }
    without_reference(&lines.join("\n"))
}

fn inline(section: &Value) -> String {
    array(&section["elements"])
        .iter()
        .map(|element| match element["type"].as_str() {
            Some("date") => element["fallback"].as_str().unwrap_or_default().to_owned(),
            Some("user") => format!("@{}", element["user_id"].as_str().unwrap_or_default()),
            Some("channel") => format!("#{}", element["channel_id"].as_str().unwrap_or_default()),
            _ => element["text"].as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// References are random.
pub(super) fn without_reference(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let after_dot = words.last().is_some_and(|before| before == "·");
        let end = word.find('\n').unwrap_or(word.len());
        let is_reference =
            after_dot && end == 5 && word[..end].bytes().all(|byte| byte.is_ascii_alphanumeric());
        words.push(if is_reference { format!("REF{}", &word[end..]) } else { word.to_owned() });
    }
    words.join(" ")
}

/// Leaves everything that the bot sent where the outside judges look for it.
pub(super) fn keep_outbox(sandbox: &Sandbox) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target").join("outbox");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut kept: BTreeMap<String, Value> = BTreeMap::new();
    for sent in sandbox.workspace().outbox() {
        let refused = sent.refusal();
        assert!(
            !refused.is_some_and(|error| error.contains("invalid")),
            "Slack would refuse this: {sent:#?}"
        );
        let body = json!({"method": sent.method, "body": sent.request});
        kept.insert(body.to_string(), body);
    }
    for (text, _) in kept {
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        std::fs::write(folder.join(format!("{}-{number}.json", std::process::id())), text).expect("written");
    }
}
