/** What a service is for, as `defineConnector` takes it. */
export const categories = [
  'communication',
  'project-management',
  'documentation',
  'source-control',
  'ai',
  'crm',
  'erp',
  'analytics',
  'database',
  'storage',
  'monitoring',
  'webhooks',
  'custom',
] as const;

/** How accounts are connected. */
export const authKinds = ['bearer', 'api_key', 'basic', 'oauth2'] as const;

/** One of {@link authKinds}. */
export type AuthKind = (typeof authKinds)[number];

/** The connector that is to be written. */
export interface ConnectorPlan {
  /** Lower case, digits and single hyphens; it is part of every action's name and never changes. */
  readonly id: string;
  /** As people write it. */
  readonly name: string;
  /** What the service is for. */
  readonly category: (typeof categories)[number];
  /** How accounts are connected. */
  readonly auth: AuthKind;
  /** `https://api.example.com`, without a path. */
  readonly origin: string;
  /** The service sends webhooks. */
  readonly webhooks: boolean;
  /** Something is asked for regularly. */
  readonly polling: boolean;
}

/** What the hub has for itself and refuses, and the name of a file that every connector has. */
const takenIds: readonly string[] = [
  ...['flow', 'hook', 'host', 'hub', 'manual', 'patchbay', 'record', 'schedule', 'email', 'notify', 'script', 'webhook'],
  'index',
];

/** What is wrong with an id, and what to give instead; `undefined` where it is good. */
export function idFault(id: string): string | undefined {
  if (takenIds.includes(id)) return `The id ${id} is taken by Patchbay itself. Take another id: --id my-${id}.`;
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && id.length <= 50) return undefined;
  return `The id "${id}" is none. Take lower-case letters, digits and single hyphens, a letter first, at most 50: --id my-service.`;
}

/** What is wrong with a name, and what to give instead; `undefined` where it is good. */
export function nameFault(name: string): string | undefined {
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,&+'’()-]{0,59}$/u.test(name)) return undefined;
  return `The name "${name}" is none. Take letters, digits, spaces and .,&+'()-, a letter or digit first, at most 60: --name "My Service".`;
}

/** What is wrong with an origin, and what to give instead; `undefined` where it is good. */
export function originFault(origin: string): string | undefined {
  const url = URL.parse(origin);
  if (url !== null && url.protocol === 'https:' && url.origin === origin) return undefined;
  return `The origin "${origin}" is none. Give https, a host and nothing behind it: --origin https://api.example.com.`;
}

/** A name for an id: `my-crm` is `My Crm`. */
export const nameOf = (id: string): string => wordsOf(id).join(' ');

/** The id as words, each with a capital. */
export const wordsOf = (id: string): readonly string[] => id.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
