import { isGivenUrl } from '../connector/given-url.ts';
import type { RequestPath } from '../connector/path.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { ConnectionPlace } from './connection-place.ts';
import type { SessionOptions } from './gateway-options.ts';
import { resolveOrigin, settingText } from './resolve-origin.ts';

/** Where one request goes. */
export interface RequestPlace extends ConnectionPlace {
  /** The connection's credential goes there. */
  readonly isTrusted: boolean;
  /** Path and query of a URL that the service gave; they are sent as they are. */
  readonly target?: string;
}

/** What says where a request goes. */
export interface PlaceInput {
  readonly session: Pick<SessionOptions, 'definition' | 'connection' | 'author'>;
  readonly own: RequestPlace;
  readonly path: RequestPath;
  /** Name of a declared host; absent: the connection's own origin. */
  readonly host: string | undefined;
}

/**
 * The place of a request: the connection's origin, or a host that the connector has declared, by its name. Throws `egress_refused` for a name that is not
 * declared, for a URL that leads elsewhere, and for the host's own requests of a connection that is confined: its resources are told by paths of its origin.
 */
export function requestPlace({ session, own, path, host }: PlaceInput): RequestPlace {
  if (host === undefined && !isGivenUrl(path)) return own;
  const { definition, connection, author } = session;
  const { settings, confinedTo } = connection.value;
  const name = isGivenUrl(path) ? path.given.host : host;
  const declared = name !== undefined && Object.hasOwn(definition.hosts ?? {}, name) ? definition.hosts?.[name] : undefined;
  if (declared === undefined || (host !== undefined && host !== name)) throw refused('The connector declares no such host.');
  if (author === 'host' && confinedTo !== undefined)
    throw refused('The connection is confined, and its resources are not told by paths of another host.');
  const origin = resolveOrigin(declared.origin, settings, definition.allowedHosts);
  const place = { origin, basePath: settingText(declared.basePath ?? '', settings), isTrusted: declared.credential === true };
  if (!isGivenUrl(path)) return place;
  if (place.isTrusted || author === 'host')
    throw refused("URLs of the service's own are for connectors, at hosts that take no credential.");
  return { ...place, target: givenTarget(origin, path.given.url) };
}

// A fragment, a user or another spelling of the same URL would be read otherwise by somebody.
function givenTarget(origin: string, text: string): string {
  const url = typeof text === 'string' && text.length <= 8_192 ? URL.parse(text) : null;
  const target = `${url?.pathname}${url?.search}`;
  if (url !== null && url.origin === origin && `${origin}${target}` === text) return target;
  throw refused('The URL that the service gave does not lead to the declared host.');
}

function refused(why: string): PatchbayError {
  return new PatchbayError({
    code: 'egress_refused',
    message: `${why} Nothing was sent. Correct the connector's hosts or the call.`,
    sent: 'no',
  });
}
