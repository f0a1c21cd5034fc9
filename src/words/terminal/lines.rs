//! Lines of at most 80 columns, broken between words.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

/// The width that every terminal has.
pub(super) const COLUMNS: usize = 80;
/// The longest name that has its detail beside it in a table: AWS's longest action. A longer one would take the room of
/// all details, so that its own goes below it.
const LONGEST_NAME: usize = 48;
/// Where a step's line goes on: sign, the longest label ("directory person"), and a gap.
const INDENT: usize = 22;

/// Takes lines and breaks them.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Everything that was put in.
    pub(super) fn text(self) -> String {
        self.0
    }

    pub(super) fn blank(&mut self) {
        self.0.push('\n');
    }

    pub(super) fn first(&mut self, verdict: &str, width: usize, text: &str) {
        let indent = 2 + width + 3;
        self.put(&format!("  {verdict}   "), indent, text);
    }

    pub(super) fn labelled(&mut self, sign: &str, label: &str, text: &str) {
        let mut start = format!("  {sign} {label}");
        for _ in label.width() + 4..INDENT {
            start.push(' ');
        }
        self.put(&start, INDENT, text);
    }

    pub(super) fn hanging(&mut self, label: &str, text: &str) {
        self.put(&format!("  {label:<7}"), 9, text);
    }

    pub(super) fn wrapped(&mut self, indent: usize, text: &str) {
        self.put(&" ".repeat(indent), indent, text);
    }

    pub(super) fn item(&mut self, text: &str) {
        self.put("         - ", 11, text);
    }

    /// An address is of use only in one piece, so it may be longer than a line.
    pub(super) fn unbroken(&mut self, label: &str, text: &str) {
        let _a_string_takes_it_all = writeln!(self.0, "  {label:<7}{text}");
    }

    /// Lines that are laid out already.
    pub(super) fn verbatim(&mut self, text: &str) {
        for line in text.lines() {
            let _a_string_takes_it_all = writeln!(self.0, "  {}", line.trim_end());
        }
    }

    /// Rows under each other. What has a word that the last column has no room for goes below its row: a code or a name
    /// is of use only in one piece.
    pub(super) fn table(&mut self, rows: &[[String; 3]]) {
        let fits = |name: &str| name.width() <= LONGEST_NAME;
        let names = rows.iter().map(|[_, name, _]| name).filter(|name| fits(name));
        let second = names.map(|name| name.width()).max().unwrap_or_default();
        let first = rows.iter().map(|[state, ..]| state.width()).max().unwrap_or_default();
        let room = COLUMNS.saturating_sub(first + second + 6);
        for [state, name, detail] in rows {
            let state = format!("  {state:<first$}  ");
            if fits(name) && detail.split_whitespace().all(|word| word.width() <= room) {
                self.put(&format!("{state}{name:<second$}  "), COLUMNS - room, detail);
            } else {
                self.put(&state, first + 4, name);
                self.wrapped(first + 8, detail);
            }
        }
    }

    /// A command broken where the shell allows it.
    pub(super) fn command(&mut self, command: &str) {
        let parts = before_each_option(command);
        for (position, part) in parts.iter().enumerate() {
            let start = if position == 0 { "$ " } else { "    " };
            let goes_on = if position + 1 < parts.len() { " \\" } else { "" };
            self.unbroken("", &format!("{start}{part}{goes_on}"));
        }
    }

    fn put(&mut self, start: &str, indent: usize, text: &str) {
        self.0.push_str(start);
        let mut column = indent;
        let mut first = true;
        for word in text.split_whitespace().flat_map(|word| pieces(word, COLUMNS - indent)) {
            if !first && column + 1 + word.width() > COLUMNS {
                self.0.push('\n');
                self.0.push_str(&" ".repeat(indent));
                column = indent;
            } else if !first {
                self.0.push(' ');
                column += 1;
            }
            column += word.width();
            self.0.push_str(&word);
            first = false;
        }
        self.0.push('\n');
    }
}

/// Cut where an option begins, but for what a shell takes as it stands: between single quotes and after a backslash.
fn before_each_option(command: &str) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, character) in command.char_indices() {
        let may_end = !is_quoted && !is_escaped;
        is_escaped = may_end && character == '\\';
        if character == '\'' && (may_end || is_quoted) {
            is_quoted = !is_quoted;
        }
        let rest = command.get(at..).unwrap_or_default();
        if may_end && rest.starts_with(" --") {
            parts.extend(command.get(from..at));
            from = at + 1;
        }
    }
    parts.extend(command.get(from..));
    parts
}

/// A word cut so that each piece fits a line, after one of the signs that join the parts of a name where it has any; a
/// group's name may have 1,024 characters.
fn pieces(word: &str, room: usize) -> Vec<String> {
    const JOINTS: [char; 5] = [':', '.', '_', '/', '-'];
    let mut pieces = vec![String::new()];
    for character in word.chars() {
        if let Some(piece) = pieces.last_mut()
            && piece.width() + 2 > room
        {
            let joint = piece.rfind(JOINTS).map_or(piece.len(), |joint| joint + 1);
            let begun = piece.split_off(joint);
            pieces.push(begun);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_broken_between_words_alone() {
        let mut lines = Lines::default();
        lines.command(r"aws x --name 'Ops -- Core' --also 'it'\''s -- so' --end");
        assert_eq!(
            lines.text(),
            "         $ aws x \\\n             --name 'Ops -- Core' \\\n             --also 'it'\\''s -- so' \\\n             --end\n"
        );
    }

    #[test]
    fn a_name_is_broken_between_its_parts_alone() {
        assert_eq!(
            pieces("identitystore:DescribeGroupMembership", 30),
            ["identitystore:", "DescribeGroupMembership"]
        );
    }

    #[test]
    fn what_does_not_fit_its_column_goes_below_in_one_piece() {
        let mut lines = Lines::default();
        let row = |detail: &str| ["ok".to_owned(), "x".repeat(48), detail.to_owned()];
        lines.table(&[row("allowed"), row("arn:aws:iam::999988887777:role/sso-why")]);
        let name = "x".repeat(48);
        assert_eq!(
            lines.text(),
            format!(
                "  ok  {name}  allowed\n  ok  {name}\n          arn:aws:iam::999988887777:role/sso-why\n"
            )
        );
    }
}
