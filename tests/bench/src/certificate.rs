//! The certificate of the stub, and of who signed it: made anew for each run, and worth nothing after it.

use crate::Outcome;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring::default_provider,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use std::{fs, path::Path, sync::Arc};

/// A chain as long as that of AWS: the host, an intermediate, the root. Writes the root to this file.
pub fn make(root_file: &Path) -> Outcome<Arc<ServerConfig>> {
    let authority = |name: &str| -> Outcome<CertificateParams> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Ok(params)
    };
    let root = CertifiedIssuer::self_signed(authority("csba bench root")?, KeyPair::generate()?)?;
    let middle = CertifiedIssuer::signed_by(authority("csba bench intermediate")?, KeyPair::generate()?, &root)?;
    let key = KeyPair::generate()?;
    let own = CertificateParams::new(vec!["localhost".to_owned()])?.signed_by(&key, &middle)?;
    fs::write(root_file, root.pem())?;

    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions()?.with_no_client_auth();
    Ok(Arc::new(config.with_single_cert(vec![own.der().clone(), middle.der().clone()], key)?))
}
