import type { ClientAuth, TokenEndpointResponse } from 'oauth4webapi';
import type { OAuth2Answer } from '../connector/oauth2-auth.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { JsonObject } from '../json/json.ts';
import { checkSignature } from './check-signature.ts';
import { authenticationOf } from './client-authentication.ts';
import type { OAuthClient } from './oauth-client.ts';
import { callerOf, clientOf, serverOf } from './server-of.ts';
import { isToken, readTokenAnswer, type TokenAnswer } from './token-answer.ts';
import { answerInvalid, tokenRefused } from './token-fault.ts';
import type { TokenSet } from './token-set.ts';
import { postToServer, type TokenNetwork } from './token-transport.ts';

/** One request for tokens. */
export interface TokenRequest {
  readonly client: OAuthClient;
  readonly grant: 'authorization_code' | 'refresh_token' | 'client_credentials' | 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  readonly parameters: Readonly<Record<string, string>>;
  /** The nonce of the flow, where an ID token must carry it; `null`: none may come that is looked at. @default null */
  readonly nonce?: string | null;
  /** Called before the request is sent, when its turn at the server has come; what it throws ends it. @default nothing */
  readonly begin?: () => Promise<void>;
}

/**
 * Asks for tokens. Throws `authentication_failed` where the server refuses (its `oauthError` says why), `response_invalid` for what is no
 * bearer token, retryable errors where it cannot be told, and what the network throws.
 */
export async function requestTokens(through: TokenNetwork, request: TokenRequest): Promise<TokenSet> {
  // Loaded with the first request for tokens: many hubs never make one.
  const { allowInsecureRequests, customFetch, genericTokenEndpointRequest } = await import('oauth4webapi');
  const { client, grant, parameters, nonce = null, begin } = request;
  const given: { answer?: TokenAnswer } = {};
  const send = async (url: string, { body, headers }: { readonly body: URLSearchParams; readonly headers: Record<string, string> }) => {
    const asked = encode(client, body, headers);
    const response = await postToServer(through, { url, caller: callerOf(client), begin, ...asked });
    const answer = readTokenAnswer(response.body, quirksOf(client, grant));
    if (answer === undefined) throw answerInvalid(response.status >= 400 ? 'no' : 'maybe');
    if ('error' in answer) throw tokenRefused(answer.error);
    if (response.status >= 400) throw answerInvalid('no');
    given.answer = answer;
    return Response.json(withoutUnasked(answer.body, nonce));
  };
  try {
    const server = serverOf(client);
    // Whether plain http may be spoken is the guarded network's to decide.
    const options = { [customFetch]: send, [allowInsecureRequests]: true } as const;
    const fields = new URLSearchParams(parameters);
    const proof = await proofOf(through, request);
    const response = await genericTokenEndpointRequest(server, clientOf(client), proof, grant, fields, options);
    const parsed = await process(response, client, { grant, nonce });
    if (nonce !== null && client.jwksUrl !== null) await checkSignature(through, client, response);
    if (given.answer === undefined || 'error' in given.answer) throw answerInvalid();
    return tokenSet(client, parsed, given.answer);
  } catch (error) {
    // What the library says may quote the answer, and with it a token.
    throw isPatchbayError(error) ? error : answerInvalid();
  }
}

/** An assertion says by itself who asks: client authentication beside it is optional (RFC 7523, section 2.1), and services expect none. */
async function proofOf({ clock }: TokenNetwork, { client, grant }: TokenRequest): Promise<ClientAuth> {
  return grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer' ? () => undefined : authenticationOf(client, clock);
}

function encode(client: OAuthClient, body: URLSearchParams, headers: Readonly<Record<string, string>>) {
  const list = Object.entries(headers).filter(([name]) => name !== 'content-type' && name !== 'user-agent');
  const isJson = client.method.tokenRequest === 'json';
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded;charset=UTF-8';
  return {
    headers: [...list.flat(), 'content-type', type],
    body: isJson ? JSON.stringify(Object.fromEntries(body)) : body.toString(),
  };
}

/** Where the tokens are can differ between the first answer and that of a renewal. */
function quirksOf({ method: { answer = {} } }: OAuthClient, grant: TokenRequest['grant']): OAuth2Answer {
  const { renewedTokensAt } = answer;
  return grant === 'refresh_token' && renewedTokensAt !== undefined ? { ...answer, tokensAt: renewedTokensAt } : answer;
}

/** An ID token that nobody asked for says nothing to anybody, and is not looked at. */
function withoutUnasked({ id_token: idToken, ...body }: JsonObject, nonce: string | null): JsonObject {
  return nonce === null || idToken === undefined ? body : { ...body, id_token: idToken };
}

async function process(
  response: Response,
  client: OAuthClient,
  { grant, nonce }: { readonly grant: TokenRequest['grant']; readonly nonce: string | null },
): Promise<TokenEndpointResponse> {
  const oauth = await import('oauth4webapi');
  const server = serverOf(client);
  if (grant !== 'authorization_code') return oauth.processGenericTokenEndpointResponse(server, clientOf(client), response);
  return oauth.processAuthorizationCodeResponse(server, clientOf(client), response, {
    expectedNonce: nonce ?? oauth.expectNoNonce,
    requireIdToken: nonce !== null,
  });
}

function tokenSet(
  client: OAuthClient,
  parsed: TokenEndpointResponse,
  { expiresInMs, whole }: Exclude<TokenAnswer, { error: string }>,
): TokenSet {
  const { access_token: accessToken, refresh_token: refreshToken = null, scope } = parsed;
  // The library lets DPoP through too; such a token is bound to a key, and is nothing in a header alone.
  if (parsed.token_type !== 'bearer') throw answerInvalid();
  if (!isToken(accessToken) || (refreshToken !== null && !isToken(refreshToken))) throw answerInvalid();
  return {
    accessToken,
    refreshToken,
    expiresInMs,
    scopes: scopesOf(client, scope),
    settings: settingsOf(whole, client.method.answer?.settings ?? {}),
  };
}

function scopesOf({ method: { answer = {}, scopeSeparator = ' ' } }: OAuthClient, scope: string | undefined): TokenSet['scopes'] {
  if (scope === undefined) return null;
  const scopes = scope
    .split(answer.scopeSeparator ?? scopeSeparator)
    .map((each) => each.trim())
    .filter(Boolean);
  return scopes.length === 0 && answer.emptyScope === 'unknown' ? 'unknown' : scopes;
}

/** The first label of the host of each URL: what the template of an origin takes. */
function settingsOf(whole: JsonObject, fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const found = Object.entries(fields).map(([setting, field]): readonly [string, string] => {
    const value = Object.hasOwn(whole, field) ? whole[field] : undefined;
    const url = typeof value === 'string' ? URL.parse(value) : null;
    const [label = ''] = url?.hostname.split('.', 1) ?? [];
    if (url?.protocol !== 'https:' || label === '') throw answerInvalid();
    return [setting, label];
  });
  return Object.fromEntries(found);
}
