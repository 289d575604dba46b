//! Requests and decisions: S1, S7, that a request ends once and expires once; S2, S4, S5, that its times are what the
//! rule says; that it hangs on an inquiry and an order, and each decision is where the seller finds it, and nowhere else.

use super::{
    Asked,
    history::{Happened, Histories},
    inquiries::Inquiries,
    item::place_of,
    orders::Orders,
    shelf::{DecisionOf, Kept, Shelf},
};
use domain::{
    at::{after, hours_after},
    id::{RequestId, StoreId},
    inquiry::{InquiryEvent, Status},
    request::{Progress, REPLY_HOURS, Request, RequestEvent, SKEW_MARGIN},
};
use shell::key::Key;
use std::collections::HashMap;

/// Every request, by store and id.
pub type Requests<'s> = HashMap<(&'s StoreId, &'s RequestId), &'s Kept<'s, Box<Request>>>;

/// Asks of each request and decision.
pub fn check<'s>(
    asked: &mut Asked,
    shelf: &'s Shelf<'s>,
    inquiries: &Inquiries<'_>,
    orders: &Orders<'_>,
) -> Requests<'s> {
    let mut histories = Histories::of(asked, &shelf.request_events);
    let mut requests = Requests::with_capacity(shelf.requests.len());
    for kept in &shelf.requests {
        let events = histories.of_thing(asked, "S1", kept);
        told(asked, kept, &events);
        times(asked, kept);
        belongs(asked, kept, inquiries, orders);
        requests.insert((&kept.state.store, &kept.state.id), kept);
    }
    histories.orphans(asked, "S1", "an event of a request that is not there");
    from_inquiries(asked, inquiries, &requests);
    decisions(asked, shelf, inquiries);
    requests
}

fn told(asked: &mut Asked, kept: &Kept<'_, Box<Request>>, events: &[Happened<'_, RequestEvent>]) {
    let mut state = None;
    let (mut answered, mut expired, mut decided, mut withdrawn) = (0, 0, 0, 0);
    for event in events {
        match &event.row.event {
            RequestEvent::Asked(_) => {
                asked.holds(state.is_none(), "S1", event.place, || "it is asked once more".into());
            }
            RequestEvent::Replied(_) => {
                answered += 1;
                asked.holds(answered == 1, "S1", event.place, || "it is answered once more".into());
            }
            RequestEvent::Expired { .. } => {
                expired += 1;
                asked.holds(expired == 1, "S7", event.place, || "it expires once more".into());
                asked.holds(answered == 0, "S1", event.place, || "it expires after it was answered".into());
            }
            RequestEvent::Decided(_) => {
                decided += 1;
                asked.holds(decided == 1, "S1", event.place, || "it is decided once more".into());
            }
            RequestEvent::Withdrawn { .. } => {
                withdrawn += 1;
                asked.holds(withdrawn == 1, "S1", event.place, || "it is withdrawn once more".into());
                asked.holds(answered + expired == 0, "S1", event.place, || "it is withdrawn after its end".into());
            }
        }
        state = Request::apply(state, &event.row.event);
    }
    asked.holds(withdrawn == 0 || answered + expired == 0, "S1", &kept.place, || {
        "it goes on though it was withdrawn".into()
    });
    asked.holds(state.as_ref() == Some(&*kept.state), "S1", &kept.place, || {
        "the request is not what its events tell".into()
    });
}

fn times(asked: &mut Asked, kept: &Kept<'_, Box<Request>>) {
    let request = &kept.state;
    asked.holds(request.due_at == hours_after(request.asked_at, REPLY_HOURS), "S5", &kept.place, || {
        format!("asked at {}, due at {}: that is not {REPLY_HOURS} hours", request.asked_at, request.due_at)
    });
    let reply = match &request.progress {
        Progress::Awaiting | Progress::Withdrawn { .. } => None,
        Progress::Answered { reply } => Some(reply),
        Progress::Expired { effective_at, detected_at, reply } => {
            asked.holds(*effective_at == request.due_at, "S2", &kept.place, || {
                format!("it expired as of {effective_at}, and was due at {}", request.due_at)
            });
            asked.holds(*detected_at >= after(request.due_at, SKEW_MARGIN), "S2", &kept.place, || {
                format!("it was found expired at {detected_at}, too early for a deadline at {}", request.due_at)
            });
            reply.as_ref()
        }
    };
    if let Some(reply) = reply {
        asked.holds(reply.late == (reply.received_at > request.due_at), "S4", &kept.place, || {
            format!(
                "a reply of {} to what was due at {} is wrongly called in time or late",
                reply.received_at, request.due_at
            )
        });
    }
}

