import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../net/__fixtures__/manual-clock.ts';
import { selfSignedCertificate } from '../../../net/__fixtures__/self-signed-certificate.ts';
import type { NetworkRequest, NetworkResponse } from '../../../net/network-request.ts';
import { createSnsCertificates } from './sns-certificates.ts';

const { cert } = selfSignedCertificate({ names: ['sns.eu-west-1.amazonaws.com'], addresses: [], rsaBits: 2_048 });
const host = 'sns.eu-west-1.amazonaws.com';
const certificateAt = (name: string) => ({ host, url: `https://${host}/SimpleNotificationService-${name}.pem` });

function setUp(answer: (request: NetworkRequest) => Partial<NetworkResponse>) {
  const clock = createManualClock();
  const asked: NetworkRequest[] = [];
  const network = {
    async request(request: NetworkRequest) {
      asked.push(request);
      return { status: 200, headers: {}, body: Buffer.from(cert), truncated: false, ...answer(request) };
    },
  };
  return { clock, asked, certificates: createSnsCertificates({ network, clock }) };
}

describe('createSnsCertificates', () => {
  it('fetches a certificate once a day, however many ask at a time, from the host that it was given', async () => {
    const { asked, certificates, clock } = setUp(() => ({}));
    const found = await Promise.all(Array.from({ length: 20 }, () => certificates.keyOf(certificateAt('a'))));
    expect(found.every((key) => key?.asymmetricKeyType === 'rsa')).toBe(true);
    expect(asked).toMatchObject([
      { origin: `https://${host}`, path: '/SimpleNotificationService-a.pem', method: 'GET', maxResponseBytes: 16_384 },
    ]);
    clock.advance(86_399_999);
    await certificates.keyOf(certificateAt('a'));
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await certificates.keyOf(certificateAt('a'));
    expect(asked).toHaveLength(2);
  });

  it.each<[string, Partial<NetworkResponse>]>([
    ['is not there', { status: 404 }],
    ['is sent elsewhere', { status: 302 }],
    ['is none', { body: Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----') }],
  ])('has no key where a certificate %s, and asks again after a minute', async (_what, answer) => {
    const { asked, certificates, clock } = setUp(() => answer);
    expect(await certificates.keyOf(certificateAt('a'))).toBeUndefined();
    clock.advance(59_999);
    expect(await certificates.keyOf(certificateAt('a'))).toBeUndefined();
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await certificates.keyOf(certificateAt('a'));
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['for another name', { names: ['sns.eu-west-1.amazonaws.com.evil.example'] }],
    ['of another region', { names: ['sns.us-east-1.amazonaws.com'] }],
    ['whose time is over', { notAfter: '20210101000000Z' }],
    ['with a short key', { rsaBits: 1_024 }],
  ])('has no key of a certificate %s', async (_what, changes) => {
    const odd = selfSignedCertificate({ names: ['sns.amazonaws.com'], addresses: [], rsaBits: 2_048, ...changes });
    const { certificates } = setUp(() => ({ body: Buffer.from(odd.cert) }));
    expect(await certificates.keyOf(certificateAt('a'))).toBeUndefined();
  });

  it('has no key of a certificate with another kind of key, and one of that in the name of the whole service', async () => {
    const names = ['sns.amazonaws.com'];
    const curve = selfSignedCertificate({ names, addresses: [] });
    expect(await setUp(() => ({ body: Buffer.from(curve.cert) })).certificates.keyOf(certificateAt('a'))).toBeUndefined();
    const rsa = selfSignedCertificate({ names, addresses: [], rsaBits: 2_048 });
    expect(await setUp(() => ({ body: Buffer.from(rsa.cert) })).certificates.keyOf(certificateAt('a'))).toBeDefined();
  });

  it.each([500, 503, 429])('says that it is not ready where AWS answers %i, and keeps nothing of it', async (status) => {
    let away = true;
    const { certificates } = setUp(() => (away ? { status } : {}));
    await expect(certificates.keyOf(certificateAt('a'))).rejects.toMatchObject({ code: 'not_ready', retryable: true });
    away = false;
    expect(await certificates.keyOf(certificateAt('a'))).toBeDefined();
  });

  it('says that it is not ready where AWS cannot be reached', async () => {
    const { certificates } = setUp(() => {
      throw new Error('no route');
    });
    await expect(certificates.keyOf(certificateAt('a'))).rejects.toMatchObject({ code: 'not_ready', retryable: true });
  });

  it('asks AWS ten times at once and then once a second for names that are made up, which keep out none that is known', async () => {
    const { asked, certificates, clock } = setUp(({ path }) => (path.endsWith('-good.pem') ? {} : { status: 404 }));
    expect(await certificates.keyOf(certificateAt('good'))).toBeDefined();
    let refusals = 0;
    for (let number = 0; number < 500; number += 1)
      await certificates.keyOf(certificateAt(`x${number}`)).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'not_ready', retryable: true });
        refusals += 1;
      });
    expect([asked.length, refusals]).toEqual([10, 491]);
    for (let number = 0; number < 300; number += 1) {
      clock.advance(1_000);
      expect(await certificates.keyOf(certificateAt(`y${number}`))).toBeUndefined();
    }
    expect(await certificates.keyOf(certificateAt('good'))).toBeDefined();
    expect(asked).toHaveLength(310);
  });

  it('holds a hundred certificates, and lets the oldest go', async () => {
    const { asked, certificates, clock } = setUp(() => ({}));
    for (let number = 0; number <= 100; number += 1) {
      await certificates.keyOf(certificateAt(String(number)));
      clock.advance(1_000);
    }
    await certificates.keyOf(certificateAt('100'));
    expect(asked).toHaveLength(101);
    await certificates.keyOf(certificateAt('0'));
    expect(asked).toHaveLength(102);
  });
});
