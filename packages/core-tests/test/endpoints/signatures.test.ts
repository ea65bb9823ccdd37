import { createPublicKey, verify } from 'node:crypto';
import OpenAI from 'openai';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EndpointStage, endpointStage, type OrderProcess, waived } from './endpoint-stage.ts';
import type { ReceivedRequest } from './receiver.ts';

let stage: EndpointStage;
let office: OrderProcess;

beforeEach(async () => {
  stage = await endpointStage();
  office = stage.process();
  // The packages of others look at the machine's clock.
  vi.useFakeTimers({ toFake: ['Date'], now: stage.clock.now() });
});
afterEach(async () => {
  vi.useRealTimers();
  await stage.close();
});

const place = async (number = 'A-1'): Promise<ReceivedRequest> => {
  await office.acme.events.publish('order.placed', { number });
  await office.settled();
  const request = stage.receiver.requests.at(-1);
  if (!request) throw new Error('Nothing was delivered.');
  return request;
};

const plain = ({ headers }: ReceivedRequest) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]));

/** What two packages of others that know nothing of each other say of a request; they throw where it is not genuine. */
async function verifiedBy(request: ReceivedRequest, secret: string): Promise<readonly unknown[]> {
  const openai = new OpenAI({ apiKey: 'none', webhookSecret: secret });
  return [new Webhook(secret).verify(request.body, plain(request)), await openai.webhooks.unwrap(request.body, plain(request))];
}

/** Whether node:crypto finds an ed25519 signature of this public key on the request. */
function isSignedBy(publicKey: string, { headers, body }: ReceivedRequest): boolean {
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const signatures = String(headers['webhook-signature']).split(' ');
  return signatures.some((each) => each.startsWith('v1a,') && verify(null, content, key, Buffer.from(each.slice(4), 'base64')));
}

const refused = (check: () => unknown): boolean => {
  try {
    check();
    return false;
  } catch {
    return true;
  }
};

describe('a delivery', () => {
  it('verifies with the packages of Standard Webhooks and of OpenAI', async () => {
    const { secret } = await office.acme.endpoints.put('shop', waived(stage));
    const request = await place();
    const said = { type: 'order.placed', timestamp: '2026-01-01T00:00:00.000Z', data: { number: 'A-1' } };
    expect(await verifiedBy(request, secret ?? '')).toEqual([said, said]);
    expect(refused(() => new Webhook(secret ?? '').verify(request.body.replace('A-1', 'A-2'), plain(request)))).toBe(true);
  });

  it('is signed with both secrets while one replaces the other, and with the new one alone afterwards', async () => {
    const { secret: old } = await office.acme.endpoints.put('shop', waived(stage));
    const { secret: newest, secrets } = await office.acme.endpoints.rotateSecret('shop', { overlapMs: 60_000 });
    expect(newest).not.toBe(old);
    expect(secrets.map(({ notAfter }) => notAfter)).toEqual([null, stage.clock.now() + 60_000]);
    const both = await place();
    expect(await verifiedBy(both, old ?? '')).toHaveLength(2);
    expect(await verifiedBy(both, newest ?? '')).toHaveLength(2);
    await stage.clock.advance(60_000);
    vi.setSystemTime(stage.clock.now());
    const later = await place('A-2');
    expect(await verifiedBy(later, newest ?? '')).toHaveLength(2);
    expect(refused(() => new Webhook(old ?? '').verify(later.body, plain(later)))).toBe(true);
    expect(String(later.headers['webhook-signature']).split(' ')).toHaveLength(1);
  });

  it('is signed with ed25519 where the endpoint wants that, and with both keys of a rotation', async () => {
    const made = await office.acme.endpoints.put('shop', { ...waived(stage), signing: 'ed25519' });
    expect(made.secret).toMatch(/^whsk_/);
    const [first] = made.secrets;
    const [second] = (await office.acme.endpoints.rotateSecret('shop')).secrets;
    const request = await place();
    expect(isSignedBy(first?.publicKey ?? '', request)).toBe(true);
    expect(isSignedBy(second?.publicKey ?? '', request)).toBe(true);
    expect(isSignedBy(first?.publicKey ?? '', { ...request, body: `${request.body} ` })).toBe(false);
  });

  it('goes over from HMAC to ed25519 with both signatures until the old secret ends', async () => {
    const { secret } = await office.acme.endpoints.put('shop', waived(stage));
    const changed = await office.acme.endpoints.put('shop', { ...waived(stage), signing: 'ed25519' });
    const request = await place();
    expect(await verifiedBy(request, secret ?? '')).toHaveLength(2);
    expect(isSignedBy(changed.secrets[0]?.publicKey ?? '', request)).toBe(true);
  });

  it('is signed for the second in which it is sent, at each attempt anew', async () => {
    const { secret } = await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = (_request, response) => void response.writeHead(stage.receiver.requests.length === 1 ? 500 : 204).end();
    const first = await place();
    await office.settled(5_000);
    vi.setSystemTime(stage.clock.now());
    const second = stage.receiver.requests[1];
    if (!second) throw new Error('It was not tried again.');
    expect(Number(second.headers['webhook-timestamp']) - Number(first.headers['webhook-timestamp'])).toBe(5);
    expect(await verifiedBy(second, secret ?? '')).toHaveLength(2);
  });

  it('is signed with the same secret after it was sealed anew, and not at all once the keys are destroyed', async () => {
    const { secret } = await office.acme.endpoints.put('shop', waived(stage));
    await office.acme.vault.rotate();
    expect(await office.acme.vault.rewrap()).toMatchObject({ rewrapped: 1, unreadable: 0 });
    expect(await verifiedBy(await place(), secret ?? '')).toHaveLength(2);
    await office.acme.vault.shred({ tenant: 'acme' });
    await office.acme.events.publish('order.placed', { number: 'A-2' });
    await office.settled();
    expect(stage.receiver.requests).toHaveLength(1);
    expect((await office.acme.dispatches.list()).items[0]).toMatchObject({ status: 'dead' });
  });

  it('takes a secret that the host brings, and tells a made one only when it is made', async () => {
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    expect((await office.acme.endpoints.put('shop', { ...waived(stage), secret })).secret).toBeNull();
    expect(await verifiedBy(await place(), secret)).toHaveLength(2);
    const made = await office.acme.endpoints.put('other', waived(stage, '/other'));
    expect((await office.acme.endpoints.put('other', waived(stage, '/other'))).secret).toBeNull();
    expect(await office.acme.endpoints.revealSecret('other')).toBe(made.secret);
    const acts = await office.acme.audit.list();
    expect(acts.items.map(({ action }) => action)).toContain('endpoint_secret.reveal');
    expect(JSON.stringify([await office.acme.endpoints.list(), acts])).not.toContain(made.secret?.slice(6));
  });
});
