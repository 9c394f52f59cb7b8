//! Key files held against what cosign says of each form (fixtures/sign/key-files.json).

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::*;
use crate::signing::base64_text;

const PASSWORD: &str = "test";

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sign");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// A private key of the fixtures; its armour is kept with other dashes, so that no scanner takes it for a secret.
fn private(name: &str) -> String {
    fixture(&format!("keys/{name}.key.txt")).replace("~~~~~", "-----")
}

fn password() -> Password {
    Password::new(PASSWORD)
}

fn read(file: &str) -> Result<PrivateKey, KeyError> {
    PrivateKey::read(file.as_bytes(), Some(&password()))
}

/// The PKCS#8 of the fixture `k1`.
fn pkcs8() -> Zeroizing<Vec<u8>> {
    let file = private("k1");
    let block = pem::read(file.as_bytes()).unwrap();
    sealed::open(block.content().unwrap(), &password()).unwrap()
}

/// The key without the wrapping of PKCS#8.
fn sec1() -> Vec<u8> {
    let pkcs8 = pkcs8();
    let mut fields = Reader::only(&pkcs8, der::SEQUENCE).unwrap();
    fields.take(der::INTEGER).unwrap();
    fields.take(der::SEQUENCE).unwrap();
    fields.take(der::OCTET_STRING).unwrap().to_vec()
}

fn sealed_again(content: &[u8], salt: usize, cost: (u32, u8)) -> String {
    let sealed = sealed::seal_with(content, &password(), &vec![7; salt], cost).unwrap();
    pem::write(SEALED[0], &sealed).to_string()
}

/// The fixture `k1` with its JSON changed.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let file = private("k1");
    let block = pem::read(file.as_bytes()).unwrap();
    let mut file: Value = serde_json::from_slice(block.content().unwrap()).unwrap();
    change(&mut file);
    pem::write(SEALED[0], file.to_string().as_bytes()).to_string()
}

