import { decodeUtf8 } from '../../../json/decode-utf8.ts';
import type { Json } from '../../../json/json.ts';
import { type AnswerProtocol, malformed } from '../answer-protocol.ts';
import { readXml } from './read-xml.ts';
import { soapFault } from './soap-fault.ts';

/** Reads envelopes: what they give is what stands in their body. */
export function soapProtocol(lists: readonly string[]): AnswerProtocol {
  const always = new Set(lists);
  return {
    parse({ body }) {
      if (body.length === 0) return undefined;
      const text = decodeUtf8(body)?.replace(/^\uFEFF/, '');
      const document = text === undefined ? undefined : readXml(text, always);
      const found = memberOf(memberOf(document, 'Envelope'), 'Body');
      return found === undefined ? malformed : found === '' ? {} : found;
    },
    faultOf: soapFault,
    spellsFreely: true,
  };
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map<string, Json>(Object.entries(value)).get(name);
}
