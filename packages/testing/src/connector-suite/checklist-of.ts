import { type Connector, capabilityMatrix, capabilityMatrixMarkdown } from '@patchbay/core';
import { concernsOf } from './concerns-of.ts';

/** What the suite says of a connector when it has run: what it went through, what did not apply and why, and what the connector can do. */
export function checklistOf(connector: Connector): string {
  const lines = concernsOf(connector).map(({ concern, reason }) =>
    reason === null ? `[x] ${concern}` : `[ ] ${concern}: does not apply, ${reason}`,
  );
  const head = `Conformance of ${connector.id} ${connector.manifest.version}`;
  return [head, '', ...lines, '', capabilityMatrixMarkdown(capabilityMatrix([connector]))].join('\n');
}
