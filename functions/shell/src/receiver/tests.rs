use super::*;
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

fn now() -> Instant {
    "2026-08-03T15:00:00Z".parse().unwrap()
}

/// A receiver that goes there over the real connector.
fn receiver(address: &str, private: &str) -> Receiver {
    let env = Env::from([(ADDRESS.to_owned(), address.to_owned()), (PRIVATE.to_owned(), private.to_owned())]);
    let mode = aws_smithy_http_client::tls::rustls_provider::CryptoMode::Ring;
    Receiver::new(connector(aws_smithy_http_client::tls::Provider::Rustls(mode), &env), &env)
}

fn headers() -> [(&'static str, String); 3] {
    [("webhook-id", "m1".into()), ("webhook-timestamp", "1".into()), ("webhook-signature", "v1,s".into())]
}

/// Somebody beside us who answers each request with this; where, and what was asked.
fn beside(answer: &'static str) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, (tell, told)) = (listener.local_addr().unwrap().port(), mpsc::channel());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut asked, mut piece) = (Vec::new(), [0; 4096]);
            while !asked.ends_with(b"{}") {
                let read = stream.read(&mut piece).unwrap();
                if read == 0 {
                    break;
                }
                asked.extend_from_slice(&piece[..read]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            tell.send(String::from_utf8(asked).unwrap()).unwrap();
        }
    });
    (port, told)
}

async fn came_of(address: &str, private: &str) -> (Answer, Option<Instant>) {
    receiver(address, private).post(headers(), "{}", now()).await
}

#[tokio::test]
async fn a_message_goes_out_once_with_its_headers_and_its_bytes() {
    let (port, told) = beside("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n");
    let came = came_of(&format!("http://localhost:{port}/in?from=csba"), "allow").await;
    assert_eq!(came, (Answer::Status(202), None));
    let asked = told.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(asked.starts_with("POST /in?from=csba HTTP/1.1\r\n") && asked.ends_with("\r\n\r\n{}"), "{asked}");
    for header in
        ["content-type: application/json", "webhook-id: m1", "webhook-timestamp: 1", "webhook-signature: v1,s"]
    {
        assert!(asked.contains(&format!("\r\n{header}\r\n")), "{header}: {asked}");
    }
    assert!(told.recv_timeout(Duration::from_millis(50)).is_err(), "once");
}

#[tokio::test]
async fn nobody_is_followed_who_sends_us_on() {
    let (elsewhere, never) = beside("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let on = format!("HTTP/1.1 307 On\r\nlocation: http://localhost:{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
    let (port, told) = beside(on.leak());
    assert_eq!(came_of(&format!("http://localhost:{port}/"), "allow").await, (Answer::Status(307), None));
    assert!(told.recv_timeout(Duration::from_secs(5)).is_ok());
    assert!(never.recv_timeout(Duration::from_millis(50)).is_err());
}

#[tokio::test]
async fn a_receiver_beside_us_gets_nothing_unless_that_is_allowed() {
    let (port, told) = beside("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    for host in ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"] {
        let (answer, _) = came_of(&format!("https://{host}:{port}/"), "refuse").await;
        assert_eq!(answer, Answer::Error(NoAnswer::AddressRefused), "{host}");
    }
    for host in ["127.1", "2130706433"] {
        let (answer, _) = came_of(&format!("https://{host}:{port}/"), "refuse").await;
        assert!(matches!(answer, Answer::Error(_)), "{host}: {answer:?}");
    }
    assert!(told.recv_timeout(Duration::from_millis(50)).is_err());
}

#[tokio::test]
async fn what_is_no_address_gets_nothing() {
    for (address, why) in [
        ("", NoAnswer::NoAddress),
        ("hooks", NoAnswer::NoAddress),
        ("/in", NoAnswer::NoAddress),
        ("http://8.8.8.8/", NoAnswer::AddressRefused),
        ("ftp://8.8.8.8/", NoAnswer::AddressRefused),
    ] {
        assert_eq!(came_of(address, "refuse").await, (Answer::Error(why), None), "{address}");
    }
}

#[tokio::test]
async fn who_does_not_listen_or_has_no_name_gives_no_answer() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (answer, _) = came_of(&format!("http://{closed}/"), "allow").await;
    assert_eq!(answer, Answer::Error(NoAnswer::Broken));
    let (answer, _) = came_of("https://no-such-name.invalid/", "refuse").await;
    assert_eq!(answer, Answer::Error(NoAnswer::Unresolved));
}

/// Whoever answers here speaks no TLS, so nothing is said to it.
#[tokio::test]
async fn who_cannot_prove_its_name_gets_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let hello = thread::spawn(move || {
        let (mut stream, mut said) = (listener.accept().unwrap().0, Vec::new());
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        stream.read_to_end(&mut said).map(|_| said)
    });
    let (answer, _) = came_of(&format!("https://localhost:{port}/"), "allow").await;
    assert_eq!(answer, Answer::Error(NoAnswer::Broken));
    let said = hello.join().unwrap().unwrap_or_default();
    assert!(!String::from_utf8_lossy(&said).contains("webhook-id"), "nothing but the beginning of TLS");
}

#[tokio::test]
async fn only_who_is_busy_may_ask_for_patience() {
    for (status, asked) in
        [("503 Busy", Some(TimeDelta::seconds(120))), ("429 Slow", Some(TimeDelta::seconds(120))), ("500 No", None)]
    {
        let answer = format!("HTTP/1.1 {status}\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n");
        let (port, _told) = beside(answer.leak());
        let (_, until) = came_of(&format!("http://127.0.0.1:{port}/"), "allow").await;
        assert_eq!(until, asked.map(|asked| after(now(), asked)), "{status}");
    }
}

#[test]
fn patience_is_asked_for_in_seconds_or_until_a_date() {
    let date = "2026-08-03T16:00:00Z".parse().unwrap();
    assert_eq!(until("Mon, 03 Aug 2026 16:00:00 GMT", now()), Some(date));
    assert_eq!(until(" 3600 ", now()), Some(date));
    for none in ["", "soon", "-1", "1.5", "99999999999"] {
        assert_eq!(until(none, now()), None, "{none}");
    }
}

#[test]
fn where_nobody_is_told_there_is_no_way_to_anybody() {
    let tls = || {
        aws_smithy_http_client::tls::Provider::Rustls(aws_smithy_http_client::tls::rustls_provider::CryptoMode::Ring)
    };
    assert!(connector(tls(), &Env::new()).is_none());
    assert!(connector(tls(), &Env::from([(ADDRESS.to_owned(), String::new())])).is_none());
}
