import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { CompiledStep } from '../automation/compiled-node.ts';
import type { ConnectorMajors } from '../automation/run-state.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';

/** The major of a connector's version. */
export function majorOf(version: string): number {
  return Number(version.split('.', 1)[0]);
}

/** The majors of the connectors that an automation's steps use, the newest that are registered: a run that begins now keeps them. */
export function connectorMajors(registry: Pick<ConnectorRegistry, 'find'>, automation: CompiledAutomation): ConnectorMajors {
  const majors: Record<string, number> = {};
  for (const { connector: id } of allSteps(automation)) {
    const connector = majors[id] === undefined ? registry.find(id) : undefined;
    if (connector) majors[id] = majorOf(connector.definition.version);
  }
  return majors;
}

function allSteps({ steps, escalation }: CompiledAutomation): readonly CompiledStep[] {
  return escalation ? [...steps, escalation] : steps;
}
