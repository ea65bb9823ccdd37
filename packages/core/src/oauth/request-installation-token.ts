import type { AppInstallationAuth } from '../connector/token-auth.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { decodeUtf8 } from '../json/decode-utf8.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import { nestsDeeperThan } from '../json/nests-deeper-than.ts';
import { signAssertion } from './sign-assertion.ts';
import { isToken, longestLifeMs } from './token-answer.ts';
import { answerInvalid, tokenRefused } from './token-fault.ts';
import type { TokenSet } from './token-set.ts';
import { type Caller, postToServer, type TokenNetwork } from './token-transport.ts';

/** One request for the token of an installation. */
export interface InstallationRequest {
  readonly caller: Caller;
  readonly method: AppInstallationAuth;
  /** With the installation and the settings in their places. */
  readonly url: string;
  /** Id of the app. */
  readonly issuer: string;
  /** PEM, of the app. */
  readonly privateKey: string;
  readonly keyId?: string | undefined;
  readonly narrow: JsonObject | undefined;
}

/** Levels of nesting that an answer may have. */
const maximumDepth = 20;

const minute = 60_000;

/**
 * Asks for the token of an installation with an assertion of the app's. Throws `authentication_failed` where the service does not know the
 * installation (`invalid_grant`) or the app (`invalid_client`), `response_invalid` for what is no token, and retryable errors where it cannot be told.
 */
export async function requestInstallationToken(through: TokenNetwork, request: InstallationRequest): Promise<TokenSet> {
  const { method, url, narrow } = request;
  const { accept = 'application/json', ...headers } = lowerCase(method.headers ?? {});
  const proof = `Bearer ${assertionOf(request, through.clock.now())}`;
  const body = narrow === undefined ? '' : JSON.stringify(narrow);
  const sent = { ...headers, accept, authorization: proof, ...(body === '' ? {} : { 'content-type': 'application/json' }) };
  const answer = await postToServer(through, { url, caller: request.caller, headers: Object.entries(sent).flat(), body });
  if (answer.status >= 400) throw faultOf(answer.status);
  return tokenIn(answer.body, method, through.clock.now());
}

/** Dated back, because a service whose clock is behind would say that it is not valid yet. */
function assertionOf({ method, issuer, privateKey, keyId }: InstallationRequest, now: number): string {
  const { algorithm, audience, backdatedMs = minute, lifetimeMs = 10 * minute } = method;
  const iat = Math.floor((now - backdatedMs) / 1_000);
  const exp = iat + Math.floor(lifetimeMs / 1_000);
  const claims = { iat, exp, iss: issuer, ...(audience === undefined ? {} : { aud: audience }) };
  return signAssertion({ algorithm, privateKey, keyId, claims });
}

const lowerCase = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** What a status says of the installation: a 403 may be a limit, or an installation that is suspended and comes back. */
function faultOf(status: number): PatchbayError {
  if (status === 401) return tokenRefused('invalid_client');
  if (status === 404 || status === 410) return tokenRefused('invalid_grant');
  if (status === 403) return tokenRefused('temporarily_unavailable');
  return new PatchbayError({
    code: 'authentication_failed',
    message: `The service gives no token for the installation (${status}). Check what the connection asks for, and what the app may do.`,
    details: { status },
  });
}

function tokenIn(bytes: Uint8Array, { answer = {} }: AppInstallationAuth, now: number): TokenSet {
  const { token: tokenField = 'token', expiresAt: endField = 'expires_at' } = answer;
  const fields = parsed(decodeUtf8(bytes) ?? '');
  const token = fields[tokenField];
  if (typeof token !== 'string' || !isToken(token)) throw answerInvalid();
  const end = fields[endField];
  const at = typeof end === 'string' ? Date.parse(end) : Number.NaN;
  const expiresInMs = Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), longestLifeMs);
  return { accessToken: token, refreshToken: null, expiresInMs, scopes: null, settings: {} };
}

function parsed(text: string): JsonObject {
  if (nestsDeeperThan(text, maximumDepth)) throw answerInvalid();
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    // The cause would quote the answer.
    throw answerInvalid();
  }
}
