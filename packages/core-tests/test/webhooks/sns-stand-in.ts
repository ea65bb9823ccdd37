import { fakeClock } from '@patchbay/testing';
import { selfSignedCertificate } from '../../../core/src/net/__fixtures__/self-signed-certificate.ts';
import { createSnsCertificates, type SnsCertificates } from '../../../core/src/webhooks/inbound/signatures/sns-certificates.ts';
import { snsCertificate } from './signing-services.ts';

const names = ['sns.amazonaws.com'];

/** Certificates by the part of their address that names them. */
const served: ReadonlyMap<string, string> = new Map([
  ['0123abcd', snsCertificate.cert],
  ['none', 'not a certificate'],
  ['stranger', selfSignedCertificate({ names: ['evil.example'], addresses: [], rsaBits: 2_048 }).cert],
  ['old', selfSignedCertificate({ names, addresses: [], rsaBits: 2_048, notAfter: '20210101000000Z' }).cert],
  ['short', selfSignedCertificate({ names, addresses: [], rsaBits: 1_024 }).cert],
  ['curve', selfSignedCertificate({ names, addresses: [] }).cert],
]);

/** Certificates of a stand-in that answers for AWS, at a time in milliseconds since 1970. */
export function certificatesOf(now: number): SnsCertificates {
  const clock = { ...fakeClock(), now: () => now };
  return createSnsCertificates({
    clock,
    network: {
      async request({ path }) {
        const [, name = ''] = /Service-(\w+)\.pem$/.exec(path) ?? [];
        const found = served.get(name);
        return { status: found === undefined ? 404 : 200, headers: {}, body: Buffer.from(found ?? ''), truncated: false };
      },
    },
  });
}
