import type { AnyDefinition } from '../../connector/connector-definition.ts';
import type { LimitDeclaration } from '../../contracts/limit-declaration.ts';
import type { StateEntry } from '../../contracts/state-store.ts';
import type { GuardedCall } from '../call-guard.ts';
import { Bucket, type BucketOptions, type BucketWorld, type LimitSource } from './bucket.ts';
import { limitReached } from './limit-errors.ts';
import { connectionPrefix, connectorPrefix, limitName, partsOfName } from './limit-names.ts';
import { readQuota } from './quota-state.ts';
import type { SoundReading } from './sound-readings.ts';

/** Told where a limit begins to hold requests back. `isWhole`: no request of the connection can go meanwhile. */
export interface Limited {
  readonly call: GuardedCall;
  readonly name: string;
  readonly source: LimitSource;
  readonly waitMs: number;
  readonly waiting: number;
  readonly isWhole: boolean;
}

/** What the limits of one connection are made of. */
export interface ConnectionLimitsOptions {
  readonly world: BucketWorld;
  readonly tenant: string;
  readonly connectionId: string;
  readonly definition: AnyDefinition;
  /** Those of the host's own for this connection. */
  readonly hostLimits: readonly LimitDeclaration[];
  /** A bucket that several connections share, made when it is first asked for. */
  readonly shared: (name: string, make: () => Bucket) => Bucket;
  readonly onLimited: (limited: Limited) => void;
}

/** The buckets that one kind of request goes by. */
export interface Route {
  readonly buckets: readonly Bucket[];
  /** Names of the limits that its answers have told of. */
  readonly told: readonly string[];
  /** Monotonic time since which these are its buckets. */
  readonly since: number;
}

/** Limits and kinds of requests that are remembered of one connection. */
const most = { told: 20, routes: 500 };

