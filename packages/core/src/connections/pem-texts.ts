import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** Longest texts that are read, characters: a certificate may be followed by those that vouch for it. */
const longestKey = 16_384;
const longestCertificate = 65_536;

/** The private key in a PEM text without a passphrase, or `null`. */
export function privateKeyOf(text: string): KeyObject | null {
  if (text.length > longestKey) return null;
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

/** The first certificate in a PEM text, or `null`. */
export function certificateOf(text: string): X509Certificate | null {
  // DER would be read as well, and TLS would not take it.
  if (text.length > longestCertificate || !text.includes('-----BEGIN CERTIFICATE-----')) return null;
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}

/** True where the key belongs to the certificate; whether each can be read is looked at apart. */
export function isKeyOf(certificate: string, key: string): boolean {
  const read = { certificate: certificateOf(certificate), key: privateKeyOf(key) };
  return read.certificate === null || read.key === null || read.certificate.checkPrivateKey(read.key);
}
