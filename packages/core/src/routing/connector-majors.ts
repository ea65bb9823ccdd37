import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { CompiledStep } from '../automation/compiled-node.ts';
import type { ConnectorMajors } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import { majorOf } from '../connector/major-of.ts';
import { findConnection } from './find-connection.ts';

/** What the majors of a run are found by. */
export interface MajorsInput {
  readonly registry: Pick<ConnectorRegistry, 'find' | 'findFor'>;
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
}

/**
 * The majors that a run which begins now keeps, each the one that its step's connection is pinned to. A connector whose connections are all of one
 * stands under its id; the steps of another major stand beside it, by their connection's reference.
 */
export function connectorMajors({ registry, configuration, automation }: MajorsInput): ConnectorMajors {
  const majors: Record<string, number> = {};
  for (const { connector: id, step } of allSteps(automation)) {
    const connection = findConnection(configuration, id, step.connection ?? '');
    const connector = connection ? registry.findFor(connection.value) : registry.find(id);
    const major = connection?.value.major ?? (connector && majorOf(connector.definition.version));
    if (major === undefined || majors[id] === major) continue;
    if (majors[id] === undefined) majors[id] = major;
    else majors[ofConnection(id, step.connection ?? '')] = major;
  }
  return majors;
}

/** The major that a step of a run goes by; `undefined` where the run does not know its connector. */
export function majorOfStep(majors: ConnectorMajors, connector: string, reference: string): number | undefined {
  return majors[ofConnection(connector, reference)] ?? majors[connector];
}

const ofConnection = (connector: string, reference: string): string => `${connector}/${reference}`;

function allSteps({ steps, escalation }: CompiledAutomation): readonly CompiledStep[] {
  return escalation ? [...steps, escalation] : steps;
}
