//! The server's two keys: one signs access tokens, from the other come all further secrets, each under its own label.
//!
//! They are settings. Only where nobody else can reach the server (on loopback, with the embedded database) are missing
//! ones made, once, and kept beside the database for their owner alone; a public server that made its own would lose
//! every session with its disk, and several would not know each other's.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::config::Settings;

/// What is wrong with a key: a sentence for whoever runs the server.
pub type Refusal = String;

/// A secret of 32 bytes.
pub type Key = [u8; 32];

const SIGNING_FILE: &str = "jwt-key.pem";
const ENCRYPTION_FILE: &str = "encryption-key";
const LOCK_FILE: &str = "keys.lock";

/// The server's keys. They have no `Debug`, so that no log can show them.
pub struct Keys {
    signing: SigningKey,
    encryption: Key,
}

impl Keys {
    /// The keys that the settings name, or those made here where that is allowed.
    ///
    /// # Errors
    /// When a key is missing, unreadable or not of its kind.
    pub fn of(settings: &Settings) -> Result<Self, Refusal> {
        let (signing, encryption) = (given(settings.jwt_key.as_ref()), given(settings.encryption_key.as_ref()));
        let missing: Vec<&str> = [("JWT_KEY", signing), ("ENCRYPTION_KEY", encryption)]
            .into_iter()
            .filter_map(|(name, key)| key.is_none().then_some(name))
            .collect();
        if !missing.is_empty() && !makes_keys(settings) {
            return Err(needed(&missing));
        }
        let folder = folder(settings);
        let signing = match signing {
            Some(text) => read_signing(text)?,
            None => signing_key(&kept(&folder, SIGNING_FILE, make_signing)?)
                .map_err(|e| in_file(&folder, SIGNING_FILE, &e))?,
        };
        let encryption = match encryption {
            Some(text) => read_encryption(text)?,
            None => bytes(&kept(&folder, ENCRYPTION_FILE, make_encryption)?)
                .ok_or_else(|| in_file(&folder, ENCRYPTION_FILE, "it does not hold 32 bytes in base64"))?,
        };
        Ok(Self { signing, encryption })
    }

    /// The key that signs access tokens.
    pub(super) fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// A secret of its own for each purpose: knowing one tells nothing of another, nor of the key they come from.
    #[must_use]
    pub fn derived(&self, label: &str) -> Key {
        mac(&self.encryption, &[b"ridgeline/1/", label.as_bytes()])
    }
}

/// HMAC-SHA-256 over the parts. They are not set apart: the caller sees to it that they cannot be confused.
pub(super) fn mac(key: &Key, parts: &[&[u8]]) -> Key {
    // A shorter key is filled up with zeros to a block by definition, and a whole block cannot be refused.
    let mut block = [0_u8; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as Mac>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A fresh secret.
///
/// # Errors
/// When the machine has no randomness to give.
pub(super) fn random() -> Result<Key, Refusal> {
    let mut key = Key::default();
    getrandom::fill(&mut key).map_err(|error| format!("the machine gives no random numbers: {error}"))?;
    Ok(key)
}

/// A fresh signing key in PEM, as `JWT_KEY` takes it.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn make_signing() -> Result<String, Refusal> {
    let key = SigningKey::from_bytes(&random()?);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| format!("a key could not be written: {error}"))?;
    Ok(pem.to_string())
}

/// A fresh key in base64, as `ENCRYPTION_KEY` takes it.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn make_encryption() -> Result<String, Refusal> {
    Ok(format!("{}\n", general_purpose::STANDARD.encode(random()?)))
}

