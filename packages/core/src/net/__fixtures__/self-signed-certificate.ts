import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const commonName = (name: string): Buffer => sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(name)))));
const extension = (id: string, value: Uint8Array): Buffer => sequence(objectId(id), der(0x04, value));
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));
const rsaWithSha256 = sequence(objectId('2a864886f70d01010b'), der(0x05));

/** What a certificate is to say. */
export interface CertificateInput {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /** Length of an RSA key. @default a key on the curve P-256 */
  readonly rsaBits?: number;
  /** As ASN.1 writes a time, `YYYYMMDDhhmmssZ`. @default in 2120 */
  readonly notAfter?: string;
}

/** A fresh self-signed certificate for these names and IPv4 addresses, so that no private key has to lie in the repository. */
export function selfSignedCertificate({ names, addresses, rsaBits, notAfter = '21200101000000Z' }: CertificateInput): {
  key: string;
  cert: string;
} {
  const { privateKey, publicKey } =
    rsaBits === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: rsaBits });
  const algorithm = rsaBits === undefined ? ecdsaWithSha256 : rsaWithSha256;
  const alternativeNames = sequence(
    ...names.map((name) => der(0x82, Buffer.from(name))),
    ...addresses.map((address) => der(0x87, Uint8Array.from(address.split('.'), Number))),
  );
  const subject = commonName(names[0] ?? 'fixture');
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    subject,
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from(notAfter))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension('551d11', alternativeNames), extension('551d13', sequence(der(0x01, Buffer.from([255])))))),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
