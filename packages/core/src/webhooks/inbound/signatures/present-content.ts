import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { Ed25519Scheme, HmacScheme } from '../../../connector/signature/signed-content.ts';
import { isBodyTimely } from './body-time.ts';
import { contentPieces, type Piece } from './content-pieces.ts';
import { hashBytes, presentBodyHmac, signsBodyAlone } from './present-body-hmac.ts';
import type { PresentedSignature } from './presented-signature.ts';
import { signaturesInHeader } from './signatures-in-header.ts';
import { headerOf, type RequestHead } from './signed-request.ts';
import { isTimely } from './time-of-text.ts';
import { urlSpellings } from './url-spellings.ts';

const ed25519Bytes = 64;

/** The signature over parts of the request that it presents; `undefined` for none, one of another shape, and one whose time is not near `now`. */
export function presentContent(scheme: HmacScheme | Ed25519Scheme, head: RequestHead, now: number): PresentedSignature | undefined {
  if (scheme.kind === 'hmac' && signsBodyAlone(scheme)) return presentBodyHmac(scheme, head);
  const header = headerOf(head, scheme.header);
  const found = header && signaturesInHeader(header, scheme, scheme.kind === 'hmac' ? hashBytes[scheme.hash] : ed25519Bytes);
  if (!found) return undefined;
  const { signatures } = found;
  const { time } = scheme;
  let timestamp = '';
  if (time !== undefined && !('bodyField' in time.in)) {
    timestamp = ('header' in time.in ? headerOf(head, time.in.header) : found.timestamp) ?? '';
    if (!isTimely(timestamp, time, now)) return undefined;
  }
  const isMadeBy = scheme.kind === 'hmac' ? hmacBy(scheme.hash) : isEd25519By;
  return {
    madeBy: scheme.kind === 'hmac' ? 'secret' : 'public',
    isBy(body, keys) {
      const urls = scheme.url === undefined ? [head.url] : urlSpellings(head.url, scheme.url);
      const isSigned = urls.some((url) => {
        const pieces = contentPieces(scheme.signs, { method: head.method, url, timestamp, body });
        return pieces !== undefined && keys.some((key) => isMadeBy(key, pieces, signatures));
      });
      return isSigned && (time === undefined || !('bodyField' in time.in) || isBodyTimely(body, time.in.bodyField, { ...time, now }));
    },
  };
}

type MadeBy = (key: KeyObject, pieces: readonly Piece[], signatures: readonly Buffer[]) => boolean;

/** An empty secret, which anybody knows, makes none. */
const hmacBy =
  (hash: HmacScheme['hash']): MadeBy =>
  (key, pieces, signatures) => {
    if (!((key.symmetricKeySize ?? 0) > 0)) return false;
    const mac = createHmac(hash, key);
    for (const piece of pieces) mac.update(piece);
    const digest = mac.digest();
    return signatures.some((signature) => timingSafeEqual(digest, signature));
  };

const isEd25519By: MadeBy = (key, pieces, signatures) => {
  if (key.asymmetricKeyType !== 'ed25519') return false;
  const content = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece)));
  return signatures.some((signature) => verify(null, content, key, signature));
};
