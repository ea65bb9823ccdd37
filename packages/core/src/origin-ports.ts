import type { Connector } from './connector/connector-definition.ts';

/** Ports that the connectors' own origins name: the host chose them in code, so they are open beside 443. */
export function originPorts(connectors: readonly Connector[]): readonly number[] {
  const ports = connectors.map(({ definition }) => Number(URL.parse(definition.origin.replaceAll(/\{[^}]*\}/g, 'x'))?.port ?? ''));
  return [...new Set(ports.filter((port) => port > 0))];
}
