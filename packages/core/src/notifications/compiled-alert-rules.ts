import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { hubScope, type Row } from '../contracts/configuration-store.ts';
import { type CompiledTemplate, compileTemplate } from '../expression/compile-template.ts';
import { alertStateName } from './alert-names.ts';
import type { AlertFilter, AlertRuleDefinition } from './alert-rule.ts';
import type { AlertSignal, AlertSubject } from './alert-signal.ts';
import type { AlertPlace } from './change-alert-state.ts';
import { parseAlertRule } from './parse-alert-rule.ts';

/** A rule that is enabled, ready to be held against signals. */
export interface CompiledAlertRule {
  readonly id: string;
  readonly name: string;
  readonly definition: AlertRuleDefinition;
  /** Templates of the actions' inputs, by level and channel; `null` for other channels. */
  readonly inputs: readonly (readonly (CompiledTemplate | null)[])[];
}

/** Rules compiled so far, by their row. One that this process cannot read, such as one of a newer version, is `null`. */
export type AlertRuleMemory = WeakMap<Row<'alert_rule'>, CompiledAlertRule | null>;

/** The rules of a scope that are enabled and can be read here. */
export function compiledAlertRules(configuration: TenantConfiguration, memory: AlertRuleMemory): readonly CompiledAlertRule[] {
  return (configuration.rows.alert_rule ?? []).flatMap((row) => {
    if (!row.value.enabled) return [];
    const known = memory.get(row);
    const rule = known === undefined ? compileOrLeave(row, configuration.tenant === hubScope ? 'operator' : 'tenant') : known;
    if (known === undefined) memory.set(row, rule);
    return rule === null ? [] : [rule];
  });
}

function compileOrLeave({ id, name, value }: Row<'alert_rule'>, owner: 'tenant' | 'operator'): CompiledAlertRule | null {
  try {
    const definition = parseAlertRule(value.definition, owner);
    const inputs = definition.levels.map(({ channels }) =>
      channels.map((channel) => ('action' in channel ? compileTemplate(channel.input, { roots: ['alert'] }) : null)),
    );
    return { id, name, definition, inputs };
  } catch {
    return null;
  }
}

/** True where the rule looks at this signal. `configuration` is that of the signal's tenant. */
export function watches({ definition }: CompiledAlertRule, signal: AlertSignal, configuration: TenantConfiguration): boolean {
  return definition.on.includes(signal.name) && fits(definition.where, signal, configuration);
}

function fits(where: AlertFilter, signal: AlertSignal, configuration: TenantConfiguration): boolean {
  const { connector, connection, automation, endpoint, codes, tenant } = where;
  if (tenant !== undefined && tenant !== signal.tenant) return false;
  if (connector !== undefined && connector !== signal.connector) return false;
  if (connection !== undefined && !isNamed(connection, signal.connection, configuration.connectionReferred(connection)?.id)) return false;
  if (automation !== undefined) {
    const row = configuration.automations.find(({ id, name }) => id === automation || name === automation);
    if (!isNamed(automation, signal.automation, row?.id)) return false;
  }
  if (endpoint !== undefined) {
    const row = configuration.endpoints.find(({ id, name }) => id === endpoint || name === endpoint);
    if (!isNamed(endpoint, signal.endpoint, row?.id)) return false;
  }
  // The opposite has no code, and is of every trouble.
  return codes === undefined || signal.says === 'well' || (signal.code !== null && codes.includes(signal.code));
}

const isNamed = (reference: string, id: string | null, referred: string | undefined): boolean =>
  id !== null && (id === reference || id === referred);

/** What the alert is about: two signals of one subject are one alert. */
export function subjectOf({ definition, id }: CompiledAlertRule, signal: AlertSignal): AlertSubject {
  const { per } = definition;
  if (per === 'rule') return { kind: 'rule', id };
  if (per === 'tenant') return { kind: 'tenant', id: signal.tenant };
  // What is of no connector is of its own subject.
  if (per === 'connector' && signal.connector !== null) return { kind: 'connector', id: signal.connector };
  return signal.subject;
}

const ofAllTenants: ReadonlySet<AlertSubject['kind']> = new Set(['rule', 'tenant', 'connector']);

/** Where the state of it stands. In the operator's scope two tenants may have things of one name. */
export function alertPlace(
  scope: string,
  rule: CompiledAlertRule,
  { tenant, subject }: Pick<AlertSignal, 'tenant' | 'subject'>,
): AlertPlace {
  const isShared = scope !== hubScope || ofAllTenants.has(subject.kind);
  return { scope, name: alertStateName(rule.id, isShared ? subject : { kind: subject.kind, id: `${tenant}/${subject.id}` }) };
}
