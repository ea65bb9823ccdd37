import { isPatchbayError } from '../errors/patchbay-error.ts';
import { decodeUtf8 } from '../json/decode-utf8.ts';
import { nestsDeeperThan } from '../json/nests-deeper-than.ts';
import type { Network } from '../net/create-network.ts';
import { metadataInvalid } from './metadata-fault.ts';
import { readServerMetadata, type ServerMetadata } from './server-metadata.ts';
import { readFromServer, type TokenNetwork } from './token-transport.ts';

/** What finding an authorization server goes through. */
export interface DiscoveryNetwork extends TokenNetwork {
  readonly network: Pick<Network, 'request' | 'check'>;
}

/** Levels of nesting that metadata may have. */
const maximumDepth = 20;

/**
 * Asks an issuer for the metadata of its server: by RFC 8414, then by OpenID Connect Discovery. Throws `response_invalid` for metadata that are
 * missing, another's or unusable, `egress_refused` for an address that the network does not go to, and what the network throws.
 */
export async function discoverServer(
  through: DiscoveryNetwork,
  place: { readonly issuer: string; readonly tenant: string },
): Promise<ServerMetadata> {
  const found = (await ask(through, place, 'oauth2')) ?? (await ask(through, place, 'oidc'));
  if (found === null) throw metadataInvalid('missing');
  for (const url of [found.tokenUrl, found.revocationUrl, found.jwksUrl]) if (url !== null) through.network.check(url);
  return found;
}

/** `null` where there is nothing of the kind: many servers answer any path with a page. */
async function ask(
  through: DiscoveryNetwork,
  { issuer, tenant }: { readonly issuer: string; readonly tenant: string },
  algorithm: 'oauth2' | 'oidc',
): Promise<ServerMetadata | null> {
  const { allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } = await import('oauth4webapi');
  const identifier = new URL(issuer);
  const read = async (url: string): Promise<Response> => {
    const { status, body } = await readFromServer(through, { url, caller: { tenant } });
    const said = status === 200 ? parseJson(body) : undefined;
    return said === undefined ? new Response(null, { status: 404 }) : Response.json(said);
  };
  try {
    const response = await discoveryRequest(identifier, { algorithm, [customFetch]: read, [allowInsecureRequests]: true });
    if (response.status !== 200) return null;
    // The library compares issuers as URLs, which takes two texts for one; RFC 8414, section 3.3, does not.
    return readServerMetadata(await processDiscoveryResponse(identifier, response), issuer);
  } catch (error) {
    throw isPatchbayError(error) ? error : metadataInvalid('issuer');
  }
}

function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes)?.replace(/^\uFEFF/, '');
  if (text === undefined || nestsDeeperThan(text, maximumDepth)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
