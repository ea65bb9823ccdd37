import type { Connector } from './connector/connector-definition.ts';

/** Ports that the connectors' own origins and token services name: the host chose them in code, so they are open beside 443. */
export function originPorts(connectors: readonly Connector[]): readonly number[] {
  const ports = connectors.flatMap(({ definition }) => {
    const others = definition.auth.flatMap((method) => [method.origin, 'tokenUrl' in method ? method.tokenUrl : undefined]);
    const hosts = Object.values(definition.hosts ?? {}).map(({ origin }) => origin);
    return [definition.origin, ...others, ...hosts].map((url) => Number(URL.parse(url?.replaceAll(/\{[^}]*\}/g, 'x') ?? '')?.port ?? ''));
  });
  return [...new Set(ports.filter((port) => port > 0))];
}
