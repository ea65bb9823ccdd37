import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';

/** The schemes of a declaration: that of its registrations and that of its app's URL, as far as it has them. */
export const schemesOf = ({ appScheme, scheme }: Pick<WebhookDeclaration, 'scheme' | 'appScheme'>): readonly SignatureScheme[] =>
  [scheme, appScheme].filter((each) => each !== undefined);
