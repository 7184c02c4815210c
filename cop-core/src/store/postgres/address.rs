//! The address of a community on a server: a connection URI with a few parameters of our own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Problem, Result};

/// The schema, where the address names none.
const SCHEMA: &str = "cop";
/// Connections of one handle to one server, at most, where the address says nothing.
const CONNECTIONS: u32 = 8;
/// How long a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(5);
/// PostgreSQL cuts names off after 63; that of the channel of hints is longer than the schema's by four.
const LONGEST_NAME: usize = 59;

/// Where a community lies: the servers, the schema, and how to get there.
#[derive(Clone)]
pub(crate) struct Address {
    pub schema: String,
    /// At most so many connections.
    pub connections: u32,
    /// Whether it names several servers.
    pub has_heirs: bool,
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?schema=math`, with all that is wrong with it.
    pub fn parse(address: &str) -> Result<Self> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, detail: &str| problems.push(Problem::new(field, "postgres.address", detail));
        if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
            wrong("address", "it begins with postgres://");
            return Err(Error::InvalidInput(problems));
        }
        let (place, parameters) = address.split_once('?').unwrap_or((address, ""));
        let (mut schema, mut connections) = (SCHEMA.to_owned(), CONNECTIONS);
        let (mut mode, mut roots) = (None, None);
        let mut others = Vec::new();
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name {
                "schema" => schema = decoded(value),
                "connections" => match value.parse() {
                    Ok(number @ 2..=1_000) => connections = number,
                    _ => wrong("connections", "from 2 to 1,000"),
                },
                "sslmode" => mode = Some(value),
                "sslrootcert" => roots = Some(PathBuf::from(decoded(value))),
                _ => others.push(parameter),
            }
        }
        let mut characters = schema.chars();
        let first = characters.next().is_some_and(|c| c.is_ascii_lowercase());
        let fits = schema.len() <= LONGEST_NAME && !schema.starts_with("pg_");
        if !(first && fits && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) {
            wrong("schema", "1 to 59 lower-case letters, digits and '_', a letter first, not pg_");
        }
        let mut config = match format!("{place}?{}", others.join("&")).parse::<Config>() {
            Ok(config) => config,
            // The driver's words may repeat a part of the address, and with it a password.
            Err(_) => {
                wrong("address", "not postgres://user:password@host:port/database?parameter=value");
                Config::new()
            }
        };
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            wrong("address", "it names a host, or the folder of a socket");
        }
        // What crosses a network is encrypted, for the server whose name it is and for nobody else.
        let is_here = config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(is_here);
        let encrypts = match mode {
            None => !is_here,
            Some("disable") => false,
            Some("require" | "verify-full") => true,
            Some(_) => {
                wrong("sslmode", "disable, or verify-full, which require means as well");
                false
            }
        };
        config.ssl_mode(if encrypts { SslMode::Require } else { SslMode::Disable });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTING);
        }
        if config.get_application_name().is_none() {
            config.application_name("cop");
        }
        let tls = match encrypts.then(|| trusted(roots)).transpose() {
            Ok(roots) => connector(roots.unwrap_or_else(RootCertStore::empty)),
            Err(detail) => {
                wrong("sslrootcert", &detail);
                None
            }
        };
        match tls {
            Some(tls) if problems.is_empty() => {
                let has_heirs = config.get_hosts().len().max(config.get_hostaddrs().len()) > 1;
                Ok(Self { schema, connections, has_heirs, config, tls })
            }
            _ => Err(Error::InvalidInput(problems)),
        }
    }
}

/// Whether what is sent to this host stays on this computer.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1" | "[::1]"),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn decoded(value: &str) -> String {
    // In a URI, unlike in a form, a plus is a plus.
    let pair = format!("v={}", value.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Whose signatures count: those in a file, or those that this computer trusts.
fn trusted(file: Option<PathBuf>) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    match file {
        Some(file) => {
            let certificates = CertificateDer::pem_file_iter(&file).map_err(|error| error.to_string())?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| error.to_string())?;
                store.add(certificate).map_err(|error| error.to_string())?;
            }
        }
        None => drop(store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    match store.is_empty() {
        true => Err("there is no certificate to trust".to_owned()),
        false => Ok(store),
    }
}

fn connector(roots: RootCertStore) -> Option<MakeRustlsConnect> {
    // Named, so that it does not matter which others the program around us brings.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    Some(MakeRustlsConnect::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn fields(address: &str) -> Vec<String> {
        let error = Address::parse(address).map(drop).expect_err(address);
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "postgres.address"), "{address}");
        assert!(!error.to_string().contains("secret"), "{error}");
        error.problems().iter().map(|problem| problem.field.clone()).collect()
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        assert_eq!(fields("mysql://host/db"), ["address"]);
        assert_eq!(fields("postgres://u:secret@/db"), ["address"]);
        assert_eq!(fields("postgres://u:secret@host:port/db"), ["address", "address"]);
        assert_eq!(fields("postgres://u:secret@host/db?colour=red"), ["address", "address"]);
        assert_eq!(
            fields("postgres://localhost/db?schema=Math&connections=1&sslmode=prefer"),
            ["connections", "schema", "sslmode"]
        );
        for schema in ["", "1", "pg_math", "a%22b", "a-b", "a.b", "a'b", "ä", &"a".repeat(60)] {
            assert_eq!(fields(&format!("postgres://localhost/db?schema={schema}")), ["schema"]);
        }
        assert_eq!(fields("postgres://example.org/db?sslrootcert=%2Fnone"), ["sslrootcert"]);
    }

    #[test]
    fn what_leaves_the_computer_is_encrypted() {
        let mode = |address: &str| Address::parse(address).expect("an address").config.get_ssl_mode();
        for here in ["localhost", "127.0.0.1", "[::1]", "%2Ftmp"] {
            assert_eq!(mode(&format!("postgres://u@{here}/db")), SslMode::Disable, "{here}");
        }
        assert_eq!(mode("postgres://u@example.org/db?sslmode=disable"), SslMode::Disable, "who says so");
        let anywhere = "postgres://u@localhost,example.org/db";
        match Address::parse(anywhere) {
            Ok(address) => assert_eq!(address.config.get_ssl_mode(), SslMode::Require),
            // A computer that trusts nobody.
            Err(error) => assert_eq!(error.problems()[0].field, "sslrootcert"),
        }
    }

    #[test]
    fn an_address_has_its_usual_parts() {
        let address = Address::parse("postgres://u@localhost/db").expect("an address");
        assert_eq!((address.schema.as_str(), address.connections, address.has_heirs), ("cop", 8, false));
        let address = "postgresql://u@localhost:1,localhost:2/db?target_session_attrs=read-write&schema=math_2";
        let address = Address::parse(address).expect("an address");
        assert_eq!((address.schema.as_str(), address.has_heirs), ("math_2", true));
    }
}
