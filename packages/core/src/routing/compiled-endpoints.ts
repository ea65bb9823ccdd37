import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import { matchesPattern } from '../event/matches-pattern.ts';
import { type CompiledEndpoint, compileEndpoint } from '../webhooks/outbound/compile-endpoint.ts';
import { isReceiving } from '../webhooks/outbound/endpoint-target.ts';

/** An endpoint as the planner sees it; one that this process cannot read, such as one written by a newer version, has the reason instead. */
export type EndpointTarget = { readonly id: string } & (CompiledEndpoint | { readonly error: ErrorRecord });

/** A tenant's endpoints that receive events now. */
export interface CompiledEndpoints {
  /** In order of their ids. */
  endpointsFor(type: string): readonly EndpointTarget[];
  endpoint(id: string): EndpointTarget | undefined;
}

/** Endpoints compiled so far, by their row: rows that are as they were stay the same objects. */
export type EndpointMemory = WeakMap<Row<'endpoint'>, EndpointTarget>;

/** Most event types whose endpoints are remembered; beyond it they are worked out each time. */
const rememberedTypes = 1_000;

/** Compiles what a tenant's endpoints want, each when it is first asked for. */
export function compiledEndpoints({ endpoints }: Pick<TenantConfiguration, 'endpoints'>, memory: EndpointMemory): CompiledEndpoints {
  const receiving = endpoints.filter(isReceiving);
  const byId = new Map(receiving.map((row) => [row.id, row]));
  const known = new Map<string, readonly EndpointTarget[]>();
  const compiled = (row: Row<'endpoint'>): EndpointTarget => {
    const target = memory.get(row) ?? compileOrBreak(row);
    memory.set(row, target);
    return target;
  };
  return {
    endpoint(id) {
      const row = byId.get(id);
      return row && compiled(row);
    },
    endpointsFor(type) {
      const remembered = known.get(type);
      if (remembered) return remembered;
      const matching = receiving.filter(({ value }) => value.events.some((pattern) => matchesPattern(pattern, type))).map(compiled);
      if (known.size < rememberedTypes) known.set(type, matching);
      return matching;
    },
  };
}

function compileOrBreak({ id, value }: Row<'endpoint'>): EndpointTarget {
  try {
    return { id, ...compileEndpoint(value) };
  } catch (error) {
    return { id, error: toErrorRecord(error) };
  }
}
