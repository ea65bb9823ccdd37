import { type ApiVersion, supportedVersions } from './api-version.ts';

// One segment of a path, a part of a header or of a media type, whichever way it is named.
const versionShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const nameShape = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const pathShape = /^(\/[A-Za-z0-9._~-]*(\{version\})?[A-Za-z0-9._~-]*)+$/;

/** What is wrong with the version that a connector pins, in words; `undefined` where nothing is. */
export function apiVersionFault({ apiVersion }: { readonly apiVersion?: ApiVersion }): string | undefined {
  if (apiVersion === undefined) return undefined;
  const { header, mediaType, path, query } = apiVersion;
  const places = [header, mediaType, path, query].filter((place) => place !== undefined);
  if (places.length !== 1) return 'its apiVersion must name one of header, query, path and mediaType';
  const wrong = supportedVersions(apiVersion).find((version) => typeof version !== 'string' || !versionShape.test(version));
  if (wrong !== undefined) return `its apiVersion ${String(wrong).slice(0, 64)} must be letters, digits, dots, hyphens and underscores`;
  const isNamed = header === undefined && query === undefined ? true : nameShape.test(header ?? query ?? '');
  if (!isNamed) return 'the header or query of its apiVersion must be a name';
  if (mediaType !== undefined && !mediaType.includes('{version}')) return 'the mediaType of its apiVersion must hold {version}';
  const isPath =
    path === undefined || (pathShape.test(path) && path.split('{version}').length === 2 && !/(^|\/)\.{0,2}(\/|$)/.test(path.slice(1)));
  return isPath ? undefined : `the path of its apiVersion must be segments with a leading slash, such as /v{version}`;
}
