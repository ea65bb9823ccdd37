import type { TenantConfiguration } from '../../../configuration/tenant-configuration.ts';
import { hmac } from '../../../connector/signature/signed-content.ts';
import type { Row } from '../../../contracts/configuration-store.ts';
import { isUuid } from '../../../id/is-uuid.ts';
import type { RefusalReason } from '../../../notices/webhook-notices.ts';
import { admission } from '../admission.ts';
import { bodyKindOf } from '../door/body-kind.ts';
import type { DoorAnswer } from '../door/door-answer.ts';
import { ContentTypeError, MethodError } from '../door/door-errors.ts';
import type { DoorPass } from '../door/door-limits.ts';
import { findCurrent } from '../find-current.ts';
import type { InboundRequest } from '../inbound-request.ts';
import { orKeep } from '../keep-delivery.ts';
import { mayPass } from '../may-pass.ts';
import type { ReceiveOptions } from '../receive-options.ts';
import { refused } from '../refused.ts';
import type { SignedRequest } from '../signatures/signed-request.ts';
import { acceptedAnswer } from '../sound-answer.ts';
import { isSignedBy, isSignedByNobody, presentedSignature } from '../verify-signature.ts';
import { answerHandshake } from './answer-handshake.ts';
import type { CompiledReceiver } from './compile-receiver.ts';
import { isTakenFrom } from './is-taken-from.ts';
import { publishReceived } from './publish-received.ts';
import { declarationOf } from './receiver-declaration.ts';

/** The name under which a receiver's deliveries are counted and known. */
export const receiverRegistration = (id: string): string => `receiver:${id}`;

/** The receiver's id in such a name; what is no such name is the id of none. */
export const receiverOf = (registration: string): string =>
  registration.startsWith('receiver:') ? registration.slice('receiver:'.length) : '';

/**
 * Takes in a request to the URL of a receiver. How it is signed is known only with the receiver, and whether there is one is told to nobody: so its
 * body is read before anything is looked up, and each refusal is the same.
 */
export async function receiveForReceiver(options: ReceiveOptions, inbound: InboundRequest, id: string): Promise<DoorAnswer> {
  if (inbound.method === 'OPTIONS') return answerHandshake(options, inbound, id);
  if (inbound.method !== 'POST') throw new MethodError();
  const pass = options.door.limits.enter({ url: `hooks/${id}`, address: inbound.address });
  if (!isUuid(id)) throw refused('unknown_url');
  try {
    return await receive(options, { inbound, id, pass });
  } catch (error) {
    // It was refused for no fault of the sender's.
    if (mayPass(error)) pass.release();
    throw error;
  }
}

interface Receiving {
  readonly inbound: InboundRequest;
  readonly id: string;
  readonly pass: DoorPass;
}

async function receive(options: ReceiveOptions, { inbound, id, pass }: Receiving): Promise<DoorAnswer> {
  const { method, target, headers, address } = inbound;
  const request = { method, url: `${options.publicUrl}${target}`, headers, body: await inbound.readBody() };
  const tenant = await options.locateReceiver(id);
  if (tenant === null) {
    await compareWithNobody(options, request);
    throw refused('unknown_url');
  }
  const find = (configuration: TenantConfiguration) => signedReceiver(options, request, { tenant, id, configuration, address });
  const reasonIn = (current: TenantConfiguration) => reasonOf(options, current.receiver(id), address);
  const { found: receiver, configuration } = await findCurrent(options.cache, { tenant, find, reasonIn });
  const { definition } = receiver;
  if (definition.scheme) pass.vouch();
  const isOfFormat = definition.format === 'cloudevents' && definition.contentTypes === undefined;
  if (!isOfFormat && bodyKindOf(headers['content-type'], definition.contentTypes) === undefined) throw new ContentTypeError();
  const holds = async (now: TenantConfiguration) => (await find(now)) !== undefined;
  const admit = admission({ cache: options.cache, tenant, heldIn: configuration, holds });
  const place = { tenant, registration: receiverRegistration(id), connection: null, triggers: null, admit };
  const declaration = declarationOf(definition);
  return orKeep(options, { place, connector: null, declaration, request }, async () => {
    await publishReceived(options, place, { receiver, request });
    return acceptedAnswer(declaration.accepted);
  });
}

/** What kept a request out, for the host. */
function reasonOf({ receivers }: ReceiveOptions, row: Row<'receiver'> | undefined, address: Uint8Array | null): RefusalReason {
  if (row === undefined) return 'unknown_url';
  return isTakenFrom(receivers.of(row), address) ? 'signature_wrong' : 'address_refused';
}

interface Looked {
  readonly tenant: string;
  readonly id: string;
  readonly configuration: TenantConfiguration;
  readonly address: Uint8Array | null;
}

/** The receiver, where one of its live secrets signed the request, or it says that nobody has to. */
async function signedReceiver(
  { receivers, keys, clock, certificates }: ReceiveOptions,
  request: SignedRequest,
  { tenant, id, configuration, address }: Looked,
): Promise<CompiledReceiver | undefined> {
  const row = configuration.receiver(id);
  if (row === undefined) return undefined;
  const receiver = receivers.of(row);
  if (!isTakenFrom(receiver, address)) return undefined;
  const { scheme, dangerouslyUnverified } = receiver.definition;
  if (scheme === undefined) return dangerouslyUnverified === undefined ? undefined : receiver;
  const presented = presentedSignature(request, scheme, { now: clock.now(), certificates });
  if (presented === undefined) return undefined;
  const live = await keys.of({ tenant, row, scheme });
  if (await isSignedBy(presented, request.body, live.keys)) return receiver;
  if (live.failure) throw live.failure;
  return undefined;
}

const anyScheme = hmac({ header: 'x-signature' });

/** Spends what comparing a signature costs, so that the answer's time tells nothing of the URL. */
async function compareWithNobody({ clock, certificates }: ReceiveOptions, request: SignedRequest): Promise<void> {
  const head = { ...request, headers: { 'x-signature': '0'.repeat(64) } };
  const presented = presentedSignature(head, anyScheme, { now: clock.now(), certificates });
  if (presented) await isSignedByNobody(presented, request.body);
}
