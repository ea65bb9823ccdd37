import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import { isUuid } from '../../id/is-uuid.ts';
import { receives } from './admission.ts';
import { comesFrom, comesFromNamed } from './door/comes-from.ts';
import type { DoorAnswer } from './door/door-answer.ts';
import { MethodError } from './door/door-errors.ts';
import { findChallenge } from './door/find-challenge.ts';
import type { InboundRequest } from './inbound-request.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { refused } from './refused.ts';

/**
 * Answers what a service asks without a signature, by path and headers alone: no body is read. `undefined` for a POST that is no challenge; throws
 * {@link MethodError} for anything else that is none. A URL that does not receive gets the one refusal, so a service cannot be set upon it.
 */
export async function answerChallenge(options: ReceiveOptions, request: InboundRequest): Promise<DoorAnswer | undefined> {
  const { door, registry } = options;
  const { address, registration, method } = request;
  const connector = registry.find(request.connector);
  const challenges = connector?.definition.webhook?.challenges ?? [];
  const found = challenges.length === 0 ? undefined : findChallenge(challenges, request);
  if (!connector || !found) {
    if (method === 'POST') return undefined;
    throw new MethodError();
  }
  // Whoever asks has signed nothing, so what is answered counts too.
  door.limits.enter({ url: `${connector.id}/${registration ?? ''}`, address });
  const ranges = door.addresses.get(connector.id);
  if (ranges && !comesFrom(address, ranges)) throw refused('address_refused');
  if (!(await isReceiving(options, connector.id, request))) throw refused('unknown_url');
  if (!found.answer) throw refused('signature_missing');
  return found.answer;
}

/** Milliseconds for which an answer may be out of date: strangers ask, and each must not make us ask the store. */
const recentMs = 1_000;

/** What is asked about. */
interface Asked {
  readonly connector: string;
  readonly registration: string;
  readonly address: Uint8Array | null;
}

async function isReceiving(options: ReceiveOptions, connector: string, { registration, address }: InboundRequest): Promise<boolean> {
  const { appKeys, cache, registry } = options;
  if (registration === null) {
    const isApp = registry.find(connector)?.definition.webhook?.accountOf !== undefined;
    return isApp && appKeys.of(connector).length > 0;
  }
  const tenant = isUuid(registration) ? await options.locateTenant(registration) : null;
  if (tenant === null) return false;
  const holds = (configuration: TenantConfiguration): boolean => isReceivingIn(configuration, { connector, registration, address });
  if (holds(await cache.recent(tenant, recentMs))) return true;
  // It may have been registered elsewhere a moment ago.
  const current = await cache.refresh(tenant);
  return current !== null && holds(current);
}

function isReceivingIn(configuration: TenantConfiguration, { connector, registration, address }: Asked): boolean {
  const row = configuration.registration(registration);
  if (row?.value.connector !== connector) return false;
  if (row.value.addresses !== undefined && !comesFromNamed(address, row.value.addresses)) return false;
  const connection = configuration.connection(row.value.connection);
  return connection !== undefined && receives(connection.value);
}
