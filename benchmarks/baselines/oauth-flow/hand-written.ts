/**
 * The limit of `oauth-flow`: the authorization code flow with oauth4webapi and maps.
 *
 * What it does: PKCE S256 and a random state for each flow, kept in a map and taken once; the answer checked by oauth4webapi; the code exchanged
 * through the fetch of Node; the tokens sealed with AES-256-GCM and kept in a map.
 * What it leaves out: a store that other processes share, state stored as a hash and verifier sealed, the user who began, an end of each flow,
 * guarded addresses, time and size of an answer, data keys, key ids, granted scopes, connection, audit, notices, refresh and revocation.
 */
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { app, callbackPath, type FlowContestant } from '../../src/oauth-flow/flow-contestant.ts';

const redirectUri = `https://host.example.com${callbackPath}`;

/** A host of that kind. */
export function handWrittenFlow(origin: string): FlowContestant {
  const server = { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token` };
  const client = { client_id: app.clientId };
  const key = createSecretKey(randomBytes(32));
  const flows = new Map<string, string>();
  const accounts = new Map<number, Buffer>();

  const seal = (value: string): Buffer => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    return Buffer.concat([iv, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  };

  return {
    async begin() {
      const state = oauth.generateRandomState();
      const verifier = oauth.generateRandomCodeVerifier();
      flows.set(state, verifier);
      const url = new URL(server.authorization_endpoint);
      for (const [name, value] of Object.entries({
        response_type: 'code',
        client_id: app.clientId,
        redirect_uri: redirectUri,
        scope: 'papers',
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }))
        url.searchParams.set(name, value);
      return url;
    },
    async finish(flow, callback) {
      const state = callback.get('state') ?? '';
      const verifier = flows.get(state);
      if (verifier === undefined || !flows.delete(state)) throw new Error('No such flow.');
      const answer = oauth.validateAuthResponse(server, client, callback, state);
      const options = { [oauth.allowInsecureRequests]: true };
      const authentication = oauth.ClientSecretBasic(app.clientSecret);
      const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, answer, redirectUri, verifier, options);
      accounts.set(flow, seal(JSON.stringify(await oauth.processAuthorizationCodeResponse(server, client, response))));
    },
  };
}
