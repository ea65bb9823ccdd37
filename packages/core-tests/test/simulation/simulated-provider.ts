import { figures } from './figures.ts';
import type { VirtualWorld } from './virtual-world.ts';
import type { ProviderMood } from './weather.ts';

/** What an action asks for; the class of its effect. */
export type EffectKind = 'read' | 'put' | 'keyed' | 'findable' | 'once' | 'risky' | 'call';

/** One request. */
export interface SeenRequest {
  readonly kind: EffectKind;
  /** The idempotency key, which names the dispatch. */
  readonly key: string;
  /** Fence of the lease under which it was sent. */
  readonly fence: number;
  readonly process: string;
  readonly at: number;
  readonly writes: boolean;
  /** False where the connection could not be made. */
  readonly arrived: boolean;
  readonly mood: ProviderMood;
}

/** One change that the provider made. */
export interface Effect {
  readonly request: SeenRequest;
  readonly at: number;
}

/** What the provider does with a request: what it changes is done by then. */
export interface ProviderReply {
  /** Milliseconds until the answer. */
  readonly afterMs: number;
  /** Of HTTP; `lost`: the connection breaks after the request, `refused`: before it, `never`: nothing comes. */
  readonly status: number | 'lost' | 'refused' | 'never' | 'unreachable';
  readonly retryAfterSeconds?: number;
}

/** The service on the other side. It lives through every crash, and remembers. */
export interface SimulatedProvider {
  moods: Readonly<Record<ProviderMood, number>>;
  readonly requests: readonly SeenRequest[];
  readonly effects: readonly Effect[];
  take(request: Pick<SeenRequest, 'kind' | 'key' | 'fence' | 'process' | 'writes'>): ProviderReply;
  /** Whether it lists a thing that this key has made since then; `null` where it cannot say. */
  shows(key: string, since: number): boolean | null;
}

/** Makes a provider that honours keys for `keyLifetimeMs` and shows what it made within `settlesWithinMs`. */
export function simulatedProvider(world: VirtualWorld, moods: Readonly<Record<ProviderMood, number>>): SimulatedProvider {
  const { random } = world;
  const requests: SeenRequest[] = [];
  const effects: Effect[] = [];
  const keysSeen = new Map<string, number>();

  const apply = (request: SeenRequest): void => {
    if (request.kind === 'keyed') {
      const since = keysSeen.get(request.key);
      if (since !== undefined && world.now() - since <= figures.keyLifetimeMs) return;
      keysSeen.set(request.key, world.now());
    }
    effects.push({ request, at: world.now() });
    world.log(`provider: ${request.kind} ${request.key.slice(0, 6)} is done`);
  };

  const provider: SimulatedProvider = {
    moods,
    requests,
    effects,
    take(asked) {
      const mood = random.weighted(provider.moods);
      const arrived = mood !== 'resets_before' && mood !== 'unreachable';
      const request: SeenRequest = { ...asked, at: world.now(), arrived, mood };
      const verb = asked.writes ? 'asks' : 'looks for';
      world.log(`provider: ${asked.process} ${verb} ${asked.kind} ${asked.key.slice(0, 6)} fence ${asked.fence}: ${mood}`);
      requests.push(request);
      if (asked.writes && applying.has(mood)) apply(request);
      const lingersFor = random.between(0, asked.kind === 'keyed' ? figures.timeoutMs / 2 : figures.settlesWithinMs);
      if (asked.writes && mood === 'applies_late') world.after(lingersFor, () => apply(request));
      return reply(mood, random.between(0, 40), random.between(1, 6));
    },
    shows: (key, since) =>
      random.chance(provider.moods.refuses / 1_000) ? null : effects.some(({ request, at }) => request.key === key && at >= since),
  };
  return provider;
}

const applying: ReadonlySet<ProviderMood> = new Set(['serves', 'fails_after', 'hangs_after', 'resets_after']);

function reply(mood: ProviderMood, afterMs: number, seconds: number): ProviderReply {
  switch (mood) {
    case 'serves':
      return { afterMs, status: 200 };
    case 'limits':
      return { afterMs, status: 429, retryAfterSeconds: seconds };
    case 'is_away':
      return seconds > 3 ? { afterMs, status: 503, retryAfterSeconds: seconds } : { afterMs, status: 503 };
    case 'refuses':
      return { afterMs, status: 422 };
    case 'fails_before':
    case 'fails_after':
      return { afterMs, status: 500 };
    case 'hangs_before':
    case 'hangs_after':
      return { afterMs, status: 'never' };
    case 'unreachable':
      return { afterMs, status: 'unreachable' };
    case 'resets_before':
      return { afterMs, status: 'refused' };
    case 'resets_after':
    case 'applies_late':
      return { afterMs, status: 'lost' };
  }
}