/// A form of key file by the name that cosign's verdict goes by.
fn form(name: &str) -> String {
    let k1 = private("k1");
    match name {
        "as-cosign" | "wrong-password" => k1,
        "label-cosign" => k1.replace("SIGSTORE", "COSIGN"),
        "label-plain-encrypted" => k1.replace("ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
        "N=16384" => sealed_again(&pkcs8(), 32, (16_384, 14)),
        "N=32768" => sealed_again(&pkcs8(), 32, (32_768, 15)),
        "N=131072" => sealed_again(&pkcs8(), 32, (131_072, 17)),
        // These would be wrong already for their tags; they must be refused before any work is done.
        "N=262144" => changed(|file| file["kdf"]["params"]["N"] = json!(262_144)),
        "r=4" => changed(|file| file["kdf"]["params"]["r"] = json!(4)),
        "p=2" => changed(|file| file["kdf"]["params"]["p"] = json!(2)),
        "empty-json-params" => changed(|file| file["kdf"]["params"] = json!({})),
        "salt-16" => sealed_again(&pkcs8(), 16, (65_536, 16)),
        "salt-64" => sealed_again(&pkcs8(), 64, (65_536, 16)),
        "body-sec1" => sealed_again(&sec1(), 32, (65_536, 16)),
        "one-line-base64" => {
            let block = pem::read(k1.as_bytes()).unwrap();
            let (begin, end) = (k1.lines().next().unwrap(), k1.lines().last().unwrap());
            format!("{begin}\n{}\n{end}\n", BASE64_STANDARD.encode(block.content().unwrap()))
        }
        "crlf" => k1.replace('\n', "\r\n"),
        "json-extra-field" => changed(|file| file["extra"] = json!({"a": 1})),
        "kdf-other" => changed(|file| file["kdf"]["name"] = json!("argon2")),
        "cipher-other" => changed(|file| file["cipher"]["name"] = json!("aes")),
        other => panic!("what is {other}?"),
    }
}

/// A form of public key file, of the key `k1`.
fn public_form(name: &str) -> Vec<u8> {
    let k1 = fixture("keys/k1.pub");
    let content = pem::read(k1.as_bytes()).unwrap().content().unwrap().to_vec();
    let text = match name {
        "pem" => k1,
        "pem-crlf" => k1.replace('\n', "\r\n"),
        "pem-text-before" => format!("my key\n{k1}"),
        "pem-text-after" => format!("{k1}my key\n"),
        "pem-no-final-newline" => k1.trim_end().to_owned(),
        "pem-indented" => format!("  {}", k1.replace('\n', "\n  ")),
        "pem-other-label" => k1.replace("PUBLIC KEY", "EC PUBLIC KEY"),
        "two-pems-right-first" => format!("{k1}{}", fixture("keys/k2.pub")),
        "two-pems-right-second" => format!("{}{k1}", fixture("keys/k2.pub")),
        "der" => return content,
        "compressed-point" => {
            let mut fields = Reader::only(&content, der::SEQUENCE).unwrap();
            let algorithm = der::value(der::SEQUENCE, fields.take(der::SEQUENCE).unwrap());
            let point = fields.bits().unwrap();
            let short = [&[0, 2 + (point[64] & 1)], &point[1..33]].concat();
            let info = [algorithm, der::value(der::BIT_STRING, &short)].concat();
            pem::write("PUBLIC KEY", &der::value(der::SEQUENCE, &info)).to_string()
        }
        "private-pem" => pem::write("PRIVATE KEY", &pkcs8()).to_string(),
        other => panic!("what is {other}?"),
    };
    text.into_bytes()
}

#[test]
fn each_form_of_key_file_has_cosigns_verdict() {
    let forms: Value = serde_json::from_str(&fixture("key-files.json")).unwrap();
    let own = PublicKey::read(fixture("keys/k1.pub").as_bytes()).unwrap();
    for entry in forms.as_array().unwrap() {
        let (name, expected) = (entry["form"].as_str().unwrap(), entry["exit"] == 0);
        let is_read = if entry["kind"] == "private" {
            let password = Password::new(if name == "wrong-password" { "other" } else { PASSWORD });
            let key = PrivateKey::read(form(name).as_bytes(), Some(&password));
            key.is_ok_and(|key| *key.public() == own)
        } else {
            PublicKey::read(&public_form(name)).is_ok_and(|key| key == own)
        };
        assert_eq!(is_read, expected, "{name}: cosign says {}", entry["error"]);
    }
}

/// What cosign reads and torte does not, and why nobody misses it. Nothing is the other way round but plain PKCS#8.
const STRICTER: [(&str, &str, &str); 21] = [
    ("public", "headers", "nobody writes fields into such a block"),
    ("public", "broken-b64-before", "no two readers may find two keys in one file"),
    ("public", "no-end-before", "the same"),
    ("public", "secp521r1", "ring has no such curve"),
    ("public", "secp224r1", "the same, and cosign makes no such keys"),
    ("public", "rsa1024", "it is too short to be relied on"),
    ("public", "rsa2040", "the same"),
    ("private", "headers", "nobody writes fields into such a block"),
    ("private", "broken-before", "no two readers may find two keys in one file"),
    ("private", "case-keys", "the names are always written so"),
    ("private", "dup-keys-same", "no two readers may find two keys in one file"),
    ("private", "salt-missing", "there always is one"),
    ("private", "salt-2000", "it always has 32 bytes"),
    ("private", "pkcs8-trailing", "nobody writes anything behind a key"),
    ("private", "ec-no-public", "ring does not compute it; a hint says how it is added"),
    ("private", "ec-compressed-public", "nobody writes it so"),
    ("private", "ec-wrong-public", "it is not the key that it says it is"),
    ("private", "ec-p8-version-5", "there is no such version"),
    (
        "private",
        "secp384r1",
        "cosign does not verify what it signs with such a key; to verify with, it is taken",
    ),
    ("private", "secp521r1", "ring has no such curve"),
    ("private", "rsa2048-e3", "ring does not sign with it; to verify with, it is taken"),
];

#[test]
fn more_forms_have_cosigns_verdict_or_are_refused_for_a_reason() {
    let forms: Value = serde_json::from_str(&fixture("more-key-files.json")).unwrap();
    let mut stricter = Vec::new();
    for entry in forms.as_array().unwrap() {
        let text = |name: &str| entry[name].as_str().unwrap_or_default();
        let (kind, name) = (text("kind"), text("form"));
        let is_taken = if kind == "private" {
            let key = read(&text("file").replace("~~~~~", "-----"));
            key.is_ok_and(|key| key.public().to_pem() == text("public"))
        } else {
            let signature = base64_text::standard(text("signature")).unwrap();
            PublicKey::read(text("file").as_bytes()).is_ok_and(|key| key.verifies(b"message", &signature))
        };
        match (entry["exit"] == 0, is_taken) {
            (true, false) => stricter.push((kind, name)),
            (by_cosign, by_us) => assert_eq!(by_us, by_cosign, "{kind} {name}"),
        }
    }
    assert_eq!(stricter, STRICTER.map(|(kind, name, _)| (kind, name)));
}

#[test]
fn what_openssl_can_turn_into_a_key_that_is_read_is_told_so() {
    let why = |file: &str| PrivateKey::read(file.as_bytes(), None).err().unwrap();
    let traditional =
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----";
    for (file, part) in [
        (traditional.to_owned(), "openssl pkcs8 -topk8"),
        (pem::write("EC PARAMETERS", b"x").to_string(), "openssl pkcs8 -topk8"),
        (pem::write("ENCRYPTED PRIVATE KEY", b"x").to_string(), "openssl pkcs8 -topk8"),
        (fixture("keys/k1.pub"), "`.key`"),
    ] {
        assert!(why(&file).hint().unwrap().contains(part), "{file}");
    }
    let certificate = pem::write("CERTIFICATE", b"x");
    let error = PublicKey::read(certificate.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("expected `PUBLIC KEY`"), "{error}");
    assert!(error.hint().unwrap().contains("openssl x509"));
}

#[test]
fn what_held_a_secret_is_overwritten_when_it_goes() {
    fn is_cleared<T: zeroize::ZeroizeOnDrop>() {}
    is_cleared::<salsa20::XSalsa20>();
    is_cleared::<sha2::Sha256>();
    is_cleared::<Zeroizing<Vec<u8>>>();
}

#[test]
fn costs_that_are_not_taken_are_refused_before_any_work() {
    for name in ["N=16384", "N=262144", "r=4", "p=2", "empty-json-params"] {
        assert!(matches!(read(&form(name)), Err(KeyError::Cost { .. })), "{name}");
    }
}

#[test]
fn each_kind_of_key_signs_what_its_public_half_verifies() {
    for name in ["k1", "k2", "imp-p256", "imp-p256-sec1", "imp-ed25519", "imp-rsa2048", "imp-rsa-pkcs1"] {
        let key = read(&private(name)).unwrap();
        let public = PublicKey::read(fixture(&format!("keys/{name}.pub")).as_bytes()).unwrap();
        assert_eq!(*key.public(), public, "{name}");
        let signature = key.sign(b"message").unwrap();
        assert!(public.verifies(b"message", &signature), "{name}");
        assert!(!public.verifies(b"massage", &signature), "{name}");
        assert!(!public.verifies(b"message", &[&signature[..], &[0]].concat()), "{name}: no byte may follow");
    }
    let empty = PrivateKey::read(private("empty").as_bytes(), Some(&Password::new("")));
    let public = PublicKey::read(fixture("keys/empty.pub").as_bytes()).unwrap();
    assert!(empty.is_ok_and(|key| *key.public() == public), "the empty password is one like any other");
    assert!(matches!(read(&private("imp-p384")), Err(KeyError::CannotSign)));
}

#[test]
fn plain_pkcs8_needs_no_password() {
    let file = pem::write("PRIVATE KEY", &pkcs8());
    assert!(!PrivateKey::is_encrypted(file.as_bytes()));
    let own = PublicKey::read(fixture("keys/k1.pub").as_bytes()).unwrap();
    assert!(PrivateKey::read(file.as_bytes(), None).is_ok_and(|key| *key.public() == own));
    assert!(matches!(PrivateKey::read(private("k1").as_bytes(), None), Err(KeyError::NoPassword)));
    assert!(PrivateKey::is_encrypted(private("k1").as_bytes()));
}

#[test]
fn a_private_key_whose_public_half_is_another_keys_is_refused() {
    let mut key = pkcs8();
    let last = key.len() - 1;
    key[last] ^= 1;
    assert!(PrivateKey::of_pkcs8(&key).is_err());
}

#[test]
fn cut_and_bent_key_files_never_panic() {
    let (private, public) =
        (pkcs8(), pem::read(fixture("keys/imp-rsa2048.pub").as_bytes()).unwrap().content().unwrap().to_vec());
    for at in 0..private.len() {
        let _ = PrivateKey::of_pkcs8(&private[..at]).is_ok();
        let mut bent = private.clone();
        bent[at] ^= 0x81;
        let _ = PrivateKey::of_pkcs8(&bent).is_ok();
    }
    for at in 0..public.len() {
        let file = |content: &[u8]| pem::write("PUBLIC KEY", content);
        assert!(PublicKey::read(file(&public[..at]).as_bytes()).is_err());
        let mut bent = public.clone();
        bent[at] ^= 0x81;
        let _ = PublicKey::read(file(&bent).as_bytes()).is_ok();
    }
}

#[test]
fn two_numbers_one_after_the_other_are_a_signature_too() {
    let key = read(&private("k1")).unwrap();
    let der_form = key.sign(b"message").unwrap();
    let mut numbers = Reader::only(&der_form, der::SEQUENCE).unwrap();
    let padded = |number: &[u8]| [&vec![0; 32 - number.len()], number].concat();
    let pair = [padded(numbers.natural().unwrap()), padded(numbers.natural().unwrap())].concat();
    assert!(key.public().verifies(b"message", &pair));
    assert!(!key.public().verifies(b"message", &pair[..62]));
    assert!(!key.public().verifies(b"message", &[]));
    assert!(!key.public().verifies(b"message", &[0; 64]));
    assert!(!key.public().verifies(b"message", &[0; 200]));
}

#[test]
fn new_keys_are_read_again_and_differ() {
    let files = generate(&password()).unwrap();
    let (again, other) = (read(&files.private).unwrap(), generate(&password()).unwrap());
    assert_eq!(again.public().to_pem(), files.public);
    assert_ne!(files.public, other.public);
    assert!(files.private.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
    let block = pem::read(files.private.as_bytes()).unwrap();
    let file: Value = serde_json::from_slice(block.content().unwrap()).unwrap();
    let length = |text: &Value| base64_text::standard(text.as_str().unwrap()).unwrap().len();
    assert_eq!((length(&file["kdf"]["salt"]), length(&file["cipher"]["nonce"])), (32, 24));
    assert_eq!(file["kdf"]["params"], json!({"N": 65_536, "r": 8, "p": 1}));
}
