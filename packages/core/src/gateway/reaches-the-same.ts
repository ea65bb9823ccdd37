import type { AnyDefinition } from '../connector/connector-definition.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { resolveOrigin, settingText } from './resolve-origin.ts';

/** What says whether two settings of a connection send its credential to the same origin, signed in the same way. */
export function reachesTheSame({
  origin,
  auth,
}: Pick<AnyDefinition, 'origin' | 'auth'>): (before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>) => boolean {
  const reach = (settings: Readonly<Record<string, Json>>): string | null => {
    try {
      const options = auth.flatMap((method) => (method.type === 'signature' ? Object.values(method.options ?? {}) : []));
      return canonicalJson([resolveOrigin(origin, settings), ...options.map((text) => settingText(text, settings))]);
    } catch (error) {
      if (isPatchbayError(error)) return null;
      throw error;
    }
  };
  return (before, after) => {
    const wanted = reach(after);
    return wanted !== null && wanted === reach(before);
  };
}
