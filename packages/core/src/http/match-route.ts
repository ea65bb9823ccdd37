/** A route of the hub. */
export interface WebhookRoute {
  readonly route: 'webhook';
  readonly connector: string;
  /** `null`: the URL of the app. */
  readonly registration: string | null;
}

const segment = /^[A-Za-z0-9-]{1,100}$/;

/**
 * The route of a path, with or without the base path in front (a framework or proxy may have taken it off). `null` for what is not the
 * hub's.
 */
export function matchRoute(basePath: string, pathname: string): WebhookRoute | null {
  const inside = basePath !== '' && pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
  const [first, kind, connector, registration, ...more] = inside.split('/');
  if (first !== '' || kind !== 'webhooks' || connector === undefined || more.length > 0) return null;
  if (!segment.test(connector) || (registration !== undefined && !segment.test(registration))) return null;
  return { route: 'webhook', connector, registration: registration ?? null };
}
