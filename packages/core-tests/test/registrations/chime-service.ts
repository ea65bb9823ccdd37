import { PatchbayError } from '@patchbay/core';
import type { ListedSubscription, WantedSubscription, WebhookSubscriptions } from '@patchbay/core/host';

/** A subscription as the service holds it. */
export interface Chime {
  readonly id: string;
  url: string;
  triggers: readonly string[];
  secret: string;
  target: string | null;
  expiresAt?: number;
  active: boolean;
}

/** What a call did, in order. */
export type ChimeCall = 'create' | 'list' | 'remove' | 'update' | 'renew';

/** A service with a list of subscriptions. It does as it is told, and forgets nothing. */
export interface ChimeService {
  readonly held: Chime[];
  readonly calls: ChimeCall[];
  /** Next calls of a kind fail so; with `after` what they were to do happens all the same, and only the answer is lost. */
  readonly faults: { readonly call: ChimeCall; readonly error: PatchbayError; readonly after?: boolean }[];
  /** Awaited before a subscription is made. */
  beforeCreate: (() => Promise<void>) | undefined;
  /** Called while a subscription is made, before the answer: services send a challenge then. */
  onCreate: ((wanted: WantedSubscription) => Promise<void>) | undefined;
  readonly subscriptions: WebhookSubscriptions;
}

/** What differs from service to service. */
export interface ChimeOptions {
  /** Milliseconds for which a subscription lasts. @default for ever */
  readonly lifetimeMs?: number;
  readonly now?: () => number;
  /** Functions that it does not have. @default none */
  readonly lacks?: readonly ('update' | 'renew')[];
  readonly target?: string;
}

export const away = (): PatchbayError =>
  new PatchbayError({ code: 'provider_unavailable', message: 'The service is away.', retryable: true, sent: 'maybe' });

const gone = (): PatchbayError => new PatchbayError({ code: 'provider_not_found', message: 'No such subscription.', sent: 'no' });

/** Makes one. */
export function chimeService({ lifetimeMs, now = () => 0, lacks = [], target }: ChimeOptions = {}): ChimeService {
  let numbers = 0;
  const service: Omit<ChimeService, 'subscriptions'> = { held: [], calls: [], faults: [], beforeCreate: undefined, onCreate: undefined };
  const play = async <Answer>(call: ChimeCall, act: () => Answer | Promise<Answer>): Promise<Answer> => {
    service.calls.push(call);
    const at = service.faults.findIndex((fault) => fault.call === call);
    const [fault] = at === -1 ? [] : service.faults.splice(at, 1);
    if (fault && !fault.after) throw fault.error;
    const answer = await act();
    if (fault) throw fault.error;
    return answer;
  };
  const end = () => (lifetimeMs === undefined ? {} : { expiresAt: now() + lifetimeMs });
  const find = (id: string): Chime => {
    const chime = service.held.find((each) => each.id === id);
    if (!chime) throw gone();
    return chime;
  };
  const show = ({ secret: _, target: __, ...shown }: Chime): ListedSubscription => shown;
  const subscriptions: WebhookSubscriptions = {
    ...(target === undefined ? {} : { target, resources: { tone: [{ fields: ['target'] as const }] as const } }),
    create: (wanted) =>
      play('create', async () => {
        await service.beforeCreate?.();
        numbers += 1;
        const { url, triggers, secret, target: of } = wanted;
        const made: Chime = { id: `chime-${numbers}`, url, triggers, secret, target: of, active: true, ...end() };
        service.held.push(made);
        await service.onCreate?.(wanted);
        return show(made);
      }),
    list: ({ target: of }) => play('list', () => service.held.filter((each) => each.target === of).map(show)),
    remove: ({ id }) => play('remove', () => void service.held.splice(service.held.indexOf(find(id)), 1)),
    ...(lacks.includes('update')
      ? {}
      : {
          update: ({ id, url, triggers, secret }) =>
            play('update', () => show(Object.assign(find(id), { url, triggers, secret, active: true }))),
        }),
    ...(lacks.includes('renew') ? {} : { renew: ({ id }) => play('renew', () => show(Object.assign(find(id), end()))) }),
  };
  return Object.assign(service, { subscriptions });
}
