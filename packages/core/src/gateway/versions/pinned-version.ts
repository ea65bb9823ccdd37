import { type ApiVersion, supportedVersions, versionSetting } from '../../connector/api-version.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';

/** What a pinned version adds to each request. */
export interface PinnedVersion {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Behind the base path. */
  readonly path: string;
}

const none: PinnedVersion = { headers: {}, query: {}, path: '' };

/**
 * The version that a connection's requests ask for. Throws `configuration_invalid` where it is pinned to one that the connector does not support any
 * more: another would answer otherwise than its automations expect.
 */
export function pinnedVersion(version: ApiVersion | undefined, settings: Readonly<Record<string, Json>>): PinnedVersion {
  if (version === undefined) return none;
  const pinned = settings[versionSetting] ?? version.value;
  if (typeof pinned !== 'string' || !supportedVersions(version).includes(pinned)) throw unsupported(version);
  const { header, mediaType, path, query } = version;
  if (header !== undefined) return { ...none, headers: { [header]: pinned } };
  if (query !== undefined) return { ...none, query: { [query]: pinned } };
  if (path !== undefined) return { ...none, path: path.replaceAll('{version}', () => pinned) };
  return { ...none, headers: { accept: mediaType.replaceAll('{version}', () => pinned) } };
}

function unsupported(version: ApiVersion): PatchbayError {
  return new PatchbayError({
    code: 'configuration_invalid',
    message: `The connection is pinned to a version of the service's API that its connector does not support, so nothing was sent. Set ${versionSetting} to one of ${supportedVersions(version).join(', ')}.`,
    sent: 'no',
  });
}
