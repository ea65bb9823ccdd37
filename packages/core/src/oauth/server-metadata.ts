import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { metadataInvalid } from './metadata-fault.ts';

/** What an authorization server says of itself, as far as it is used here (RFC 8414, section 2). */
export interface ServerMetadata {
  readonly issuer: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl: string | null;
  /** Where the keys of its ID tokens are; `null`: it does not say. */
  readonly jwksUrl: string | null;
  /** Each of its answers says `iss` (RFC 9207, section 3). */
  readonly saysIssuer: boolean;
  /** `null`: it does not say. */
  readonly challengeMethods: readonly string[] | null;
  /** `null`: it does not say. */
  readonly idTokenAlgorithms: readonly string[] | null;
}

/** Longest address and most entries of a list that are believed. */
const longestUrl = 2_048;
const mostEntries = 100;

/**
 * Reads the metadata that were found at an issuer. Throws `response_invalid` where they are another issuer's, character by character (RFC 8414,
 * section 3.3), where an address is missing or none, and where one is less guarded than the issuer itself.
 */
export function readServerMetadata(said: unknown, issuer: string): ServerMetadata {
  if (!isJsonObject(said) || field(said, 'issuer') !== issuer) throw metadataInvalid('issuer');
  const isSafe = issuer.startsWith('https:');
  const place = (name: string): string | null => {
    const value = field(said, name);
    if (value === undefined || value === null) return null;
    if (isPlace(value) && (!isSafe || value.startsWith('https:'))) return value;
    throw metadataInvalid('endpoint');
  };
  const [authorizationUrl, tokenUrl] = [place('authorization_endpoint'), place('token_endpoint')];
  if (authorizationUrl === null || tokenUrl === null) throw metadataInvalid('endpoint');
  return {
    issuer,
    authorizationUrl,
    tokenUrl,
    revocationUrl: place('revocation_endpoint'),
    jwksUrl: place('jwks_uri'),
    saysIssuer: field(said, 'authorization_response_iss_parameter_supported') === true,
    challengeMethods: list(field(said, 'code_challenge_methods_supported')),
    idTokenAlgorithms: list(field(said, 'id_token_signing_alg_values_supported')),
  };
}

function field(said: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(said, name) ? said[name] : undefined;
}

function isPlace(value: Json): value is string {
  if (typeof value !== 'string' || value.length > longestUrl || !/^https?:\/\/[^\p{Cc}\s\\#]+$/u.test(value)) return false;
  const url = URL.parse(value);
  return url !== null && url.username === '' && url.password === '';
}

/** What is no list of words says that nothing is supported: it is refused where it is needed. */
function list(value: Json | undefined): readonly string[] | null {
  if (value === undefined || value === null) return null;
  return Array.isArray(value) ? value.slice(0, mostEntries).filter((each) => typeof each === 'string') : [];
}
