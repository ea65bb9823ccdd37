/** Longest part of a name that is somebody else's text, characters. */
const longest = 200;

/** Where the limits of a connection are kept: each name begins so. */
export function connectionPrefix(connectionId: string): string {
  return `limit:connection:${connectionId}:`;
}

/** Name of a state; `part` is kept to a length that every store takes. */
export function limitName(prefix: string, kind: 'told' | 'gauge' | 'declared' | 'host' | 'closed', part: string): string {
  return `${prefix}${kind}:${part.slice(0, longest)}`;
}

/** What a state of a connection is of; `null` where it is of nothing that is known. */
export function partsOfName(prefix: string, name: string): { readonly kind: string; readonly part: string } | null {
  const at = name.indexOf(':', prefix.length);
  return name.startsWith(prefix) && at > 0 ? { kind: name.slice(prefix.length, at), part: name.slice(at + 1) } : null;
}

/** Limits of all connections of one connector. */
export function connectorPrefix(connectorId: string): string {
  return `limit:connector:${connectorId}:`;
}

/** The tenant's plan. */
export const planName = 'limit:plan:requestsPerMinute';
