import type { AuthMethod } from './auth-method.ts';
import type { ConnectorManifest } from './manifest.ts';
import { code, table, text } from './markdown-cells.ts';

/** Every way in, and the scopes that are needed: by each connection, and by what is used of the connector. */
export function authParts(manifest: ConnectorManifest): readonly string[] {
  const { auth, scopes, actions, optionSources, content } = manifest;
  const ways = auth.map((method) => [code(method.type), text(method.description ?? ''), wayOf(method)]);
  const needs = [
    ...scopes.map((need) => ({ ...need, by: 'every connection' })),
    ...[...actions, ...optionSources, ...content].flatMap(({ name, scopes: own }) => own.map((need) => ({ ...need, by: code(name) }))),
  ];
  const rows = [...Map.groupBy(needs, ({ scope }) => scope)].map(([scope, each]) => [
    code(scope),
    [...new Set(each.map(({ reason }) => text(reason)))].join(' '),
    [...new Set(each.map(({ by }) => by))].join(', '),
  ]);
  return [
    '## Ways in',
    table(['Kind', 'What it is', 'How'], ways),
    ...(rows.length === 0 ? [] : ['## Scopes', table(['Scope', 'Why', 'Needed by'], rows)]),
  ];
}

function wayOf(method: AuthMethod): string {
  if (method.type === 'api_key') return `in the ${method.in} ${code(method.name)}`;
  if (method.type === 'headers') return method.names.map(code).join(', ');
  if (method.type === 'signature') return `signed by ${code(method.signer)}`;
  if (method.type === 'oauth2') return 'a person connects the account; [OAuth](../guides/oauth.md)';
  return '';
}
