//! Base64 as the readers of signatures take it: each of the three dialects that Go's tools read in different places.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode::{RequireCanonical, RequireNone};
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Go's decoders do not look at the bits that a last letter has too many.
const PADDED: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(RequireCanonical);
const BARE: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(RequireNone);

fn decode(
    text: &str,
    alphabet: &base64::alphabet::Alphabet,
    config: GeneralPurposeConfig,
) -> Option<Vec<u8>> {
    let engine = GeneralPurpose::new(alphabet, config);
    // Line ends are passed over wherever they stand.
    if text.contains(['\r', '\n']) {
        return engine.decode(text.replace(['\r', '\n'], "")).ok();
    }
    engine.decode(text).ok()
}

/// The standard alphabet, padded: signatures in annotations, key files.
pub(super) fn standard(text: &str) -> Option<Vec<u8>> {
    decode(text, &STANDARD, PADDED)
}

/// Either alphabet, padded: a DSSE envelope that stands alone (`envelope.md` of the DSSE specification).
pub(super) fn either(text: &str) -> Option<Vec<u8>> {
    standard(text).or_else(|| decode(text, &URL_SAFE, PADDED))
}

/// Either alphabet, padded or not: bytes in the JSON form of a protocol buffer message.
pub(super) fn of_message(text: &str) -> Option<Vec<u8>> {
    let alphabet = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
    let config = if text.len().is_multiple_of(4) { PADDED } else { BARE };
    decode(text, &alphabet, config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_takes_its_own() {
        let bytes = Some(vec![0xfb, 0xff, 0xfe, 0x01]);
        for (text, readers) in [
            ("+//+AQ==", [true, true, true]),
            ("+//+\r\n\r\nAQ==", [true, true, true]),
            // Line ends count for the length that tells a message's dialect.
            ("+//+\r\nAQ==\n", [true, true, false]),
            ("-__-AQ==", [false, true, true]),
            ("+//+AQ", [false, false, true]),
            ("-__-AQ", [false, false, true]),
            ("+__+AQ==", [false, false, false]),
            ("+//+AQ=", [false, false, false]),
            ("+//+ AQ==", [false, false, false]),
        ] {
            let read = [standard(text), either(text), of_message(text)].map(|found| found == bytes);
            assert_eq!(read, readers, "{text}");
        }
        assert_eq!(standard("+//+AR=="), bytes, "the last letter's spare bits are not looked at");
    }
}
