import type { ConfirmationDeclaration } from '../../connector/confirmation-declaration.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import type { Network } from '../../net/create-network.ts';
import { bodyInvalid } from './parse-body.ts';

/** Milliseconds for the whole request: the service waits for the answer to its delivery meanwhile. */
const patienceMs = 5_000;

/** Bytes of the answer that are read; nothing is done with them. */
const answerBytes = 65_536;

/**
 * Does what a verified delivery asks for where it is a confirmation: one GET to the address that it names. Resolves with whether it was one. Throws
 * `body_invalid` for an address of another host, and `overloaded` where the service does not answer with 2xx, so that it sends again.
 */
export async function confirmSubscription(
  network: Pick<Network, 'request'>,
  declared: ConfirmationDeclaration,
  body: Json,
): Promise<boolean> {
  if (!isJsonObject(body) || fieldOf(body, declared.field) !== declared.equals) return false;
  const url = addressIn(fieldOf(body, declared.urlField), declared.hosts);
  if (!url) throw bodyInvalid('The delivery asks to confirm at an address that is none of its service.');
  const status = await statusOf(network, url);
  if (status >= 200 && status < 300) return true;
  throw unconfirmed(`The service answered ${status} when its subscription was confirmed.`);
}

async function statusOf(network: Pick<Network, 'request'>, url: URL): Promise<number> {
  const asking = network.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    headers: [],
    timeouts: { totalMs: patienceMs },
    maxResponseBytes: answerBytes,
    overflow: 'truncate',
  });
  const { status } = await asking.catch((error: unknown) => {
    throw unconfirmed(`The service could not be reached when its subscription was to be confirmed. ${toErrorRecord(error).message}`);
  });
  return status;
}

/** Never kept for a replay: the service sends it again, and what it then names is good for longer. */
function unconfirmed(what: string): PatchbayError {
  return new PatchbayError({ code: 'overloaded', message: `${what} It sends the delivery again.`, retryable: true });
}

function fieldOf(body: { readonly [key: string]: Json }, field: string): Json | undefined {
  return Object.hasOwn(body, field) ? body[field] : undefined;
}

/** The address, where it is https on its own port, without a password, and of one of the hosts. */
function addressIn(text: Json | undefined, hosts: readonly string[]): URL | undefined {
  const url = typeof text === 'string' && text.length <= 2_048 ? URL.parse(text) : null;
  if (url?.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return undefined;
  return hosts.some((host) => isHost(url.hostname, host)) ? url : undefined;
}

function isHost(name: string, pattern: string): boolean {
  const labels = name.split('.');
  const wanted = pattern.split('.');
  return (
    labels.length === wanted.length &&
    wanted.every((label, at) => (label === '*' ? /^[a-z0-9-]+$/.test(labels[at] ?? '') : label === labels[at]))
  );
}
