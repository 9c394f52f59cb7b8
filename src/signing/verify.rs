//! Decides whether what was found beside a digest proves that the holders of given keys signed it.

use std::collections::{BTreeMap, HashMap};

use super::envelope::{self, Envelope, IN_TOTO, Signature};
use super::payload::Payload;
use super::statement::{SIGNATURE, Statement};
use super::{PublicKey, base64_text, bundle, layer};
use crate::oci::{Descriptor, Digest, Manifest};

mod reason;

pub use reason::{Reason, Refusal, Unverified};

/// The most pieces of each form that are examined for one digest and prove nothing: whoever may write beside it could keep us
/// busy for ever. What one of the keys did sign does not count.
pub const MOST_EXAMINED: usize = 64;
/// The most layers of a manifest of which any is examined; cosign has the same limit.
pub const MOST_LAYERS: usize = 1000;
/// The largest signature that is read, in bytes.
pub const LARGEST_SIGNATURE: u64 = 1024 * 1024;
/// The largest attestation that is read, in bytes.
pub const LARGEST_ATTESTATION: u64 = 4 * 1024 * 1024;

/// How a signature is kept beside what it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A Sigstore bundle, as a referrer.
    Bundle,
    /// cosign's older form, under a tag that is made of the digest.
    Legacy,
}

/// What must be claimed of the digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// That it was signed. An attestation says something else, and is none.
    Signature,
    /// An attestation with this predicate type.
    Attestation(String),
}

/// How many of the keys must have signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// Each of them.
    All,
    /// One of them, whichever.
    Any,
}

/// What is asked of signatures.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whose signatures count. Without any key nothing is ever verified.
    pub keys: Vec<PublicKey>,
    /// How many of them.
    pub quorum: Quorum,
    /// What each signature must say besides.
    pub annotations: BTreeMap<String, String>,
    /// What must be claimed.
    pub claim: Claim,
}

/// A digest that was verified. Only [`Examination::verdict`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    digest: Digest,
    keys: Vec<Digest>,
}

impl Verified {
    /// What was verified: this, and not the tag under which it was found, is what may be used.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The digests of the keys that signed it, in the order in which they were given.
    pub fn keys(&self) -> &[Digest] {
        &self.keys
    }
}

/// A piece that keys did sign, whatever it says.
struct Signed {
    /// The positions of those keys, at least one.
    signers: Vec<usize>,
    /// Whether it claims what is asked.
    claim: Result<(), Reason>,
}

/// An examination of all that was found beside one digest, one piece after the other.
///
/// Both forms count alike: a bad piece of one never hides a good piece of the other, and never helps it.
pub struct Examination<'a> {
    subject: &'a Digest,
    policy: &'a Policy,
    has_signed: Vec<bool>,
    refusals: Vec<Refusal>,
    /// How much of each form proved nothing.
    useless: [usize; 2],
    /// Whether something was left out.
    is_cut: bool,
}

impl<'a> Examination<'a> {
    /// Begins with nothing found.
    pub fn new(subject: &'a Digest, policy: &'a Policy) -> Self {
        let has_signed = vec![false; policy.keys.len()];
        Self { subject, policy, has_signed, refusals: Vec::new(), useless: [0; 2], is_cut: false }
    }

    /// Whether nothing of this form that may still come changes the verdict.
    pub fn is_decided(&self, form: Form) -> bool {
        self.is_satisfied() || self.useless[form as usize] >= MOST_EXAMINED
    }

    fn is_satisfied(&self) -> bool {
        match self.policy.quorum {
            Quorum::All => !self.has_signed.is_empty() && self.has_signed.iter().all(|has| *has),
            Quorum::Any => self.has_signed.contains(&true),
        }
    }

