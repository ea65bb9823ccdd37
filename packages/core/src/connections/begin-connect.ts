import type { Connector } from '../connector/connector-definition.ts';
import type { Confinement } from '../connector/leaves-confinement.ts';
import { majorOf } from '../connector/major-of.ts';
import type { FlowRecord } from '../contracts/flow-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { authorizationUrl } from '../oauth/authorization-url.ts';
import { hashOfName } from '../oauth/flow-name.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { announceConnection } from './announce-connection.ts';
import { checkConnectionInput } from './check-connection-input.ts';
import { checkReturn } from './check-return.ts';
import type { ConnectOptions } from './connect-options.ts';
import { findOAuthClient } from './find-oauth-client.ts';
import { oauthMethod } from './find-registration.ts';
import type { FlowDetail } from './flow-detail.ts';
import { parseConfinement } from './parse-confinement.ts';
import { parseSettings } from './parse-settings.ts';
import { scopesToAsk } from './scopes-to-ask.ts';
import { sealFlow } from './seal-flow.ts';

/** What a host says to begin. */
export interface BeginConnectInput {
  readonly connector: string;
  /** Name of the connection that it becomes, or that is connected anew. */
  readonly name: string;
  /** Who begins, by the host's own session. Only the same user can complete it. */
  readonly hostUser: string;
  /** Where the person is sent afterwards: an address of the hub's own origin, or of one in `returnOrigins`. `flow` is added to its query. */
  readonly returnTo: string;
  /** Major of the connector that a new connection is pinned to; one that is there keeps its own. @default the newest that is registered */
  readonly major?: number;
  /** As the connector's settings schema wants them. @default {} */
  readonly settings?: Readonly<Record<string, Json>>;
  readonly metadata?: Readonly<Record<string, Json>>;
  /** What the connection is confined to from its first moment, as in `connections.put`; `null` lifts it. @default as it is confined already */
  readonly confinedTo?: Confinement | null;
  /** Actions that will be used: the scopes asked for are what they need. @default all of the connector's */
  readonly actions?: readonly string[];
  /** Scopes to ask for besides. @default none */
  readonly scopes?: readonly string[];
  /** Parameters for the authorization server that the connector allows, such as `login_hint`. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A flow that has begun. */
export interface BegunConnect {
  /** Where to send the person. It holds a secret of this one flow: hand it to nobody else. */
  readonly url: string;
  /** Milliseconds from now in which it can be finished. */
  readonly expiresInMs: number;
}

/** Milliseconds from the beginning until the service's answer. The code of a service lives ten minutes at most. */
const flowMs = 600_000;

/** Flows of one user that are open at once. Beyond them somebody is filling the store. */
const mostFlows = 50;

/**
 * Begins to connect an account: state and PKCE verifier are made, kept (the state as a hash, the verifier sealed) and put into the address at
 * which the person gives the permission. Throws `unsupported`, `credential_missing`, `invalid_argument`, `overloaded` beyond 50 open flows of a user,
 * and where an issuer is asked for its addresses first, what that throws.
 */
export async function beginConnect(
  options: ConnectOptions,
  place: { readonly tenant: string; readonly connector: Connector },
  input: BeginConnectInput,
): Promise<BegunConnect> {
  const { tenant, connector } = place;
  checkConnectionInput({ owner: input.hostUser, metadata: input.metadata });
  const returnTo = checkReturn(input.returnTo, options);
  const { settings: given = {} } = input;
  const confinedTo = input.confinedTo && parseConfinement(connector, input.confinedTo);
  // What the answer will tell is not there yet; the whole is parsed when it is.
  const isWhole = Object.keys(oauthMethod(connector).answer?.settings ?? {}).length === 0;
  const settings = isWhole ? await parseSettings(connector, given) : given;
  const client = await findOAuthClient(options, { tenant, connector, settings });
  if ((await options.flows.count({ tenant, user: input.hostUser })) >= mostFlows) throw tooMany();
  const scopes = scopesToAsk(connector, client.method, input);
  const state = options.randomName();
  const verifier = verifierOf(client, options.randomName);
  const nonce = scopes.includes('openid') && client.issuer !== null ? options.randomName() : null;
  const url = authorizationUrl({ client, state, verifier, nonce, scopes, parameters: input.parameters ?? {} });
  const detail: Omit<FlowDetail, 'sealed'> = {
    connector: connector.id,
    major: majorOf(connector.definition.version),
    name: input.name,
    app: client.app,
    registration: client.registration,
    version: client.version,
    requiresIssuer: client.requiresIssuer,
    redirectUri: client.redirectUri,
    issuer: client.issuer,
    returnTo,
    scopes: [...scopes],
    settings: { ...given },
    metadata: input.metadata === undefined ? null : { ...input.metadata },
    ...(confinedTo === undefined ? {} : { confinedTo }),
  };
  const flow = { tenant, user: input.hostUser, hash: hashOfName(state) };
  const value = await sealFlow(options.vault, flow, { detail, secret: { verifier, nonce, code: null } });
  await keepFlow(options, { ...flow, value });
  const { name, hostUser: owner, metadata = {} } = input;
  await announceConnection(options, { tenant, connector: connector.id, name, owner, settings: given, metadata, forMs: flowMs });
  return { url, expiresInMs: flowMs };
}

/** Keeps a flow. Many may have been let in at one time: whoever finds too many with their own takes it back. */
async function keepFlow({ flows, generateId }: ConnectOptions, flow: FlowRecord): Promise<void> {
  const { tenant, user, hash } = flow;
  await flows.put({ ...flow, forMs: flowMs });
  if ((await flows.count({ tenant, user })) <= mostFlows) return;
  await flows.take({ tenant, hash, taker: generateId() });
  throw tooMany();
}

/** A challenge that is no hash protects nothing: it is not used, and PKCE is left out only where the connector says that its service cannot. */
function verifierOf({ method, challengeMethods }: OAuthClient, randomName: () => string): string | null {
  if (method.pkce === 'none') return null;
  if (challengeMethods === null || challengeMethods.includes('S256')) return randomName();
  throw new PatchbayError({
    code: 'unsupported',
    message: 'The authorization server does not offer PKCE with S256, and nothing less is used. Ask whoever runs it to allow S256.',
  });
}

function tooMany(): PatchbayError {
  return new PatchbayError({
    code: 'overloaded',
    message: `This user has begun to connect accounts ${mostFlows} times and finished none. Finish one, or wait ten minutes.`,
    retryable: true,
  });
}
