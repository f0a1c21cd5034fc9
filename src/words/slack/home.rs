//! The Home tab: what a person has and why, what they have asked, and their tickets; for agents everybody's.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::blocks::{self, Button, Line};
use super::message::Message;
use crate::diagnosis::causes::Cause;
use crate::diagnosis::facts::{AccountState, Gap};
use crate::diagnosis::portal::{Access, OwnAccount, Portal, Standing, Through};
use crate::words::account::state_in_words;
use crate::words::gaps::why_unseen;
use crate::words::in_short::in_short;
use crate::words::say::{Sentence, Span, mention, name, say};

/// By which a press is known to come from here.
pub const CALLBACK: &str = "home";
/// Questions told at most: each takes two blocks of the hundred that a view may have (Slack's limit).
pub const QUESTIONS: usize = 10;
/// Tickets told at most: what fits one list.
pub const TICKETS: usize = 40;
/// Accounts told at most: two lists; nobody reads further, and a question finds every account.
const ACCOUNTS: usize = 80;
/// Lines of one list; a block takes no more.
const LINES: usize = 40;
/// Ways to one account told at most.
const WAYS: usize = 3;

/// What a Home tab tells.
pub struct Home<'h> {
    /// Nothing where Slack shows no e-mail address by which AWS would know them.
    pub portal: Option<&'h Portal>,
    /// Of the last days, the newest first.
    pub questions: &'h [OpenQuestion],
    pub tickets: &'h Tickets,
    pub help_desk: HelpDesk<'h>,
}

/// Something that they asked and do not have.
pub struct OpenQuestion {
    pub account_name: String,
    pub permission_set: Option<String>,
    /// Nothing where none could be named.
    pub cause: Option<Cause>,
    pub checked_at: Timestamp,
    /// What the buttons carry back.
    pub handle: String,
    /// Whether the bot looks for it already.
    pub is_watched: bool,
}

/// Some of the open tickets, and how many there are.
pub struct Tickets {
    pub first: Vec<Ticket>,
    pub in_all: usize,
}

/// A ticket that is not resolved. People are Slack's ids.
pub struct Ticket {
    pub account_name: String,
    pub requester: String,
    pub agent: Option<String>,
    /// Whether the access has been found in place.
    pub restored: bool,
    pub link: Option<String>,
    pub opened_at: Timestamp,
}

/// Whether the reader is an agent.
pub enum HelpDesk<'h> {
    No,
    /// Everybody's open tickets.
    Agent(&'h Tickets),
    /// Slack did not let it be read.
    Unseen,
}

/// The Home tab of one person, as `views.publish` takes it.
pub fn home(home: &Home) -> Value {
    let mut blocks = vec![blocks::rich_text(&[Line::plain(&say![
        "I explain why an AWS account is missing from your access portal, and who can mend it."
    ])])];
    blocks.extend(blocks::actions("ask", &[Button::new("ask", "Ask about an account", "ask")]));
    blocks.extend(questions(home.questions));
    blocks.extend(own_tickets(home.tickets));
    blocks.extend(help_desk(&home.help_desk));
    blocks.extend(accounts(home));
    view(blocks)
}

/// A Home tab that only says this.
pub fn only(message: &Message) -> Value {
    view(message.blocks.clone())
}

fn view(blocks: Vec<Value>) -> Value {
    json!({"type": "home", "callback_id": CALLBACK, "blocks": blocks})
}

fn heading(words: &str) -> Value {
    blocks::rich_text(&[Line::bold(&say![words])])
}

fn questions(questions: &[OpenQuestion]) -> Vec<Value> {
    if questions.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![heading("What you asked and do not have yet")];
    for (position, question) in questions.iter().take(QUESTIONS).enumerate() {
        blocks.push(blocks::rich_text(&[Line::plain(&question.in_words())]));
        let mut buttons = vec![Button::new("recheck", "Check again", &question.handle)];
        if !question.is_watched {
            buttons.push(Button::new("watch", "Tell me when it's fixed", &question.handle));
        }
        blocks.extend(blocks::actions(&format!("question_{position}"), &buttons));
    }
    blocks
}

