//! The limit: the calls of one function, as they were recorded, signed by hand and sent over blocking sockets. It reads no
//! event, decides nothing and understands no answer; nothing that makes these calls can be much cheaper.

use chrono::{DateTime, Utc};
use ring::{digest, hmac};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, pki_types::CertificateDer};
use serde::Deserialize;
use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::Arc,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What the routing function asks of the tables.
const CALLS: &str = include_str!("../../calls/contact-router.json");

#[derive(Deserialize)]
struct Recording {
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Call {
    target: String,
    request: String,
}

fn main() -> Outcome<()> {
    let Recording { calls } = serde_json::from_str(CALLS)?;
    let signer = Signer::from_env()?;
    let mut runtime = BufReader::new(TcpStream::connect(env::var("AWS_LAMBDA_RUNTIME_API")?)?);
    let mut service = connect(&signer.host)?;
    loop {
        let next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: runtime\r\n\r\n";
        let (headers, _) = ask(&mut runtime, next, "")?;
        let id = header(&headers, "lambda-runtime-aws-request-id").ok_or("an event has no id")?.to_owned();
        for call in &calls {
            let (head, _) = ask(&mut service, &signer.signed(&call.target, &call.request)?, &call.request)?;
            if !head.starts_with("HTTP/1.1 200") {
                return Err(head.into());
            }
        }
        let answer = "{\"batchItemFailures\":[]}";
        let head = format!(
            "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nhost: runtime\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        ask(&mut runtime, &head, answer)?;
    }
}

fn connect(host: &str) -> Outcome<BufReader<StreamOwned<ClientConnection, TcpStream>>> {
    let mut roots = RootCertStore::empty();
    let pem = fs::read(env::var("SSL_CERT_FILE")?)?;
    for certificate in <CertificateDer<'_> as rustls::pki_types::pem::PemObject>::pem_slice_iter(&pem) {
        roots.add(certificate?)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let (name, _) = host.split_once(':').ok_or("the endpoint has no port")?;
    let session = ClientConnection::new(Arc::new(config), name.to_owned().try_into()?)?;
    let socket = TcpStream::connect(host)?;
    socket.set_nodelay(true)?;
    Ok(BufReader::new(StreamOwned::new(session, socket)))
}

/// One request and its answer: the head, and the body that its length announces.
fn ask<S: Read + Write>(stream: &mut BufReader<S>, head: &str, body: &str) -> Outcome<(String, Vec<u8>)> {
    stream.get_mut().write_all(format!("{head}{body}").as_bytes())?;
    stream.get_mut().flush()?;
    let mut answered = String::new();
    while !answered.ends_with("\r\n\r\n") {
        if stream.read_line(&mut answered)? == 0 {
            return Err("the connection was closed".into());
        }
    }
    let length = header(&answered, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut content = vec![0; length];
    stream.read_exact(&mut content)?;
    Ok((answered, content))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Signature Version 4.
struct Signer {
    host: String,
    region: String,
    key: String,
    secret: String,
}

impl Signer {
    fn from_env() -> Outcome<Self> {
        let endpoint = env::var("AWS_ENDPOINT_URL")?;
        Ok(Self {
            host: endpoint.trim_start_matches("https://").to_owned(),
            region: env::var("AWS_REGION")?,
            key: env::var("AWS_ACCESS_KEY_ID")?,
            secret: env::var("AWS_SECRET_ACCESS_KEY")?,
        })
    }

    fn signed(&self, target: &str, body: &str) -> Outcome<String> {
        let now = now();
        let (day, time) = (now.format("%Y%m%d").to_string(), now.format("%Y%m%dT%H%M%SZ").to_string());
        let (host, region) = (&self.host, &self.region);
        let names = "content-type;host;x-amz-date;x-amz-target";
        let canonical = format!(
            "POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:{host}\nx-amz-date:{time}\nx-amz-target:{target}\n\n\
             {names}\n{}",
            hex(digest::digest(&digest::SHA256, body.as_bytes()).as_ref())?
        );
        let scope = format!("{day}/{region}/dynamodb/aws4_request");
        let digest = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref())?;
        let mac = |key: &[u8], text: &str| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        let mut key = mac(format!("AWS4{}", self.secret).as_bytes(), &day);
        for part in [region.as_str(), "dynamodb", "aws4_request"] {
            key = mac(key.as_ref(), part);
        }
        let signature = hex(mac(key.as_ref(), &format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}")).as_ref())?;
        Ok(format!(
            "POST / HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-amz-json-1.0\r\nx-amz-date: {time}\r\n\
             x-amz-target: {target}\r\nauthorization: AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, \
             Signature={signature}\r\ncontent-length: {}\r\n\r\n",
            self.key,
            body.len()
        ))
    }
}

#[expect(clippy::disallowed_methods, reason = "a signature carries the machine's time")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn hex(bytes: &[u8]) -> Result<String, std::fmt::Error> {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}
