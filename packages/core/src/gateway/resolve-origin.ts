import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

// What may stand in a template's place: one label, so that a value cannot name another host.
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const place = /\{([a-z][A-Za-z0-9]*)\}/g;

/** A text with each `{setting}` replaced by the connection's. Throws `egress_refused` for one that is not one DNS label. */
export function settingText(template: string, settings: Readonly<Record<string, Json>>): string {
  return template.replaceAll(place, (_all, name: string) => {
    const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (typeof value === 'string' && label.test(value)) return value;
    throw new PatchbayError({
      code: 'egress_refused',
      message: `The setting ${name} of the connection is not one lower-case DNS label. Correct the connection's settings.`,
      sent: 'no',
    });
  });
}

/**
 * The pinned origin of a connection: the connector's own, with each `{setting}` replaced by the connection's, which must be one DNS
 * label. Throws `egress_refused` for anything else; nothing a caller says can change it.
 */
export function resolveOrigin(template: string, settings: Readonly<Record<string, Json>>): string {
  const text = settingText(template, settings);
  const url = URL.parse(text);
  if (url && url.origin === text && (url.protocol === 'https:' || url.protocol === 'http:')) return text;
  throw new PatchbayError({
    code: 'egress_refused',
    message: "The connector's origin is not a scheme, a host and an optional port. Correct the connector or its options.",
    sent: 'no',
  });
}
