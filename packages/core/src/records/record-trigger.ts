import type { RecordRule, RecordTrigger } from '../automation/record-trigger.ts';
import type { SchemaOutput } from '../connector/schema.ts';
import type { RecordAdapter } from './record-adapter.ts';
import type { RecordTypes, ViewName } from './record-types.ts';

type Narrowed<Rule, Type, Field, View> = Rule extends { readonly on: 'field_changed' }
  ? Omit<Rule, 'type' | 'fields'> & { readonly type: Type; readonly fields: readonly Field[] }
  : Rule extends { readonly on: 'enters_view' }
    ? Omit<Rule, 'type' | 'view'> & { readonly type: Type; readonly view: View }
    : Omit<Rule, 'type'> & { readonly type: Type };

/** What has to happen to a record of declared types: their names, members and views. */
export type RecordRuleOf<R extends RecordTypes> = {
  [Type in keyof R & string]: Narrowed<RecordRule, Type, keyof SchemaOutput<R[Type]['schema']> & string, ViewName<R[Type]>>;
}[keyof R & string];

/**
 * A trigger on records that the compiler checks against the adapter's types: a misspelt type, member or view does not compile. Written as data, it is checked
 * when it is saved.
 */
export function recordTrigger<R extends RecordTypes>(_records: RecordAdapter<R>, rule: RecordRuleOf<R>): RecordTrigger {
  // It is one of the rules, with names that are narrower than text.
  return { record: rule as unknown as RecordRule };
}
