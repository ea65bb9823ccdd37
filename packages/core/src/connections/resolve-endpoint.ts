import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

// One label, so that a setting cannot name another host; the same as in the template of an origin.
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const place = /\{([a-z][A-Za-z0-9]*)\}/g;

/** An address of an authorization server, with each `{setting}` replaced. Throws `invalid_argument` for a setting that is not one DNS label. */
export function resolveEndpoint(template: string, settings: Readonly<Record<string, Json>>): string {
  return template.replaceAll(place, (_all, name: string) => {
    const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (typeof value === 'string' && label.test(value)) return value;
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The setting ${name} is not one lower-case DNS label, and the address of the authorization server needs it. Correct the settings.`,
    });
  });
}
