//! Signing in at the issuer and coming back.

use super::{asked, claims};
use world::{browser::Browser, cloud::locked};

#[tokio::test]
async fn nobody_sees_a_page_before_signing_in_and_whoever_does_comes_back_to_it() {
    let (mut told, request) = asked().await;
    let (mut browser, page) = (Browser::default(), format!("/stores/US/case-log/{request}"));
    let sent = browser.once(&told.world, "GET", &page, "").await;
    let to = &sent.headers["location"];
    assert_eq!((sent.status, to.starts_with("/sign-in?to=%2Fstores%2FUS%2Fcase-log%2F")), (303, true), "{to}");
    let issuer = browser.once(&told.world, "GET", to, "").await.headers["location"].clone();
    assert!(issuer.contains("scope=openid+seller&") && issuer.contains("code_challenge_method=S256"), "{issuer}");
    let now = told.world.cloud.now();
    let back = locked(&told.world.cloud.issuer).sign_in(&issuer, &claims("user-of-s1", "s1"), now);

    let mut thief = Browser::default();
    assert_eq!(thief.once(&told.world, "GET", &back, "").await.status, 422, "a code without its verifier");
    let seen = browser.get(&mut told.world, &back).await;
    assert_eq!((seen.status, &seen.place), (200, &page), "{}", seen.html);
    assert!(seen.html.contains("user-of-s1"), "who has signed in is said");
    assert_eq!(browser.cookie("__Host-sign-in"), None);
    let again = Browser::default().once(&told.world, "GET", &back, "").await;
    assert_eq!(again.status, 422, "a code works once");
}

#[tokio::test]
async fn an_answer_of_the_issuer_that_was_not_asked_for_is_refused() {
    let (told, _) = asked().await;
    let mut browser = Browser::default();
    for path in ["/sign-in/done", "/sign-in/done?state=x&code=y", "/sign-in/done?error=access_denied"] {
        let refused = browser.once(&told.world, "GET", path, "").await;
        let said = "Signing in did not work, or took more than ten minutes. Please begin again (sign_in_state).";
        assert!(refused.status == 422 && refused.html.contains(said), "{path}: {}", refused.html);
    }
    let begin = |to: &str| format!("/sign-in?to={to}");
    let first = browser.once(&told.world, "GET", &begin("/"), "").await.headers["location"].clone();
    let now = told.world.cloud.now();
    let back = locked(&told.world.cloud.issuer).sign_in(&first, &claims("user-of-s1", "s1"), now);
    // Beginning anew, the browser knows another state; the first answer is nobody's.
    browser.once(&told.world, "GET", &begin("//evil.example"), "").await;
    assert_eq!(browser.once(&told.world, "GET", &back, "").await.status, 422);
    assert_eq!(browser.cookie("__Host-session"), None);
}