/** All limits of one connection as this process knows them. */
export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #prefix: string;
  readonly #buckets = new Map<string, Bucket>();
  /** Those that it shares with other connections. */
  readonly #shared = new Set<Bucket>();
  /** Path template, then method. */
  #routes = new Map<string, Map<string, Route>>();
  /** The limits that the first answer told of: what is not known yet is held against them. */
  #main: readonly string[] | undefined;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
    this.#prefix = connectionPrefix(options.connectionId);
  }

  get definition(): AnyDefinition {
    return this.#options.definition;
  }

  get tenant(): string {
    return this.#options.tenant;
  }

  get hostLimits(): readonly LimitDeclaration[] {
    return this.#options.hostLimits;
  }

  /** The buckets of a request. The same list as long as nothing new is known. */
  route(method: string, template: string): Route {
    return this.#routes.get(template)?.get(method) ?? this.#makeRoute(method, template, undefined);
  }

  /** Takes over what other processes have written. */
  adopt(entries: readonly StateEntry[]): void {
    for (const entry of entries) {
      const { kind, part } = partsOfName(this.#prefix, entry.name) ?? {};
      const bucket =
        kind === 'told' || kind === 'gauge' || kind === 'closed' ? this.#bucket(kind, part ?? '') : this.#buckets.get(entry.name);
      bucket?.lease.shared.seed(entry);
      bucket?.lease.adopt(readQuota(entry.value));
      if (kind !== 'told' || this.#main !== undefined) continue;
      this.#main = [part ?? ''];
      // Requests that went before it was known are held against it from now on.
      this.#routes = new Map();
    }
  }

  /** What an answer tells of limits. */
  tell(call: GuardedCall, readings: readonly SoundReading[], now: number): void {
    const told: string[] = [];
    for (const reading of readings) {
      const { name, unit, limit, remaining, resetAfterMs, windowMs } = reading;
      const endsFrom = resetAfterMs === undefined ? undefined : call.startedAt + resetAfterMs;
      const endsTo = resetAfterMs === undefined ? undefined : now + resetAfterMs;
      if (unit !== 'requests') {
        if (remaining === 0 && resetAfterMs !== undefined && resetAfterMs > 0) this.#bucket('gauge', name)?.close(call, resetAfterMs);
        continue;
      }
      const bucket = this.#bucket('told', name);
      if (bucket === undefined) continue;
      told.push(name);
      bucket.tell(call, { limit, remaining, endsFrom, endsTo, windowMs });
    }
    if (told.length > 0) this.#learn(call, told);
  }

  /** The provider wants no such request for so long: of this kind where its connector counts kinds apart, of this connection otherwise. */
  close(call: GuardedCall, forMs: number): void {
    const { buckets } = this.route(call.method, call.template);
    const counted = buckets.find(({ options }) => options.source === 'declared' && options.perMethod === true);
    (counted ?? this.#bucket('closed', ''))?.close(call, forMs);
  }

  /** A request that was let in has not gone. What it had taken a place in is known where nothing has changed since. */
  putBack(call: GuardedCall, now: number): void {
    const { buckets, since } = this.route(call.method, call.template);
    if (since <= call.startedAt) for (const bucket of buckets) bucket.putBack(now);
  }

  /** Every bucket that this process has of it. */
  all(): readonly Bucket[] {
    return [...this.#buckets.values(), ...this.#shared];
  }

  #learn(call: GuardedCall, told: readonly string[]): void {
    if (this.#main === undefined) {
      this.#main = told;
      this.#routes = new Map();
    }
    const known = this.route(call.method, call.template).told;
    if (known.length === told.length && known.every((name, index) => name === told[index])) return;
    this.#makeRoute(call.method, call.template, told);
  }

  #makeRoute(method: string, template: string, told: readonly string[] | undefined): Route {
    const names = told ?? this.#main ?? [];
    const learned = [...this.#buckets.values()].filter(({ options }) => options.isClosure === true);
    const headers = names.flatMap((name) => this.#buckets.get(limitName(this.#prefix, 'told', name)) ?? []);
    const route = {
      buckets: [...learned, ...this.#declared(method, template), ...headers],
      told: told ?? names,
      since: this.#options.world.clock.monotonic(),
    };
    if (this.#routes.size >= most.routes) this.#forgetRoutes();
    const methods = this.#routes.get(template) ?? new Map<string, Route>();
    methods.set(method, route);
    this.#routes.set(template, methods);
    return route;
  }

  /** What is counted by kind of request is forgotten with its kind: it gives back by itself. */
  #forgetRoutes(): void {
    this.#routes = new Map();
    for (const [name, { options, waiting }] of this.#buckets) if (options.perMethod === true && waiting === 0) this.#buckets.delete(name);
  }

  #declared(method: string, template: string): readonly Bucket[] {
    const { definition, hostLimits, connectionId } = this.#options;
    const of = (limits: readonly LimitDeclaration[], source: 'declared' | 'host') =>
      limits
        .filter(({ paths }) => paths === undefined || paths.some((path) => this.#isBelow(template, path)))
        .map((limit) => ({ limit, source }));
    return [...of(definition.limits ?? [], 'declared'), ...of(hostLimits, 'host')].map(({ limit, source }) => {
      const { name, per = 'connection' } = limit;
      const part = per === 'method' ? `${name}:${method} ${template}` : name;
      const isShared = per === 'connector' && source === 'declared';
      const stored = limitName(isShared ? connectorPrefix(definition.id) : connectionPrefix(connectionId), source, part);
      const isWhole = per !== 'method' && limit.paths === undefined;
      const make = (): Bucket =>
        this.#make(
          { name, source, isWhole, perMethod: per === 'method', quota: () => ({ limit: limit.requests, windowMs: limit.windowMs }) },
          stored,
        );
      if (!isShared) return this.#kept(stored, make);
      const bucket = this.#options.shared(stored, make);
      this.#shared.add(bucket);
      return bucket;
    });
  }

  /** True for this path below the base path, which is another for each way in where it is a template. */
  #isBelow(template: string, path: string): boolean {
    const { basePath = '' } = this.#options.definition;
    return template.startsWith(basePath) ? template === `${basePath}${path}` : template.endsWith(path);
  }

  /** A bucket that answers have told of; `undefined` beyond the number that is kept. */
  #bucket(kind: 'told' | 'gauge' | 'closed', name: string): Bucket | undefined {
    const stored = limitName(this.#prefix, kind, name);
    const known = this.#buckets.get(stored);
    if (known !== undefined || this.#buckets.size >= most.told + (this.definition.limits?.length ?? 0) + most.routes) return known;
    // What closes holds every kind of request from now on.
    if (kind !== 'told') this.#routes = new Map();
    return this.#kept(stored, () =>
      this.#make({ name, source: 'headers', isClosure: kind !== 'told', isWhole: kind === 'closed' || name === '' }, stored),
    );
  }

  #kept(stored: string, make: () => Bucket): Bucket {
    const known = this.#buckets.get(stored) ?? make();
    this.#buckets.set(stored, known);
    return known;
  }

  #make(
    given: Pick<BucketOptions, 'name' | 'source' | 'quota' | 'isClosure' | 'perMethod'> & { readonly isWhole: boolean },
    stored: string,
  ): Bucket {
    const { world, tenant, onLimited } = this.#options;
    const { isWhole, ...options } = given;
    const bucket: Bucket = new Bucket(world, {
      ...options,
      place: { tenant, name: stored },
      refuse: (call, waitMs) => limitReached(call, options, waitMs),
      onLimited: (call, waitMs) =>
        onLimited({ call, name: options.name, source: options.source, waitMs, waiting: bucket.waiting, isWhole }),
    });
    return bucket;
  }
}
