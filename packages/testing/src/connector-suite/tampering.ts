import type { SignatureScheme } from '@patchbay/core';
import { signWebhook } from '../providers/sign-webhook.ts';
import { signatureHeader, signedTime, signsBody } from './webhook-signing.ts';

/** A delivery as it comes over the wire. */
export interface RawDelivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One way in which somebody who does not know the secret changes a delivery; it must be refused. */
export interface Tampering {
  /** What is wrong with it, to be read after "is refused". */
  readonly title: string;
  /** The changed deliveries. `signing` is what the service signs with. */
  change(made: RawDelivery, signing: { readonly secret: string; readonly timestamp: number; readonly url: string }): readonly RawDelivery[];
}

/** Every way that a scheme gives room for. */
export function tamperings(scheme: SignatureScheme): readonly Tampering[] {
  const header = signatureHeader(scheme);
  return [
    ...(header === undefined ? [] : signatureTamperings(header)),
    ...(header !== undefined && signsBody(scheme) ? [otherBody(scheme, header)] : []),
    ...(signsBody(scheme) ? bodyTamperings : []),
    ...timeTamperings(scheme),
  ];
}

function signatureTamperings(header: string): readonly Tampering[] {
  const set = ({ headers, body }: RawDelivery, change: (signature: string) => string): RawDelivery => ({
    headers: { ...headers, [header]: change(headers[header] ?? '') },
    body,
  });
  return [
    {
      title: 'without its signature',
      change: ({ headers: { [header]: _signature, ...headers }, body }) => [{ headers, body }],
    },
    { title: 'with an empty signature', change: (made) => [set(made, () => '')] },
    {
      title: 'with a signature cut short',
      change: (made) => [
        set(made, (signature) => signature.slice(0, -1)),
        set(made, (signature) => signature.slice(0, signature.length >> 1)),
      ],
    },
    { title: 'with a signature of which one character differs', change: (made) => [set(made, differing)] },
    // As Node hands over a header that came twice.
    { title: 'with its signature twice', change: (made) => [set(made, (signature) => `${signature}, ${signature}`)] },
  ];
}

/** A character before the end: the last ones of base64 may say nothing. */
function differing(signature: string): string {
  const at = Math.max(0, signature.length - 5);
  return `${signature.slice(0, at)}${signature[at] === '0' ? '1' : '0'}${signature.slice(at + 1)}`;
}

const otherBody = (scheme: SignatureScheme, header: string): Tampering => ({
  title: 'with the signature of another body',
  change: ({ headers, body }, signing) => {
    const { [header]: signature = '' } = signWebhook(scheme, { ...signing, body: Buffer.concat([body, Buffer.from(' ')]) });
    return [{ headers: { ...headers, [header]: signature }, body }];
  },
});

const bodyTamperings: readonly Tampering[] = [
  {
    title: 'with one byte changed, one added or one taken away',
    change: ({ headers, body }) => [
      ...[0, body.length >> 1, body.length - 1].map((at) => ({ headers, body: flipped(body, at) })),
      { headers, body: Buffer.concat([body, Buffer.from(' ')]) },
      { headers, body: body.subarray(0, -1) },
    ],
  },
  { title: 'with an empty body', change: ({ headers }) => [{ headers, body: Buffer.alloc(0) }] },
];

function flipped(body: Buffer, at: number): Buffer {
  const changed = Buffer.from(body);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

function timeTamperings(scheme: SignatureScheme): readonly Tampering[] {
  const { header } = signedTime(scheme) ?? {};
  if (header === undefined) return [];
  return [
    {
      title: 'with another time than the one that was signed',
      change: ({ headers, body }) =>
        [-1, 1].map((by) => ({ headers: { ...headers, [header]: String(Number(headers[header]) + by) }, body })),
    },
  ];
}