impl OpenQuestion {
    fn in_words(&self) -> Sentence {
        let with = self.permission_set.as_ref().map(|set| say![" with ", name(set)]).unwrap_or_default();
        let why = self.cause.map_or("I could not see why", in_short);
        let watched = if self.is_watched { " I tell you when it is there." } else { "" };
        let account = say![name(&self.account_name)].then(with);
        account.then(say![": ", why, " (checked ", self.checked_at, ").", watched])
    }
}

fn own_tickets(tickets: &Tickets) -> Vec<Value> {
    if tickets.first.is_empty() {
        return Vec::new();
    }
    let lines = tickets.first.iter().map(|ticket| {
        let opened = say![", opened ", ticket.opened_at, "."];
        linked(ticket, &say![name(&ticket.account_name), ": "].then(ticket.state()).then(opened))
    });
    let mut lines: Vec<Line> = lines.collect();
    lines.truncate(TICKETS);
    vec![heading("Your tickets at the help desk"), blocks::list(&lines)]
        .into_iter()
        .chain(tickets.rest())
        .collect()
}

fn help_desk(help_desk: &HelpDesk) -> Vec<Value> {
    let tickets = match help_desk {
        HelpDesk::No => return Vec::new(),
        HelpDesk::Unseen => {
            return vec![blocks::rich_text(&[Line::plain(&say![
                "I could not check whether you are on the help desk: Slack did not let me read its members. If you are, its tickets are in its channel."
            ])])];
        }
        HelpDesk::Agent(tickets) => tickets,
    };
    let title = heading("Open tickets of the help desk");
    if tickets.first.is_empty() {
        return vec![title, blocks::rich_text(&[Line::plain(&say!["None."])])];
    }
    let lines = tickets.first.iter().map(|ticket| {
        let what = say![name(&ticket.account_name), " for ", person(&ticket.requester), ": "];
        linked(ticket, &what.then(ticket.state()).then(say![", opened ", ticket.opened_at, "."]))
    });
    let mut lines: Vec<Line> = lines.collect();
    lines.truncate(TICKETS);
    vec![title, blocks::list(&lines)].into_iter().chain(tickets.rest()).collect()
}

impl Ticket {
    fn state(&self) -> Sentence {
        let state = match &self.agent {
            None => say!["nobody has it yet"],
            Some(agent) => say![person(agent), " has it"],
        };
        if self.restored { state.then(say![", and the access is there now"]) } else { state }
    }
}

impl Tickets {
    fn rest(&self) -> Option<Value> {
        let more = self.in_all.saturating_sub(self.first.len().min(TICKETS));
        (more > 0).then(|| blocks::rich_text(&[Line::plain(&say![format!("And {more} more.")])]))
    }
}

fn person(user: &str) -> Span {
    mention(user, user)
}

fn linked(ticket: &Ticket, sentence: &Sentence) -> Line {
    let line = Line::plain(sentence);
    match &ticket.link {
        Some(link) => line.followed_by_link(link, "See the message"),
        None => line,
    }
}

fn accounts(home: &Home) -> Vec<Value> {
    let title = heading("Your AWS accounts");
    let Some(portal) = home.portal else {
        return vec![
            title,
            blocks::rich_text(&[Line::plain(&say![
                "Slack shows me no e-mail address of yours, and that is how I find people in AWS. The help desk can look by user name."
            ])]),
        ];
    };
    let mut blocks = vec![title];
    let told: Vec<Sentence> =
        portal.accounts.iter().take(ACCOUNTS).map(|one| own_account(portal, one)).collect();
    let lines: Vec<Line> = told.iter().map(Line::plain).collect();
    blocks.extend(lines.chunks(LINES).map(blocks::list));
    let remarks: Vec<Line> = remarks(portal).iter().map(Line::plain).collect();
    if !remarks.is_empty() {
        blocks.push(blocks::rich_text(&remarks));
    }
    let failed = portal.hiding.iter().chain(&portal.unnamed).map(operation);
    if matches!(home.help_desk, HelpDesk::Agent(_)) {
        let failed: Vec<Line> = failed.map(|failed| Line::code(&failed)).collect();
        if !failed.is_empty() {
            blocks.push(blocks::list(&failed));
        }
    }
    let read = blocks::date(portal.checked_at);
    blocks.push(blocks::context(&format!("Read from AWS {read}")));
    blocks
}

