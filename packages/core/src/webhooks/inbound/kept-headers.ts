import { signatureHeader } from '../../connector/signature/signature-header.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import { schemesOf } from './schemes-of.ts';
import type { SignedRequest } from './signatures/signed-request.ts';

/** Names of headers that hold, or may hold, a credential or a signature. */
const secretName = /auth|cookie|credential|api-?key|passw|secret|signature|token|hmac|digest/;

/**
 * The headers that are kept with a delivery: none that the scheme looks at, and none whose name says that it is a credential or a signature, unless it is
 * where the delivery's id stands.
 */
export function keptHeaders(
  headers: SignedRequest['headers'],
  declaration: Pick<WebhookDeclaration, 'scheme' | 'appScheme' | 'deliveryId'>,
): Readonly<Record<string, string>> {
  const { deliveryId } = declaration;
  const looked: ReadonlySet<unknown> = new Set(
    schemesOf(declaration).flatMap((scheme) => [signatureHeader(scheme), ...Object.values(scheme)]),
  );
  const idHeader = typeof deliveryId === 'string' ? deliveryId : 'header' in deliveryId ? deliveryId.header : '';
  const isKept = (name: string): boolean => name === idHeader.toLowerCase() || !(looked.has(name) || secretName.test(name));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name)));
}
