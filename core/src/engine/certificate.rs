//! The root certificate of a swarm, as text: what `docker swarm ca` prints. Nothing is signed with it.
//!
//! Models: swarmkit ca/certificates.go CreateRootCA, and cfssl's form: an ECDSA key on P-256, valid for twenty years.
//! Differs: keys and signature are drawn, not made.

use crate::rng::Stream;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `CN=swarm-ca`, as bytes and as the API shows it.
const SUBJECT: &[u8] = b"\x30\x13\x31\x11\x30\x0f\x06\x03\x55\x04\x03\x13\x08swarm-ca";

/// The beginning of a public key on P-256, which 64 bytes follow.
const KEY: &[u8] =
    b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04";

/// ecdsa-with-SHA256.
const ALGORITHM: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";

const EXTENSIONS: &[u8] = b"\xa3\x42\x30\x40\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x01\x06\x30\x0f\
    \x06\x03\x55\x1d\x13\x01\x01\xff\x04\x05\x30\x03\x01\x01\xff\x30\x1d\x06\x03\x55\x1d\x0e\x04\x16\x04\x14";

const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
const END: &str = "-----END CERTIFICATE-----\n";
const YEARS: u64 = 20;
const YEAR_MS: u64 = 365 * 24 * 3_600_000;

/// A new root certificate, made at `unix_ms`.
pub(crate) fn root(unix_ms: u64, stream: &mut Stream) -> String {
    let mut drawn = |count: usize| -> Vec<u8> { (0..count).map(|_| stream.next_u32() as u8).collect() };
    let mut serial = drawn(20);
    serial[0] = serial[0] & 0x7f | 0x40;
    let mut validity = b"\x30\x1e".to_vec();
    for at in [unix_ms, unix_ms + YEARS * YEAR_MS] {
        validity.extend(b"\x17\x0d");
        let text = crate::date::rfc3339(at / 60_000 * 60_000);
        validity.extend(text.bytes().filter(u8::is_ascii_digit).skip(2).take(12));
        validity.push(b'Z');
    }
    let mut der = b"\x30\x82\x01\x6b\x30\x82\x01\x10\xa0\x03\x02\x01\x02\x02\x14".to_vec();
    for part in [&serial, ALGORITHM, SUBJECT, &validity, SUBJECT, KEY, &drawn(64), EXTENSIONS, &drawn(20), ALGORITHM] {
        der.extend(part);
    }
    der.extend(b"\x03\x49\x00\x30\x46");
    for _ in 0..2 {
        // A number whose first bit is set is written with a zero before it.
        let mut number = drawn(32);
        number[0] |= 0x80;
        der.extend(b"\x02\x21\x00");
        der.extend(number);
    }
    let text = encode(&der);
    let mut pem = BEGIN.to_owned();
    for line in text.as_bytes().chunks(64) {
        pem.extend(line.iter().map(|byte| char::from(*byte)));
        pem.push('\n');
    }
    pem + END
}

/// The subject and the public key of a root certificate, as the API shows them.
pub(crate) fn issuer(pem: &str) -> (String, String) {
    let der = decode(pem);
    let at = der.windows(KEY.len()).position(|window| window == KEY).unwrap_or(0);
    let key = der.get(at..at + KEY.len() + 64).unwrap_or_default();
    (encode(SUBJECT), encode(key))
}

/// Base64, padded.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// The bytes between the lines that begin and end a certificate.
fn decode(pem: &str) -> Vec<u8> {
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0u32, 0);
    for digit in pem.lines().filter(|line| !line.starts_with('-')).flat_map(str::bytes) {
        let Some(value) = ALPHABET.iter().position(|known| *known == digit) else { continue };
        word = word << 6 | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_certificate_has_the_form_and_the_length_of_swarms() {
        let pem = root(1_795_383_278_000, &mut Stream::new(1, "certificates"));
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\nMIIBazCCARCgAwIBAgIU"), "{pem}");
        assert!(pem.contains("\nEzERMA8GA1UEAxMIc3dhcm0tY2EwHhcNMjYxMTIyMjE"), "{pem}");
        assert_eq!(decode(&pem).len(), 0x16b + 4);
        let (subject, key) = issuer(&pem);
        assert_eq!(subject, "MBMxETAPBgNVBAMTCHN3YXJtLWNh");
        assert!(key.starts_with("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE") && key.len() == 124, "{key}");
    }

    #[test]
    fn base64_is_padded() {
        assert_eq!(["", "f", "fo", "foo"].map(|text| encode(text.as_bytes())), ["", "Zg==", "Zm8=", "Zm9v"]);
    }
}