    /// Which layers of a manifest may be signatures and are wanted for [`piece`](Self::piece).
    ///
    /// Of a referrer that is no bundle none is; a layer that is too large is refused at once.
    pub fn wanted(&mut self, form: Form, manifest: &Manifest) -> Vec<Descriptor> {
        if manifest.layers().len() > MOST_LAYERS {
            self.refuse(form, manifest.digest(), Reason::SignatureCount(manifest.layers().len()));
            return Vec::new();
        }
        let layers = described(manifest);
        let is_bundle = |layer: &Descriptor| layer.media_type.starts_with(bundle::LAYER);
        if form == Form::Bundle && !matches!(layers.as_slice(), [one] if is_bundle(one)) {
            return Vec::new();
        }
        let most = match self.policy.claim {
            Claim::Signature => LARGEST_SIGNATURE,
            Claim::Attestation(_) => LARGEST_ATTESTATION,
        };
        let (small, large): (Vec<_>, Vec<_>) = layers.into_iter().partition(|layer| layer.size <= most);
        for _ in large.iter().take(MOST_EXAMINED.saturating_sub(self.useless[form as usize])) {
            self.refuse(form, manifest.digest(), Reason::TooLarge { most });
        }
        small
    }

    /// Examines a layer of the manifest `found`.
    pub fn piece(&mut self, form: Form, found: &Digest, layer: &Descriptor, content: &[u8]) {
        if self.is_decided(form) {
            return;
        }
        match self.signers(form, layer, content) {
            Err(reason) => self.refuse(form, found, reason),
            Ok(Signed { claim: Err(reason), .. }) => self.note(form, found, reason),
            Ok(Signed { signers, claim: Ok(()) }) => {
                for at in signers {
                    self.has_signed[at] = true;
                }
            }
        }
    }

    /// Notes that something could not be read and so proves nothing.
    pub fn refuse(&mut self, form: Form, found: &Digest, reason: Reason) {
        self.useless[form as usize] += 1;
        self.note(form, found, reason);
    }

    /// Notes what proves nothing, and does not count towards [`MOST_EXAMINED`].
    pub fn note(&mut self, form: Form, found: &Digest, reason: Reason) {
        self.refusals.push(Refusal { form, found: found.clone(), reason });
    }

    /// Notes that there is more than is looked at.
    pub fn cut(&mut self) {
        self.is_cut = true;
    }

    /// What it all comes to.
    pub fn verdict(self) -> Result<Verified, Unverified> {
        let is_satisfied = self.is_satisfied();
        let keys = self.policy.keys.iter().zip(&self.has_signed);
        let (signed, missing): (Vec<_>, Vec<_>) = keys.partition(|(_, has)| **has);
        let digests = |keys: Vec<(&PublicKey, &bool)>| keys.iter().map(|(key, _)| key.digest()).collect();
        if is_satisfied {
            return Ok(Verified { digest: self.subject.clone(), keys: digests(signed) });
        }
        Err(Unverified {
            is_signed: !signed.is_empty(),
            digest: self.subject.clone(),
            missing: digests(missing),
            is_limited: self.is_cut || self.useless.iter().any(|count| *count >= MOST_EXAMINED),
            refusals: self.refusals,
        })
    }

    /// Who signed this piece, and whether it claims what is asked. What nobody here signed is a refusal.
    fn signers(&self, form: Form, layer: &Descriptor, content: &[u8]) -> Result<Signed, Reason> {
        let is_sized = layer.size == content.len() as u64;
        if !is_sized || !layer.digest.matches(content) || !holds_no_other(layer, content) {
            return Err(Reason::Content);
        }
        match (form, &self.policy.claim) {
            (Form::Bundle, _) => self.in_bundle(content),
            (Form::Legacy, Claim::Signature) => self.in_layer(layer, content),
            (Form::Legacy, Claim::Attestation(_)) => self.in_envelope(layer, content),
        }
    }

    /// A bundle has exactly one signature, and no name of a key: which key it must be we say.
    fn in_bundle(&self, content: &[u8]) -> Result<Signed, Reason> {
        let envelope = bundle::read(content)?;
        let [signature] = envelope.signatures.as_slice() else {
            return Err(Reason::SignatureCount(envelope.signatures.len()));
        };
        if !signature.key.is_empty() {
            return Err(Reason::KeyName);
        }
        let signers = self.of_envelope(&envelope)?;
        let claim = statement(&envelope).and_then(|statement| {
            if statement.is_in_hex() { self.claims(&statement) } else { Err(Reason::OtherDigest) }
        });
        Ok(Signed { signers, claim })
    }

