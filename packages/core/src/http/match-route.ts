import type { HttpCall } from './http-call.ts';

/** Where an authorization server sends a browser back to. */
export interface CallbackRoute {
  readonly route: 'callback';
  /** Id of the app registration. */
  readonly app: string;
}

/** Where a webhook comes in. */
export interface WebhookRoute {
  readonly route: 'webhook';
  readonly connector: string;
  /** `null`: the URL of the app. */
  readonly registration: string | null;
}

/** Where the webhooks of a service without a connector come in. */
export interface HookRoute {
  readonly route: 'hook';
  /** Id of the receiver. */
  readonly receiver: string;
}

/** Where a form is asked for and sent in. */
export interface FormRoute {
  readonly route: 'form';
  /** Id of the automation that it starts. */
  readonly form: string;
}

/** A route of the hub. */
export type Route = WebhookRoute | HookRoute | FormRoute | CallbackRoute;

const segment = /^[A-Za-z0-9-]{1,100}$/;

/**
 * The route of a call below the base path. Without the base path it is one only where a framework has taken a mount's part off the path:
 * elsewhere `/webhooks/…` is the host's own. `null` for what is not the hub's.
 */
export function matchRoute(basePath: string, { path, originalPath }: Pick<HttpCall, 'path' | 'originalPath'>): Route | null {
  const below = routeBelow(basePath, path) ?? routeBelow(basePath, originalPath);
  if (below) return below;
  const isMounted = originalPath.length > path.length && originalPath.endsWith(path);
  return isMounted ? routeBelow('', path) : null;
}

function routeBelow(basePath: string, path: string): Route | null {
  if (!path.startsWith(`${basePath}/`)) return null;
  const [kind, connector, registration, ...more] = path.slice(basePath.length + 1).split('/');
  if (kind === 'oauth' && connector === 'callback' && registration !== undefined && segment.test(registration) && more.length === 0)
    return { route: 'callback', app: registration };
  if (kind === 'hooks' && connector !== undefined && segment.test(connector) && registration === undefined)
    return { route: 'hook', receiver: connector };
  if (kind === 'forms' && connector !== undefined && segment.test(connector) && registration === undefined)
    return { route: 'form', form: connector };
  if (kind !== 'webhooks' || connector === undefined || more.length > 0) return null;
  if (!segment.test(connector) || (registration !== undefined && !segment.test(registration))) return null;
  return { route: 'webhook', connector, registration: registration ?? null };
}
