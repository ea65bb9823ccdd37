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

// Several labels, for a service that a customer runs under a name of its own; where it leads must then be allowed by name.
const labels = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * The pinned origin of a connection: the connector's own, with each `{setting}` replaced by the connection's, which must be one DNS
 * label; or several, where the connector names its allowed hosts and the outcome is one of them. Throws `egress_refused` for anything else; nothing a
 * caller says can change it.
 */
export function resolveOrigin(template: string, settings: Readonly<Record<string, Json>>, allowedHosts?: readonly string[]): string {
  const text = allowedHosts === undefined ? settingText(template, settings) : spannedText(template, settings, allowedHosts);
  const url = URL.parse(text);
  if (url && url.origin === text && (url.protocol === 'https:' || url.protocol === 'http:')) return text;
  throw new PatchbayError({
    code: 'egress_refused',
    message: "The connector's origin is not a scheme, a host and an optional port. Correct the connector or its options.",
    sent: 'no',
  });
}

function spannedText(template: string, settings: Readonly<Record<string, Json>>, allowedHosts: readonly string[]): string {
  const text = template.replaceAll(place, (whole, name: string) => {
    const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
    return typeof value === 'string' && value.includes('.') && labels.test(value) ? value : settingText(whole, settings);
  });
  const host = URL.parse(text)?.hostname ?? '';
  if (allowedHosts.some((allowed) => (allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed))) return text;
  throw new PatchbayError({
    code: 'egress_refused',
    message: "The host that the connection's settings make is none that the connector allows. Correct the connection's settings.",
    sent: 'no',
  });
}
