import type { ConnectorManifest } from './manifest.ts';
import { table, text } from './markdown-cells.ts';

/** The page that lists the references of these connectors, each in a file of its id beside it. Ends with a newline. */
export function connectorIndexMarkdown(manifests: readonly ConnectorManifest[]): string {
  const rows = [...manifests]
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    .map(({ id, name, description, version, actions, triggers }) => [
      `[${text(name)}](${id}.md)`,
      text(description),
      version,
      String(actions.length),
      String(triggers.length),
    ]);
  const head =
    '# Connectors\n\nMade from the manifests of the connectors. Beside each other: the [capability matrix](../capability-matrix.md).';
  return `${head}\n\n${table(['Connector', 'What it is', 'Version', 'Actions', 'Triggers'], rows)}\n`;
}
