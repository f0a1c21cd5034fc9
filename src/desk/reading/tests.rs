//! What people write, and what is made of it.

use super::*;
use crate::diagnosis::facts::AccountState;

const BOT: &str = "U0BOT";

const ACCOUNTS: &[(&str, &str)] = &[
    ("111122223333", "Payments-Prod"),
    ("444455551111", "Payments-Dev"),
    ("444455552222", "Payments"),
    ("555566661111", "Payments-Prod-EU"),
    ("222200000001", "Data-Lake"),
    ("222200000002", "Data-Lake"),
    ("333300000001", "Rocket 🚀 Lab"),
    ("333300000002", "R&D"),
    ("333300000003", "Café Zürich"),
    ("333300000004", "決済本番"),
    ("333300000005", "Access"),
    ("333300000006", "Innovation-Lab"),
    ("333300000007", "Orders-Production"),
    ("333300000008", "Оплата-Прод"),
];

fn known() -> Vec<Account> {
    ACCOUNTS
        .iter()
        .map(|(id, name)| Account {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            state: AccountState::Active,
        })
        .collect()
}

fn heard(text: &str) -> Heard {
    read(text, BOT, &known())
}

/// In one line: people, then accounts by their labels, then the permission set.
fn told(text: &str) -> String {
    let heard = heard(text);
    let people = heard.people.iter().map(|who| match who {
        Who::Mentioned(id) => format!("@{id}"),
        Who::Written(email) => email.clone(),
        Who::Unresolved(name) => format!("nobody {name}"),
    });
    let accounts = heard.accounts.iter().map(|account| account.label.clone());
    let set = heard.permission_set.iter().map(|set| format!("as {set}"));
    people.chain(accounts).chain(set).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_question_in_free_words_is_understood() {
    for (text, means) in [
        ("<@U0BOT> why can't <@U0DANA|dana> see payments prod?", "@U0DANA, Payments-Prod"),
        ("<@U0BOT> why can’t <@U0DANA> see payments-prod", "@U0DANA, Payments-Prod"),
        ("<@U0BOT> <@U0DANA> Payments_Prod", "@U0DANA, Payments-Prod"),
        ("<@W0DANA> is missing PAYMENTS  PROD, <@U0BOT>", "@W0DANA, Payments-Prod"),
        ("<@U0BOT> Payments-Prod", "Payments-Prod"),
        ("hey <@U0BOT>: I lost the paymentsprod account!", "Payments-Prod"),
        ("<@U0BOT> why don't I see payments in prod?", "Payments-Prod"),
        ("<@U0BOT> payments in the prod account is gone", "Payments-Prod"),
        ("<@U0BOT> where are our payments production accounts", "Payments-Prod"),
        ("<@U0BOT> orders prod", "Orders-Production"),
        ("<@U0BOT> (payments-prod), please", "Payments-Prod"),
        ("<@U0BOT> `payments-prod`'s console", "Payments-Prod"),
        (
            "<@U0BOT> From: <mailto:dana@example.com.|dana@example.com.> payments dev",
            "dana@example.com, Payments-Dev",
        ),
        ("<@U0BOT> can dana@example.com see payments dev?", "dana@example.com, Payments-Dev"),
        (
            "<@U0BOT> <mailto:Dana@Example.com|Dana@Example.com> payments dev",
            "dana@example.com, Payments-Dev",
        ),
    ] {
        assert_eq!(told(text), means, "{text}");
    }
}

#[test]
fn of_names_that_hold_each_other_the_longest_is_meant() {
    assert_eq!(told("<@U0BOT> payments prod eu"), "Payments-Prod-EU");
    assert_eq!(told("<@U0BOT> payments prod in eu"), "Payments-Prod-EU");
    assert_eq!(told("<@U0BOT> payments prod in us"), "Payments-Prod");
    assert_eq!(told("<@U0BOT> why can't I see payments?"), "Payments");
}

#[test]
fn a_number_names_an_account_however_it_is_written() {
    assert_eq!(told("<@U0BOT> 111122223333"), "Payments-Prod");
    assert_eq!(told("<@U0BOT> why not 1111-2222-3333?"), "Payments-Prod");
    assert_eq!(told("<@U0BOT> <tel:111122223333|111122223333>?"), "Payments-Prod");
    assert_eq!(heard("<@U0BOT> 999900009999").accounts[0].ask, "999900009999");
    assert_eq!(told("<@U0BOT> 1111222233334"), "", "thirteen digits are no account's number");
    assert_eq!(told("<@U0BOT> order 111122223333-77"), "");
}

#[test]
fn signs_and_scripts_of_any_kind_are_read() {
    assert_eq!(told("<@U0BOT> rocket lab"), "Rocket 🚀 Lab");
    assert_eq!(told("<@U0BOT> Rocket 🚀 Lab?"), "Rocket 🚀 Lab");
    assert_eq!(told("<@U0BOT> why not r&amp;d"), "R&D");
    assert_eq!(told("<@U0BOT> cafe zurich"), "Café Zürich");
    assert_eq!(told("<@U0BOT> Cafe\u{301}-ZU\u{308}RICH"), "Café Zürich");
    assert_eq!(told("<@U0BOT> なぜ決済本番が見えないのですか"), "決済本番");
    assert_eq!(told("<@U0BOT> где оплата прод"), "Оплата-Прод");
    assert_eq!(told("<@U0BOT> payments\u{200b}-prod"), "Payments-Prod");
}

#[test]
fn an_account_called_like_an_ordinary_word_is_meant_only_where_no_other_is() {
    assert_eq!(told("<@U0BOT> why has <@U0DANA> no access to payments prod"), "@U0DANA, Payments-Prod");
    assert_eq!(told("<@U0BOT> why can't I see access?"), "Access");
}

#[test]
fn several_accounts_are_all_heard() {
    assert_eq!(told("<@U0BOT> payments dev and payments prod"), "Payments-Dev, Payments-Prod");
    let both = heard("<@U0BOT> payments dev and payments dev");
    assert_eq!(both.accounts.len(), 1, "the same twice is one");
}

#[test]
fn two_accounts_of_one_name_are_asked_for_by_the_name() {
    assert_eq!(
        heard("<@U0BOT> data lake").accounts,
        [Named { ask: "Data-Lake".to_owned(), label: "Data-Lake".to_owned() }]
    );
}

#[test]
fn whom_it_is_about() {
    for (text, people) in [
        ("<@U0BOT> payments prod", ""),
        ("<@U0BOT> I can't see payments-prod, <@U0SAM> said I should ask you", ""),
        ("<@U0BOT> why can't I see payments-prod? cc <@U0SAM>", ""),
        ("<@U0BOT> I think <@U0DANA> can't see payments-prod", "@U0DANA"),
        ("<@U0BOT> can I know why <@U0DANA> doesn't see payments-prod", "@U0DANA"),
        ("<@U0SAM> asked me: why can't <@U0DANA> see payments-prod <@U0BOT>", "@U0DANA"),
        ("<@U0BOT> <@U0DANA> <@U0DANA> payments-prod", "@U0DANA"),
        ("<@U0BOT> <@U0DANA> and <@U0SAM>: payments-prod", "@U0DANA, @U0SAM"),
        ("<@U0BOT> why can't @dana, see payments-prod", "nobody @dana"),
        ("<@U0BOT> (@dana.reyes) payments-prod", "nobody @dana.reyes"),
        ("<@U0BOT> payments-prod @ 5pm", ""),
        ("<@U0BOT> <!here> <#C0GENERAL|general> <!subteam^S0X|team> payments-prod", ""),
    ] {
        let told = told(text);
        let told = told.strip_suffix("Payments-Prod").expect("the account is heard");
        assert_eq!(told.trim_end_matches(", "), people, "{text}");
    }
}

#[test]
fn permission_sets_are_heard_where_they_are_surely_meant() {
    for (text, set) in [
        ("<@U0BOT> Payments-Prod ReadOnly", Some("ReadOnly")),
        ("<@U0BOT> <@U0DANA> payments prod ReadOnly", Some("ReadOnly")),
        ("<@U0BOT> <@U0DANA> \"Payments Prod\" ReadOnly", Some("ReadOnly")),
        ("<@U0BOT> \"Payments Prod\" \"Read Only\"", Some("Read Only")),
        ("<@U0BOT> why can't <@U0DANA> see payments prod as Admin?", Some("Admin")),
        ("<@U0BOT> why can't I see payments prod with my team?", None),
        ("<@U0BOT> payments prod please", None),
        ("<@U0BOT> payments prod again?", None),
        ("<@U0BOT> why can't I see payments prod anymore?", None),
        ("<@U0BOT> 111122223333 Admin", Some("Admin")),
    ] {
        let heard = heard(text);
        assert_eq!(heard.accounts.len(), 1, "{text}: {heard:?}");
        assert_eq!(heard.permission_set.as_deref(), set, "{text}");
    }
}

#[test]
fn a_name_between_quotation_marks_is_meant_even_where_no_account_has_it() {
    assert_eq!(heard("<@U0BOT> “No Such”").accounts[0].ask, "No Such");
    assert_eq!(told("<@U0BOT> \"Payments Prod"), "Payments-Prod", "a mark without its partner is none");
}

#[test]
fn near_names_are_offered_where_none_was_named() {
    assert_eq!(
        heard("<@U0BOT> why can't I see paymants prod?").near.first().map(String::as_str),
        Some("Payments-Prod")
    );
    assert_eq!(heard("<@U0BOT> innovation please").near, ["Innovation-Lab"]);
    assert_eq!(heard("<@U0BOT> why can't I see it?").near, [] as [&str; 0]);
    assert!(heard("<@U0BOT> innovation").accounts.is_empty());
}

#[test]
fn nothing_but_a_mention_is_empty_and_nonsense_is_not() {
    assert!(heard("<@U0BOT>").is_empty);
    assert!(heard("  <@U0BOT>  \"\" ").is_empty);
    assert!(!heard("<@U0BOT> 🚀🚀").is_empty);
    assert_eq!(heard("<@U0BOT> 🚀🚀 < > <@ <> <|> &lt;").accounts, []);
}

#[test]
fn a_flood_of_words_is_read_at_its_beginning_alone() {
    let flood = format!("<@U0BOT> payments prod {}", "why payments ".repeat(100_000));
    assert_eq!(heard(&flood).accounts.first().map(|account| account.label.as_str()), Some("Payments-Prod"));
}
