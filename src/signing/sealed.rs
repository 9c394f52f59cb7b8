//! The encryption of private key files: scrypt and the secret box of `NaCl`, in the JSON that cosign reads and writes.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit as _;
use salsa20::XSalsa20;
use salsa20::cipher::{KeyIvInit as _, StreamCipher as _};
use scrypt::{Params, scrypt};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{KeyError, Password, base64_text};

/// The costs that are read: with others a key file could make whoever opens it busy for hours. All have r = 8, p = 1.
const COSTS: [(u32, u8); 3] = [(32_768, 15), (65_536, 16), (131_072, 17)];
/// The cost that is written.
const WRITTEN: (u32, u8) = COSTS[1];
const BLOCK_SIZE: u32 = 8;
const PARALLEL: u32 = 1;
/// The longest salt that is read, in bytes; 32 are written.
const LONGEST_SALT: usize = 1024;
const TAG: usize = 16;

#[derive(Deserialize)]
struct File {
    kdf: Kdf,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Deserialize)]
struct Kdf {
    name: String,
    #[serde(default)]
    params: Costs,
    salt: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Costs {
    #[serde(rename = "N")]
    n: u32,
    r: u32,
    p: u32,
}

#[derive(Deserialize)]
struct Cipher {
    name: String,
    nonce: String,
}

/// Opens what [`seal`] or cosign sealed.
pub(super) fn open(file: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let broken = || KeyError::Broken("it is not the JSON of an encrypted key");
    let file: File = serde_json::from_slice(file).map_err(|_| broken())?;
    if file.kdf.name != "scrypt" || file.cipher.name != "nacl/secretbox" {
        return Err(KeyError::Broken("it is encrypted with something else than scrypt and nacl/secretbox"));
    }
    let Costs { n, r, p } = file.kdf.params;
    let cost = COSTS.iter().find(|(cost, _)| *cost == n && r == BLOCK_SIZE && p == PARALLEL);
    let (_, log_n) = cost.ok_or(KeyError::Cost { n, r, p })?;
    let bytes = |text: &str| base64_text::standard(text).ok_or_else(broken);
    let (salt, nonce, sealed) =
        (bytes(&file.kdf.salt)?, bytes(&file.cipher.nonce)?, bytes(&file.ciphertext)?);
    let nonce: [u8; 24] = nonce.try_into().map_err(|_| broken())?;
    if salt.len() > LONGEST_SALT {
        return Err(broken());
    }
    let key = derive(password, &salt, *log_n)?;
    let (tag, ciphertext) = sealed.split_first_chunk::<TAG>().ok_or_else(broken)?;
    let mut content = Zeroizing::new(ciphertext.to_vec());
    let mut stream = Stream::new(&key, &nonce);
    if !bool::from(stream.tag(&content).ct_eq(tag)) {
        return Err(KeyError::WrongPassword);
    }
    stream.apply(&mut content);
    Ok(content)
}

/// Seals a private key with a fresh salt and nonce.
pub(super) fn seal(content: &[u8], password: &Password) -> Result<Vec<u8>, KeyError> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|_| KeyError::NoRandomness)?;
    seal_with(content, password, &salt, WRITTEN)
}

/// The same with a salt and a cost, which are other ones for tests alone.
pub(super) fn seal_with(
    content: &[u8],
    password: &Password,
    salt: &[u8],
    (cost, log_n): (u32, u8),
) -> Result<Vec<u8>, KeyError> {
    let mut nonce = [0; 24];
    getrandom::fill(&mut nonce).map_err(|_| KeyError::NoRandomness)?;
    let key = derive(password, salt, log_n)?;
    let mut sealed = content.to_vec();
    let mut stream = Stream::new(&key, &nonce);
    stream.apply(&mut sealed);
    let tag = stream.tag(&sealed);
    sealed.splice(0..0, tag);
    let encode = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let file = serde_json::json!({
        "kdf": {
            "name": "scrypt",
            "params": {"N": cost, "r": BLOCK_SIZE, "p": PARALLEL},
            "salt": encode(salt),
        },
        "cipher": {"name": "nacl/secretbox", "nonce": encode(&nonce)},
        "ciphertext": encode(&sealed),
    });
    Ok(file.to_string().into_bytes())
}

fn derive(password: &Password, salt: &[u8], log_n: u8) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let refused = || KeyError::Broken("its scrypt parameters are out of range");
    let params = Params::new(log_n, BLOCK_SIZE, PARALLEL).map_err(|_| refused())?;
    let mut key = Zeroizing::new([0; 32]);
    scrypt(password.bytes(), salt, &params, key.as_mut()).map_err(|_| refused())?;
    Ok(key)
}

