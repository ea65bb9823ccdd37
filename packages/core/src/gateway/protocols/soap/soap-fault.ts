import type { ProviderFault } from '../../../connector/provider-answer.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';
import type { Json, JsonObject } from '../../../json/json.ts';

/** Longest code of a fault that is kept, characters. */
const longestCode = 100;

/**
 * What a `Fault` in the body means: `faultcode` of SOAP 1.1, `Code` with its `Subcode` of 1.2. The sender's faults say that nothing was done, the
 * receiver's leave it open. `undefined` where there is none.
 */
export function soapFault(body: Json | undefined): ProviderFault | undefined {
  const content = objectOf(body);
  if (content === undefined || !Object.hasOwn(content, 'Fault')) return undefined;
  const fault = objectOf(content['Fault']) ?? {};
  return meaningOf([textOf(fault['faultcode']), ...codesOf(objectOf(fault['Code']))].filter((code) => code !== undefined));
}

function meaningOf(codes: readonly string[]): ProviderFault {
  const named = codes.map((code) => code.slice(code.lastIndexOf(':') + 1));
  const [first = ''] = named;
  const providerCode = codes.at(-1)?.slice(0, longestCode);
  const known = providerCode === undefined ? {} : { providerCode };
  if (named.some((code) => /^(FailedAuthentication|InvalidSecurityToken|SecurityTokenUnavailable)$/.test(code)))
    return { ...refused, ...known };
  // A code of 1.1 may be narrowed behind a dot: `Client.Authentication`.
  if (/^(Client|Sender)\.Authentication$/.test(first)) return { ...refused, ...known };
  if (/^(Client|Sender|MustUnderstand|VersionMismatch|DataEncodingUnknown)(\.|$)/.test(first)) return { ...rejected, ...known };
  return { ...failed, ...known };
}

const refused = {
  code: 'authentication_failed',
  retryable: false,
  sent: 'no',
  message: 'The service refuses the credential. Connect the account again.',
} as const;
const rejected = {
  code: 'provider_rejected',
  retryable: false,
  sent: 'no',
  message: 'The service does not accept the message. Look at the code of its fault.',
} as const;
const failed = {
  code: 'provider_error',
  retryable: true,
  sent: 'maybe',
  message: 'The service failed while it worked on the message.',
} as const;

/** The outermost code first. */
function codesOf(code: JsonObject | undefined, depth = 0): readonly (string | undefined)[] {
  return code === undefined || depth > 5 ? [] : [textOf(code['Value']), ...codesOf(objectOf(code['Subcode']), depth + 1)];
}

/** The text of an element, also of one with attributes. */
function textOf(value: Json | undefined): string | undefined {
  const text = typeof value === 'string' ? value : objectOf(value)?.['#text'];
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
