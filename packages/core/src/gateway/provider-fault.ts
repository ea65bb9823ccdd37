import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { ProviderAnswer, ProviderFault } from '../connector/provider-answer.ts';

const codes: Readonly<Record<ProviderFault['code'], true>> = {
  authentication_failed: true,
  permission_denied: true,
  scope_missing: true,
  provider_not_found: true,
  provider_conflict: true,
  provider_rejected: true,
  rate_limited: true,
  provider_unavailable: true,
  provider_error: true,
};

/** Longest text of a mapped fault that is kept, characters. */
const longestMessage = 500;
const longestProviderCode = 100;

/** What a connector's error mapping came to: a sound fault, none, or `broken`, where it threw or gave what is no fault. */
export type MappedFault = ProviderFault | undefined | 'broken';

/** Asks the connector what an answer means. Its code is somebody else's: whatever it does, a fault that is not sound goes no further. */
export function providerFault(definition: Pick<AnyDefinition, 'mapError'>, answer: ProviderAnswer): MappedFault {
  try {
    const found: unknown = definition.mapError?.(answer);
    // What it gives may throw when it is looked at.
    return found === undefined ? undefined : (soundFault(found) ?? 'broken');
  } catch {
    return 'broken';
  }
}

function soundFault(found: unknown): ProviderFault | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  // Read as unknown values; each is checked below.
  const { code, message, providerCode, retryable, retryAfterMs, sent } = found as Partial<Record<keyof ProviderFault, unknown>>;
  if (!isCode(code) || typeof message !== 'string' || message === '' || typeof retryable !== 'boolean') return undefined;
  const wait = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && Number.isFinite(retryAfterMs) ? { retryAfterMs } : {};
  return {
    code,
    message: message.slice(0, longestMessage),
    retryable,
    ...wait,
    ...(typeof providerCode === 'string' ? { providerCode: providerCode.slice(0, longestProviderCode) } : {}),
    ...(sent === 'no' || sent === 'maybe' ? { sent } : {}),
  };
}

function isCode(code: unknown): code is ProviderFault['code'] {
  return typeof code === 'string' && Object.hasOwn(codes, code);
}
