//! Row 28: a form that another site made up, and one that is sent twice.

use crate::pages::{asked, claims};
use world::browser::Browser;

#[tokio::test]
async fn m28_enr_a_form_of_another_site_changes_nothing_and_one_that_is_sent_twice_is_done_once() {
    let (mut told, request) = asked().await;
    let mut browser = Browser::signed_in(&told.world, &claims("user-of-s1", "s1")).await;
    let page = format!("/stores/US/case-log/{request}");
    browser.get(&mut told.world, &page).await;
    let form = browser.form(&[("text", "It fits.")]);
    let before = told.world.left_behind();
    for made_up in ["text=It+fits.".to_owned(), form.replacen("form=", "form=0", 1)] {
        let refused = browser.once(&told.world, "POST", &format!("{page}/reply"), &made_up).await;
        assert_eq!(refused.status, 403, "{made_up}");
        assert!(refused.html.contains(">It fits.</textarea>"), "what was written is kept, for whoever it was");
    }
    let elsewhere = browser.sent_from("cross-site", &told.world, &format!("{page}/reply"), &form).await;
    assert_eq!(elsewhere.status, 403, "the browser says that another site sent it");
    assert_eq!(told.world.left_behind(), before);

    for _ in 0..2 {
        let sent = browser.sent_from("same-origin", &told.world, &format!("{page}/reply"), &form).await;
        assert_eq!((sent.status, sent.headers["location"].as_str()), (303, format!("{page}?done=1").as_str()));
    }
    assert_eq!(told.request(&request).await["reply"]["text"], "It fits.");
}
