import type { AuthMethod } from '../connector/auth-method.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { resolveOrigin, settingText } from './resolve-origin.ts';

/**
 * What says whether two settings of a connection send its credential to the same places, signed in the same way, whichever of the connector's kinds it
 * is. Below an origin the service itself decides what a credential may reach.
 */
export function reachesTheSame({
  origin,
  auth,
  hosts = {},
  allowedHosts,
}: Pick<AnyDefinition, 'origin' | 'auth' | 'hosts' | 'allowedHosts'>): (
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
) => boolean {
  const reach = (settings: Readonly<Record<string, Json>>): string | null => {
    try {
      const options = auth.flatMap(templatesOf);
      const trusted = Object.values(hosts).flatMap((host) => (host.credential === true ? host.origin : []));
      const templates = [origin, ...auth.flatMap((method) => method.origin ?? []), ...trusted];
      const origins = templates.map((template) => told(() => resolveOrigin(template, settings, allowedHosts)));
      if (origins.every((each) => each === null)) return null;
      return canonicalJson([
        ...origins,
        ...auth.flatMap((method) => grantPlacesOf(method, settings)),
        ...options.map((text) => settingText(text, settings)),
      ]);
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

/** What else of a way in is made from settings: what is signed with, and where a secret is exchanged for a token. */
function templatesOf(method: AuthMethod): readonly string[] {
  switch (method.type) {
    case 'signature':
      return Object.values(method.options ?? {});
    case 'client_credentials':
      return [method.tokenUrl ?? '', method.issuer ?? ''];
    case 'app_installation':
      return [method.tokenUrl.replace('/{installation}', '')];
    default:
      return [];
  }
}

/** Where a grant is renewed and taken back, and with it its tokens are sent. */
function grantPlacesOf(method: AuthMethod, settings: Readonly<Record<string, Json>>): readonly (string | null)[] {
  if (method.type !== 'oauth2') return [];
  return [method.tokenUrl, method.revocationUrl, method.issuer].map((template = '') => told(() => settingText(template, settings)));
}

/** `null` where the settings do not say it, as those of a connection that goes elsewhere need not. */
function told(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (isPatchbayError(error)) return null;
    throw error;
  }
}