/// The secret box of `NaCl`: the first 32 bytes of `XSalsa20`'s stream are the key of the tag, the rest encrypts.
struct Stream {
    cipher: XSalsa20,
    tag_key: Zeroizing<[u8; 32]>,
}

impl Stream {
    fn new(key: &[u8; 32], nonce: &[u8; 24]) -> Self {
        let mut cipher = XSalsa20::new(key.into(), nonce.into());
        let mut tag_key = Zeroizing::new([0; 32]);
        cipher.apply_keystream(tag_key.as_mut());
        Self { cipher, tag_key }
    }

    /// The tag of what is encrypted.
    fn tag(&self, ciphertext: &[u8]) -> [u8; TAG] {
        let key: &[u8; 32] = &self.tag_key;
        Poly1305::new(key.into()).compute_unpadded(ciphertext).into()
    }

    /// Encrypts or decrypts, once.
    fn apply(&mut self, content: &mut [u8]) {
        self.cipher.apply_keystream(content);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nacls_own_example_of_a_secret_box() {
        // The vector of NaCl's tests/secretbox.c, as the naclcrypto paper prints it.
        let hex = |text: &str| hex::decode(text.replace(' ', "")).unwrap();
        let key = hex("1b27556473e985d4 62cd51197a9a46c7 6009549eac6474f2 06c4ee0844f68389");
        let nonce = hex("69696ee955b62b73 cd62bda875fc73d6 8219e0036b7a0b37");
        let message = hex(
            "be075fc53c81f2d5 cf141316ebeb0c7b 5228c52a4c62cbd4 4b66849b64244ffc e5ecbaaf33bd751a 1ac728d45e6c6129 \
             6cdc3c01233561f4 1db66cce314adb31 0e3be8250c46f06d ceea3a7fa1348057 e2f6556ad6b1318a 024a838f21af1fde \
             048977eb48f59ffd 4924ca1c60902e52 f0a089bc76897040 e082f93776384864 5e0705",
        );
        let sealed = hex(
            "f3ffc7703f9400e5 2a7dfb4b3d3305d9 8e993b9f48681273 c29650ba32fc76ce 48332ea7164d96a4 476fb8c531a1186a \
             c0dfc17c98dce87b 4da7f011ec48c972 71d2c20f9b928fe2 270d6fb863d51738 b48eeee314a7cc8a b932164548e526ae \
             90224368517acfea bd6bb3732bc0e9da 99832b61ca01b6de 56244a9e88d5f9b3 7973f622a43d14a6 599b1f654cb45a74 \
             e355a5",
        );
        let (key, nonce) = (key.try_into().unwrap(), nonce.try_into().unwrap());
        let mut stream = Stream::new(&key, &nonce);
        let mut content = message.clone();
        stream.apply(&mut content);
        assert_eq!([&stream.tag(&content)[..], &content].concat(), sealed);
    }

    #[test]
    fn a_sealed_key_opens_with_its_password_alone() {
        let sealed = seal(b"content", &Password::new("right")).unwrap();
        assert_eq!(open(&sealed, &Password::new("right")).unwrap().as_slice(), b"content");
        assert!(matches!(open(&sealed, &Password::new("wrong")), Err(KeyError::WrongPassword)));
        assert!(matches!(open(&sealed, &Password::new("")), Err(KeyError::WrongPassword)));
        assert_ne!(sealed, seal(b"content", &Password::new("right")).unwrap(), "salt and nonce are fresh");
    }

    #[test]
    fn a_hostile_file_costs_nothing() {
        let sealed = String::from_utf8(seal(b"content", &Password::new("")).unwrap()).unwrap();
        let open = |text: &str| open(text.as_bytes(), &Password::new("")).err();
        for (from, to) in
            [("\"N\":65536", "\"N\":1073741824"), ("\"r\":8", "\"r\":4294967295"), ("\"p\":1", "\"p\":2")]
        {
            let hostile = sealed.replace(from, to);
            assert_ne!(hostile, sealed);
            assert!(matches!(open(&hostile), Some(KeyError::Cost { .. })), "{to}");
        }
        let long = sealed.replace("\"salt\":\"", &format!("\"salt\":\"{}", "AAAA".repeat(400)));
        assert!(matches!(open(&long), Some(KeyError::Broken(_))));
        let short = sealed.replace("\"nonce\":\"", "\"nonce\":\"AAAA");
        assert!(matches!(open(&short), Some(KeyError::Broken(_))));
    }
}
