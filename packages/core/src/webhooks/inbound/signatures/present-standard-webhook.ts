import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { StandardWebhooksScheme } from '../../../connector/signature/standard-webhooks-scheme.ts';
import { digestOfText } from './digest-of-text.ts';
import { mostTried, type PresentedSignature } from './presented-signature.ts';
import { headerOf, type RequestHead } from './signed-request.ts';
import { isTimely } from './time-of-text.ts';

// No dot: id, time and body are joined by dots, and what stands where must have one meaning.
const idShape = /^[A-Za-z0-9_-]{1,128}$/;
/** One that a later version of the specification may bring; it is passed over. */
const otherSignature = /^v[0-9]+[a-z]*,[A-Za-z0-9+/=_-]+$/;

interface Signatures {
  readonly v1: readonly Buffer[];
  readonly v1a: readonly Buffer[];
}

/** The signatures of a Standard Webhooks request; `undefined` where a header is missing, malformed or out of time. */
export function presentStandardWebhook(
  { headers, toleranceSeconds }: StandardWebhooksScheme,
  head: RequestHead,
  now: number,
): PresentedSignature | undefined {
  const id = headerOf(head, `${headers}-id`) ?? '';
  const timestamp = headerOf(head, `${headers}-timestamp`) ?? '';
  const signatures = signaturesIn(headerOf(head, `${headers}-signature`) ?? '');
  if (!signatures || !idShape.test(id) || !isTimely(timestamp, { unit: 'seconds', toleranceSeconds }, now)) return undefined;
  const preamble = `${id}.${timestamp}.`;
  return {
    madeBy: signatures.v1.length > 0 ? 'secret' : 'public',
    isBy: (body, keys) => keys.some((key) => isMadeBy(key, { preamble, body, signatures })),
  };
}

/** More than five are refused as a whole, and so is a malformed one among others: no sender makes either. */
function signaturesIn(value: string): Signatures | undefined {
  const v1: Buffer[] = [];
  const v1a: Buffer[] = [];
  const texts = value.split(' ', mostTried + 1);
  if (texts.length > mostTried) return undefined;
  for (const text of texts) {
    const [version, bytes, list] = text.startsWith('v1,') ? ([3, 32, v1] as const) : ([4, 64, v1a] as const);
    const isKnown = list === v1 || text.startsWith('v1a,');
    const signature = isKnown ? digestOfText(text.slice(version), 'base64', bytes) : undefined;
    if (signature) list.push(signature);
    else if (isKnown || !otherSignature.test(text)) return undefined;
  }
  return v1.length + v1a.length > 0 ? { v1, v1a } : undefined;
}

interface Signed {
  readonly preamble: string;
  readonly body: Uint8Array;
  readonly signatures: Signatures;
}

function isMadeBy(key: KeyObject, { preamble, body, signatures }: Signed): boolean {
  if (key.type === 'secret') {
    if (signatures.v1.length === 0 || !((key.symmetricKeySize ?? 0) > 0)) return false;
    const digest = createHmac('sha256', key).update(preamble).update(body).digest();
    return signatures.v1.some((signature) => timingSafeEqual(digest, signature));
  }
  if (signatures.v1a.length === 0 || key.asymmetricKeyType !== 'ed25519') return false;
  const content = Buffer.concat([Buffer.from(preamble, 'utf8'), body]);
  return signatures.v1a.some((signature) => verify(null, content, key, signature));
}