fn given(setting: Option<&String>) -> Option<&str> {
    setting.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// Only where nobody else can reach the server.
fn makes_keys(settings: &Settings) -> bool {
    settings.bind.ip().is_loopback() && (settings.demo || settings.embedded())
}

fn folder(settings: &Settings) -> PathBuf {
    if settings.embedded() { settings.data_folder() } else { PathBuf::from("data") }
}

fn needed(missing: &[&str]) -> Refusal {
    let ways = missing.iter().map(|name| match *name {
        "JWT_KEY" => "JWT_KEY to an Ed25519 key (make one with: openssl genpkey -algorithm ed25519)",
        _ => "ENCRYPTION_KEY to 32 bytes in base64 (make them with: openssl rand -base64 32)",
    });
    let ways = ways.collect::<Vec<_>>().join(" and ");
    format!("only on loopback with the embedded database does the server make its own keys: set {ways}")
}

fn read_signing(setting: &str) -> Result<SigningKey, Refusal> {
    if setting.contains("-----BEGIN") {
        // Environment files often cannot hold line breaks and write them as \n.
        return signing_key(&setting.replace("\\n", "\n")).map_err(|why| format!("JWT_KEY is not usable: {why}"));
    }
    let text = fs::read_to_string(setting)
        .map_err(|error| format!("JWT_KEY is neither a PEM nor the name of a readable file: {}", error.kind()))?;
    signing_key(&text).map_err(|why| format!("the file that JWT_KEY names is not usable: {why}"))
}

fn signing_key(pem: &str) -> Result<SigningKey, Refusal> {
    SigningKey::from_pkcs8_pem(pem.trim()).map_err(|_| "it is not an Ed25519 private key in PKCS#8 PEM".to_owned())
}

fn read_encryption(setting: &str) -> Result<Key, Refusal> {
    if let Some(key) = bytes(setting) {
        return Ok(key);
    }
    let content = fs::read(setting).map_err(|error| {
        format!("ENCRYPTION_KEY is neither 32 bytes in base64 nor the name of a readable file: {}", error.kind())
    })?;
    let raw = Key::try_from(content.as_slice()).ok();
    let text = || std::str::from_utf8(&content).ok().and_then(bytes);
    raw.or_else(text).ok_or_else(|| "the file that ENCRYPTION_KEY names does not hold 32 bytes in base64".to_owned())
}

/// 32 bytes in base64 of either alphabet, padded or not.
fn bytes(text: &str) -> Option<Key> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decode = |alphabet| GeneralPurpose::new(alphabet, config).decode(text.trim()).ok();
    let bytes = decode(&alphabet::STANDARD).or_else(|| decode(&alphabet::URL_SAFE))?;
    bytes.try_into().ok()
}

/// The text of a kept key, made if there is none yet. Processes that start at once agree on one: whoever holds the lock
/// makes it, and a name appears only once all of the file is there.
fn kept(folder: &Path, name: &str, make: fn() -> Result<String, Refusal>) -> Result<String, Refusal> {
    let path = folder.join(name);
    let failed = |error: std::io::Error| in_file(folder, name, &error.kind().to_string());
    if let Some(text) = read(&path).map_err(failed)? {
        return Ok(text);
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let lock = File::create(folder.join(LOCK_FILE)).map_err(failed)?;
    lock.lock().map_err(failed)?;
    if let Some(text) = read(&path).map_err(failed)? {
        return Ok(text);
    }
    let text = make()?;
    write(&path, &text).map_err(failed)?;
    Ok(text)
}

fn read(path: &Path) -> std::io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension("new");
    // What a process that died over it has left.
    let _ = fs::remove_file(&draft);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

fn in_file(folder: &Path, name: &str, why: &str) -> Refusal {
    format!("the key in {} cannot be used: {why}", folder.join(name).display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("ridgeline-keys-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn processes_that_start_at_once_agree_on_one_key() {
        let folder = folder("at-once");
        let make = || kept(&folder, ENCRYPTION_FILE, make_encryption).unwrap();
        let keys: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0] && bytes(key).is_some()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.join(ENCRYPTION_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn keys_are_read_as_text_and_from_files() {
        let folder = folder("forms");
        fs::create_dir_all(&folder).unwrap();
        let path = |name: &str| folder.join(name).display().to_string();
        let pem = make_signing().unwrap();
        fs::write(path("pem"), &pem).unwrap();
        let signing = read_signing(&pem).unwrap();
        assert_eq!(read_signing(&path("pem")).unwrap(), signing);
        assert_eq!(read_signing(&pem.replace('\n', "\\n")).unwrap(), signing);
        let text = make_encryption().unwrap();
        let encryption = bytes(&text).unwrap();
        fs::write(path("text"), &text).unwrap();
        fs::write(path("raw"), encryption).unwrap();
        for setting in [text.trim(), text.trim().trim_end_matches('='), &path("text"), &path("raw")] {
            assert_eq!(read_encryption(setting).unwrap(), encryption, "{setting}");
        }
        for bad in ["", "nonsense", "-----BEGIN PRIVATE KEY-----", &path("text")] {
            assert!(read_signing(bad).is_err(), "{bad}");
        }
        for bad in ["nonsense", "c2hvcnQ=", &path("pem")] {
            assert!(read_encryption(bad).is_err(), "{bad}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn derived_secrets_are_as_the_standard_says() {
        // RFC 4231, test case 2, with its short key filled up to ours.
        let mut key = Key::default();
        key.iter_mut().zip(b"Jefe").for_each(|(to, from)| *to = *from);
        let told = mac(&key, &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(told.first_chunk(), Some(&[0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]));
        assert_eq!(told.last_chunk(), Some(&[0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43]));
        let keys = Keys { signing: SigningKey::from_bytes(&[1; 32]), encryption: [2; 32] };
        assert_ne!(keys.derived("one"), keys.derived("two"));
    }
}