fn operation(gap: &Gap) -> String {
    format!("{}: {}", gap.operation, gap.detail)
}

fn own_account(portal: &Portal, account: &OwnAccount) -> Sentence {
    let same_name = portal.accounts.iter().filter(|other| other.name == account.name).count() > 1;
    let called = match &account.name {
        Some(called) if same_name => say![name(called), format!(" ({})", account.id)],
        Some(called) => say![name(called)],
        None => say![format!("account {}", account.id)],
    };
    let state = match &account.state {
        None | Some(AccountState::Active) => Sentence::default(),
        Some(state) => say![format!(" ({}, so that it does not open)", state_in_words(state))],
    };
    let mut sentence = called.then(state).then(say![": "]);
    for (position, access) in account.access.iter().take(WAYS).enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        sentence = sentence.then(say![comma]).then(way(access));
    }
    let more = account.access.len().saturating_sub(WAYS);
    if more > 0 { sentence.then(say![format!(" and in {more} more ways")]) } else { sentence }
}

fn way(access: &Access) -> Sentence {
    let set = match &access.permission_set {
        Some(set) => say![name(set)],
        None => say!["a permission set"],
    };
    set.then(match &access.through {
        Through::Person => say![", assigned to you yourself"],
        Through::Group(Some(group)) => say![" through ", name(group)],
        Through::Group(None) => say![" through a group"],
    })
}

/// What is to be said of the list as a whole.
fn remarks(portal: &Portal) -> Vec<Sentence> {
    let more = portal.accounts.len().saturating_sub(ACCOUNTS);
    let rest = (more > 0).then(|| say![format!("And {more} more.")]);
    let unnamed = (!portal.unnamed.is_empty()).then(|| say!["Some of the names could not be read."]);
    rest.into_iter().chain(standing(portal)).chain(missing(portal)).chain(unnamed).collect()
}

fn standing(portal: &Portal) -> Option<Sentence> {
    match portal.standing {
        Standing::Enabled if portal.accounts.is_empty() && portal.is_complete() => {
            Some(say!["AWS has no account assigned to you. Ask about the one that you need."])
        }
        Standing::Enabled | Standing::Unseen => None,
        Standing::Disabled => Some(say!["Your user in AWS is disabled, so that no account opens for you."]),
        Standing::Unknown => Some(say![
            "AWS does not know you yet, so that no account opens for you. Ask about the one that you need, and I look why."
        ]),
        Standing::Ambiguous => Some(say![
            "AWS has two users that could be you: one by user name, one by e-mail address. Ask about the account that you need, and I say more."
        ]),
    }
}

fn missing(portal: &Portal) -> Option<Sentence> {
    if portal.is_complete() {
        return None;
    }
    let unread = match portal.hiding.first() {
        Some(gap) => say![why_unseen(Some(gap)), " ", what_it_reads(gap), "."],
        None => say![format!("You are in {} groups more than I look into here.", portal.groups_not_asked)],
    };
    let so = if portal.accounts.is_empty() {
        "I can't list your accounts: "
    } else {
        "There may be more than these: "
    };
    let ask = " You can still ask about one by its name.";
    Some(say![so].then(unread).then(say![ask]))
}

/// To end "AWS did not let me read …" with.
fn what_it_reads(gap: &Gap) -> &'static str {
    match gap.operation.as_str() {
        "identitystore:GetUserId" | "identitystore:DescribeUser" => "who you are there",
        "identitystore:ListGroupMembershipsForMember" => "your groups",
        "sso:ListAccountAssignmentsForPrincipal" => "what is assigned to you",
        _ => "what I need for it",
    }
}
