import type { RecordRule } from '../automation/record-trigger.ts';
import { suggestion } from '../errors/closest-name.ts';
import { faultOfMembers } from '../records/fault-of-members.ts';
import type { KnownRecords } from '../records/known-records.ts';
import { compileCondition } from '../rules/compile-condition.ts';

/** What a rule names that the host's records do not have, with its place; `null` where nothing is wrong. */
export function faultOfRecordRule(records: KnownRecords | null, rule: RecordRule): string | null {
  if (records === null) return 'trigger.record: this hub knows no records; pass createHub({ records })';
  const type = records.types.get(rule.type);
  if (type === undefined)
    return `trigger.record.type: there is no record type ${rule.type}${suggestion(rule.type, [...records.types.keys()])}`;
  if (rule.on === 'field_changed') {
    const unknown = rule.fields.find((field) => !type.members.includes(field));
    return unknown === undefined ? null : `trigger.record.fields: ${type.name} has no ${unknown}${suggestion(unknown, type.members)}`;
  }
  if (rule.on === 'enters_view') {
    const views = [...type.views.keys()];
    return views.includes(rule.view) ? null : `trigger.record.view: ${type.name} has no view ${rule.view}${suggestion(rule.view, views)}`;
  }
  const fault = rule.on === 'matches' ? faultOfMembers(compileCondition(rule.condition).roots, type.members) : null;
  return fault === null ? null : `trigger.record.condition: ${fault}`;
}
