import type { Credential } from '../connector/auth-method.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { Json } from '../json/json.ts';
import { resolveOrigin, settingText } from './resolve-origin.ts';

/** Where requests with a credential go. */
export interface ConnectionPlace {
  readonly origin: string;
  readonly basePath: string;
}

/** The pinned origin and base path of a kind of credential: those of its way in, else the connector's. Throws `egress_refused`. */
export function connectionPlace(
  definition: Pick<AnyDefinition, 'auth' | 'origin' | 'basePath' | 'allowedHosts'>,
  { type }: Pick<Credential, 'type'>,
  settings: Readonly<Record<string, Json>>,
): ConnectionPlace {
  const { origin, basePath } = definition.auth.find((method) => method.type === type) ?? {};
  const prefix = basePath ?? (origin === undefined ? definition.basePath : undefined) ?? '';
  return { origin: resolveOrigin(origin ?? definition.origin, settings, definition.allowedHosts), basePath: settingText(prefix, settings) };
}
