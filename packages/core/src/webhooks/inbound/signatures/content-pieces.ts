import type { SignedPart } from '../../../connector/signature/signed-content.ts';
import { formContent } from './form-content.ts';

/** A piece of what is signed; text counts as UTF-8. */
export type Piece = string | Uint8Array;

/** What the parts of a scheme stand for in one request. */
export interface ContentParts {
  readonly method: string;
  readonly url: string;
  readonly timestamp: string;
  readonly body: Uint8Array;
}

/** What is signed, piece by piece; `undefined` where a part of it cannot be read from the request. */
export function contentPieces(signs: readonly SignedPart[], parts: ContentParts): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const part of signs) {
    const piece = pieceOf(part, parts);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  return pieces;
}

function pieceOf(part: SignedPart, { method, url, timestamp, body }: ContentParts): Piece | undefined {
  switch (part) {
    case 'body':
      return body;
    case 'form':
      return formContent(url, body);
    case 'method':
      return method;
    case 'target':
      return url.slice(new URL(url).origin.length);
    case 'timestamp':
      return timestamp;
    case 'url':
      return url;
    default:
      return part.text;
  }
}
