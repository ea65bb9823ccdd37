import type { AwsSnsScheme } from './aws-sns-scheme.ts';
import type { BearerJwtScheme } from './bearer-jwt-scheme.ts';
import { contentFault } from './content-fault.ts';
import { isHeaderName, isNumberWithin, isOptionalText, isText } from './scheme-values.ts';
import type { BodyTokenScheme, HeaderTokenScheme } from './shared-token-scheme.ts';
import type { StandardWebhooksScheme } from './standard-webhooks-scheme.ts';
import { toleranceFault } from './tolerance-fault.ts';

/** What may be wrong with a scheme of each kind. A field of another type than it should be is wrong, whatever TypeScript said of it. */
const faults = {
  hmac: contentFault,
  ed25519: contentFault,
  'standard-webhooks': ({ headers, toleranceSeconds }: Loose<StandardWebhooksScheme>) =>
    isHeaderName(headers) ? toleranceFault(toleranceSeconds) : 'the headers of its Standard Webhooks have no name',
  'header-token': ({ header, prefix }: Loose<HeaderTokenScheme>) =>
    isHeaderName(header) && typeof prefix === 'string'
      ? undefined
      : 'the token header of its webhooks has no name, or its prefix is no text',
  'body-token': ({ list, field }: Loose<BodyTokenScheme>) =>
    isText(list) && isText(field) ? undefined : 'the token of its webhooks stands in no named list and field',
  'bearer-jwt': jwtFault,
  'aws-sns': ({ toleranceSeconds }: Loose<AwsSnsScheme>) => toleranceFault(toleranceSeconds),
} as const;

type Loose<Scheme> = { readonly [Key in keyof Scheme]?: unknown };

const isKind = (kind: unknown): kind is keyof typeof faults => typeof kind === 'string' && Object.hasOwn(faults, kind);

/** What keeps a scheme from being checked, or `undefined`. One that this hub does not know is at fault: unsigned is no fallback. */
export function schemeFault(scheme: unknown): string | undefined {
  const given: Readonly<Record<string, unknown>> = typeof scheme === 'object' && scheme !== null ? { ...scheme } : {};
  return isKind(given['kind'])
    ? faults[given['kind']](given)
    : `the signature scheme of its webhooks is none that this hub knows (${Object.keys(faults).join(', ')})`;
}

function jwtFault({ header, expiry, skewSeconds, issuer, audience }: Loose<BearerJwtScheme>): string | undefined {
  if (!isHeaderName(header)) return 'the signature header of its webhooks has no name';
  if (expiry !== 'required' && expiry !== 'optional') return 'the expiry of its webhooks must be required or optional';
  if (!isNumberWithin(skewSeconds, 0, 3_600)) return 'the skewSeconds of its webhooks must be a number of seconds from 0 to 3600';
  return isOptionalText(issuer) && isOptionalText(audience) ? undefined : 'the issuer and audience of its webhooks must be text';
}
