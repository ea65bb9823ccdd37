import { signatures } from '@patchbay/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verificationKey } from '../../../core/src/webhooks/inbound/signatures/verification-key.ts';
import { verifySignature } from '../../../core/src/webhooks/inbound/verify-signature.ts';
import { meaningOf } from './meaning-of-request.ts';
import { type SentRequest, type SigningService, signingServices } from './signing-services.ts';
import { certificatesOf } from './sns-stand-in.ts';

/** Mutated requests in all. A failure names the seed that brings it back. */
const mutations = { checked: 100_000, ofSns: 2_000 };

const at = 1_790_000_000_000;
const url = 'https://app.example.com/hub/webhooks/desk/0192d9c5-9f4c-7000-8000-000000000001';
const certificates = certificatesOf(at);

/** A service with what it sends. */
interface Stand {
  readonly service: SigningService;
  readonly request: SentRequest;
  readonly meaning: string;
  readonly signing: readonly string[];
  isAccepted(request: SentRequest): boolean | Promise<boolean>;
}

function standOf(service: SigningService): Stand {
  const request = service.send({ secret: service.secret, url, at, note: 'first' });
  const scheme = signatures.known[service.name];
  const keys = [verificationKey(service.secret, scheme)];
  const signing = Object.keys(request.headers).filter((name) => name !== 'content-type');
  return {
    service,
    request,
    meaning: meaningOf(service, request, signing),
    signing,
    isAccepted: (sent) => verifySignature(sent, { scheme, keys, now: at, certificates }),
  };
}

const stands = signingServices.map(standOf);
const inTime = stands.filter(({ service }) => service.name !== 'aws-sns');
const sns = stands.filter(({ service }) => service.name === 'aws-sns');

/** What a mutation is made of; how it is used depends on what it falls on. */
interface Dice {
  readonly which: number;
  readonly how: number;
  readonly at: number;
  readonly value: number;
  readonly text: string;
}

const odd = [
  '',
  ' ',
  '0',
  '=',
  ',',
  '.',
  'v1,',
  'v1=',
  'v0=',
  'sha256=',
  'null',
  '\u0000',
  '\u00a0',
  '%00',
  '__proto__',
  'Bearer ',
  'HMAC ',
  't=',
  '1e9',
];
const dice: fc.Arbitrary<Dice> = fc.record({
  which: fc.nat({ max: 1_000 }),
  how: fc.nat({ max: 15 }),
  at: fc.nat({ max: 5_000 }),
  value: fc.nat({ max: 255 }),
  text: fc.oneof(
    fc.constantFrom(...odd),
    fc.string({ maxLength: 12 }),
    fc.constantFrom('0'.repeat(64), 'a'.repeat(40), `v1,${'A'.repeat(43)}=`, `v1=${'0'.repeat(64)}`),
  ),
});

/** Another request, made of a genuine one. */
function mutated({ service, request, signing }: Stand, thrown: Dice): SentRequest {
  const { headers, body } = request;
  const name = signing[thrown.value % Math.max(1, signing.length)] ?? 'x';
  const before = headers[name] ?? '';
  const place = thrown.at % Math.max(1, before.length);
  const index = thrown.at % body.length;
  const digit = String.fromCharCode(33 + (thrown.value % 94));
  const withHeader = (value: string): SentRequest => ({ ...request, headers: { ...headers, [name]: value } });
  const withBody = (...parts: readonly (string | Uint8Array)[]): SentRequest => ({
    ...request,
    body: Buffer.concat(parts.map((part) => Buffer.from(part))),
  });
  switch (thrown.how) {
    case 0:
      return withHeader(thrown.text);
    case 1:
      return withHeader(`${before}${thrown.text}`);
    case 2:
      return withHeader(`${thrown.text}${before}`);
    case 3:
    case 4:
      return withHeader(`${before.slice(0, place)}${digit}${before.slice(place + 1)}`);
    case 5:
      return withHeader(`${before.slice(0, place)}${thrown.text}${before.slice(place)}`);
    case 6:
      return withHeader(before.slice(0, place));
    case 7:
      return withHeader(`${before}, ${before}`);
    case 8: {
      const { [name]: _gone, ...rest } = headers;
      return { ...request, headers: rest };
    }
    case 9:
    case 10:
      return withBody(body.subarray(0, index), [(body[index] ?? 0) ^ (1 << (thrown.value % 8))] as never, body.subarray(index + 1));
    case 11:
      return withBody(body.subarray(0, index), thrown.text, body.subarray(index));
    case 12:
      return withBody(body.subarray(0, index), body.subarray(index + 1));
    case 13:
      return { ...request, url: `${url}?${thrown.text}`, method: thrown.value % 2 === 0 ? 'POST' : 'PUT' };
    case 14:
      return service.send({ secret: service.otherSecret, url, at: at - thrown.at, note: thrown.text });
    default: {
      const other = stands[thrown.at % stands.length]?.request ?? request;
      return { ...request, headers: { ...other.headers, ...(thrown.value % 2 === 0 ? {} : { [name]: before }) } };
    }
  }
}

it(`of ${mutations.checked} mutations of what the services sign none is accepted that says something else`, () => {
  let tried = 0;
  fc.assert(
    fc.property(dice, (thrown) => {
      const stand = inTime[thrown.which % inTime.length] as Stand;
      const request = mutated(stand, thrown);
      const accepted = stand.isAccepted(request);
      if (meaningOf(stand.service, request, stand.signing) === stand.meaning) return;
      tried += 1;
      // Looked at without `expect`, which costs more than the check.
      if (accepted !== false) throw new Error(`What ${stand.service.name} did not sign was accepted.`);
    }),
    { numRuns: mutations.checked },
  );
  expect(tried).toBeGreaterThan(mutations.checked * 0.8);
});

it(`of ${mutations.ofSns} mutations of what SNS signs none is accepted that says something else`, async () => {
  const stand = sns[0] as Stand;
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(dice, async (thrown) => {
      const request = mutated(stand, thrown);
      const accepted = await stand.isAccepted(request);
      if (meaningOf(stand.service, request, stand.signing) === stand.meaning) return;
      tried += 1;
      expect(accepted).toBe(false);
    }),
    { numRuns: mutations.ofSns },
  );
  expect(tried).toBeGreaterThan(mutations.ofSns * 0.5);
});
