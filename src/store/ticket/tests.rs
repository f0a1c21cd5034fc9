//! The life of a ticket in the store, on both engines.

use super::*;
use crate::store::tests::{postgres, sqlite};

fn at(time: &str) -> Timestamp {
    format!("2026-11-24T{time}:00Z").parse().unwrap()
}

fn danas(id: &str, requester: &str) -> NewTicket {
    NewTicket {
        id: id.to_owned(),
        reference: "7K2QX".to_owned(),
        requester: requester.to_owned(),
        about: "U0DANA".to_owned(),
        account_id: "111122223333".to_owned(),
        account_name: "Payments-Prod".to_owned(),
        permission_set: None,
        cause: "sync_pending".to_owned(),
        can_be_sent: true,
        report: "{}".to_owned(),
    }
}

fn event(id: &str, who: &str, what: Deed, time: &str) -> TicketEvent {
    TicketEvent { id: id.to_owned(), who: who.to_owned(), what, whom: None, at: at(time) }
}

async fn one_ticket_for_the_same_and_a_second_asker_joins(store: Store) {
    let first = store.open_ticket(&danas("t1", "U0DANA"), at("12:00")).await.unwrap();
    assert_eq!((first.id.as_str(), first.state, first.place.clone()), ("t1", TicketState::New, None));
    let again = store.open_ticket(&danas("t1", "U0DANA"), at("12:01")).await.unwrap();
    assert_eq!(again, first, "tried again after a crash");
    let joined = store.open_ticket(&danas("t2", "U0SAM"), at("12:02")).await.unwrap();
    assert_eq!(joined.id, "t1");
    assert_eq!(store.count_open_tickets().await.unwrap(), [("new", 1), ("claimed", 0)]);
    let requesters = store.requesters("t1").await.unwrap();
    assert_eq!(requesters.iter().map(|one| one.user.as_str()).collect::<Vec<_>>(), ["U0DANA", "U0SAM"]);
    assert_eq!(store.requested_tickets("U0SAM").await.unwrap().len(), 1);

    assert!(store.is_a_ticket_unposted(at("11:59")).await.unwrap());
    assert!(!store.is_a_ticket_unposted(at("12:00")).await.unwrap(), "it has been given up");
    store.place_ticket("t1", "C0HELPDESK", "1.2").await.unwrap();
    assert!(!store.is_a_ticket_unposted(at("11:59")).await.unwrap());
    store.link_ticket("t1", "https://link").await.unwrap();
    store.place_direct("t1", "U0DANA", "D0DANA", "3.4").await.unwrap();
    assert_eq!(store.ticket_at("C0HELPDESK", "1.2").await.unwrap().unwrap().id, "t1");
    assert_eq!(store.ticket_of_direct("D0DANA", "3.4").await.unwrap().unwrap().id, "t1");
    assert_eq!(store.ticket_of_direct("D0DANA", "9.9").await.unwrap(), None);
    let said = TicketMessage {
        author: "U0SAM".to_owned(),
        words: "hello".to_owned(),
        origin: ("C0HELPDESK".to_owned(), "5.6".to_owned()),
        brought: ("D0DANA".to_owned(), "7.8".to_owned()),
        at: at("12:03"),
    };
    store.note_said("t1", &said).await.unwrap();
    store.note_said("t1", &said).await.unwrap();
    assert_eq!(store.ticket_of_direct("D0DANA", "7.8").await.unwrap().unwrap().id, "t1");
    let about = store.open_ticket_about("U0DANA", "111122223333", "sync_pending").await.unwrap();
    assert_eq!(about.unwrap().link.as_deref(), Some("https://link"));
}