    fn in_envelope(&self, layer: &Descriptor, content: &[u8]) -> Result<Signed, Reason> {
        layer::check(layer)?;
        let envelope = Envelope::read(content)?;
        let signers = self.of_envelope(&envelope)?;
        let claim = statement(&envelope).and_then(|statement| self.claims(&statement));
        Ok(Signed { signers, claim })
    }

    fn in_layer(&self, layer: &Descriptor, content: &[u8]) -> Result<Signed, Reason> {
        let signature = base64_text::standard(layer::check(layer)?).ok_or(Reason::Encoding)?;
        let signers = self.of(|key| key.verifies(content, &signature))?;
        Ok(Signed { signers, claim: self.claims_in_payload(content) })
    }

    /// A payload that was signed: is it about our digest, and does it say what is asked?
    fn claims_in_payload(&self, content: &[u8]) -> Result<(), Reason> {
        let payload = Payload::read(content)?;
        if payload.digest != self.subject.to_string() {
            return Err(Reason::OtherDigest);
        }
        self.annotated(|key, value| payload.has(key, value))
    }

    fn of_envelope(&self, envelope: &Envelope) -> Result<Vec<usize>, Reason> {
        let message = envelope::encoded(&envelope.payload_type, &envelope.payload);
        let signatures: &[Signature] = &envelope.signatures;
        if signatures.len() > MOST_EXAMINED {
            return Err(Reason::SignatureCount(signatures.len()));
        }
        self.of(|key| signatures.iter().any(|signature| key.verifies(&message, &signature.bytes)))
    }

    /// The positions of the keys for which something holds; there must be one.
    fn of(&self, has_signed: impl Fn(&PublicKey) -> bool) -> Result<Vec<usize>, Reason> {
        let keys = self.policy.keys.iter().enumerate();
        let signers: Vec<_> = keys.filter(|(_, key)| has_signed(key)).map(|(at, _)| at).collect();
        if signers.is_empty() { Err(Reason::OtherKey) } else { Ok(signers) }
    }

    /// A statement that was signed: is it about our digest, and does it say what is asked?
    fn claims(&self, statement: &Statement) -> Result<(), Reason> {
        let subject = statement.about(self.subject).ok_or(Reason::OtherDigest)?;
        let found = statement.predicate_type.as_str();
        let wanted = match &self.policy.claim {
            Claim::Signature => SIGNATURE,
            Claim::Attestation(wanted) => wanted,
        };
        if found != wanted {
            return Err(Reason::OtherType(found.chars().take(200).collect()));
        }
        self.annotated(|key, value| subject.has(key, value))
    }

    fn annotated(&self, has: impl Fn(&str, &str) -> bool) -> Result<(), Reason> {
        match self.policy.annotations.iter().find(|(key, value)| !has(key, value)) {
            None => Ok(()),
            Some((key, _)) => Err(Reason::Annotation(key.clone())),
        }
    }
}

/// The layers, each as the manifest first describes its content, the config before all: whoever looks a blob up by its
/// digest, as cosign does, finds that one. The annotations are each layer's own.
fn described(manifest: &Manifest) -> Vec<Descriptor> {
    let blobs = manifest.blobs();
    let first: HashMap<_, _> = blobs.iter().map(|blob| (&blob.digest, blob)).collect();
    let described = |layer: &Descriptor| {
        let first = (*first.get(&layer.digest).unwrap_or(&layer)).clone();
        Descriptor { annotations: layer.annotations.clone(), ..first }
    };
    manifest.layers().iter().map(described).collect()
}

/// Whether the content that a descriptor holds within itself, which some readers take instead, is the same.
pub(super) fn holds_no_other(descriptor: &Descriptor, content: &[u8]) -> bool {
    let data = descriptor.data.as_deref();
    data.is_none_or(|data| base64_text::standard(data).is_some_and(|data| data == content))
}

fn statement(envelope: &Envelope) -> Result<Statement, Reason> {
    if envelope.payload_type != IN_TOTO {
        return Err(Reason::PayloadType);
    }
    Ok(Statement::read(&envelope.payload)?)
}
