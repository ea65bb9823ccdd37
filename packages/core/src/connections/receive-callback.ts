import type { Connector } from '../connector/connector-definition.ts';
import type { FlowRecord } from '../contracts/flow-store.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { type AuthorizationAnswer, isFromIssuer, readAuthorizationAnswer } from '../oauth/authorization-answer.ts';
import { hashOfName } from '../oauth/flow-name.ts';
import { withdrawConnection } from './announce-connection.ts';
import { type ConnectFailure, connectFailed } from './connect-failed.ts';
import type { ConnectOptions } from './connect-options.ts';
import { findRegistration, oauthMethod } from './find-registration.ts';
import { type FlowContent, openFlow, sealFlow } from './seal-flow.ts';

/** Milliseconds for which a code waits for the host to complete the flow. */
const parkedMs = 120_000;

/**
 * Takes in what a browser brings back from an authorization server. The flow is looked up by its state, which is used up whatever follows;
 * the code is kept, sealed, under a new name that only this browser is told, and the host completes the flow under its own session. Nothing is
 * asked of the service here. Answers where to send the browser. Throws `connect_failed` where nobody knows whose flow it was.
 */
export async function receiveCallback(
  options: ConnectOptions,
  { app, query }: { readonly app: string; readonly query: string },
): Promise<{ readonly location: string }> {
  const answer = readAuthorizationAnswer(query);
  if (!answer) throw connectFailed('other');
  const hash = hashOfName(answer.state);
  const flow = await options.flows.take({ tenant: null, hash, taker: options.generateId() });
  if (!flow) throw connectFailed('flow_ended');
  const content = await openFlow(options.vault, flow);
  // The name under which a code waits is no state: whoever has learnt it must not put another code in its place.
  if (content.secret.code !== null) throw connectFailed('flow_ended');
  const failure = await failureOf(options, { app, answer, flow, content });
  const { returnTo, connector, name: account } = content.detail;
  if (failure !== null || !('code' in answer.result)) {
    await withdrawConnection(options, { tenant: flow.tenant, connector, name: account });
    return { location: withQuery(returnTo, 'connect_error', failure ?? 'other') };
  }
  const name = options.randomName();
  const parked = { tenant: flow.tenant, user: flow.user, hash: hashOfName(name) };
  const secret = { ...content.secret, code: answer.result.code };
  const value = await sealFlow(options.vault, parked, { detail: content.detail, secret });
  await options.flows.put({ ...parked, value, forMs: parkedMs });
  return { location: withQuery(returnTo, 'flow', name) };
}

interface Callback {
  readonly app: string;
  readonly answer: AuthorizationAnswer;
  readonly flow: FlowRecord;
  readonly content: FlowContent;
}

async function failureOf(options: ConnectOptions, { app, answer, flow, content }: Callback): Promise<ConnectFailure | null> {
  const { detail } = content;
  // Each registration has an address of its own: a code that comes to another one is not for this flow's server.
  if (app !== detail.app) return 'wrong_callback';
  const connector = options.registry.find(detail.connector, detail.major);
  const version = connector ? await versionNow(options, { tenant: flow.tenant, connector, detail }) : null;
  if (!connector || version !== (detail.registration ?? detail.version)) return 'app_changed';
  const { requiresIssuer: isRequired = oauthMethod(connector).requiresIssuer === true } = detail;
  if (!isFromIssuer(answer, { issuer: detail.issuer, isRequired })) return 'wrong_issuer';
  if (answer.issuer !== null && detail.issuer === null)
    options.logger.info('an authorization server says which issuer it is, and nobody has said which it must be', {
      tenant: flow.tenant,
      connector: connector.id,
    });
  return 'error' in answer.result ? answer.result.error : null;
}

interface VersionQuery {
  readonly tenant: string;
  readonly connector: Connector;
  readonly detail: FlowContent['detail'];
}

/** Version of the registration as it is configured now, for which nobody is asked; `null` where it is there no more. */
async function versionNow(options: ConnectOptions, { tenant, connector, detail }: VersionQuery): Promise<string | null> {
  try {
    return (await findRegistration(options, { tenant, connector, settings: detail.settings, app: detail.app })).version;
  } catch (error) {
    if (isPatchbayError(error) && !error.retryable) return null;
    throw error;
  }
}

function withQuery(address: string, name: string, value: string): string {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}
