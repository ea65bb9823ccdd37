import { type KeyObject, verify } from 'node:crypto';
import type { AwsSnsScheme } from '../../../connector/signature/aws-sns-scheme.ts';
import { sameSecret } from '../../../secret/same-secret.ts';
import type { PresentedSignature } from './presented-signature.ts';
import { headerOf, type RequestHead } from './signed-request.ts';
import type { SnsCertificates } from './sns-certificates.ts';
import { type SnsMessage, signedFields, snsMessage } from './sns-message.ts';

/** What a check of SNS needs besides the request. Without `certificates` nothing verifies. */
export interface SnsWorld {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly certificates?: SnsCertificates | undefined;
}

/** The message that a request's header says it is; `undefined` for none, and for one that is sent raw, which nobody signs. */
export function presentSns(scheme: AwsSnsScheme, head: RequestHead, { now, certificates }: SnsWorld): PresentedSignature | undefined {
  const type = headerOf(head, 'x-amz-sns-message-type');
  if (type === undefined || !signedFields.has(type) || headerOf(head, 'x-amz-sns-rawdelivery') !== undefined) return undefined;
  return {
    madeBy: 'secret',
    isBy(body, keys) {
      const message = snsMessage(body, type, scheme, now);
      // The topic first: a stranger must not have us fetch certificates.
      if (!message || !certificates || !keys.some((key) => isTopic(message.topic, key))) return false;
      return isSigned(message, certificates);
    },
  };
}

async function isSigned({ certificate, content, hash, signature }: SnsMessage, certificates: SnsCertificates): Promise<boolean> {
  const key = await certificates.keyOf(certificate);
  return key !== undefined && verify(hash, Buffer.from(content, 'utf8'), key, signature);
}

function isTopic(topic: string, key: KeyObject): boolean {
  return sameSecret(topic, key.export());
}
