import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

/**
 * The version of a service's API, and where a request names it: a header, a parameter of the query, a prefix of the path (`/v{version}`), or the media
 * type that is accepted (`application/vnd.example.{version}+json`).
 */
export type ApiVersion = {
  /** What a connection asks for unless it is pinned to another. */
  readonly value: string;
  /** Versions that a connection may be pinned to by its setting `apiVersion`, `value` among them or not. @default `value` alone */
  readonly supported?: readonly string[];
} & (
  | { readonly header: string; readonly query?: never; readonly path?: never; readonly mediaType?: never }
  | { readonly query: string; readonly header?: never; readonly path?: never; readonly mediaType?: never }
  | { readonly path: string; readonly header?: never; readonly query?: never; readonly mediaType?: never }
  | { readonly mediaType: string; readonly header?: never; readonly query?: never; readonly path?: never }
);

/** Name of the setting that pins a connection. */
export const versionSetting = 'apiVersion';

/** Every version that a connection may ask for, the usual one first. */
export function supportedVersions({ value, supported = [] }: Pick<ApiVersion, 'value' | 'supported'>): readonly string[] {
  return [...new Set([value, ...supported])];
}

/** Settings without the pin, and the pin alone. Throws `invalid_argument` for a version that the connector does not support. */
export function takeApiVersion(
  version: Pick<ApiVersion, 'value' | 'supported'> | undefined,
  settings: Readonly<Record<string, Json>>,
): { readonly own: Readonly<Record<string, Json>>; readonly pinned: Readonly<Record<string, Json>> } {
  if (version === undefined || !Object.hasOwn(settings, versionSetting)) return { own: settings, pinned: {} };
  const { [versionSetting]: given, ...own } = settings;
  const supported = supportedVersions(version);
  if (typeof given === 'string' && supported.includes(given)) return { own, pinned: { [versionSetting]: given } };
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The connector does not support this version of the service's API. The setting ${versionSetting} is one of ${supported.join(', ')}.`,
  });
}