async fn each_change_is_done_once_and_only_from_where_it_can_be(store: Store) {
    store.open_ticket(&danas("t1", "U0DANA"), at("12:00")).await.unwrap();
    let claimed = event("e1", "U0SAM", Deed::Claimed, "12:01");
    assert!(store.change_ticket("t1", &claimed).await.unwrap());
    assert!(store.change_ticket("t1", &claimed).await.unwrap(), "the same, tried again");
    let late = event("e2", "U0BO", Deed::Claimed, "12:02");
    assert!(!store.change_ticket("t1", &late).await.unwrap(), "Sam has it");
    let over =
        TicketEvent { whom: Some("U0BO".to_owned()), ..event("e3", "U0SAM", Deed::HandedOver, "12:03") };
    assert!(store.change_ticket("t1", &over).await.unwrap());
    assert_eq!(store.ticket("t1").await.unwrap().unwrap().agent.as_deref(), Some("U0BO"));
    assert!(store.change_ticket("t1", &event("e4", "U0BO", Deed::Restored, "12:04")).await.unwrap());
    assert!(!store.change_ticket("t1", &event("e5", "U0BO", Deed::Restored, "12:05")).await.unwrap());
    assert!(store.change_ticket("t1", &event("e6", "U0BO", Deed::Resolved, "12:06")).await.unwrap());
    assert!(!store.change_ticket("t1", &event("e7", "U0BO", Deed::Resolved, "12:07")).await.unwrap());
    let done = store.ticket("t1").await.unwrap().unwrap();
    assert_eq!((done.state, done.restored, done.changed_at), (TicketState::Resolved, true, at("12:06")));

    let another = store.open_ticket(&danas("t2", "U0DANA"), at("12:08")).await.unwrap();
    assert_eq!(another.id, "t2", "the resolved one is joined no more");
    assert!(!store.change_ticket("t1", &event("e8", "U0SAM", Deed::Reopened, "12:09")).await.unwrap());
    store.change_ticket("t2", &event("e9", "U0SAM", Deed::Claimed, "12:10")).await.unwrap();
    store.change_ticket("t2", &event("e10", "U0SAM", Deed::Resolved, "12:11")).await.unwrap();
    assert!(store.change_ticket("t1", &event("e11", "U0SAM", Deed::Reopened, "12:12")).await.unwrap());
    let reopened = store.ticket("t1").await.unwrap().unwrap();
    assert_eq!((reopened.state, reopened.restored), (TicketState::Claimed, false));
    let events = store.ticket_events("t1").await.unwrap();
    let told: Vec<_> = events.iter().map(|event| (event.who.as_str(), event.what.name())).collect();
    let expected = [
        ("U0SAM", "claimed"),
        ("U0SAM", "handed_over"),
        ("U0BO", "restored"),
        ("U0BO", "resolved"),
        ("U0SAM", "reopened"),
    ];
    assert_eq!(told, expected);
}

async fn what_nobody_has_seen_can_be_taken_back_and_opened_anew(store: Store) {
    store.open_ticket(&danas("t1", "U0DANA"), at("12:00")).await.unwrap();
    store.change_ticket("t1", &event("e1", "U0DANA", Deed::Opened, "12:00")).await.unwrap();
    store.withdraw_ticket("t1").await.unwrap();
    assert_eq!(store.ticket("t1").await.unwrap(), None);
    assert_eq!(store.ticket_events("t1").await.unwrap(), []);
    assert_eq!(store.requesters("t1").await.unwrap(), []);
    assert_eq!(store.open_ticket(&danas("t2", "U0DANA"), at("12:01")).await.unwrap().id, "t2");
    store.place_ticket("t2", "C0HELPDESK", "1.2").await.unwrap();
    store.withdraw_ticket("t2").await.unwrap();
    assert!(store.ticket("t2").await.unwrap().is_some(), "the help desk sees it");
}

#[tokio::test]
async fn on_sqlite() {
    what_nobody_has_seen_can_be_taken_back_and_opened_anew(sqlite().await).await;
    one_ticket_for_the_same_and_a_second_asker_joins(sqlite().await).await;
    each_change_is_done_once_and_only_from_where_it_can_be(sqlite().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL, which tests/run starts"]
async fn on_postgres() {
    what_nobody_has_seen_can_be_taken_back_and_opened_anew(postgres().await).await;
    one_ticket_for_the_same_and_a_second_asker_joins(postgres().await).await;
    each_change_is_done_once_and_only_from_where_it_can_be(postgres().await).await;
}