fn belongs(asked: &mut Asked, kept: &Kept<'_, Box<Request>>, inquiries: &Inquiries<'_>, orders: &Orders<'_>) {
    let request = &kept.state;
    asked.holds(orders.contains_key(&(&request.store, &request.order)), "S1", &kept.place, || {
        format!("it is about order {}, which is not there", request.order)
    });
    let Some(told) = inquiries.get(&request.store, &request.inquiry) else {
        asked.found("S1", &kept.place, format!("it hangs on the inquiry {}, which is not there", request.inquiry));
        return;
    };
    let inquiry = &told.inquiry;
    let same = (&inquiry.seller, &inquiry.order, inquiry.issue) == (&request.seller, &request.order, request.issue);
    asked.holds(same, "P1", &kept.place, || {
        format!("its inquiry {} is another seller's, order's or issue's", inquiry.id)
    });
    asked.holds(told.asked(&request.id) == 1, "S1", &kept.place, || {
        format!("the inquiry {} tells {} times that this was asked", inquiry.id, told.asked(&request.id))
    });
    asked.holds(
        request.progress != Progress::Awaiting || inquiry.awaits() == Some(&request.id),
        "S1",
        &kept.place,
        || format!("it is awaited, and the inquiry {} waits for it no more", inquiry.id),
    );
    if let Some(record) = &request.decision {
        asked.holds(told.decisions().any(|known| known == record), "JDG-2", &kept.place, || {
            format!("it knows of decision {}, which its inquiry does not tell of", record.id)
        });
    }
}

/// What an inquiry tells of a request is so.
fn from_inquiries(asked: &mut Asked, inquiries: &Inquiries<'_>, requests: &Requests<'_>) {
    for told in inquiries.told.values() {
        let inquiry = &told.inquiry;
        let of = |id: &RequestId| place_of(&Key::request(&inquiry.store, &inquiry.seller, id));
        let progress = |id| requests.get(&(&inquiry.store, id)).map(|kept| &kept.state.progress);
        for event in told.events() {
            match event {
                InquiryEvent::SellerAsked { request, .. } => {
                    asked.holds(progress(request).is_some(), "S1", &of(request), || {
                        format!("the inquiry {} asked this, and it is not there", inquiry.id)
                    });
                }
                InquiryEvent::SellerReplied { request, .. } => {
                    let replied =
                        !matches!(progress(request), None | Some(Progress::Awaiting | Progress::Withdrawn { .. }));
                    asked.holds(replied, "S1", &of(request), || {
                        format!("the inquiry {} tells of a reply that is not kept", inquiry.id)
                    });
                }
                InquiryEvent::SellerSilent { request, .. } => {
                    let expired = matches!(progress(request), Some(Progress::Expired { .. }));
                    asked.holds(expired, "S1", &of(request), || {
                        format!("the inquiry {} tells that it expired, and it has not", inquiry.id)
                    });
                }
                _ => {}
            }
        }
        if let Status::WaitingSeller { request, .. } = &inquiry.status {
            asked.holds(progress(request) == Some(&Progress::Awaiting), "S1", &of(request), || {
                format!("the inquiry {} waits for it, and it is not awaited", inquiry.id)
            });
        }
    }
}

fn decisions(asked: &mut Asked, shelf: &Shelf<'_>, inquiries: &Inquiries<'_>) {
    let mut kept: HashMap<(&str, &str), _> = HashMap::with_capacity(shelf.decisions.len());
    let mut laid: Vec<_> = shelf.decisions.iter().collect();
    laid.sort_unstable_by_key(|decision| &decision.place);
    for decision in laid {
        let DecisionOf { place, store, record, .. } = decision;
        if kept.insert((store.as_str(), record.id.as_str()), decision).is_some() {
            asked.found("JDG-2", place, format!("decision {} is there twice", record.id));
        }
    }
    for told in inquiries.told.values() {
        let inquiry = &told.inquiry;
        for record in told.decisions() {
            let place = || place_of(&Key::decision(&inquiry.store, &inquiry.seller, &record.id));
            match kept.remove(&(inquiry.store.as_str(), record.id.as_str())) {
                None => asked.found(
                    "JDG-2",
                    &place(),
                    format!("the inquiry {} was decided by it, once, and it is not there", inquiry.id),
                ),
                Some(DecisionOf { place, seller, record: found, .. }) => {
                    asked.holds(**found == *record, "JDG-2", place, || {
                        format!("it is not what the inquiry {} tells", inquiry.id)
                    });
                    asked.holds(*seller == inquiry.seller, "P1", place, || {
                        format!("it stands with {seller}, and concerns {}", inquiry.seller)
                    });
                }
            }
        }
    }
    for orphan in kept.values() {
        let inquiry = &orphan.record.inquiry;
        asked.found("JDG-2", &orphan.place, format!("a decision that the inquiry {inquiry} does not tell of"));
    }
}
